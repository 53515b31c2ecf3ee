"""My IP: what the machine knows of itself, with the Internet up or down."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel
from stage import Stage, find

from fieldtech.diagnostics.interfaces import InterfaceFacts, MachineNetwork
from fieldtech.domain.probe_targets import ProbeTargets
from fieldtech.errors import EnvironmentProblem
from fieldtech.services.machine import Outside
from fieldtech.services.measuring import MeasuringService, Reason
from ui.views import network_view
from ui.views.network_view import NetworkView, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


def network(address: str = "192.168.1.40") -> MachineNetwork:
    wired = InterfaceFacts(
        name="eth0",
        up=bool(address),
        speed_mbps=1000,
        duplex="full",
        mtu=1500,
        mac="00:11:22:33:44:55",
        ipv4=(address,) if address else (),
        ipv6=("fe80::1",),
    )
    return MachineNetwork(
        private_ip=address,
        gateway="192.168.1.1" if address else "",
        interface="eth0" if address else "",
        dns=("192.168.1.1", "8.8.8.8") if address else (),
        interfaces=(wired,),
    )


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[MachineNetwork]:
    """What the machine will say, the next answer first."""
    answers = [network(), network("10.0.0.9"), network("")]
    monkeypatch.setattr(network_view, "read_machine_network", lambda: answers.pop(0))
    outside = Outside(public_ip="203.0.113.20", wifi="casa · 5 GHz · 44 · -61 dBm")
    monkeypatch.setattr(network_view, "look_outside", lambda *_asked: outside)
    return answers


@pytest.fixture
def view(stage: Stage, found: list[MachineNetwork]) -> NetworkView:
    """The screen, just shown."""
    assert len(found) == 3
    made = NetworkView(stage.kit)
    stage.show(made, 1294)
    return made


def read(view: NetworkView, name: str) -> str:
    return find(view, f"network.{name}", QLabel).text()


def test_the_facts_at_a_glance(view: NetworkView) -> None:
    assert read(view, "private_ip") == "192.168.1.40"
    assert read(view, "gateway") == "192.168.1.1"
    assert read(view, "dns") == "192.168.1.1, 8.8.8.8"
    assert read(view, "interface") == "eth0"
    assert read(view, "public_ip") == "203.0.113.20"
    assert read(view, "wifi") == "casa · 5 GHz · 44 · -61 dBm"
    lines = [label.text() for label in view.findChildren(QLabel)]
    assert any("1000 Mb/s full" in line and "MTU 1500" in line for line in lines)


def test_reading_again_and_without_a_network(view: NetworkView, stage: Stage) -> None:
    stage.click(view, "network.again")
    assert read(view, "private_ip") == "10.0.0.9"
    stage.click(view, "network.again")
    assert (read(view, "private_ip"), read(view, "gateway")) == ("none", "none")


def test_the_copy_is_made_to_be_pasted(view: NetworkView, stage: Stage, qapp: QApplication) -> None:
    assert qapp is not None
    stage.click(view, "network.copy")
    told = QGuiApplication.clipboard().text().splitlines()
    assert told[1:3] == ["WAN 203.0.113.20", "WiFi casa · 5 GHz · 44 · -61 dBm"]
    assert [told[0], *told[3:]] == as_text(network()).splitlines()
    assert as_text(network()).splitlines() == [
        "IP 192.168.1.40",
        "GW 192.168.1.1",
        "DNS 192.168.1.1, 8.8.8.8",
        "IF eth0",
        "eth0: 192.168.1.40, fe80::1 00:11:22:33:44:55 MTU 1500",
    ]
    assert as_text(network("")).splitlines()[-1].startswith("eth0: fe80::1")


class Silence:
    """Nobody answers what is asked of others, until ``release`` or whoever asked gives up."""

    def __init__(self) -> None:
        self.release = Event()
        self.asked: list[Event] = []
        self.targets: list[ProbeTargets] = []

    def __call__(self, targets: ProbeTargets, _clock: object, cancel: Event) -> Outside:
        self.targets.append(targets)
        self.asked.append(cancel)
        while not self.release.wait(0.01) and not cancel.is_set():
            pass
        return Outside(wifi_reason=Reason.LOCATION.value)


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> Iterator[Silence]:
    """The Internet is down."""
    made = Silence()
    monkeypatch.setattr(network_view, "read_machine_network", network)
    monkeypatch.setattr(network_view, "look_outside", made)
    yield made
    made.release.set()


def open_view(stage: Stage, silence: Silence) -> NetworkView:
    """The screen, with what is asked of others still on its way."""
    made = NetworkView(stage.kit)
    made.resize(1294, 706)
    stage.qtbot.addWidget(made)
    with stage.qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    stage.qtbot.waitUntil(
        lambda: bool(silence.asked) and bool(made.findChildren(QLabel, "network.public_ip"))
    )
    return made


def again(view: NetworkView) -> QAbstractButton:
    return find(view, "network.again", QAbstractButton)


def test_it_is_not_asked_again_while_it_is_asked(stage: Stage, silence: Silence) -> None:
    view = open_view(stage, silence)
    assert (read(view, "public_ip"), read(view, "wifi")) == ("asking…", "asking…")
    assert not again(view).isEnabled()
    silence.release.set()
    stage.settle()
    assert (read(view, "public_ip"), read(view, "wifi")) == ("no reply", "no location permission")
    assert again(view).isEnabled()


def test_the_keyboard_comes_back_to_the_button(stage: Stage, silence: Silence) -> None:
    view = open_view(stage, silence)
    silence.release.set()
    stage.settle()
    silence.release.clear()
    again(view).setFocus()
    again(view).click()
    stage.qtbot.waitUntil(lambda: len(silence.asked) == 2)
    assert not again(view).isEnabled()
    silence.release.set()
    stage.settle()
    assert again(view).hasFocus()


def test_who_leaves_the_page_asks_nobody_any_longer(stage: Stage, silence: Silence) -> None:
    view = open_view(stage, silence)
    view.hide()
    assert silence.asked[0].is_set()
    stage.settle()
    view.show()
    stage.qtbot.waitUntil(lambda: len(silence.asked) == 2)
    silence.release.set()
    stage.settle()
    assert read(view, "public_ip") == "no reply"


def test_the_radio_is_looked_at_where_the_store_tells_no_hosts(
    stage: Stage, silence: Silence, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_service: object) -> None:
        raise EnvironmentProblem("The disk is full.", code="disk_full")

    monkeypatch.setattr(MeasuringService, "targets", broken)
    silence.release.set()
    view = open_view(stage, silence)
    stage.settle()
    assert silence.targets == [ProbeTargets()]
    assert read(view, "wifi") == "no location permission"
    assert again(view).isEnabled()
    assert [type(each) for each in stage.failures] == [EnvironmentProblem], "the window tells it"
    stage.failures.clear()


@pytest.mark.parametrize(
    ("outside", "wifi"),
    [
        (Outside(), "none"),
        (Outside(wifi_reason=Reason.WIFI_OFF.value), "WiFi is switched off"),
        (
            Outside(wifi="5 GHz · 44 · -61 dBm", wifi_reason=Reason.LOCATION.value),
            "5 GHz · 44 · -61 dBm · no location permission",
        ),
    ],
    ids=["nothing to tell", "off", "nameless"],
)
def test_the_radio_says_why_it_tells_nothing_or_not_all(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, outside: Outside, wifi: str
) -> None:
    monkeypatch.setattr(network_view, "read_machine_network", network)
    monkeypatch.setattr(network_view, "look_outside", lambda *_asked: outside)
    view = NetworkView(stage.kit)
    stage.show(view, 1294)
    assert read(view, "wifi") == wifi
