"""What is too long is refused before it is read, from anybody, on every route."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from fieldtech.central.api.limits import MAX_SMALL_BYTES
from fieldtech.protocol import wire

if TYPE_CHECKING:
    from collections.abc import Iterator

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
