"""What this machine offers to be measured, and what it tells of the outside."""

from __future__ import annotations

import json
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

import pytest

from fieldtech.diagnostics import prepare
from fieldtech.diagnostics.interfaces import DefaultRoute, InterfaceFacts
from fieldtech.diagnostics.outcome import Outcome, Reason
from fieldtech.diagnostics.probes import my_ip, wifi
from fieldtech.diagnostics.wifi.facts import Refusal, WifiLink, WifiReading
from fieldtech.domain.probe_targets import ProbeTargets
from fieldtech.services import machine
from fieldtech.services.machine import Outside, interfaces_to_measure, look_outside
from fieldtech.services.networks import Machine, NetworkService

if TYPE_CHECKING:
    from collections.abc import Sequence

    from field_office import FieldLaptop

    from fieldtech.services.machine import MeasurableInterface

LO = InterfaceFacts(
    name="lo", up=True, speed_mbps=0, duplex="", mtu=65536, mac="", ipv4=("127.0.0.1",), ipv6=()
)
CARD = replace(LO, name="eth0", mac="3c:52:82:11:22:33", ipv4=("192.168.1.40",))
OUT = replace(CARD, up=False, ipv4=())
RADIO = replace(CARD, name="wlan0", mac="3c:52:82:44:55:66", ipv4=("172.20.10.2",))
BRIDGE = replace(CARD, name="docker0", mac="02:42:ac:11:00:02", ipv4=("172.17.0.1",))
LINK = WifiLink(interface="wlan0", connected=True, band="5", channel=44, rssi_dbm=-61.0)


def offered(
    laptop: FieldLaptop,
    monkeypatch: pytest.MonkeyPatch,
    interfaces: Sequence[InterfaceFacts],
    *,
    route: str = "wlan0",
    sync_through: str = "",
) -> tuple[MeasurableInterface, ...]:
    monkeypatch.setattr(machine, "read_interfaces", lambda: tuple(interfaces))
    laptop.profile.settings.write_text(json.dumps({"sync_interface": sync_through}))
    asked = Machine(
        interfaces=lambda: interfaces,
        route=lambda: DefaultRoute(gateway="172.20.10.1", interface=route),
    )
    return interfaces_to_measure(
        NetworkService(laptop.profile, laptop.desk.sync, laptop.clock, asked)
    )


def test_a_card_whose_cable_is_out_can_be_measured(
    ana: FieldLaptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = replace(BRIDGE, up=False)
    found = offered(ana, monkeypatch, (LO, OUT, RADIO, idle))
    assert [(each.name, each.up) for each in found] == [("eth0", False), ("wlan0", True)]


@pytest.mark.parametrize(
    ("interfaces", "ways", "likely"),
    [
        ((LO, OUT, RADIO), ("wlan0", "wlan0"), ["eth0"]),
        ((LO, BRIDGE, OUT, RADIO), ("wlan0", "wlan0"), ["eth0"]),
        ((LO, CARD, RADIO), ("eth0", "wlan0"), ["eth0"]),
        ((LO, OUT, RADIO, replace(CARD, name="eth1")), ("wlan0", "wlan0"), ["eth1"]),
        ((LO, CARD, RADIO, replace(CARD, name="eth1")), ("eth1", "wlan0"), ["eth1"]),
        ((LO, OUT, RADIO), ("wlan0", ""), []),
        ((LO, RADIO), ("wlan0", "wlan0"), []),
    ],
    ids=[
        "the cable is out and the telephone leads to the central",
        "a virtual adapter is no customer",
        "both networks are up",
        "one that has a link before one that has none",
        "the one that the system goes through",
        "nobody said which is his own",
        "there is nothing to choose",
    ],
)
def test_the_customers_is_the_one_that_nobody_synchronises_through(
    ana: FieldLaptop,
    monkeypatch: pytest.MonkeyPatch,
    interfaces: tuple[InterfaceFacts, ...],
    ways: tuple[str, str],
    likely: list[str],
) -> None:
    route, chosen = ways
    found = offered(ana, monkeypatch, interfaces, route=route, sync_through=chosen)
    assert [each.name for each in found if each.likely] == likely


@pytest.fixture
def radio(monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop on a radio, which asks nobody."""
    monkeypatch.setattr(prepare, "read_interfaces", lambda: (RADIO,))
    monkeypatch.setattr(prepare, "read_default_route", lambda _only=None: None)
    monkeypatch.setattr(my_ip, "run", lambda _context: Outcome())


@pytest.mark.usefixtures("radio")
@pytest.mark.parametrize(
    ("reading", "told", "why"),
    [
        (WifiReading(source="netsh", refused=Refusal.LOCATION), "", Reason.LOCATION.value),
        (WifiReading(source="sysfs", refused=Refusal.OFF), "", Reason.WIFI_OFF.value),
        (WifiReading(source="sysfs", refused=Refusal.ABSENT), "", ""),
        (WifiReading(source="nmcli"), "", Reason.NOT_TOLD.value),
        (
            WifiReading(source="CoreWLAN", link=LINK, refused=Refusal.LOCATION),
            "5 GHz · 44 · -61 dBm",
            Reason.LOCATION.value,
        ),
        (
            WifiReading(
                source="wlanapi", link=replace(LINK, ssid="casa"), refused=Refusal.LOCATION
            ),
            "casa · 5 GHz · 44 · -61 dBm",
            "",
        ),
    ],
    ids=["no permission", "off", "a cable", "silent tools", "no name", "no neighbours"],
)
def test_the_radio_is_told_with_the_reason_of_what_lacks(
    ana: FieldLaptop,
    monkeypatch: pytest.MonkeyPatch,
    reading: WifiReading,
    told: str,
    why: str,
) -> None:
    monkeypatch.setattr(wifi, "look", lambda _context: reading)
    assert look_outside(ProbeTargets(), ana.clock, Event()) == Outside(
        wifi=told, wifi_reason=why, asked=False
    )


@pytest.mark.usefixtures("radio")
def test_whoever_gives_up_waits_for_nobody(
    ana: FieldLaptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, cancel = Event(), Event()

    def silent(_context: object) -> Outcome:
        cancel.set()
        release.wait()
        return Outcome(values={"internet.public_ip": "203.0.113.20"})

    monkeypatch.setattr(my_ip, "run", silent)
    monkeypatch.setattr(wifi, "look", lambda _context: WifiReading(source="", link=LINK))
    try:
        assert look_outside(ProbeTargets(), ana.clock, cancel).public_ip == ""
    finally:
        release.set()
