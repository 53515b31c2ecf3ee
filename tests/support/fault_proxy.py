"""A small HTTP proxy between a laptop and its central that misbehaves on request.

Bodies pass through as bytes, compressed or not. Each plan is used once, by the first request whose
path ends as it says; requests without a plan pass unharmed.
"""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

PORTAL_PAGE = b"<html><title>Hotel WiFi</title><p>Welcome. Please accept our terms.</html>"
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


class Fault(Enum):
    """What can go wrong on the way."""

    LOSE_REPLY = auto()
    """The central does its work, its reply never arrives."""
    DUPLICATE = auto()
    """The request arrives twice; the second reply is passed on."""
    CUT_BODY = auto()
    """The connection closes in the middle of the reply's body."""
    CUT_CLEANLY = auto()
    """Half of the reply arrives, with headers that call it whole."""
    PORTAL = auto()
    """Somebody else answers 200 with a web page."""
    STALL = auto()
    """The head arrives, and then nothing, until the proxy closes."""
    DRIP = auto()
    """A byte now and then, for ever."""
    GATEWAY = auto()
    """A proxy in front says that the central is away."""


@dataclass(slots=True)
class _Plan:
    path: str
    action: Fault | Callable[[], object]


@dataclass(slots=True)
class Seen:
    """One request as it arrived."""

    path: str
    body: bytes
    headers: dict[str, str]


@dataclass(slots=True)
class FaultProxy:
    """The proxy's address and what it is told to do."""

    target: str
    url: str = ""
    requests: list[Seen] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    _plans: list[_Plan] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, path: str, action: Fault | Callable[[], object]) -> None:
        """Let the next request to ``path`` meet a fault, or run a function before it goes on."""
        with self._lock:
            self._plans.append(_Plan(path, action))

    def always(self, action: Fault) -> None:
        """Let every request meet a fault until ``heal``."""
        with self._lock:
            self._plans.append(_Plan("*", action))

    def heal(self) -> None:
        """Forget every plan."""
        with self._lock:
            self._plans.clear()

    def count(self, path: str) -> int:
        """How many requests to ``path`` arrived."""
        with self._lock:
            return sum(seen.path.endswith(path) for seen in self.requests)

    def note(self, seen: Seen) -> Fault | Callable[[], object] | None:
        """Take down a request; return what is to happen to it."""
        with self._lock:
            self.requests.append(seen)
            for plan in self._plans:
                if plan.path == "*":
                    return plan.action
                if seen.path.endswith(plan.path) or f"{plan.path}/" in seen.path:
                    self._plans.remove(plan)
                    return plan.action
        return None


@contextmanager
def fault_proxy(target: str) -> Iterator[FaultProxy]:
    """Run a proxy in front of the central at ``target``."""
    proxy = FaultProxy(target)
    server = _Server(proxy)
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, name="fault-proxy")
    thread.start()
    try:
        yield proxy
    finally:
        proxy.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, proxy: FaultProxy) -> None:
        self.proxy = proxy
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        # Kept-alive connections would hold their threads, and those this call, for ever.
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _proxy(self) -> FaultProxy:
        assert isinstance(self.server, _Server)
        return self.server.proxy

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        seen = Seen(self.path, body, dict(self.headers.items()))
        action = self._proxy.note(seen)
        if action is Fault.PORTAL:
            self._answer(200, [("Content-Type", "text/html")], PORTAL_PAGE)
            return
        if action is Fault.GATEWAY:
            self._answer(502, [("Content-Type", "text/html")], b"<html>Bad gateway</html>")
            return
        if callable(action) and not isinstance(action, Fault):
            action()
        status, headers, reply = self._forward(body)
        if action is Fault.DUPLICATE:
            status, headers, reply = self._forward(body)
        self._pass_on(action, status, headers, reply)

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        address = urlsplit(self._proxy.target)
        upstream = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        try:
            kept = {k: v for k, v in self.headers.items() if k.lower() not in _HOP_BY_HOP}
            upstream.request(self.command, self.path, body=body, headers=kept)
            answer = upstream.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            upstream.close()

    def _pass_on(
        self, action: object, status: int, headers: list[tuple[str, str]], reply: bytes
    ) -> None:
        if action is Fault.LOSE_REPLY:
            self.close_connection = True
            return
        if action is Fault.CUT_CLEANLY:
            self._answer(status, headers, reply[: len(reply) // 2])
            return
        self._head(status, headers, len(reply))
        if action is Fault.CUT_BODY:
            self.wfile.write(reply[: len(reply) // 2])
            self.close_connection = True
        elif action is Fault.STALL:
            self.wfile.flush()
            self._proxy.released.wait()
        elif action is Fault.DRIP:
            self._drip(reply)
        else:
            self.wfile.write(reply)

    def _drip(self, reply: bytes) -> None:
        for position in range(len(reply)):
            self.wfile.write(reply[position : position + 1])
            if self._proxy.released.wait(0.02):
                return

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self._head(status, headers, len(body))
        self.wfile.write(body)

    def _head(self, status: int, headers: list[tuple[str, str]], length: int) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing: a request is in ``proxy.requests``."""
