"""One request over a real socket: bounded in time, stopped from outside, never half believed."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fault_proxy import Fault, FaultProxy, fault_proxy

from fieldtech.clock import SystemClock
from fieldtech.errors import EnvironmentProblem
from fieldtech.sync import transport as transport_module
from fieldtech.sync.addresses import Addresses
from fieldtech.sync.failures import Kind, SyncFailure
from fieldtech.sync.transport import HttpTransport, Patience, Reply, check_url

BODY = b'{"epoch":"e","server_time":"2026-03-04T15:00:00Z"}' * 200


class _Central(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        answer = gzip.compress(body if self.path == "/echo" else BODY)
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "http://192.0.2.1/")
        elif self.path == "/busy":
            self.send_response(503)
            self.send_header("Retry-After", "7")
        elif self.path == "/odd":
            self.send_response(503)
            self.send_header("Retry-After", "\N{SUPERSCRIPT TWO}")
        else:
            self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        if self.path == "/lying":
            answer = b"this is not gzip at all"
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def central() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Central)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def proxy(central: str) -> Iterator[FaultProxy]:
    with fault_proxy(central) as running:
        yield running


def send(url: str, path: str = "/", body: bytes = b"{}", patience: Patience | None = None) -> Reply:
    with closing(HttpTransport(url, SystemClock())) as http:
        return http.send("POST", path, body, {}, patience or Patience())


def failure(url: str, path: str = "/", patience: Patience | None = None) -> Kind:
    with pytest.raises(SyncFailure) as failed:
        send(url, path, patience=patience)
    return failed.value.failure.kind


def test_bodies_are_compressed_both_ways(central: str, proxy: FaultProxy) -> None:
    reply = send(proxy.url, "/echo", b"x" * 5000)
    assert reply.body == b"x" * 5000
    assert len(proxy.requests[0].body) < 200
    assert reply.content_type == "application/json"
    assert reply.answered_s >= reply.sent_s
    assert send(central, "/echo", b"short").body == b"short"


def test_redirects_are_not_followed_and_waits_are_told(central: str) -> None:
    assert send(central, "/moved").status == 302
    assert send(central, "/busy").retry_after_s == 7
    assert send(central, "/odd").retry_after_s is None


def test_nobody_there(central: str) -> None:
    assert failure("http://127.0.0.1:1") is Kind.UNREACHABLE
    assert failure("http://central.invalid:80".replace("http://", "https://")) is Kind.UNREACHABLE
    assert failure(central.replace("http", "https")) is Kind.NOT_CENTRAL, "no certificate"


@pytest.mark.parametrize("where", ["nobody", "lost", "cut"])
def test_the_log_can_say_what_happened(proxy: FaultProxy, where: str) -> None:
    """The first error, which the libraries wrap three times, and no address."""
    proxy.always(Fault.CUT_BODY if where == "cut" else Fault.LOSE_REPLY)
    with pytest.raises(SyncFailure) as failed:
        send("http://127.0.0.1:1" if where == "nobody" else proxy.url)
    assert (
        str(failed.value)
        in {
            "nobody": {"unreachable ConnectionRefusedError ECONNREFUSED"},
            "lost": {
                "unreachable RemoteDisconnected",
                "unreachable ConnectionResetError ECONNRESET",
            },
            "cut": {"truncated IncompleteRead", "truncated ConnectionResetError ECONNRESET"},
        }[where]
    )


def test_a_number_of_tls_is_not_taken_for_the_systems(central: str) -> None:
    """``SSLError`` counts from 1 as the system does: it would read as a lack of permission."""
    with pytest.raises(SyncFailure) as failed:
        send(central.replace("http", "https"))
    assert str(failed.value) == "not_central SSLError"


def test_an_address_where_somebody_else_opens_is_forgotten(central: str) -> None:
    """Whoever opens must show the central's certificate, also where the central was last."""
    addresses = Addresses()
    addresses.remember("localhost", "127.0.0.1")
    url = central.replace("http://127.0.0.1", "https://localhost")
    with (
        closing(HttpTransport(url, SystemClock(), addresses=addresses)) as http,
        pytest.raises(SyncFailure) as failed,
    ):
        http.send("POST", "/", b"{}", {}, Patience())
    assert failed.value.failure.kind is Kind.NOT_CENTRAL
    assert addresses.known("localhost") == ()


def test_only_a_certificate_makes_an_address_the_centrals(central: str) -> None:
    addresses = Addresses()
    url = central.replace("127.0.0.1", "localhost")
    with closing(HttpTransport(url, SystemClock(), addresses=addresses)) as http:
        assert http.send("POST", "/", b"{}", {}, Patience()).status == 200
    assert addresses.known("localhost") == ()


def test_a_cut_reply_is_no_reply(proxy: FaultProxy) -> None:
    proxy.always(Fault.CUT_BODY)
    assert failure(proxy.url) is Kind.TRUNCATED
    proxy.heal()
    proxy.always(Fault.CUT_CLEANLY)
    assert failure(proxy.url) is Kind.TRUNCATED


def test_a_lost_reply_is_no_reply(proxy: FaultProxy) -> None:
    proxy.always(Fault.LOSE_REPLY)
    assert failure(proxy.url) in {Kind.UNREACHABLE, Kind.TRUNCATED}


def test_a_body_that_is_not_what_it_says_is_no_reply(central: str) -> None:
    assert failure(central, "/lying") is Kind.TRUNCATED


def test_a_stall_ends_by_the_watchdog(proxy: FaultProxy) -> None:
    proxy.always(Fault.STALL)
    assert failure(proxy.url, patience=Patience(stall_s=0.2)) is Kind.TIMEOUT


def test_a_drip_ends_by_the_deadline(proxy: FaultProxy) -> None:
    """Each byte comes in time, the reply never would."""
    proxy.always(Fault.DRIP)
    assert failure(proxy.url, patience=Patience(stall_s=5, total_s=0.3)) is Kind.TIMEOUT


def test_an_endless_reply_is_given_up(central: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "MAX_REPLY_BYTES", 1000)
    assert failure(central) is Kind.TRUNCATED


def test_a_person_can_stop_it_at_once(proxy: FaultProxy) -> None:
    """The thread that waits for bytes that never come wakes up when another one cancels."""
    proxy.always(Fault.STALL)
    kinds: list[Kind] = []
    with closing(HttpTransport(proxy.url, SystemClock())) as http:

        def wait() -> None:
            try:
                http.send("POST", "/", b"{}", {}, Patience(stall_s=60, total_s=60))
            except SyncFailure as failed:
                kinds.append(failed.failure.kind)

        waiting = threading.Thread(target=wait)
        waiting.start()
        while not proxy.requests:
            waiting.join(0.01)
        http.cancel()
        waiting.join(10)
        assert kinds == [Kind.CANCELLED]
        with pytest.raises(SyncFailure) as failed:
            http.send("POST", "/", b"{}", {}, Patience())
        assert failed.value.failure.kind is Kind.CANCELLED


def test_a_connection_is_used_again(proxy: FaultProxy) -> None:
    with closing(HttpTransport(proxy.url, SystemClock())) as http:
        for _ in range(3):
            assert http.send("POST", "/", b"{}", {}, Patience()).status == 200
        assert len(http._watch._sockets) == 1
    assert len(http._watch._sockets) == 0


@pytest.mark.parametrize(
    ("given", "tidy"),
    [
        ("central.example.mx", "https://central.example.mx"),
        (" https://central.example.mx/ ", "https://central.example.mx"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("HTTPS://Central.Example.MX:443//", "https://central.example.mx"),
        ("central.example.mx:8443/Field/", "https://central.example.mx:8443/Field"),
        ("http://[::1]:80/?x#y", "http://[::1]"),
    ],
)
def test_addresses_are_tidied(given: str, tidy: str) -> None:
    assert check_url(given) == tidy


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("http://central.example.mx", "insecure_address"),
        ("ftp://central.example.mx", "bad_address"),
        ("https://", "bad_address"),
        ("https://central.example.mx:port", "bad_address"),
        ("", "bad_address"),
    ],
)
def test_addresses_that_would_give_a_password_away_are_refused(given: str, code: str) -> None:
    with pytest.raises(EnvironmentProblem) as problem:
        check_url(given)
    assert problem.value.code == code
