"""The lab itself: build it, run things in it, ask for an address, take it away."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab import addresses as at
from lab import plan, services
from lab.plan import Options
from lab.sandbox import Sandbox
from lab.services import Service
from lab.waiting import LabError, wait_until
from lab.wire_handle import WireHandle

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence

_DHCP_SCRIPT = Path(__file__).with_name("udhcpc.sh")


class Lab:
    """A customer's network that is up: made by ``lab()``, healthy until a fault is applied.

    The namespaces are ``laptop`` (``lan0``), ``router`` (``br-lan``, ``wan0``), ``wire`` (``w0``,
    ``w1``), ``provider`` (``cust0``) and, with those options, ``carrier`` (``in0``, ``wan0``) and
    ``air``, another wire between laptop and router.
    """

    def __init__(self, sandbox: Sandbox, options: Options) -> None:
        self.sandbox = sandbox
        self.options = options
        self.folder = sandbox.folder
        """For what the lab's programs write; gone with the lab."""
        self.lease_file = sandbox.folder / "lease.env"
        """The laptop's lease as ``key=value`` lines in udhcpc's words; absent without a lease."""
        self.edge = plan.edge(options)
        """The namespace with the public address."""
        self._kept: list[Service] = []
        self._lan_server: Service | None = None
        self._name_servers: dict[str, Service] = {}
        plan.build(sandbox, options)
        self.wire = WireHandle(sandbox, "wire", up=options.up, down=options.down, seed=options.seed)
        self._air: WireHandle | None = None
        if options.lan is not None:
            self._air = WireHandle(
                sandbox, "air", up=options.lan, down=options.lan, seed=options.seed
            )

    def start(self) -> None:
        """Start the router's and the provider's servers; the laptop has its addresses then."""
        for address in (at.DNS, at.THIRD_PARTY_DNS):
            self.serve_names(address)
        self.serve_lan()
        self.sandbox.run(None, ["ip", "-n", "laptop", "link", "set", "lan0", "up"])
        if not self.renew():
            raise LabError(f"no lease:\n{self._lan_server.text() if self._lan_server else ''}")
        wait_until(self._has_ipv6, what="a router advertisement on the laptop")

    def close(self) -> None:
        """Stop what was started here; the sandbox takes the rest."""
        dhcp = [self._lan_server] if self._lan_server else []
        for service in (*self._kept, *self._name_servers.values(), *dhcp):
            service.kill()
        self.wire.close()
        if self._air is not None:
            self._air.close()

    def run(
        self, namespace: str, command: Sequence[str], *, check: bool = True, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in a namespace to its end, and keep what it says as text.

        A failure is a LabError unless ``check`` is off; options are those of ``subprocess.run``.
        """
        return self.sandbox.run(namespace, command, check=check, **options)

    def popen(
        self, namespace: str, command: Sequence[str], **options: Any
    ) -> subprocess.Popen[str]:
        """Start a command; it is killed with the lab. Options are those of ``Popen``."""
        process = self.sandbox.popen(namespace, command, **options)
        self.keep(Service(process=process))
        return process

    def python(
        self, namespace: str, script: str | Path, *arguments: str, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run Python code, or the file of a path, with this interpreter."""
        program = [str(script)] if isinstance(script, Path) else ["-c", script]
        return self.run(namespace, [sys.executable, *program, *arguments], **options)

    def keep(self, service: Service) -> None:
        """Stop a service with the lab."""
        self._kept.append(service)

    @contextmanager
    def rules(self, namespace: str, table: str, body: str) -> Iterator[None]:
        """Have an nftables table, named as ``inet mine``, for a while."""
        self.run(namespace, ["nft", f"table {table} {{ {body}; }}"])
        try:
            yield
        finally:
            self.run(namespace, ["nft", "delete", "table", *table.split()])

    def masquerade(self, how: str) -> None:
        """Change the customer's NAT, as ``masquerade fully-random``; nothing known is kept."""
        rules = plan.MASQUERADE % how
        self.run(self.edge, ["nft", f"flush table ip nat; {rules}"])
        self.forget_connections(self.edge)

    def forget_connections(self, namespace: str) -> None:
        """Empty connection tracking: new rules hold for old pairs of ports too."""
        self.run(namespace, ["conntrack", "-F"])

    def serve_lan(self, *, dhcp: bool = True, late: int = 0) -> None:
        """Start the router's dnsmasq, again if it runs; see ``services.lan_server``."""
        if self._lan_server is not None:
            self._lan_server.kill()
        self._lan_server = services.lan_server(
            self.sandbox, resolver=self.options.resolver, dhcp=dhcp, late=late
        )

    def serve_names(self, address: str, *, everything: str | None = None) -> None:
        """Start a DNS server outside, again if it runs; see ``services.name_server``."""
        if address in self._name_servers:
            self._name_servers.pop(address).kill()
        self._name_servers[address] = services.name_server(
            self.sandbox, address, self.options.names, everything=everything
        )

    @property
    def operators_resolver(self) -> str:
        """Who answers the laptop's questions outside; the router asks the provider's."""
        return at.DNS if self.options.resolver == at.GATEWAY else self.options.resolver

    def renew(self, *, tries: int = 10) -> bool:
        """Ask for an address anew, a second for each try; return whether somebody gave one."""
        client = ["udhcpc", "-f", "-q", "-n", "-t", str(tries), "-T", "1", "-i", "lan0"]
        done = self.run("laptop", [*client, "-s", str(_DHCP_SCRIPT)], check=False)
        return done.returncode == 0 and self.lease_file.exists()

    def release(self) -> None:
        """Take the laptop's IPv4 address, its way out and its DNS server away."""
        deconfigure = ["env", "interface=lan0", str(_DHCP_SCRIPT), "deconfig"]
        self.run("laptop", deconfigure)

    def lease(self) -> dict[str, str]:
        """Return the laptop's lease; empty without one."""
        if not self.lease_file.exists():
            return {}
        lines = self.lease_file.read_text(encoding="utf-8").splitlines()
        return {key: value for key, _, value in (line.partition("=") for line in lines)}

    @contextmanager
    def lan_host(self, name: str, *addresses: str) -> Iterator[None]:
        """Plug another host into the router for a while: a namespace with ``lan0``."""
        plan.add_lan_host(self.sandbox, name, *addresses)
        try:
            yield
        finally:
            # The kernel takes its time with a namespace; the router's end must be gone at once.
            self.sandbox.run(None, ["ip", "-n", name, "link", "del", "lan0"])
            self.sandbox.run(None, ["ip", "netns", "del", name])

    def neighbour(self, address: str) -> str:
        """Return the MAC address that the laptop has for a neighbour; empty if none."""
        shown = self.run("laptop", ["ip", "-4", "neigh", "show", address, "dev", "lan0"]).stdout
        words = shown.split()
        return words[words.index("lladdr") + 1] if "lladdr" in words else ""

    def _has_ipv6(self) -> bool:
        return bool(self.run("laptop", ["ip", "-6", "route", "show", "default"]).stdout)


@contextmanager
def lab(options: Options | None = None) -> Iterator[Lab]:
    """Build a healthy lab, and take it away whatever happens in it.

    Raises LabUnavailable where this machine does not allow it.
    """
    options = options or Options()
    if options.rootless is None:
        sandbox = Sandbox.for_anybody()
    else:
        sandbox = Sandbox(rootless=options.rootless)
    world: Lab | None = None
    try:
        world = Lab(sandbox, options)
        world.start()
        yield world
    finally:
        if world is not None:
            world.close()
        sandbox.close()
