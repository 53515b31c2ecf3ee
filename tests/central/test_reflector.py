"""The provider's side of measurements, as its own process: whom it answers, and whom not."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import requests

from fieldtech.central.reflector.sessions import BURST, RATE, Sessions
from fieldtech.central.reflector.web import network_of
from fieldtech.diagnostics import stamp
from fieldtech.diagnostics.call_quality import judge_stream
from fieldtech.diagnostics.context import Context
from fieldtech.diagnostics.load import fill
from fieldtech.diagnostics.stream_process import VoiceProcess
from fieldtech.diagnostics.voice_stream import Request
from fieldtech.domain.probe_targets import Host, ProbeTargets

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Reflector:
    url: str
    port: int


@pytest.fixture(scope="module")
def reflector() -> Iterator[Reflector]:
    words = [sys.executable, "-m", "fieldtech.central.cli", "reflector"]
    with subprocess.Popen(
        [*words, "--voice-port", "0", "--http-port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            assert told["pid"] == process.pid
            yield Reflector(told["url"], int(told["reflector"].rpartition(":")[2]))
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture
def voice(reflector: Reflector) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.settimeout(10)
        made.connect(("127.0.0.1", reflector.port))
        yield made


def test_the_small_pages(reflector: Reflector) -> None:
    checked = requests.get(f"{reflector.url}/generate_204", timeout=10)
    assert (checked.status_code, checked.content) == (204, b"")
    assert checked.headers["Cache-Control"] == "no-store"
    assert requests.get(f"{reflector.url}/ip", timeout=10).content == b"127.0.0.1\n"
    assert requests.get(f"{reflector.url}/docs", timeout=10).status_code == 404


def test_a_packet_goes_back_with_its_number_its_size_and_the_count(voice: socket.socket) -> None:
    for place, size in enumerate((44, 172, 1472)):
        voice.send(stamp.Sent(number=place * 10, at=NOON, session=77).encode(size))
        data = voice.recv(2048)
        assert len(data) == size, "never more than came"
        back = stamp.decode_reflected(data)
        assert (back.number, back.sent_number, back.session) == (place, place * 10, 77)
        assert back.sent_at == NOON
        assert back.came <= back.left


def test_each_session_has_a_count_of_its_own(voice: socket.socket) -> None:
    for session in (1, 2):
        voice.send(stamp.Sent(number=5, at=NOON, session=session).encode())
        assert stamp.decode_reflected(voice.recv(2048)).number == 0


def test_what_is_no_senders_packet_is_dropped(voice: socket.socket) -> None:
    """A reflected packet above all: two reflectors would send it to and fro for ever."""
    reflected = stamp.Reflected(
        number=1, left=NOON, came=NOON, session=9, sent_number=1, sent_at=NOON, sent_ttl=0
    )
    for junk in (b"", b"x" * 43, b"x" * 200, reflected.encode()):
        voice.send(junk)
    voice.send(stamp.Sent(number=3, at=NOON, session=9).encode())
    back = stamp.decode_reflected(voice.recv(2048))
    assert (back.number, back.sent_number) == (0, 3), "the first answer is to the only packet"


def test_a_stream_through_the_real_process(reflector: Reflector) -> None:
    from threading import Event

    told: list[float] = []
    process = VoiceProcess(
        Request(host="127.0.0.1", port=reflector.port, interface="", packets=60), told.append
    )
    streamed = process.result(Event())
    quality = judge_stream(streamed.packets, lost_there=streamed.lost_there)
    assert quality is not None
    assert (quality.packets, quality.answered, quality.loss) == (60, 60, 0)
    assert not quality.round_trip_only
    assert told[0] == 0
    assert max(told) <= 1


def test_a_line_can_be_filled_both_ways(reflector: Reflector, loopback: Context) -> None:
    for up in (False, True):
        rate = fill(loopback, f"{reflector.url}/throughput", up=up, warm_s=0.1, seconds=0.3)
        assert rate.bytes > 0, rate.problem
        assert rate.flows == 4


@pytest.fixture
def loopback(reflector: Reflector) -> Context:
    from diagnosing import a_context

    targets = ProbeTargets(reflector=Host(host="127.0.0.1", port=reflector.port))
    context = a_context(targets=targets)
    from dataclasses import replace

    return replace(context, interface="")


def test_an_upload_is_counted(reflector: Reflector) -> None:
    sent = requests.post(f"{reflector.url}/throughput", data=b"x" * 100_000, timeout=10)
    assert sent.json() == {"bytes": 100_000}


def test_so_many_flows_of_one_address_and_no_more(reflector: Reflector) -> None:
    held = [requests.get(f"{reflector.url}/throughput", stream=True, timeout=10) for _ in range(8)]
    try:
        assert {flow.status_code for flow in held} == {200}
        more = requests.get(f"{reflector.url}/throughput", stream=True, timeout=10)
        assert more.status_code == 503
        more.close()
    finally:
        for flow in held:
            flow.close()


def test_an_address_has_its_rate_and_gets_it_back() -> None:
    sessions = Sessions()
    asked = [sessions.allows("192.0.2.1", 100.0) for _ in range(int(BURST) + 5)]
    assert asked.count(True) == int(BURST)
    assert sessions.allows("192.0.2.2", 100.0), "others are not held up"
    assert not sessions.allows("192.0.2.1", 100.0)
    assert sessions.allows("192.0.2.1", 100.0 + 2 / RATE)


def test_sessions_are_forgotten_in_the_order_in_which_they_went_quiet() -> None:
    sessions = Sessions(most=2)
    for name in ("a", "b", "a", "c"):
        sessions.count((name, 1), 1, 1.0)
    assert sessions.count(("a", 1), 1, 2.0) == 2
    assert sessions.count(("b", 1), 1, 2.0) == 0, "forgotten"
    assert sessions.count(("b", 1), 1, 200.0) == 0, "too long ago"


def test_a_site_of_version_6_is_one() -> None:
    assert network_of("2001:db8:1:2::3") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:3::3") != network_of("2001:db8:1:2::3")
    assert network_of("192.0.2.1") == "192.0.2.1"
    assert network_of("testclient") == "testclient"
