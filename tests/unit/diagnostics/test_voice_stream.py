"""The voice stream: what a reflector says is believed only as far as it can be true."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
import stun_servers

from fieldtech.clock import SystemClock
from fieldtech.diagnostics import stamp
from fieldtech.diagnostics.call_quality import judge_stream
from fieldtech.diagnostics.stream_process import VoiceProcess
from fieldtech.diagnostics.voice_stream import Request, StampDialect, measure, round_trip

LOOPBACK = "127.0.0.1"


@pytest.mark.parametrize(
    ("held", "trip"),
    [
        (0.0, 300.0),
        (40.0, 260.0),
        # The clock there was set forwards (more than all that went by), or back.
        (1000.0, 300.0),
        (-1000.0, 300.0),
    ],
)
def test_a_time_that_cannot_be_makes_no_line_better(held: float, trip: float) -> None:
    assert round_trip(300.0, held) == trip


def test_what_was_told_reaches_the_judge_as_it_is() -> None:
    dialect = StampDialect(SystemClock())
    sent = stamp.decode_sent(dialect.packet(7))
    back = reflected(sent, held=timedelta(seconds=-1))
    answer = dialect.read(back.encode())
    assert answer is not None
    assert (answer.number, answer.held) == (7, timedelta(seconds=-1))


def reflected(sent: stamp.Sent, *, held: timedelta) -> stamp.Reflected:
    """Return the answer of a reflector that says that it held a packet for so long."""
    return stamp.Reflected(
        number=sent.number,
        left=sent.at + held,
        came=sent.at,
        session=sent.session,
        sent_number=sent.number,
        sent_at=sent.at,
        sent_ttl=0,
    )


@contextmanager
def reflector(held_of: Callable[[int], timedelta]) -> Iterator[int]:
    """Run a reflector on loopback that says of each packet how long it was held; give its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((LOOPBACK, 0))
        place = server.getsockname()
        thread = Thread(target=_reflect, args=(server, held_of), daemon=True)
        thread.start()
        try:
            yield place[1]
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", place)
            thread.join(20)


def _reflect(server: socket.socket, held_of: Callable[[int], timedelta]) -> None:
    while True:
        data, source = server.recvfrom(2048)
        if not data:
            return
        sent = stamp.decode_sent(data)
        answer = reflected(sent, held=held_of(sent.number))
        server.sendto(answer.encode(len(data)), source)


def test_a_clock_set_while_a_packet_was_held_is_no_loss_and_no_short_way() -> None:
    with reflector(lambda n: timedelta(seconds=n == 5)) as port:
        request = Request(host=LOOPBACK, port=port, interface="", packets=10)
        packets, lost_there = measure(request, SystemClock(), lambda _n: None)
    assert [each.rtt is not None and each.rtt > 0.001 for each in packets] == [True] * 10
    quality = judge_stream(packets, lost_there=lost_there)
    assert quality is not None
    assert (quality.loss, quality.round_trip_only) == (0, True)


class SetForward(SystemClock):
    """A clock that was set after the kernel had stamped what came."""

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=1)


def test_nothing_comes_before_it_was_sent() -> None:
    with reflector(lambda _n: timedelta()) as port:
        request = Request(host=LOOPBACK, port=port, interface="", packets=3)
        packets, _ = measure(request, SetForward(), lambda _n: None)
    assert [each.rtt is not None and each.rtt > 0 for each in packets] == [True] * 3


def test_the_process_loads_nothing_from_the_folder_it_is_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "loaded"
    package = tmp_path / "fieldtech"
    package.mkdir()
    for module in (tmp_path / "json.py", package / "__init__.py"):
        module.write_text(f"open({str(marker)!r}, 'w').close()\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with stun_servers.living() as server:
        request = Request(
            host=server.host, port=server.port, interface="", packets=2, reflects="stun"
        )
        streamed = VoiceProcess(request, lambda _share: None).result(Event())
    assert not marker.exists()
    assert [each.rtt is not None for each in streamed.packets] == [True, True]
