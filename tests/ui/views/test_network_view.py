"""My IP: what the machine knows of itself, with the Internet up or down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from stage import Stage, find

from fieldtech.diagnostics.interfaces import InterfaceFacts, MachineNetwork
from fieldtech.services.machine import Outside
from ui.views import network_view
from ui.views.network_view import NetworkView, as_text

if TYPE_CHECKING:
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
    monkeypatch.setattr(network_view, "look_outside", lambda _targets, _clock: outside)
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
