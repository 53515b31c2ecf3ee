"""What the Python peers share: tasks on standard input, answers on standard output.

The first line out is the server's address. A task is ``{"do": …, "url": …}``: ``first`` (into a
new local database), ``change`` (a hundredth of the documents, at the server), ``again``. The
answer is ``{"seconds": …, "rows": …}``.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S = 60.0


class Peer(Protocol):
    """A peer with its server running and the documents in it."""

    address: str

    def first(self, url: str) -> tuple[float, int]:
        """Fetch everything into a new local database; seconds and rows."""

    def change(self) -> int:
        """Change each hundredth document at the server."""

    def again(self, url: str) -> tuple[float, int]:
        """Fetch what changed."""

    def close(self) -> None:
        """End the server."""


def serve(start: Callable[[Path, list[dict[str, object]]], Peer]) -> int:
    """Answer tasks until standard input ends."""
    folder, file = Path(sys.argv[1]), Path(sys.argv[2])
    with file.open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    peer = start(folder, documents)
    try:
        print(peer.address, flush=True)
        for line in sys.stdin:
            task = json.loads(line)
            if task["do"] == "change":
                seconds, rows = 0.0, peer.change()
            else:
                seconds, rows = getattr(peer, task["do"])(task["url"])
            print(json.dumps({"seconds": seconds, "rows": rows}), flush=True)
    finally:
        peer.close()
    return 0


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once somebody listens; raises ``TimeoutError`` when nobody does."""
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.05)
        else:
            return
    raise TimeoutError("the server did not come up")
