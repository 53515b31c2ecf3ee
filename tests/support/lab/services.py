"""What answers in the lab: DHCP and DNS of the router, DNS, SIP and STUN outside."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lab import addresses as at
from lab.waiting import LabError, listens, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lab.sandbox import Sandbox
    from lab.world import Lab

_DNSMASQ = (
    "dnsmasq",
    # It stays in the foreground and stays who it is: a user namespace knows no other groups.
    "--no-daemon",
    "--conf-file=/dev/null",
    "--log-facility=-",
    "--no-hosts",
    "--no-resolv",
    "--bind-interfaces",
)
_SIP_PORTS = (5060, 5080)
_STUN_PORTS = (3478, 3479)
_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A program that runs in the lab until it is stopped, and where it says what it does."""

    process: subprocess.Popen[str]
    log: Path | None = None

    def text(self) -> str:
        """Return what it has said so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log else ""

    def stop(self) -> None:
        """Ask it and its children to end, and see to it that they do."""
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_PATIENCE_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End it and its children at once."""
        self._signal(signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()

    def _signal(self, number: signal.Signals) -> None:
        # Each was started as the leader of a session, so its children are its process group.
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def launch(
    sandbox: Sandbox,
    namespace: str,
    command: Sequence[str],
    *,
    ready: Callable[[int], bool],
) -> Service:
    """Start a program; return once ``ready``, asked with its pid, says so."""
    number = len(list(sandbox.folder.glob("*.log")))
    log = sandbox.folder / f"{number:02}-{namespace}-{Path(command[0]).name}.log"
    with log.open("wb") as output:
        process = sandbox.popen(
            namespace,
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    service = Service(process=process, log=log)
    try:
        wait_until(lambda: ready(process.pid), what=f"{command[0]} in {namespace}", process=process)
    except LabError as problem:
        said = service.text()
        service.kill()
        raise LabError(f"{problem}\n{said}") from None
    return service


def start(
    lab: Lab, namespace: str, command: Sequence[str], *, ready: Callable[[int], bool]
) -> Service:
    """Start a program that the lab stops with itself; ``ready`` is asked with its pid."""
    service = launch(lab.sandbox, namespace, command, ready=ready)
    lab.keep(service)
    return service


def lan_server(sandbox: Sandbox, *, resolver: str, dhcp: bool = True, late: int = 0) -> Service:
    """Start the router's DNS forwarder and, if asked, DHCP with its offers so many seconds late."""
    options = ["--interface=br-lan", "--except-interface=lo", f"--server={at.DNS}"]
    if dhcp:
        options += [
            "--dhcp-range=192.168.77.100,192.168.77.150,1h",
            f"--dhcp-leasefile={sandbox.folder / 'router.leases'}",
            "--no-ping",
            f"--dhcp-option=option:dns-server,{resolver}",
            f"--dhcp-range={at.LAN_V6},ra-only,64",
            "--enable-ra",
            *([f"--dhcp-reply-delay={late}"] if late else []),
        ]
    port = 67 if dhcp else 53
    return launch(
        sandbox, "router", [*_DNSMASQ, *options], ready=lambda pid: listens(pid, "udp", port)
    )


def rogue_server(sandbox: Sandbox, *, gateway: str, resolver: str) -> Service:
    """Start the DHCP server that nobody asked for."""
    options = [
        "--interface=lan0",
        "--except-interface=lo",
        "--port=0",
        "--dhcp-range=192.168.77.200,192.168.77.220,1h",
        f"--dhcp-leasefile={sandbox.folder / 'rogue.leases'}",
        "--no-ping",
        f"--dhcp-option=option:router,{gateway}",
        f"--dhcp-option=option:dns-server,{resolver}",
    ]
    return launch(
        sandbox, "rogue", [*_DNSMASQ, *options], ready=lambda pid: listens(pid, "udp", 67)
    )


def name_server(
    sandbox: Sandbox,
    address: str,
    names: Sequence[tuple[str, Sequence[str]]],
    *,
    everything: str | None = None,
) -> Service:
    """Start a DNS server outside that knows some names.

    Others do not exist (NXDOMAIN), unless there is one address for everything.
    """
    options = [
        f"--listen-address={address}",
        *(f"--host-record={name},{','.join(known)}" for name, known in names),
        "--srv-host=_sip._udp.example.mx,sip.example.mx,5060",
        f"--address=/#/{everything or ''}",
    ]
    if everything:
        options = [options[0], options[-1]]
    return launch(
        sandbox, "provider", [*_DNSMASQ, *options], ready=lambda pid: listens(pid, "udp", 53)
    )


def sip(lab: Lab) -> Service:
    """Start the provider's SIP server: kamailio on ``SIP``, ports 5060 and 5080."""
    config = Path(__file__).with_name("kamailio.cfg")
    run = lab.folder / "kamailio"
    run.mkdir(exist_ok=True)
    paths = ["-Y", str(run), "-P", str(run / "pid")]
    return start(
        lab,
        "provider",
        ["kamailio", "-f", str(config), *paths, "-DD", "-E", "-m", "32", "-M", "4"],
        ready=lambda pid: all(listens(pid, "udp", port) for port in _SIP_PORTS),
    )


def stun(lab: Lab) -> Service:
    """Start the provider's STUN server with two addresses and two ports (RFC 5780): coturn."""
    listening, other = map(str, _STUN_PORTS)
    command = [
        *("turnserver", "-n", "-L", at.STUN, "-L", at.STUN_OTHER),
        *("--listening-port", listening, "--alt-listening-port", other),
        *("--no-tls", "--no-dtls", "--no-auth", "--no-cli"),
        *("--log-file", "stdout", "--pidfile", str(lab.folder / "turnserver.pid")),
    ]
    return start(
        lab,
        "provider",
        command,
        ready=lambda pid: all(listens(pid, "udp", port, at_least=2) for port in _STUN_PORTS),
    )
