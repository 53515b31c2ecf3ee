"""STUN servers on loopback for tests: one that answers as it is told to, one that is dead."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from threading import Thread

from fieldtech.diagnostics import stun
from fieldtech.domain.probe_targets import Host

LOOPBACK, PUBLIC = "127.0.0.1", "203.0.113.20"
Answer = Callable[[stun.Endpoint, tuple[str, int]], list[tuple[int, bytes]]]
"""From whom a question came and where it was asked: the attributes of the answer."""


def mapped(seen: stun.Endpoint, _asked: tuple[str, int]) -> list[tuple[int, bytes]]:
    """Tell the address, and nothing else."""
    return [(stun.Attribute.MAPPED_ADDRESS, stun.address_value(seen))]


def elsewhere(_seen: stun.Endpoint, _asked: tuple[str, int]) -> list[tuple[int, bytes]]:
    """Tell a public address, as somebody behind a NAT would be told."""
    public = stun.Endpoint(ip_address(PUBLIC), 40_000)
    return [(stun.Attribute.MAPPED_ADDRESS, stun.address_value(public))]


@contextmanager
def living(answer: Answer = mapped) -> Iterator[Host]:
    """Run a server that answers every binding request from where it was asked."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((LOOPBACK, 0))
        place = server.getsockname()
        thread = Thread(target=_serve, args=(server, place, answer), daemon=True)
        thread.start()
        try:
            yield Host(host=LOOPBACK, port=place[1])
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", place)
            thread.join(20)


@contextmanager
def dead() -> Iterator[Host]:
    """Hold a port on which questions arrive and nobody answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((LOOPBACK, 0))
        yield Host(host=LOOPBACK, port=server.getsockname()[1])


def _serve(server: socket.socket, place: tuple[str, int], answer: Answer) -> None:
    while True:
        data, source = server.recvfrom(2048)
        if not data:
            return
        asked = stun.decode(data)
        seen = stun.Endpoint(ip_address(source[0]), source[1])
        told = answer(seen, place)
        reply = stun.encode(stun.Class.SUCCESS, stun.BINDING, asked.transaction, told)
        server.sendto(reply, source)
