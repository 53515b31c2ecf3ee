"""ICMP packets and the reports of Linux's error queue, from bytes."""

from __future__ import annotations

import errno
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.icmp import wire
from fieldtech.diagnostics.icmp.wire import ErrorReport


def extended(
    number: int,
    *,
    origin: int = 2,
    kind: int = 0,
    code: int = 0,
    info: int = 0,
    offender: str = "192.168.77.1",
) -> bytes:
    """What ``linux/errqueue.h`` calls sock_extended_err, and the sockaddr_in behind it."""
    error = struct.pack("=IBBBBII", number, origin, kind, code, 0, info, 0)
    return error + struct.pack("=H2x4s8x", socket.AF_INET, socket.inet_aton(offender))


def test_the_checksum_of_rfc_1071() -> None:
    assert wire.checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0xFFFF - 0xDDF2
    assert wire.checksum(b"\x01") == 0xFEFF


def test_a_request_as_it_is_on_the_wire() -> None:
    packet = wire.encode_request(0x1234, 7, b"abc")
    assert packet[:2] == b"\x08\x00"
    assert wire.decode_echo(packet) == wire.EchoPacket(
        kind=wire.ECHO_REQUEST, identifier=0x1234, sequence=7, payload=b"abc"
    )
    assert wire.sequence_of_request(packet) == 7


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.binary(max_size=64), st.data())
def test_a_damaged_packet_is_none(
    identifier: int, sequence: int, payload: bytes, data: st.DataObject
) -> None:
    packet = wire.encode_request(identifier, sequence, payload)
    decoded = wire.decode_echo(packet)
    assert decoded is not None
    assert (decoded.identifier, decoded.sequence, decoded.payload) == (
        identifier,
        sequence,
        payload,
    )
    place = data.draw(st.integers(0, len(packet) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    flipped = packet[:place] + bytes([packet[place] ^ bit]) + packet[place + 1 :]
    assert wire.decode_echo(flipped) is None


@pytest.mark.parametrize(
    ("data", "report"),
    [
        (
            extended(errno.EHOSTUNREACH, kind=11),
            ErrorReport(error="ttl_exceeded", offender="192.168.77.1"),
        ),
        (
            extended(errno.ECONNREFUSED, kind=3, code=3),
            ErrorReport(error="port_unreachable", offender="192.168.77.1"),
        ),
        (
            extended(errno.EMSGSIZE, kind=3, code=4, info=1492),
            ErrorReport(error="packet_too_big", offender="192.168.77.1", mtu=1492),
        ),
        (
            extended(errno.EMSGSIZE, kind=3, code=4, info=0),
            ErrorReport(error="packet_too_big", offender="192.168.77.1"),
        ),
        (
            extended(errno.EHOSTUNREACH, kind=3, code=13),
            ErrorReport(error="prohibited", offender="192.168.77.1"),
        ),
        (
            extended(errno.EHOSTUNREACH, kind=3, code=200),
            ErrorReport(error="unreachable", offender="192.168.77.1"),
        ),
        (extended(errno.EPROTO, kind=12), ErrorReport(error="failed", offender="192.168.77.1")),
        (
            extended(errno.EMSGSIZE, origin=1, info=1500)[:16],
            ErrorReport(error="packet_too_big", mtu=1500),
        ),
        (
            extended(errno.EHOSTUNREACH, origin=1)[:16],
            ErrorReport(error="host_unreachable"),
        ),
    ],
)
def test_what_the_error_queue_says(data: bytes, report: ErrorReport) -> None:
    assert wire.decode_extended_error(data) == report


def test_nobody_knows_nothing() -> None:
    nobody = "0.0.0.0"  # noqa: S104  an address in a report, not a bind
    assert wire.decode_extended_error(extended(0, kind=11, offender=nobody)) is None
    assert wire.decode_extended_error(extended(0, kind=11)[:20]) is None
    assert wire.decode_extended_error(extended(0, origin=4)) is None
    assert wire.error_of_number(None) == "failed"
    assert wire.error_of_number(errno.ENETUNREACH) == "net_unreachable"


def test_only_the_target_refuses_a_port() -> None:
    assert ErrorReport(error="port_unreachable", offender="203.0.113.2").is_port_unreachable
    assert not ErrorReport(error="port_unreachable").is_port_unreachable
    assert not ErrorReport(error="host_unreachable", offender="203.0.113.2").is_port_unreachable


@given(st.binary(max_size=80))
def test_arbitrary_bytes_never_raise(data: bytes) -> None:
    wire.decode_echo(data)
    wire.sequence_of_request(data)
    report = wire.decode_extended_error(data)
    assert report is None or report.mtu is None or 68 <= report.mtu <= 65535
