"""A place of one's own on this machine: mounts, names and networks that nobody else sees.

A *holder* process lives in new mount and network namespaces and keeps them alive. As root these are
all it needs; anybody else gets a user namespace too, in which they are root (``rootless``). With
its own ``/run`` the names of ``ip netns`` are private, so they need not be unique, and with its own
``/etc/resolv.conf`` and ``/etc/hosts`` nobody's answers change. Everything else enters with
``nsenter``.

Nothing can be left behind: the holder waits on a pipe. When that ends, because the lab is closed or
because the tests died, it kills what still runs in the networks and ends; without a process the
kernel takes the namespaces away.
"""

from __future__ import annotations

import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.waiting import LabError, LabUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAMS = ("unshare", "nsenter", "ip", "nft", "ethtool", "dnsmasq", "udhcpc", "conntrack")
_PATIENCE_SECONDS = 10.0
_HOLD = """
set -e
own() {
    at=$(readlink -m "/etc/$1")
    [ -e "$at" ] || { mkdir -p "$(dirname "$at")" && : > "$at"; }
    mount --bind "$LAB_FOLDER/$1" "$at"
}
mount -t tmpfs tmpfs /run
own resolv.conf
own hosts
ip link set lo up
echo ready
cat > /dev/null
for name in $(ip netns list | cut -d ' ' -f 1); do ip netns pids "$name"; done |
    xargs -r kill -KILL 2> /dev/null || :
rm -rf "$LAB_FOLDER"
"""


class Sandbox:
    """The holder, and how to start something beside it."""

    def __init__(self, *, rootless: bool) -> None:
        _require_programs()
        self.rootless = rootless
        self.folder = Path(tempfile.mkdtemp(prefix="fieldtech-lab-"))
        """What the lab's programs write; gone with the sandbox."""
        self.environment = _environment() | {"LAB_FOLDER": str(self.folder)}
        (self.folder / "resolv.conf").touch()
        hosts = f"127.0.0.1 localhost\n127.0.1.1 {socket.gethostname()}\n::1 localhost\n"
        (self.folder / "hosts").write_text(hosts, encoding="ascii")
        unshare = ["unshare", "-mn", "--propagation", "private", *(["-Ur"] if rootless else [])]
        self._holder = subprocess.Popen(
            [*unshare, "sh", "-c", _HOLD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
            start_new_session=True,
        )
        self._wait_for_holder()

    @classmethod
    def for_anybody(cls) -> Sandbox:
        """Open one as root if that is who we are and may be, else rootless."""
        if sys.platform != "linux":
            raise LabUnavailable("network namespaces need Linux")
        if os.geteuid() == 0:
            try:
                return cls(rootless=False)
            except LabUnavailable as problem:
                as_root = str(problem)
            try:
                return cls(rootless=True)
            except LabUnavailable as problem:
                raise LabUnavailable(f"{as_root}; rootless: {problem}") from None
        return cls(rootless=True)

    def words(self, namespace: str | None, command: Sequence[str]) -> list[str]:
        """Return the command line that runs a command in a namespace, or outside all of them."""
        user = ["-U", "--preserve-credentials"] if self.rootless else []
        enter = ["nsenter", "-t", str(self._holder.pid), *user, "-m", "-n", "-w"]
        inside = ["ip", "netns", "exec", namespace] if namespace else []
        return [*enter, *inside, *command]

    def run(
        self,
        namespace: str | None,
        command: Sequence[str],
        *,
        check: bool = True,
        timeout: float = 60.0,
        **options: Any,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; with ``check``, a failure is a LabError with its words."""
        done = subprocess.run(
            self.words(namespace, command),
            **{"capture_output": True, "env": self.environment, **options},
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            check=False,
        )
        if check and done.returncode:
            raise LabError(
                f"{' '.join(command)} in {namespace}: {done.returncode} {done.stderr or ''}"
            )
        return done

    def popen(
        self, namespace: str | None, command: Sequence[str], **options: Any
    ) -> subprocess.Popen[str]:
        """Start a command and return it; its pid is the command's own."""
        return subprocess.Popen(
            self.words(namespace, command),
            **{"env": self.environment, "text": True, "start_new_session": True, **options},
        )

    def close(self) -> None:
        """Kill what still runs inside, and give everything back."""
        for pipe in (self._holder.stdin, self._holder.stdout, self._holder.stderr):
            if pipe is not None:
                pipe.close()
        try:
            self._holder.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._holder.kill()
            self._holder.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait_for_holder(self) -> None:
        assert self._holder.stdout is not None
        assert self._holder.stderr is not None
        ready = select.select([self._holder.stdout], [], [], _PATIENCE_SECONDS)[0]
        if ready and self._holder.stdout.readline() == "ready\n":
            return
        if not ready:
            self._holder.kill()
        reason = self._holder.stderr.read().strip() or "the holder said nothing"
        self.close()
        raise LabUnavailable(f"no namespaces of our own here: {reason}")


def _environment() -> dict[str, str]:
    # A person's PATH often leaves out where the system's tools are.
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin", "/usr/bin", "/bin"))
    return {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"}


def _require_programs() -> None:
    path = _environment()["PATH"]
    missing = [name for name in PROGRAMS if shutil.which(name, path=path) is None]
    if missing:
        raise LabUnavailable(f"programs missing: {', '.join(missing)}")
