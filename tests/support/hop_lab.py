"""A laptop, its router and a host behind it, in network namespaces of their own.

``lan0`` of the laptop (192.168.77.2) leads to the router (192.168.77.1), whose other side leads to
the host ``FAR`` over a link that carries 1400 bytes. Anybody may send echoes from the laptop.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GATEWAY, FAR = "192.168.77.1", "203.0.113.2"
NOBODY_NEAR, NOBODY_FAR = "192.168.77.99", "203.0.113.99"
SILENT = "198.51.100.1"
"""The router drops what is meant for it and says nothing."""


@contextmanager
def three_namespaces() -> Iterator[str]:
    """Build them and give the laptop's name, or skip the test where that is not allowed."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("network namespaces need Linux, root and the program ip")
    laptop, router, far = (f"ft-{part}-{uuid.uuid4().hex[:8]}" for part in ("lap", "rtr", "far"))
    with ExitStack() as stack:
        for name in (laptop, router, far):
            made = _run("ip", "netns", "add", name)
            if made.returncode:
                pytest.skip(f"no network namespaces here: {made.stderr.strip()}")
            stack.callback(_run, "ip", "netns", "del", name)
            _ip("-n", name, "link", "set", "lo", "up")
        _link((laptop, "lan0", "192.168.77.2/24"), (router, "in0", f"{GATEWAY}/24"), 1500)
        _link((router, "wan0", "203.0.113.1/24"), (far, "up0", f"{FAR}/24"), 1400)
        _ip("-n", laptop, "route", "add", "default", "via", GATEWAY)
        _ip("-n", far, "route", "add", "default", "via", "203.0.113.1")
        _ip("-n", router, "route", "add", "blackhole", f"{SILENT}/32")
        _set(router, "net.ipv4.ip_forward=1")
        # Who does not answer is given up after three tries: in 0.3 s rather than in three.
        _set(laptop, "net.ipv4.neigh.lan0.retrans_time_ms=100")
        _set(router, "net.ipv4.neigh.wan0.retrans_time_ms=100")
        _set(laptop, "net.ipv4.ping_group_range=0 2147483647")
        yield laptop


def on_laptop(laptop: str, script: str) -> str:
    """Run a script of Python on the laptop and return what it prints."""
    done = subprocess.run(
        [shutil.which("ip") or "ip", "netns", "exec", laptop, sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _link(one: tuple[str, str, str], other: tuple[str, str, str], mtu: int) -> None:
    """Connect two namespaces; each end is a namespace, a name and an address."""
    peer = ("peer", "name", other[1], "netns", other[0])
    _ip("-n", one[0], "link", "add", one[1], "type", "veth", *peer)
    for place, link, own in (one, other):
        _ip("-n", place, "address", "add", own, "dev", link)
        _ip("-n", place, "link", "set", link, "mtu", str(mtu), "up")


def _set(namespace: str, setting: str) -> None:
    done = _run("ip", "netns", "exec", namespace, "sysctl", "-qw", setting)
    if done.returncode:
        pytest.skip(f"cannot set {setting}: {done.stderr.strip()}")


def _ip(*words: str) -> None:
    done = _run("ip", *words)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, timeout=20, check=False)
