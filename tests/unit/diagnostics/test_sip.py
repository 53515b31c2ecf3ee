"""SIP OPTIONS: what is asked, who answers it, what a middlebox leaves behind."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics import sip

QUESTION = sip.Question(
    server="203.0.113.20",
    host="192.168.77.10",
    port=40000,
    branch="a1b2c3",
    tag="t1",
    call_id="c1@192.168.77.10",
)
ANSWER = (
    "SIP/2.0 200 OK\r\n"
    "Via: SIP/2.0/UDP 192.168.77.10:40000;rport=51234;branch=z9hG4bKa1b2c3;received=203.0.113.5\r\n"
    "From: <sip:probe@192.168.77.10>;tag=t1\r\n"
    "To: <sip:203.0.113.20>;tag=9\r\n"
    "Call-ID: c1@192.168.77.10\r\n"
    "CSeq: 1 OPTIONS\r\n"
    "Server: kamailio\r\n"
    "Content-Length: 0\r\n\r\n"
)


def test_the_request_has_what_rfc_3261_wants_of_it() -> None:
    text = QUESTION.encode().decode("ascii")
    head, *lines = text.split("\r\n")
    assert head == "OPTIONS sip:203.0.113.20 SIP/2.0"
    names = [line.partition(":")[0] for line in lines if line]
    assert {"Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "Contact"} <= set(names)
    assert lines[0] == "Via: SIP/2.0/UDP 192.168.77.10:40000;rport;branch=z9hG4bKa1b2c3"
    assert text.endswith("Content-Length: 0\r\n\r\n")


def test_an_address_of_version_6_stands_in_brackets() -> None:
    text = sip.Question(
        server="2001:db8::1", host="2001:db8::2", port=5, branch="b", tag="t", call_id="c"
    ).encode()
    assert b"OPTIONS sip:[2001:db8::1] SIP/2.0" in text
    assert b"UDP [2001:db8::2]:5;rport" in text


def test_an_answer_tells_where_the_server_saw_us() -> None:
    response = sip.decode(ANSWER.encode())
    assert (response.status, response.reason, response.is_final) == (200, "OK", True)
    assert response.header("server") == "kamailio"
    assert QUESTION.is_answered_by(response)
    assert response.via == sip.Via(
        transport="UDP",
        host="192.168.77.10",
        port=40000,
        branch="z9hG4bKa1b2c3",
        received="203.0.113.5",
        rport=51234,
    )


@pytest.mark.parametrize(
    "change",
    [("a1b2c3", "other"), ("c1@", "c2@"), ("1 OPTIONS", "2 OPTIONS"), ("1 OPTIONS", "1 INVITE")],
)
def test_a_stray_packet_answers_nothing(change: tuple[str, str]) -> None:
    assert not QUESTION.is_answered_by(sip.decode(ANSWER.replace(*change).encode()))


def test_a_rewritten_via_is_still_the_answer() -> None:
    """What an ALG rewrites is the host, which is exactly what is to be shown."""
    response = sip.decode(
        ANSWER.replace("UDP 192.168.77.10:40000", "UDP 203.0.113.5:1024").encode()
    )
    assert QUESTION.is_answered_by(response)
    assert response.via.host == "203.0.113.5"


def test_compact_folded_and_several_headers() -> None:
    text = (
        "SIP/2.0 404 Not Found\r\n"
        'v: SIP / 2.0 / udp [2001:db8::2]:5060 ;branch=z9hG4bKx;received="[2001:db8::9]",'
        " SIP/2.0/UDP second;branch=y\r\n"
        "i: c\r\n"
        "CSeq: 1\r\n OPTIONS\r\n"
        "\r\n"
    )
    response = sip.decode(text.encode())
    assert response.via.host == "2001:db8::2"
    assert response.via.received == "2001:db8::9"
    assert response.header("call-id") == "c"
    assert response.header("cseq") == "1 OPTIONS"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no end"),
        ("SIP/2.0 200 OK", "no end"),
        ("SIP/2.0 999 X\r\n\r\n", "no SIP response"),
        ("HTTP/1.1 200 OK\r\n\r\n", "no SIP response"),
        ("SIP/2.0 200 OK\r\n\r\n", "no Via"),
        ("SIP/2.0 200 OK\r\nVia: nonsense\r\n\r\n", "no Via"),
        ("SIP/2.0 200 OK\r\n: x\r\n\r\n", "no header"),
        ("SIP/2.0 200 OK\r\n" + "a: b\r\n" * 201 + "\r\n", "too many"),
    ],
)
def test_what_is_no_response_says_why(text: str, said: str) -> None:
    with pytest.raises(sip.MalformedError, match=said):
        sip.decode(text.encode())


@given(
    st.one_of(
        st.binary(max_size=400),
        st.tuples(st.integers(0, len(ANSWER)), st.text(max_size=6)).map(
            lambda it: (ANSWER[: it[0]] + it[1] + ANSWER[it[0] + 1 :]).encode("utf-8", "replace")
        ),
    )
)
def test_strangers_packets_are_malformed_and_never_worse(packet: bytes) -> None:
    with contextlib.suppress(sip.MalformedError):
        response = sip.decode(packet)
        assert 100 <= response.status <= 699
        QUESTION.is_answered_by(response)


def test_repeats_follow_timer_e_until_timer_f() -> None:
    """RFC 3261, section 17.1.2.2: 500 ms, doubled up to 4 s, 64 T1 in all."""
    assert sip.waits() == (0.5, 1.0, 2.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0)
