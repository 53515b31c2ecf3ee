"""Asking resolvers that are slow, lose a question, or have more to say than a packet holds."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

import dns.flags
import dns.message
import dns.rrset
import pytest
from diagnosing import LAN, a_context

from fieldtech.diagnostics import names
from fieldtech.domain.probe_targets import Host, ProbeTargets

LOOPBACK, NAME = "127.0.0.1", "www.example.mx"
Said = Callable[[int, dns.message.Message], list[bytes]]
"""From the count of a question (from 0) and itself, the packets that answer it."""


def answer_to(question: dns.message.Message, *, truncated: bool = False) -> bytes:
    """Return an answer with an address, or with none and the word that there is more."""
    answer = dns.message.make_response(question)
    if truncated:
        answer.flags |= dns.flags.TC
    else:
        answer.answer.append(dns.rrset.from_text(f"{NAME}.", 60, "IN", "A", "203.0.113.80"))
    return answer.to_wire()


@contextmanager
def resolver(
    monkeypatch: pytest.MonkeyPatch, said: Said, *, tcp: bool = False
) -> Iterator[list[int]]:
    """Run a resolver on loopback; give the list of the questions that it was asked by UDP."""
    heard: list[int] = []
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server,
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream,
    ):
        server.bind((LOOPBACK, 0))
        place = server.getsockname()
        stream.bind(place)
        monkeypatch.setattr(names, "PORT", place[1])
        threads = [Thread(target=_serve, args=(server, said, heard), daemon=True)]
        if tcp:
            stream.listen()
            threads.append(Thread(target=_serve_one_by_tcp, args=(stream,), daemon=True))
        for thread in threads:
            thread.start()
        try:
            yield heard
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", place)
            for thread in threads:
                thread.join(20)


def _serve(server: socket.socket, said: Said, heard: list[int]) -> None:
    while True:
        data, source = server.recvfrom(4096)
        if not data:
            return
        heard.append(len(heard))
        for packet in said(heard[-1], dns.message.from_wire(data)):
            server.sendto(packet, source)


def _serve_one_by_tcp(stream: socket.socket) -> None:
    connection, _ = stream.accept()
    with connection, connection.makefile("rb") as data:
        (length,) = struct.unpack("!H", data.read(2))
        answer = answer_to(dns.message.from_wire(data.read(length)))
        connection.sendall(struct.pack("!H", len(answer)) + answer)


def asked() -> names.Reply:
    here = replace(LAN, ipv4=(LOOPBACK,))
    targets = ProbeTargets(reflector=Host(host=LOOPBACK, port=8620))
    return names.ask(a_context(here, targets=targets), LOOPBACK, NAME)


def test_a_resolver_that_always_comes_after_the_repetition_is_a_slow_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its answer is to the first question, and was taken for one to the second."""
    moment = [100.0]

    def late(count: int, question: dns.message.Message) -> list[bytes]:
        moment[0] = (100.7, 100.75)[count]
        return [] if count == 0 else [answer_to(question)]

    monkeypatch.setattr(names, "TRY_S", 0.05)
    monkeypatch.setattr(names, "perf_counter", lambda: moment[0])
    with resolver(monkeypatch, late) as heard:
        reply = asked()
    assert heard == [0, 1]
    assert reply.addresses == ("203.0.113.80",)
    assert reply.ms == pytest.approx(750)


def test_what_does_not_fit_is_asked_by_tcp(monkeypatch: pytest.MonkeyPatch) -> None:
    def short(_count: int, question: dns.message.Message) -> list[bytes]:
        return [answer_to(question, truncated=True)]

    with resolver(monkeypatch, short, tcp=True):
        reply = asked()
    assert (reply.addresses, reply.truncated) == (("203.0.113.80",), False)


def test_without_tcp_what_does_not_fit_is_there_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def short(_count: int, question: dns.message.Message) -> list[bytes]:
        return [answer_to(question, truncated=True)]

    with resolver(monkeypatch, short):
        reply = asked()
    assert (reply.rcode, reply.addresses, reply.truncated) == ("NOERROR", (), True)
    assert reply.is_known
    assert not replace(reply, truncated=False).is_known
    assert not replace(reply, rcode="SERVFAIL").is_known
