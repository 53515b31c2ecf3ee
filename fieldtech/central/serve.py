"""Running the central as a process: one server, told of on the first line of standard output."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sqlite3
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from fieldtech.errors import EnvironmentProblem

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import FrameType
    from typing import TextIO

    from fastapi import FastAPI

DRAIN_S = 20
_BACKLOG = 512

log = logging.getLogger(__name__)


class _AnnouncingServer(uvicorn.Server):
    """Says on ``out`` where it listens once it does."""

    def __init__(self, config: uvicorn.Config, told: Mapping[str, object], out: TextIO) -> None:
        super().__init__(config)
        self._told = told
        self._out = out

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the one line that scripts wait for."""
        await super().startup(sockets)
        if self.started:
            self._out.write(json.dumps(self._told) + "\n")
            self._out.flush()


def run_server(
    app: FastAPI,
    *,
    host: str,
    port: int,
    out: TextIO,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
    trusted_proxies: Sequence[str] = (),
    told: Mapping[str, object] | None = None,
    most_connections: int | None = None,
    http: type[asyncio.Protocol] | None = None,
    drain_s: int = DRAIN_S,
) -> bool:
    """Serve until a SIGTERM or SIGINT, finishing the requests at hand; tell whether it started.

    Port 0 takes a free one. Only of ``trusted_proxies`` (addresses or networks) is it believed whom
    they speak for: whoever may name his own address guesses passwords without end. ``told`` is said
    beside the address on the first line; beyond ``most_connections`` the answer is 503; ``http``
    speaks with each connection, where uvicorn's own protocol is not to. Raises
    ``EnvironmentProblem`` when the address cannot be had, or the certificate cannot be used.
    """
    if tls_cert:
        _check_tls(tls_cert, tls_key)
    listener = _listen(host, port)
    scheme = "https" if tls_cert else "http"
    shown = f"[{host}]" if ":" in host else host
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
        timeout_graceful_shutdown=drain_s,
        limit_concurrency=most_connections,
        http=http or "auto",
        ssl_certfile=str(tls_cert) if tls_cert else None,
        ssl_keyfile=str(tls_key) if tls_key else None,
    )
    url = f"{scheme}://{shown}:{listener.getsockname()[1]}"
    server = _AnnouncingServer(config, {"url": url, "pid": os.getpid(), **(told or {})}, out)
    try:
        # The server drains on a signal and then raises it again, for whoever was there before: for
        # us, who still have a database to close.
        signal.signal(signal.SIGTERM, _leave_in_order)
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        log.info("stopped")
    finally:
        listener.close()
    return server.started


def _check_tls(cert: Path, key: Path | None) -> None:
    """Raise ``EnvironmentProblem`` for what the server would only trip over."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # A key under a passphrase would be asked for on a terminal that a service has not.
        context.load_cert_chain(cert, key, password="")
    except (OSError, ValueError) as problem:
        raise EnvironmentProblem(
            f"The certificate {cert} cannot be used: {problem}.",
            code="tls_unusable",
            what_to_do="Name a certificate and its key, both PEM and without a passphrase.",
        ) from problem


def _leave_in_order(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the server has stopped already when this is reached."""


@contextmanager
def sole_server(folder: Path) -> Iterator[None]:
    """Hold a data folder: SQLite has one server process. A killed one lets go by itself.

    Raises ``EnvironmentProblem`` when another process serves it.
    """
    lock = sqlite3.connect(folder / "serve.lock", isolation_level=None, timeout=0)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as problem:
        lock.close()
        raise EnvironmentProblem(
            f"Another process already serves {folder}.",
            code="already_serving",
            what_to_do="Stop it first, or use another folder.",
        ) from problem
    try:
        yield
    finally:
        lock.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio switches Nagle's algorithm off on what it accepts: without,
    # each reply's body waited 40 ms for the other side to acknowledge its head.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as problem:
        listener.close()
        raise EnvironmentProblem(
            f"Cannot listen on {host} port {port}: {problem.strerror}.",
            code="address_unavailable",
            what_to_do="Choose another --host or --port.",
        ) from problem
    return listener
