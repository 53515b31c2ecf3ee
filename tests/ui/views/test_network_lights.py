"""The two lights as a person sees them, and the choice of the way to the central."""

from __future__ import annotations

from dataclasses import replace

import field_office
import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel
from stage import Stage, find

from fieldtech.config import Settings
from fieldtech.services.network_values import InterfaceChoice, Light, Networks, Reach
from fieldtech.services.networks import NetworkService
from ui.tasks.announcer import Changes
from ui.views.main_window import MainPage
from ui.views.network_lights import NetworkLights
from ui.views.settings_view import SettingsView
from ui.views.sync_view import SyncView
from ui.widgets.badge import Badge

FINE = Networks(
    choices=(
        InterfaceChoice(name="lan0", address="192.168.1.40", usable=True),
        InterfaceChoice(name="hot0", address="172.20.10.2", usable=True),
        InterfaceChoice(name="usb0", address="", usable=False),
    ),
    chosen="hot0",
    gone=False,
    loose=False,
    mine=Light(interface="hot0", reach=Reach.REACHABLE, checked_at=field_office.NOW),
    customer=Light(interface="lan0", reach=Reach.UNREACHABLE, checked_at=field_office.NOW),
)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Networks]:
    """What the service says: the last entry."""
    said = [FINE]
    monkeypatch.setattr(NetworkService, "status", lambda _service: said[-1])
    return said


@pytest.fixture
def lights(stage: Stage, found: list[Networks]) -> NetworkLights:
    assert found
    made = NetworkLights(stage.kit)
    stage.show(made, 460, 400)
    return made


def says(lights: NetworkLights, name: str) -> str:
    return find(lights, f"lights.{name}", Badge).text


def test_both_lights_say_how_they_stand_and_since_when(lights: NetworkLights) -> None:
    assert says(lights, "mine") == "Central reached"
    assert find(lights, "lights.mine.where", QLabel).text().startswith("hot0 · ")
    assert says(lights, "customer") == "No link or no address"
    box = find(lights, "lights.interface", QComboBox)
    assert [box.itemText(row) for row in range(box.count())] == [
        "The system's choice",
        "lan0 · 192.168.1.40",
        "hot0 · 172.20.10.2",
        "usb0 (not connected)",
    ]
    assert box.currentData() == "hot0"


@pytest.mark.parametrize(
    ("light", "text"),
    [(Reach.UNREACHABLE, "Central not reached"), (Reach.UNKNOWN, "Not tried yet")],
)
def test_a_run_lights_them_anew(
    stage: Stage, lights: NetworkLights, found: list[Networks], light: Reach, text: str
) -> None:
    found.append(replace(FINE, mine=Light(interface="hot0", reach=light), customer=Light()))
    stage.kit.announcer.announce(Changes(sync=True))
    stage.settle()
    assert says(lights, "mine") == text
    assert says(lights, "customer") == "No second network"


def test_an_interface_that_is_gone_offers_the_systems_choice(
    stage: Stage, lights: NetworkLights, found: list[Networks]
) -> None:
    chosen: list[str] = []
    lights.chosen.connect(chosen.append)
    default = find(lights, "lights.default", QAbstractButton)
    assert not default.isVisible()
    found.append(replace(FINE, choices=FINE.choices[:1], gone=True))
    lights.refresh()
    stage.settle()
    assert says(lights, "mine") == "Not connected"
    box = find(lights, "lights.interface", QComboBox)
    assert box.currentText() == "hot0 (not connected)"
    assert "kept" in box.accessibleDescription()
    default.click()
    assert chosen == [""]


def test_a_binding_by_address_alone_is_said(
    stage: Stage, lights: NetworkLights, found: list[Networks]
) -> None:
    found.append(replace(FINE, loose=True))
    lights.refresh()
    stage.settle()
    box = find(lights, "lights.interface", QComboBox)
    assert "address only" in box.accessibleDescription()


def choose(view: SettingsView | SyncView, stage: Stage, name: str) -> None:
    box = find(view, "lights.interface", QComboBox)
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())
    stage.settle()


@pytest.mark.parametrize(
    ("key", "screen"), [("settings", SettingsView), ("sync", SyncView)], ids=["settings", "sync"]
)
def test_the_choice_is_a_setting(
    stage: Stage,
    found: list[Networks],
    key: str,
    screen: type[SettingsView | SyncView],
) -> None:
    """Made on either screen, it goes into the same settings, and the others stay as they are."""
    assert found
    page = MainPage(stage.kit, Settings(language="en", theme="dark"), "Ana", "technician")
    stage.show(page)
    kept: list[Settings] = []
    page.settings_changed.connect(kept.append)
    page.go(key)
    stage.settle()
    view = page.findChild(screen)
    assert isinstance(view, screen)
    choose(view, stage, "lan0")
    choose(view, stage, "lan0")
    assert kept == [Settings(language="en", theme="dark", sync_interface="lan0")]
