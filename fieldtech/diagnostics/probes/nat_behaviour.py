"""How the NAT maps and filters: RFC 5780, 4.3 and 4.4, over a STUN server's two addresses."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from fieldtech.diagnostics import stun
from fieldtech.diagnostics.names import resolve
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured
from fieldtech.diagnostics.parallel import up_to
from fieldtech.diagnostics.probes.double_nat import is_inside
from fieldtech.diagnostics.stun_client import ask, mapped_of

if TYPE_CHECKING:
    import socket
    from ipaddress import IPv4Address, IPv6Address

    from fieldtech.diagnostics.context import Context
    from fieldtech.domain.probe_targets import Host

FILTER_TRIES = 2
"""Filtering is told by silence, so each question costs its whole wait."""


class Mapping(StrEnum):
    """What the public port of a socket depends on (RFC 5780, section 2; RFC 4787, section 4.1)."""

    NONE = "none"
    ENDPOINT = "endpoint"
    ADDRESS = "address"
    SYMMETRIC = "symmetric"


class Filtering(StrEnum):
    """From whom packets are let in (RFC 4787, section 5)."""

    ENDPOINT = "endpoint"
    ADDRESS = "address"
    ADDRESS_AND_PORT = "address and port"


def run(context: Context) -> Outcome:
    """Find the mapping by one socket's questions, the filtering by another's."""
    if not context.targets.stun:
        return not_measured(Reason.NO_TARGET)
    asked = [partial(_with, context, server) for server in context.targets.stun]
    found = up_to(asked, lambda outcome: bool(outcome and outcome.values))
    told = [outcome for outcome in found if outcome is not None]
    return told[-1] if told else not_measured(Reason.UNREACHED)


def _with(context: Context, server: Host) -> Outcome | None:
    """Return what this server tells, ``None`` when it does not answer at all."""
    try:
        primary = (resolve(context, server.host), server.port)
        with context.udp_to(primary[0]) as connection:
            return _mapping(context, connection, primary)
    except OSError:
        return None


def _mapping(
    context: Context, connection: socket.socket, primary: tuple[str, int]
) -> Outcome | None:
    first = ask(context, connection, primary)
    one = mapped_of(first)
    if first is None or one is None:
        return None
    seen: dict[str, object] = {"server": f"{primary[0]}:{primary[1]}", "mapped": [str(one)]}
    if is_own(context, connection, one):
        return Outcome(values={"router.nat": Mapping.NONE}, evidence=seen)
    other = other_address(first.message, primary)
    # Who answers is nobody's word yet: into the customer's own network nothing is sent for it.
    if other is None or (is_inside(other[0]) and not is_inside(primary[0])):
        return Outcome(reason=Reason.NO_SECOND_ADDRESS, evidence=seen)
    two = mapped_of(ask(context, connection, (other[0], primary[1])))
    three = None
    if two is not None and two != one:
        three = mapped_of(ask(context, connection, other))
    mapping = mapping_of(one, two, three)
    seen["mapped"] = [str(each) for each in (one, two, three) if each is not None]
    if mapping is None:
        return Outcome(reason=Reason.UNREACHED, evidence=seen)
    filtering = _filtering(context, primary)
    evidence = {**seen, "filtering": filtering.value if filtering else ""}
    return Outcome(values={"router.nat": mapping}, evidence=evidence)


def mapping_of(
    one: stun.Endpoint, two: stun.Endpoint | None, three: stun.Endpoint | None
) -> Mapping | None:
    """Return the mapping from what the primary, the other address and its other port saw."""
    if two is None:
        return None
    if two == one:
        return Mapping.ENDPOINT
    if three is None:
        return None
    return Mapping.ADDRESS if three == two else Mapping.SYMMETRIC


def _filtering(context: Context, primary: tuple[str, int]) -> Filtering | None:
    """Ask a fresh socket's server to answer from elsewhere: what comes was let in."""
    with context.udp_to(primary[0]) as connection:
        if ask(context, connection, primary) is None:
            return None
        both = stun.CHANGE_IP | stun.CHANGE_PORT
        if _is_let_in(context, connection, primary, both):
            return Filtering.ENDPOINT
        if _is_let_in(context, connection, primary, stun.CHANGE_PORT):
            return Filtering.ADDRESS
        return Filtering.ADDRESS_AND_PORT


def _is_let_in(
    context: Context, connection: socket.socket, primary: tuple[str, int], change: int
) -> bool:
    heard = ask(context, connection, primary, change=change, tries=FILTER_TRIES)
    # A server that ignores the wish answers from where it was asked, which shows nothing.
    return heard is not None and heard.source != primary


def other_address(message: stun.Message, primary: tuple[str, int]) -> tuple[str, int] | None:
    """Return the server's second address, ``None`` for a server that has none to speak of.

    Asked twice at the same address or port, any NAT would look as if it minded neither.
    """
    try:
        other = message.other
    except stun.MalformedError:
        return None
    if other is None or not is_usable(other.address):
        return None
    second = str(other.address), other.port
    return None if second[0] == primary[0] or second[1] in {0, primary[1]} else second


def is_usable(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address can be one host's, somewhere else."""
    return not (address.is_multicast or address.is_loopback or address.is_unspecified)


def is_own(context: Context, connection: socket.socket, mapped: stun.Endpoint) -> bool:
    """Tell whether the server saw the very address and port of the socket: no NAT between."""
    own = (*context.facts.ipv4, *context.facts.ipv6) if context.facts else ()
    return str(mapped.address) in own and mapped.port == connection.getsockname()[1]
