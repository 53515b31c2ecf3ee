"""What every probe is handed: where it may send, what to, for how long, and whether to stop."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from fieldtech.clock import Clock
from fieldtech.diagnostics.addresses.facts import AddressFacts
from fieldtech.diagnostics.addresses.reading import read_addresses
from fieldtech.diagnostics.addresses.resolvers import read_stub, usable_resolvers
from fieldtech.diagnostics.binding import Binding, InterfaceGoneError
from fieldtech.diagnostics.depth import Depth
from fieldtech.diagnostics.interfaces import InterfaceFacts
from fieldtech.diagnostics.load_facts import Load
from fieldtech.diagnostics.once import Background, Memo, Once
from fieldtech.diagnostics.wifi.facts import WifiReading
from fieldtech.domain.probe_targets import ProbeTargets, SiteFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One run on one interface, as its probes see it.

    ``gateway`` is empty without one. ``tell`` takes the share (0 to 1) of its work that a probe has
    done. ``public`` (the address that STUN tells), ``load`` (the line full), ``wifi``,
    ``addresses`` and the ``names`` of hosts are found once for all who need them.
    """

    interface: str
    facts: InterfaceFacts | None
    gateway: str
    targets: ProbeTargets
    site: SiteFacts
    depth: Depth
    clock: Clock
    cancel: Event = field(default_factory=Event)
    tell: Callable[[float], None] = lambda _share: None
    public: Once[str] = field(default_factory=Once)
    load: Once[Load] = field(default_factory=Once)
    wifi: Once[WifiReading] = field(default_factory=Once)
    addresses: Background[AddressFacts] = field(default_factory=Background)
    names: Memo[str] = field(default_factory=Memo)

    @property
    def ipv4(self) -> str:
        """The address it sends from, empty without one."""
        return self.facts.main_ipv4 if self.facts else ""

    def configuration(self) -> AddressFacts:
        """Read the interface's configuration, once; raises ``ToolError`` when cancelled."""
        self.addresses.begin(lambda: read_addresses(self.interface))
        return self.addresses.result(self.cancel)

    @property
    def resolvers(self) -> tuple[str, ...]:
        """The DNS servers of this interface, in its order."""
        return usable_resolvers(self.configuration().dns, read_stub())

    def binding(self) -> Binding | None:
        """What keeps a socket to the interface, ``None`` for the system's choice.

        Where all whom the policy names are this machine itself, as in a demonstration, no interface
        leads to them.
        """
        bound = self.interface and not self.targets.on_loopback
        return Binding(interface=self.interface) if bound else None

    def udp(self, family: int = socket.AF_INET) -> socket.socket:
        """Return a bound UDP socket; raises ``OSError``."""
        return self._tied(socket.socket(family, socket.SOCK_DGRAM))

    def udp_to(self, address: str) -> socket.socket:
        """Return a bound UDP socket of the family of an address; raises ``OSError``."""
        return self.udp(socket.AF_INET6 if ":" in address else socket.AF_INET)

    def tcp(self, host: str, port: int, limit_s: float) -> socket.socket:
        """Return a connection to an address through the interface; raises ``OSError``."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        made = self._tied(socket.socket(family, socket.SOCK_STREAM))
        try:
            made.settimeout(limit_s)
            made.connect((host, port))
        except BaseException:
            made.close()
            raise
        return made

    def _tied(self, made: socket.socket) -> socket.socket:
        binding = self.binding()
        try:
            if binding is not None:
                binding.apply(made)
        except BaseException:
            made.close()
            raise
        return made


__all__ = ["Context", "Depth", "InterfaceGoneError"]
