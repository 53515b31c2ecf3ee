"""Asking the interface's own resolvers, with dnspython over sockets of that interface.

By UDP, and by TCP for what does not fit into its packets. The system's resolver would ask whatever
it likes over whatever route it likes, and keep a probe for longer than its limit when nobody
answers.
"""

from __future__ import annotations

import ipaddress
import os
import select
import socket
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from fieldtech.diagnostics.addresses.resolvers import is_loopback
from fieldtech.diagnostics.binding import InterfaceGoneError
from fieldtech.diagnostics.deadline import within
from fieldtech.diagnostics.parallel import at_once

if TYPE_CHECKING:
    from fieldtech.diagnostics.context import Context

PORT = 53
LIMIT_S = 2.0
TRY_S = 0.7
"""After this the question is asked again: one lost packet is no dead resolver."""
_LEAST_S = 0.1
_LARGEST = 4096


class NotResolvedError(OSError):
    """No resolver gave an address for the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One resolver's answer; ``rcode`` is empty where none came.

    ``ms`` is what a person waits: from the first time that the question was sent. ``truncated``
    says that there is more than was heard, by TCP neither; without ``asked`` the interface had no
    address to ask it from.
    """

    resolver: str
    rcode: str
    addresses: tuple[str, ...]
    ms: float | None
    truncated: bool = False
    asked: bool = True

    @property
    def answered(self) -> bool:
        """Something came back, whatever it said."""
        return self.ms is not None

    @property
    def is_known(self) -> bool:
        """The resolver has records for the name, heard or too many to be."""
        return self.rcode == "NOERROR" and (bool(self.addresses) or self.truncated)


def ask(context: Context, resolver: str, name: str, kind: str = "A") -> Reply:
    """Ask one resolver one question, twice at most; silence is a reply without a code."""
    question = dns.message.make_query(name, kind)
    question.flags |= dns.flags.RD
    wire = question.to_wire()
    begun = perf_counter()
    try:
        with _socket_to(context, resolver) as connection:
            found = _exchange(context, connection, question, wire, begun)
    except InterfaceGoneError:
        return Reply(resolver=resolver, rcode="", addresses=(), ms=None, asked=False)
    except OSError:
        found = None
    if found is None:
        return Reply(resolver=resolver, rcode="", addresses=(), ms=None)
    came = perf_counter()
    if found.flags & dns.flags.TC:
        left = max(begun + LIMIT_S - came, _LEAST_S)
        whole = _by_tcp(context, resolver, question, wire, left)
        if whole is not None:
            found, came = whole, perf_counter()
    return _reply(resolver, found, (came - begun) * 1000)


def resolve(context: Context, host: str) -> str:
    """Return an address of a host, which may be one already; a name is looked up once a run.

    Raises ``NotResolvedError``.
    """
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    return context.names.get(host, lambda: _look_up(context, host))


def _look_up(context: Context, host: str) -> str:
    """Ask the resolvers at once, IPv4 first; the first in their order that knows it counts."""
    for kind in ("A", "AAAA"):
        asked = [partial(ask, context, resolver, host, kind) for resolver in context.resolvers]
        for reply in at_once(asked):
            if reply.addresses:
                return reply.addresses[0]
    raise NotResolvedError(f"{host} was not resolved")


def _socket_to(context: Context, resolver: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in resolver else socket.AF_INET
    if is_loopback(resolver):  # a resolver of this machine: no interface leads there
        made = socket.socket(family, socket.SOCK_DGRAM)
    else:
        made = context.udp(family)
    made.connect((resolver, PORT))
    made.setblocking(False)  # noqa: FBT003  the name of the method says it
    return made


def _exchange(
    context: Context,
    connection: socket.socket,
    question: dns.message.QueryMessage,
    wire: bytes,
    begun: float,
) -> dns.message.Message | None:
    repeated = False
    connection.send(wire)
    while (left := begun + LIMIT_S - perf_counter()) > 0 and not context.cancel.is_set():
        if select.select([connection], [], [], min(left, TRY_S))[0]:
            found = _read(connection.recv(_LARGEST), question)
            if found is not None:
                return found
        elif not repeated:
            repeated = True
            connection.send(wire)
    return None


def _by_tcp(
    context: Context,
    resolver: str,
    question: dns.message.QueryMessage,
    wire: bytes,
    limit_s: float,
) -> dns.message.Message | None:
    """Ask for what UDP had no room for; ``None`` where the resolver has no TCP."""
    try:
        with (
            _connection_to(context, resolver, limit_s) as connection,
            within(connection, limit_s, context.cancel),
            connection.makefile("rb") as stream,
        ):
            connection.sendall(len(wire).to_bytes(2, "big") + wire)
            return _read(stream.read(int.from_bytes(stream.read(2), "big")), question)
    except OSError:
        return None


def _connection_to(context: Context, resolver: str, limit_s: float) -> socket.socket:
    if is_loopback(resolver):
        return socket.create_connection((resolver, PORT), timeout=limit_s)
    return context.tcp(resolver, PORT, limit_s)


def _read(data: bytes, question: dns.message.QueryMessage) -> dns.message.Message | None:
    """Return the answer to that question, ``None`` for anything else that came."""
    try:
        message = dns.message.from_wire(data, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError):
        return None
    return message if question.is_response(message) else None


def _reply(resolver: str, message: dns.message.Message, ms: float) -> Reply:
    kinds = {dns.rdatatype.A, dns.rdatatype.AAAA}
    found = [str(each) for rows in message.answer if rows.rdtype in kinds for each in rows]
    return Reply(
        resolver=resolver,
        rcode=dns.rcode.to_text(message.rcode()),
        addresses=tuple(found),
        ms=ms,
        truncated=bool(message.flags & dns.flags.TC),
    )


def random_label() -> str:
    """Return a label that nobody has registered."""
    return f"ft-{os.urandom(8).hex()}"
