"""The product in the lab: the provider's side of measurements, and ``fieldtech diagnose``."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lab import addresses as at
from lab import services
from lab.waiting import LabError, listens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lab.world import Lab

VOICE_PORT, WEB_PORT = 8620, 80
TARGETS = f"""
stun = ["{at.STUN}:3478"]
sip = [{{ host = "{at.SIP}", port = 5060 }}, {{ host = "{at.SIP}", port = 5080 }}]
reflector = "{at.REFLECTOR}:{VOICE_PORT}"
connectivity = "http://{at.REFLECTOR}/generate_204"
my_ip = "http://{at.REFLECTOR}/ip"
dns_names = ["www.example.mx", "sip.example.mx"]
throughput = "http://{at.REFLECTOR}/throughput"
resolvers = ["{at.DNS}"]

[site]
access = "ally"
router_owner = "customer"
speed_mbps = 100
"""
NAMES = {at.STUN: "stun.example.mx", at.SIP: "sip.example.mx", at.REFLECTOR: "www.example.mx"}
"""What the operator's own name server calls those hosts."""


@contextmanager
def measurable(lab: Lab) -> Iterator[None]:
    """Start everything that the probes ask, at the provider and on the router."""
    (lab.folder / "targets.toml").write_text(TARGETS, encoding="utf-8")
    named = TARGETS
    for address, name in NAMES.items():
        named = named.replace(f'"{address}"', f'"{name}"').replace(f"{address}:", f"{name}:")
        named = named.replace(f"//{address}/", f"//{name}/")
    (lab.folder / "named.toml").write_text(named, encoding="utf-8")
    services.sip(lab)
    services.stun(lab)
    reflector = [sys.executable, "-m", "fieldtech.central.cli", "reflector"]
    reflector += ["--host", at.REFLECTOR, "--http-port", str(WEB_PORT)]
    started = [
        services.start(
            lab,
            "provider",
            reflector,
            ready=lambda pid: listens(pid, "tcp", WEB_PORT) and listens(pid, "udp", VOICE_PORT),
        ),
        services.start(
            lab,
            "router",
            [sys.executable, "-m", "http.server", "80", "--bind", at.GATEWAY],
            ready=lambda pid: listens(pid, "tcp", 80),
        ),
    ]
    try:
        yield
    finally:
        for service in started:
            service.stop()


def diagnose(
    lab: Lab, *arguments: str, interface: str = "lan0", targets: str = "targets.toml"
) -> dict[str, Any]:
    """Run ``fieldtech diagnose`` on the laptop and return its document.

    ``targets`` is ``targets.toml``, which names addresses, or ``named.toml``.
    """
    command = [sys.executable, "-m", "fieldtech.cli", "diagnose", "--json"]
    command += ["--interface", interface, "--targets", str(lab.folder / targets)]
    done = lab.run("laptop", [*command, *arguments], check=False)
    try:
        document: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise LabError(f"no document: {done.returncode}\n{done.stdout}{done.stderr}") from error
    return {**document, "exit": done.returncode, "said": done.stderr}


def reading(document: dict[str, Any], item: str) -> dict[str, Any]:
    """Return what a document says of one item."""
    for result in document["results"]:
        for each in result["readings"]:
            if each["item"] == item:
                found: dict[str, Any] = each
                return found
    raise LabError(f"no reading of {item}")


def statuses(document: dict[str, Any]) -> dict[str, str]:
    """Return the status of every probe."""
    return {result["probe"]: result["status"] for result in document["results"]}
