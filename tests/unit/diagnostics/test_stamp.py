"""The voice packets against the layout of RFC 8762, there and back, and garbage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics import stamp

NOON = datetime(2026, 11, 28, 12, 0, 0, 500_000, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
NUMBERS = st.integers(0, 2**32 - 1)


def test_a_senders_packet_lies_as_in_figure_2_of_rfc_8762() -> None:
    packet = stamp.Sent(number=7, at=NOON, session=0x1234).encode(44)
    assert len(packet) == 44
    assert packet[:4] == b"\0\0\0\x07"
    seconds = int.from_bytes(packet[4:8], "big")
    assert seconds == int((NOON - datetime(1900, 1, 1, tzinfo=UTC)).total_seconds())
    assert packet[8] == 0x80  # half a second, as a fraction of 2**32
    assert packet[12:16] == b"\0\x01\x12\x34"
    assert packet[16:] == bytes(28)


def test_a_reflectors_packet_lies_as_in_figure_5_of_rfc_8762() -> None:
    packet = stamp.Reflected(
        number=3, left=NOON, came=NOON, session=5, sent_number=9, sent_at=NOON, sent_ttl=61
    ).encode(44)
    assert packet[:4] == b"\0\0\0\x03"
    assert packet[16:24] == packet[4:12] == packet[28:36]
    assert packet[24:28] == b"\0\0\0\x09"
    assert packet[36:] == b"\0\x01\0\0\x3d\0\0\0"


def test_padding_makes_the_packet_of_a_call() -> None:
    packet = stamp.Sent(number=1, at=NOON, session=1).encode()
    assert len(packet) == 172
    # RFC 8972, section 4.1: the U flag, type 1, the length of what follows.
    assert packet[44:48] == b"\x80\x01\0\x7c"


def test_a_reflected_packet_is_no_senders() -> None:
    """Two reflectors that took each other's packets would send them to and fro for ever."""
    back = stamp.Reflected(
        number=3, left=NOON, came=NOON, session=5, sent_number=9, sent_at=NOON, sent_ttl=0
    )
    with pytest.raises(stamp.MalformedError, match="17th byte"):
        stamp.decode_sent(back.encode())


def test_a_reflector_may_tell_its_times_as_ptp_does() -> None:
    """RFC 8762, section 4.2.1: the Z flag of its Error Estimate; ours are NTP's and stay so."""
    packet = bytearray(
        stamp.Reflected(
            number=3, left=NOON, came=NOON, session=5, sent_number=9, sent_at=NOON, sent_ttl=61
        ).encode(44)
    )
    came = int(NOON.timestamp()) << 32 | 500_000_000
    packet[4:12] = (came + 250_000).to_bytes(8, "big")
    packet[12:14] = b"\x40\x01"
    packet[16:24] = came.to_bytes(8, "big")
    back = stamp.decode_reflected(bytes(packet))
    assert (back.came, back.sent_at) == (NOON, NOON)
    assert back.left - back.came == timedelta(microseconds=250)


SENT = st.builds(stamp.Sent, number=NUMBERS, at=MOMENTS, session=st.integers(0, 65535))
REFLECTED = st.builds(
    stamp.Reflected,
    number=NUMBERS,
    left=MOMENTS,
    came=MOMENTS,
    session=st.integers(0, 65535),
    sent_number=NUMBERS,
    sent_at=MOMENTS,
    sent_ttl=st.integers(0, 255),
)


@given(SENT, REFLECTED)
def test_every_field_comes_back(sent: stamp.Sent, back: stamp.Reflected) -> None:
    assert stamp.decode_sent(sent.encode()) == sent
    assert stamp.decode_reflected(back.encode()) == back


def test_the_clock_of_2036_begins_anew_and_is_read_right() -> None:
    turn = datetime(2036, 2, 7, 6, 28, 16, tzinfo=UTC)
    assert stamp.to_ntp(turn) == 0
    for moment in (turn - timedelta(microseconds=1), turn, turn + timedelta(days=400)):
        assert stamp.from_ntp(stamp.to_ntp(moment)) == moment


@given(st.binary(max_size=1600))
def test_any_bytes_are_a_packet_or_malformed(data: bytes) -> None:
    fits = stamp.SMALLEST <= len(data) <= stamp.LARGEST
    if fits:
        stamp.decode_reflected(data)
    else:
        with pytest.raises(stamp.MalformedError):
            stamp.decode_reflected(data)
    if fits and not any(data[16:44]):
        stamp.decode_sent(data)
    else:
        with pytest.raises(stamp.MalformedError):
            stamp.decode_sent(data)
