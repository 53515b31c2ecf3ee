"""What is too long is refused before it is read, from anybody, on every route."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from fieldtech.central.api.limits import MAX_SMALL_BYTES
from fieldtech.protocol import wire
from fieldtech.protocol.codec import encode

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from central_desk import Desk

SMALL = ["/v1/session", "/v1/session/refresh", "/v1/session/logout", "/v1/sync/hello", "/livez"]
LARGE = ["/v1/sync/push", "/v1/sync/pull"]


@pytest.mark.parametrize("path", [*SMALL, *LARGE, "/nowhere"])
def test_a_length_that_is_too_much_is_refused_unread(desk: Desk, path: str) -> None:
    most = wire.MAX_PUSH_BYTES if path in LARGE else MAX_SMALL_BYTES
    told = desk.client.post(path, content=b"x", headers={"Content-Length": str(most + 1)})
    assert (told.status_code, told.json()["code"]) == (413, "too_large")
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["retryable"] is (path in LARGE)
    assert told.headers[wire.HEADER_REQUEST_ID]


@pytest.mark.parametrize("path", [*SMALL, *LARGE, "/nowhere"])
def test_a_stream_without_a_length_is_cut_off(desk: Desk, path: str) -> None:
    most = wire.MAX_PUSH_BYTES if path in LARGE else MAX_SMALL_BYTES
    told = desk.client.post(path, content=_pieces(most + 1))
    assert (told.status_code, told.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("path", LARGE)
def test_what_just_fits_is_read(desk: Desk, path: str) -> None:
    whose = {"Authorization": f"Bearer {desk.laptop('ana').access}"}
    told = desk.client.post(path, content=_pieces(wire.MAX_PUSH_BYTES), headers=whose)
    assert told.status_code == 400


@pytest.mark.parametrize("path", LARGE)
@pytest.mark.parametrize("token", ["", "Bearer nobody"])
def test_nothing_of_a_strangers_is_unpacked_or_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, path: str, token: str
) -> None:
    def read(*_args: object) -> bytes:
        raise AssertionError("it was read")

    monkeypatch.setattr("fieldtech.central.api.syncing.plain_body", read)
    whose = {"Authorization": token} if token else {}
    told = desk.client.post(path, content=b"[" * 100_000, headers=whose)
    assert (told.status_code, told.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("path", ["/v1/me/", "/v1/session/", "/docs/"])
def test_nobody_is_sent_elsewhere(desk: Desk, path: str) -> None:
    """A redirection would be taken for a captive portal's."""
    told = desk.client.get(path, follow_redirects=False)
    assert (told.status_code, told.json()["code"]) == (404, "not_found")


def test_a_method_that_is_not_allowed_is_told_which_are(desk: Desk) -> None:
    told = desk.client.put("/v1/me")
    assert (told.status_code, told.json()["code"]) == (405, "method_not_allowed")
    assert told.headers["allow"] == "GET"


@pytest.mark.parametrize("tail", [b"junk", gzip.compress(b"{}")], ids=["junk", "member"])
def test_nothing_behind_the_gzip_is_passed_over(desk: Desk, tail: bytes) -> None:
    ana = desk.laptop("ana")
    asked = wire.PullRequest(device_id=ana.device_id, epoch=ana.epoch, cursor={}, limit=1)
    packed = gzip.compress(encode(asked))
    told = ana.post("/v1/sync/pull", packed, **{"Content-Encoding": "gzip"})
    assert told.status_code == 200
    told = ana.post("/v1/sync/pull", packed + tail, **{"Content-Encoding": "gzip"})
    assert (told.status_code, told.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0, br", False),
        ("x-gzips", False),
        ("", False),
    ],
)
def test_a_reply_is_packed_for_whom_takes_that(desk: Desk, accepted: str, *, packed: bool) -> None:
    ana = desk.laptop("ana")
    asked = wire.PullRequest(device_id=ana.device_id, epoch=ana.epoch, cursor={}, limit=1000)
    told = ana.post("/v1/sync/pull", asked, **{"Accept-Encoding": accepted})
    assert told.status_code == 200
    assert ("content-encoding" in told.headers) is packed


def test_who_sends_nothing_more_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a deadline that is over at once: the first piece is there, the second never comes."""
    monkeypatch.setattr("fieldtech.central.api.limits.STALL_S", 0)
    told: list[dict[str, Any]] = []
    pieces = iter([{"type": "http.request", "body": b"{", "more_body": True}])

    async def receive() -> dict[str, Any]:
        piece = next(pieces, None)
        if piece is None:
            await asyncio.Event().wait()
        return piece or {}

    async def send(message: MutableMapping[str, Any]) -> None:
        told.append(dict(message))

    async def ask() -> None:
        await desk.client.app(scope, receive, send)

    scope = {"type": "http", "method": "POST", "path": "/v1/session", "headers": []}
    asyncio.run(ask())
    assert told[0]["status"] == 408
    assert json.loads(told[1]["body"])["code"] == "stalled"


def test_a_path_makes_one_line_of_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "fieldtech.central.requests")
    desk.client.get("/a%0Ab%1B%E2%80%A8c" + "d" * 1000)
    (line,) = (r.getMessage() for r in caplog.records if r.name == "fieldtech.central.requests")
    assert line.startswith("GET /a%0Ab%1B%E2%80%A8cddd")
    assert line.isprintable()
    assert len(line) < 400


@pytest.mark.expects_log("request failed")
def test_what_fails_makes_its_line_too(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("fieldtech.central.api.sessions.authenticate", broken)
    caplog.set_level(logging.INFO, "fieldtech.central.requests")
    assert desk.client.get("/v1/me").status_code == 500
    (line,) = (r.getMessage() for r in caplog.records if r.name == "fieldtech.central.requests")
    assert line.startswith("GET /v1/me 500 ")


def _pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // 1024):
        yield b" " * 1024
    yield b" " * (size % 1024)
