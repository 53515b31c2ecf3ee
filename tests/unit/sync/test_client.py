"""Whose answer a reply is, and what it means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scripted import STAMP, Scripted, answer, hello, page, refusal

from fieldtech.clock import FakeClock
from fieldtech.protocol.wire import HelloRequest, PullRequest, SessionRequest
from fieldtech.sync.client import CentralClient
from fieldtech.sync.failures import Failure, Kind, SyncFailure
from fieldtech.sync.transport import Reply

NINE = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
HELLO = HelloRequest(device_id="device-1", app="1", schema=1, next_n=1)
EMPTY = (
    b'["begin",{"epoch":"epoch-1","server_time":"2026-03-04T15:00:00Z"}]\n'
    b'["end",{"cursor":{},"more":false,"last_n":0}]\n'
)


def failure_of(reply: Reply | Failure) -> Failure:
    client = CentralClient(Scripted([reply]), FakeClock(NINE))
    with pytest.raises(SyncFailure) as failed:
        client.hello(HELLO, "token")
    return failed.value.failure


def test_a_request_says_who_asks_and_in_which_words() -> None:
    script = Scripted([hello()])
    told = CentralClient(script, FakeClock(NINE, boot=0.2)).hello(HELLO, "secret")
    (asked,) = script.asked
    assert asked.headers["Authorization"] == "Bearer secret"
    assert asked.headers["Fieldtech-Protocol"] == "1"
    assert asked.headers["Fieldtech-Device"] == "device-1"
    assert len(asked.headers["X-Request-ID"]) == 36
    assert told.value.epoch == "epoch-1"
    assert told.sample.rtt_s == pytest.approx(0.2)
    assert told.sample.central_s == NINE.timestamp()


def test_a_password_is_shown_by_nothing() -> None:
    request = SessionRequest(user="ana", password="hunter2", device_id="d", device_name="n")
    assert "hunter2" not in repr(request)
    script = Scripted([refusal(401, "bad_credentials")])
    with pytest.raises(SyncFailure) as failed:
        CentralClient(script, FakeClock(NINE)).sign_in(request)
    assert "hunter2" not in str(failed.value) + repr(failed.value.failure)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (answer(b"<html>", kind="text/html"), Kind.NOT_CENTRAL),
        (answer(b"<html>", status=302, kind="text/html"), Kind.NOT_CENTRAL),
        (answer(b"<html>", status=502, kind="text/html"), Kind.UNREACHABLE),
        (answer(b"", status=504, kind=""), Kind.UNREACHABLE),
        (answer(b"<html>", status=404, kind="text/html"), Kind.NOT_CENTRAL),
        (answer(b"", status=204, kind=""), Kind.NOT_CENTRAL),
        (answer({"ok": True}), Kind.NOT_CENTRAL),
        (answer(b"not json"), Kind.NOT_CENTRAL),
        (answer(b'{"epoch":"e","serv'), Kind.TRUNCATED),
        (answer({"epoch": "e", "server_time": STAMP, "last_n": "x"}), Kind.MALFORMED),
        (answer({"code": "x"}, status=400, kind="application/problem+json"), Kind.NOT_CENTRAL),
        (answer({"error": "x"}, status=400), Kind.NOT_CENTRAL),
        (Failure(kind=Kind.TIMEOUT), Kind.TIMEOUT),
    ],
)
def test_who_answered(reply: Reply | Failure, kind: Kind) -> None:
    assert failure_of(reply).kind is kind


def test_a_refusal_of_the_central_tells_everything_it_said() -> None:
    told = failure_of(refusal(409, "gap", expected=7, retry_after_s=3.0, detail="got 9"))
    assert told == Failure(
        kind=Kind.PROBLEM,
        status=409,
        code="gap",
        detail="got 9",
        expected=7,
        epoch="epoch-1",
        retry_after_s=3.0,
    )


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (page(EMPTY[:-1].rpartition(b"\n")[0]), Kind.TRUNCATED),
        (page(EMPTY[:60]), Kind.TRUNCATED),
        (page(b'["what",1]\n' + EMPTY), Kind.MALFORMED),
        (page(EMPTY.replace(b"2026-03-04T15:00:00Z", b"yesterday")), Kind.MALFORMED),
        (answer(EMPTY), Kind.NOT_CENTRAL),
        (refusal(410, "epoch"), Kind.PROBLEM),
    ],
)
def test_pages_are_whole_and_the_centrals_or_failures(reply: Reply, kind: Kind) -> None:
    client = CentralClient(Scripted([reply]), FakeClock(NINE))
    with pytest.raises(SyncFailure) as failed:
        client.pull(PullRequest(device_id="device-1"), "token").read()
    assert failed.value.failure.kind is kind


def test_an_empty_page_is_a_page() -> None:
    client = CentralClient(Scripted([page(EMPTY)]), FakeClock(NINE))
    assert client.pull(PullRequest(device_id="device-1"), "t").read().value.end.cursor == {}


def test_signing_out_is_done_when_the_central_says_so() -> None:
    script = Scripted([answer(b"", status=204, kind=""), refusal(401, "unauthenticated")])
    client = CentralClient(script, FakeClock(NINE))
    client.sign_out("token", "device-1")
    with pytest.raises(SyncFailure):
        client.sign_out("token", "device-1")
