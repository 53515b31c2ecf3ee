"""Two uplinks in network namespaces: a laptop whose default route is dead, and a central.

``lan0`` of the laptop leads to the customer's network, which takes every packet and answers none;
``hot0``, the technician's own hotspot, leads to the central at ``CENTRAL``. Both have a default
route, and the customer's is the one the system prefers, as with a cable and a phone.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import uuid
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest

from fieldtech.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CENTRAL = "203.0.113.10"
NAME = "central.example.mx"
_LAPTOP_LINKS = {
    "lan0": ("10.77.1.2/24", "10.77.1.1", 100),
    "hot0": ("10.77.2.2/24", "10.77.2.1", 600),
}


@dataclass(frozen=True)
class World:
    """The namespaces by name, and the command that runs something in one."""

    laptop: str
    central: str

    def words(self, namespace: str) -> list[str]:
        """Return how a command line begins that runs in a namespace."""
        return ["ip", "netns", "exec", namespace]

    def python(
        self, script: str, *arguments: str, hosts: Path, resolver: Path
    ) -> subprocess.CompletedProcess[str]:
        """Run a script on the laptop, with its own idea of names and of where to ask for them."""
        # ``ip netns exec`` gives the process mounts of its own, so nobody else sees these.
        mounts = [("/etc/hosts", hosts), ("/etc/resolv.conf", resolver)]
        setup = " && ".join(f"mount --bind {shlex.quote(str(own))} {at}" for at, own in mounts)
        shell = f'{setup} && exec "$0" "$@"'
        return subprocess.run(
            [
                *self.words(self.laptop),
                *("sh", "-c", shell, sys.executable, "-c", script, *arguments),
            ],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    def drop_link(self, name: str) -> None:
        """Unplug an interface of the laptop: it is there no more."""
        _ip("-n", self.laptop, "link", "del", name)


@contextmanager
def two_uplinks() -> Iterator[World]:
    """Build the world, or skip the test where this machine does not let us."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("network namespaces need Linux, root and the program ip")
    names = {part: f"ft-{part}-{uuid.uuid4().hex[:8]}" for part in ("laptop", "lan", "central")}
    with ExitStack() as stack:
        for name in names.values():
            made = _try("netns", "add", name)
            if made.returncode:
                pytest.skip(f"no network namespaces here: {made.stderr.strip()}")
            stack.callback(_ip, "netns", "del", name)
            _ip("-n", name, "link", "set", "lo", "up")
        for link, far in (("lan0", names["lan"]), ("hot0", names["central"])):
            _connect(names["laptop"], link, far)
        _ip("-n", names["central"], "address", "add", f"{CENTRAL}/32", "dev", "lo")
        yield World(laptop=names["laptop"], central=names["central"])


def _connect(laptop: str, link: str, far: str) -> None:
    address, gateway, metric = _LAPTOP_LINKS[link]
    peer = ("peer", "name", "up0", "netns", far)
    _ip("-n", laptop, "link", "add", link, "type", "veth", *peer)
    _ip("-n", laptop, "address", "add", address, "dev", link)
    _ip("-n", laptop, "link", "set", link, "up")
    _ip("-n", far, "address", "add", f"{gateway}/24", "dev", "up0")
    _ip("-n", far, "link", "set", "up0", "up")
    _ip(
        *("-n", laptop, "route", "add", "default", "via", gateway),
        *("dev", link, "metric", str(metric)),
    )


def _ip(*words: str) -> None:
    done = _try(*words)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"


def _try(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shutil.which("ip") or "ip", *words],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def certify(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for ``NAME`` that signs itself, and its key; for a day."""
    # Imported here: the library comes along with Linux's keyring, and nowhere else.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    now = SystemClock().now()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    others = [x509.DNSName(NAME), x509.IPAddress(ip_address("192.0.2.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(others), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "central.pem", folder / "central.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private
