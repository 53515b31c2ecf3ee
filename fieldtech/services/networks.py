"""Two networks at once: the customer's, which may be dead, and one's own way to the central.

Two lights say how they stand. One's own is lit by the last synchronisation, the customer's by what
this machine knows of its link: nothing is sent anywhere to find out.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.diagnostics.binding import Binding, InterfaceGoneError, Means
from fieldtech.diagnostics.interfaces import (
    DefaultRoute,
    InterfaceFacts,
    read_default_route,
    read_interfaces,
)
from fieldtech.services.network_values import InterfaceChoice, Light, Networks, Reach
from fieldtech.services.syncing import chosen_interface

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.paths import Profile
    from fieldtech.services.syncing import SyncService


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What this machine says of itself, each time it is asked."""

    interfaces: Callable[[], Sequence[InterfaceFacts]] = read_interfaces
    route: Callable[[], DefaultRoute | None] = read_default_route


class NetworkService:
    """How the two networks stand; asks the system, so never on the windows' thread."""

    def __init__(
        self, profile: Profile, sync: SyncService, clock: Clock, machine: Machine | None = None
    ) -> None:
        self._profile = profile
        self._sync = sync
        self._clock = clock
        self._machine = machine or Machine()

    def status(self) -> Networks:
        """Both lights now."""
        found = [facts for facts in self._machine.interfaces() if not _is_loopback(facts)]
        chosen = chosen_interface(self._profile)
        default = _of_route(found, self._machine.route())
        mine = chosen or (default.name if default else "")
        gone, loose = self._bound(chosen)
        return Networks(
            choices=_choices(found),
            chosen=chosen,
            gone=gone,
            loose=loose,
            mine=self._mine(mine, gone=gone),
            customer=self._customer(found, default, mine),
        )

    def _bound(self, chosen: str) -> tuple[bool, bool]:
        """Tell whether the chosen interface is gone, and whether it is held on to by address."""
        if not chosen:
            return False, False
        try:
            means = Binding(interface=chosen, read=self._machine.interfaces).means()
        except InterfaceGoneError:
            return True, False
        return False, means is Means.SOURCE and sys.platform != "win32"

    def _mine(self, interface: str, *, gone: bool) -> Light:
        last = self._sync.last_run
        if gone:
            return Light(interface=interface, reach=Reach.UNREACHABLE, checked_at=self._clock.now())
        # What another interface reached says nothing of this one.
        if last is None or last.interface != chosen_interface(self._profile):
            return Light(interface=interface)
        reach = Reach.REACHABLE if last.reached else Reach.UNREACHABLE
        return Light(interface=interface, reach=reach, checked_at=last.at)

    def _customer(
        self, found: Sequence[InterfaceFacts], default: InterfaceFacts | None, mine: str
    ) -> Light:
        others = [facts for facts in found if facts.name != mine]
        usable = (facts for facts in others if _is_usable(facts))
        other = default if default in others else next(usable, None)
        if other is None:
            return Light()
        reach = Reach.REACHABLE if _is_usable(other) else Reach.UNREACHABLE
        return Light(interface=other.name, reach=reach, checked_at=self._clock.now())


def _choices(found: Sequence[InterfaceFacts]) -> tuple[InterfaceChoice, ...]:
    return tuple(
        InterfaceChoice(
            name=facts.name,
            address=next(iter(facts.ipv4 + facts.ipv6), ""),
            usable=_is_usable(facts),
        )
        for facts in found
    )


def _of_route(found: Sequence[InterfaceFacts], route: DefaultRoute | None) -> InterfaceFacts | None:
    if route is None:
        return None
    return next((f for f in found if f.name == route.interface or route.interface in f.ipv4), None)


def _is_usable(facts: InterfaceFacts) -> bool:
    return facts.up and any(
        not ipaddress.ip_address(address).is_link_local for address in facts.ipv4 + facts.ipv6
    )


def _is_loopback(facts: InterfaceFacts) -> bool:
    return any(ipaddress.ip_address(address).is_loopback for address in facts.ipv4 + facts.ipv6)
