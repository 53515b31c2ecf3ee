"""Two lights: what the last run says of one's own network, and the link of the customer's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_living import Line

from fieldtech.diagnostics.interfaces import DefaultRoute, InterfaceFacts
from fieldtech.services import syncing
from fieldtech.services.network_values import Networks, Reach
from fieldtech.services.networks import Machine, NetworkService
from fieldtech.services.syncing import chosen_interface
from fieldtech.sync.failures import Failure, Kind

if TYPE_CHECKING:
    from field_office import FieldLaptop, Office

LO = InterfaceFacts(
    name="lo", up=True, speed_mbps=0, duplex="", mtu=65536, mac="", ipv4=("127.0.0.1",), ipv6=()
)
LAN = replace(LO, name="lan0", ipv4=("192.168.1.40",), ipv6=("fe80::1",))
HOT = replace(LO, name="hot0", ipv4=("172.20.10.2",))


@pytest.fixture
def line(office: Office, monkeypatch: pytest.MonkeyPatch) -> Line:
    """The laptop's runs go to the central of this process."""
    made = Line(office)
    monkeypatch.setattr(syncing, "open_runner", made.open_runner)
    return made


def seen(
    laptop: FieldLaptop,
    interfaces: Sequence[InterfaceFacts] = (LO, LAN, HOT),
    route: str = "lan0",
) -> Networks:
    machine = Machine(
        interfaces=lambda: interfaces,
        route=lambda: DefaultRoute(gateway="192.168.1.1", interface=route) if route else None,
    )
    service = NetworkService(laptop.profile, laptop.desk.sync, laptop.clock, machine)
    return service.status()


def choose(laptop: FieldLaptop, interface: str) -> None:
    laptop.profile.settings.write_text(json.dumps({"sync_interface": interface}))


def test_before_the_first_run_nothing_is_known_of_ones_own(ana: FieldLaptop) -> None:
    networks = seen(ana)
    assert (networks.chosen, networks.gone) == ("", False)
    assert [choice.name for choice in networks.choices] == ["lan0", "hot0"]
    assert (networks.mine.interface, networks.mine.reach) == ("lan0", Reach.UNKNOWN)
    assert (networks.customer.interface, networks.customer.reach) == ("hot0", Reach.REACHABLE)


def test_the_last_run_lights_ones_own(ana: FieldLaptop, line: Line) -> None:
    ana.desk.sync.run()
    first = ana.clock.now()
    assert (seen(ana).mine.reach, seen(ana).mine.checked_at) == (Reach.REACHABLE, first)

    line.failure = Failure(kind=Kind.UNREACHABLE)
    ana.machine.advance(60)
    ana.desk.sync.run()
    mine = seen(ana).mine
    assert (mine.reach, mine.checked_at) == (Reach.UNREACHABLE, ana.clock.now())


def test_what_another_interface_reached_says_nothing_of_the_chosen_one(
    ana: FieldLaptop, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana.desk.sync.run()
    assert line.asked > 0
    choose(ana, "lo")
    # ``lo`` stands in for a hotspot: it is the one interface every machine has.
    networks = seen(ana, (LAN, replace(HOT, name="lo")))
    assert (networks.mine.interface, networks.mine.reach) == ("lo", Reach.UNKNOWN)
    assert networks.customer.interface == "lan0"
    assert not networks.gone

    bound: list[object] = []
    opened = line.open_runner

    def watching(*parts: object, **named: object) -> object:
        bound.append(named["bind"])
        return opened(*parts, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(syncing, "open_runner", watching)
    ana.desk.sync.run()
    assert len(bound) == 1, "a new choice opens its own connections"
    assert getattr(bound[0], "interface", "") == "lo"
    assert seen(ana, (LAN, replace(HOT, name="lo"))).mine.reach is Reach.REACHABLE


def test_an_interface_that_is_unplugged_is_gone(ana: FieldLaptop) -> None:
    choose(ana, "hot0")
    networks = seen(ana, (LO, LAN))
    assert networks.gone
    assert (networks.mine.interface, networks.mine.reach) == ("hot0", Reach.UNREACHABLE)
    assert networks.customer.interface == "lan0"


@pytest.mark.parametrize(
    ("other", "reach"),
    [
        (LAN, Reach.REACHABLE),
        (replace(LAN, up=False), Reach.UNREACHABLE),
        (replace(LAN, ipv4=("169.254.9.9",)), Reach.UNREACHABLE),
    ],
    ids=["link and address", "no link", "no address of a network"],
)
def test_the_customers_light_is_its_link(
    ana: FieldLaptop, other: InterfaceFacts, reach: Reach
) -> None:
    choose(ana, "hot0")
    assert seen(ana, (LO, other, HOT)).customer.reach is reach


def test_one_network_alone_has_no_second_light(ana: FieldLaptop) -> None:
    assert seen(ana, (LO, LAN)).customer.interface == ""
    assert seen(ana, (LO,), route="").mine.interface == ""


def test_settings_that_cannot_be_read_choose_nothing(ana: FieldLaptop) -> None:
    ana.profile.settings.write_text("{")
    assert chosen_interface(ana.profile) == ""
