"""STUN: the vectors of RFC 5769, every field there and back, and packets of strangers."""

from __future__ import annotations

import contextlib
import hashlib
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics import stun

REQUEST = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
    "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf"
)
IPV4 = bytes.fromhex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
    "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004c07d4c96"
)
IPV6 = bytes.fromhex(
    "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
    "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf1"
    "1784c97c8292c275bfe3ed4180280004c8fb0b4c"
)
LONG_TERM = bytes.fromhex(
    "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b90000"
    "0015001c662f2f3439396b39353464364f4c33346f4c394653547679363473410014000b6578616d706c652e6f7267"
    "0000080014f67024656dd64a3e02b8e0712e85c9a28ca89666"
)
PASSWORD = b"VOkJxbRl1RmTxUk/WvJxBt"


@pytest.mark.parametrize(
    ("packet", "seen"),
    [(IPV4, "192.0.2.1:32853"), (IPV6, "[2001:db8:1234:5678:11:2233:4455:6677]:32853")],
)
def test_the_answers_of_rfc_5769(packet: bytes, seen: str) -> None:
    message = stun.decode(packet)
    assert message.kind is stun.Class.SUCCESS
    assert message.method == stun.BINDING
    assert message.software == "test vector"
    assert str(message.mapped) == seen
    assert stun.is_authentic(packet, PASSWORD)
    assert not stun.is_authentic(packet, PASSWORD + b"!")


def test_the_requests_of_rfc_5769() -> None:
    message = stun.decode(REQUEST)
    assert message.kind is stun.Class.REQUEST
    assert message.software == "STUN test client"
    assert message.first(stun.Attribute.USERNAME) == b"evtj:h6vY"
    assert stun.is_authentic(REQUEST, PASSWORD)
    # SASLprep leaves "TheMatrIX" of a password with a soft hyphen and a Roman nine.
    key = hashlib.md5("マトリックス:example.org:TheMatrIX".encode(), usedforsecurity=False).digest()
    assert stun.is_authentic(LONG_TERM, key)


def test_a_question_about_the_nat_says_what_it_wants() -> None:
    packet = stun.binding_request(
        b"abcdefghijkl", change=stun.CHANGE_IP | stun.CHANGE_PORT, software="x"
    )
    message = stun.decode(packet)
    assert message.first(stun.Attribute.CHANGE_REQUEST) == b"\0\0\0\x06"
    assert message.transaction == b"abcdefghijkl"
    with pytest.raises(ValueError, match="12 bytes, not 3"):
        stun.binding_request(b"abc")


@pytest.mark.parametrize("size", [48, 52, 172, 1472])
def test_a_question_is_filled_by_what_nobody_has_to_understand(size: int) -> None:
    """Not by PADDING: a server of RFC 5780 would answer as large as its link carries."""
    packet = stun.binding_request(b"abcdefghijkl", change=stun.CHANGE_IP, size=size)
    assert len(packet) == size
    filled = [kind for kind, _ in stun.decode(packet).attributes]
    assert filled[0] == stun.Attribute.CHANGE_REQUEST
    assert all(kind >= 0x8000 for kind in filled[1:])


def test_a_question_that_is_long_enough_is_left_alone() -> None:
    plain = stun.binding_request(b"abcdefghijkl")
    assert stun.binding_request(b"abcdefghijkl", size=len(plain)) == plain


@given(
    address=st.ip_addresses(),
    port=st.integers(0, 65535),
    transaction=st.binary(min_size=12, max_size=12),
    kind=st.sampled_from(stun.Class),
    method=st.integers(0, 0xFFF),
)
def test_addresses_come_back_as_they_were_sent(
    address: stun.Address, port: int, transaction: bytes, kind: stun.Class, method: int
) -> None:
    here = stun.Endpoint(address, port)
    packet = stun.encode(
        kind,
        method,
        transaction,
        [
            (stun.Attribute.XOR_MAPPED_ADDRESS, stun.address_value(here, transaction)),
            (stun.Attribute.OTHER_ADDRESS, stun.address_value(here)),
            (stun.Attribute.RESPONSE_ORIGIN, stun.address_value(here)),
        ],
    )
    message = stun.decode(packet)
    assert (message.mapped, message.other, message.origin) == (here, here, here)
    assert (message.kind, message.method) == (kind, method)


def test_an_old_server_tells_the_address_in_clear() -> None:
    here = stun.Endpoint(ip_address("198.51.100.7"), 4000)
    packet = stun.encode(
        stun.Class.SUCCESS,
        1,
        bytes(12),
        [(stun.Attribute.MAPPED_ADDRESS, stun.address_value(here))],
    )
    assert stun.decode(packet).mapped == here
    assert stun.decode(packet).other is None


def test_an_error_has_its_number_and_its_words() -> None:
    packet = stun.encode(
        stun.Class.ERROR, 1, bytes(12), [(stun.Attribute.ERROR_CODE, b"\0\0\x04\x14Unknown")]
    )
    assert stun.decode(packet).error == (420, "Unknown")


@pytest.mark.parametrize(
    ("packet", "said"),
    [
        (b"", "0 bytes"),
        (IPV4[:-1], "says 60 bytes, has 59"),
        (b"\x80" + IPV4[1:], "no STUN message"),
        (IPV4[:4] + bytes(4) + IPV4[8:], "no STUN message"),
        (IPV4[:-4] + bytes(4), "FINGERPRINT is wrong"),
        (IPV4[:40] + b"\xff" + IPV4[41:], "FINGERPRINT is wrong"),
        (IPV4[:22] + b"\xff\xff" + IPV4[24:], "beyond the message"),
    ],
)
def test_what_is_no_message_says_why(packet: bytes, said: str) -> None:
    with pytest.raises(stun.MalformedError, match=said):
        stun.decode(packet)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.tuples(
            st.sampled_from([REQUEST, IPV4, IPV6]), st.integers(0, 90), st.integers(0, 255)
        ).map(lambda it: it[0][: it[1]] + bytes([it[2]]) + it[0][it[1] + 1 :]),
    )
)
def test_strangers_packets_are_malformed_and_never_worse(packet: bytes) -> None:
    with contextlib.suppress(stun.MalformedError):
        message = stun.decode(packet)
        _ = message.mapped, message.other, message.origin, message.error, message.software
        stun.is_authentic(packet, b"key")
