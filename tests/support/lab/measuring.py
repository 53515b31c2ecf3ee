"""The plain measurements, as a test asks for them: run ``probes.py`` in the lab, read its JSON."""

from __future__ import annotations

import json
import re
import sys
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from lab import addresses as at
from lab import probes, services
from lab.waiting import listens

if TYPE_CHECKING:
    from lab.services import Service
    from lab.world import Lab

ECHO_PORT = 7007
UNKNOWN_NAME = "x7q2.example.mx"
_PROGRAM = (sys.executable, "-I", "-S", str(Path(probes.__file__)))


def measure(lab: Lab, namespace: str, what: str, *words: object) -> Any:
    """Run a probe of ``lab.probes`` and return its answer."""
    command = [*_PROGRAM, what, *map(str, words)]
    return json.loads(lab.run(namespace, command).stdout)


def echo_server(lab: Lab, namespace: str, address: str) -> Service:
    """Have somebody answer ``stream`` and ``packet`` on ``ECHO_PORT``."""
    return services.start(
        lab,
        namespace,
        [*_PROGRAM, "echo", address, str(ECHO_PORT)],
        ready=lambda pid: listens(pid, "udp", ECHO_PORT),
    )


def web_server(lab: Lab, namespace: str, address: str) -> Service:
    """Have an ordinary web server on port 80."""
    return services.start(
        lab,
        namespace,
        [*(sys.executable, "-I", "-m", "http.server"), "--bind", address, "80"],
        ready=lambda pid: listens(pid, "tcp", 80),
    )


class Voice:
    """A stream as with a call, and what became of its packets."""

    def __init__(
        self, lab: Lab, *, count: int, interval_ms: float, address: str = at.REFLECTOR
    ) -> None:
        told = measure(lab, "laptop", "stream", address, ECHO_PORT, count, interval_ms, 172)
        self.sent: int = told["sent"]
        self.back = [tuple(each) for each in told["back"]]

    @property
    def lost(self) -> int:
        """Packets without an answer, on whichever way."""
        return self.sent - len(self.back)

    @property
    def numbers(self) -> list[int]:
        """The packets' numbers in the order of their return."""
        return [each[0] for each in self.back]

    @property
    def up_ms(self) -> list[float]:
        """How long each took to the other side."""
        return [(arrived - sent) * 1000 for _, sent, arrived, _ in self.back]

    @property
    def down_ms(self) -> list[float]:
        """How long each took back."""
        return [(returned - arrived) * 1000 for _, _, arrived, returned in self.back]


def mean_difference(transits: list[float]) -> float:
    """The mean of |D| between neighbours, what the jitter of RFC 3550 runs after."""
    return sum(abs(b - a) for a, b in pairwise(transits)) / (len(transits) - 1)


def usual_difference(transits: list[float]) -> float:
    """The median of |D|: what a busy machine's rare long waits do not change."""
    return median(abs(b - a) for a, b in pairwise(transits))


def running_jitter(transits: list[float]) -> float:
    """The jitter of RFC 3550, section 6.4.1, after the last packet."""
    jitter = 0.0
    for before, after in pairwise(transits):
        jitter += (abs(after - before) - jitter) / 16
    return jitter


def ping(lab: Lab, address: str, *, count: int = 3, size: int = 56, wait: int = 1) -> list[float]:
    """Return the round trips in milliseconds of the answered ones among some quick pings."""
    words = ["-n", "-c", str(count), "-i", "0.01", "-W", str(wait), "-s", str(size), "-M", "do"]
    said = lab.run("laptop", ["ping", *words, address], check=False).stdout
    return [float(ms) for ms in re.findall(r"time=([\d.]+) ms", said)]


def hop(lab: Lab, distance: int, address: str = at.THIRD_PARTY_WEB) -> str:
    """Who says that a packet got no further than so many hops; empty if it arrived."""
    said = lab.run(
        "laptop", ["ping", "-n", "-c", "1", "-W", "2", "-t", str(distance), address], check=False
    ).stdout
    found = re.search(r"From (\S+) .*Time to live exceeded", said)
    return found[1] if found else ""


def nat_mapping(lab: Lab) -> str:
    """What coturn's own client finds the mapping to be (RFC 5780, section 4.3)."""
    said = lab.run("laptop", ["turnutils_natdiscovery", "-m", at.STUN], timeout=30).stdout
    found = re.search(r"NAT with (.+) Mapping!", said)
    return found[1] if found else said


def sip_reply(lab: Lab, port: int) -> str:
    """What the provider's SIP server says to OPTIONS; empty if nothing."""
    return str(measure(lab, "laptop", "options", at.SIP, port)["reply"] or "")


def assert_healthy(lab: Lab) -> None:
    """Check that everything works with what answers in the fixture ``up``."""
    assert lab.lease()["serverid"] == lab.lease()["router"] == at.GATEWAY
    assert ping(lab, at.GATEWAY)
    assert measure(lab, "laptop", "question", at.DNS, "www.example.mx")["rcode"] == 0
    assert measure(lab, "laptop", "question", at.DNS, UNKNOWN_NAME)["rcode"] == 3
    assert measure(lab, "laptop", "get", at.REFLECTOR, "/")["status"] == 200
    assert f"received={at.PUBLIC}" in sip_reply(lab, 5060)
    round_trips = ping(lab, at.REFLECTOR, count=10, size=1472)
    assert len(round_trips) == 10
    assert 10 <= min(round_trips) < 30
