"""Conocer mi IP: the public address by STUN over UDP and TCP and by HTTP, which must be one."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from fieldtech.diagnostics.names import NotResolvedError, resolve
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured
from fieldtech.diagnostics.parallel import at_once, up_to
from fieldtech.diagnostics.stun_client import ask, ask_by_tcp, endpoint_of, mapped_of
from fieldtech.diagnostics.web import fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fieldtech.diagnostics.context import Context
    from fieldtech.domain.probe_targets import Host

HTTP_LIMIT_S = 4.0
STUN_TCP_LIMIT_S = 3.0


@dataclass(frozen=True, slots=True)
class Told:
    """What one way told: an address, nothing, or nothing as nobody's name was resolved."""

    address: str = ""
    asked: bool = True


UNASKED = Told(asked=False)


def run(context: Context) -> Outcome:
    """Ask the first STUN server that answers, and the page that tells the address."""
    targets = context.targets
    if not targets.stun and not targets.my_ip:
        return not_measured(Reason.NO_TARGET)
    by_udp, by_tcp, by_http = at_once(
        [lambda: _by_udp(context), lambda: _by_tcp(context), lambda: _by_http(context)]
    )
    return outcome_of(by_udp, by_tcp, by_http, {"private": context.ipv4})


def outcome_of(
    by_udp: Told, by_tcp: Told, by_http: Told, evidence: Mapping[str, object]
) -> Outcome:
    """Return the public address and whether both ways tell the same."""
    by_stun = by_udp.address or by_tcp.address
    found = by_stun or by_http.address
    values: dict[str, str] = {}
    unmeasured: dict[str, Reason] = {}
    told = {"stun_udp": by_udp.address, "stun_tcp": by_tcp.address, "http": by_http.address}
    if found and ipaddress.ip_address(found).is_loopback:
        # Whoever told it is this machine itself, as in a demonstration: nothing public was seen.
        return Outcome(reason=Reason.UNKNOWN, evidence={**evidence, **told})
    asked = any(way.asked for way in (by_udp, by_tcp, by_http))
    if found:
        values["internet.public_ip"] = found
    else:
        unmeasured["internet.public_ip"] = Reason.NO_REPLY if asked else Reason.NOT_RESOLVED
    if by_stun and by_http.address:
        values["internet.same_ip"] = "same" if by_stun == by_http.address else "differ"
    else:
        unmeasured["internet.same_ip"] = Reason.NO_CONTROL
    return Outcome(values=values, unmeasured=unmeasured, evidence={**evidence, **told})


def public_by_stun(context: Context) -> str:
    """Return the address that a STUN server sees, empty when none answers; asked once a run."""
    return context.public.get(lambda: _ask_stun(context).address)


def _by_udp(context: Context) -> Told:
    """The same, with whether anybody could be asked; names are looked up only once anyway."""
    address = public_by_stun(context)
    return Told(address, asked=bool(address) or _any_resolves(context))


def _any_resolves(context: Context) -> bool:
    for server in context.targets.stun:
        try:
            resolve(context, server.host)
        except OSError:
            continue
        return True
    return False


def _ask_stun(context: Context) -> Told:
    """Ask all servers at once: one that is dead costs its whole wait."""
    return _first_told(partial(_ask_by_udp, context, each) for each in context.targets.stun)


def _ask_by_udp(context: Context, server: Host) -> Told:
    try:
        address = resolve(context, server.host)
        with context.udp_to(address) as connection:
            found = mapped_of(ask(context, connection, (address, server.port)))
    except OSError:
        return UNASKED
    return Told(str(found.address)) if found is not None else UNASKED


def _by_tcp(context: Context) -> Told:
    return _first_told(partial(_ask_by_tcp, context, each) for each in context.targets.stun)


def _ask_by_tcp(context: Context, server: Host) -> Told:
    try:
        address = resolve(context, server.host)
    except OSError:
        return UNASKED
    try:
        with context.tcp(address, server.port, STUN_TCP_LIMIT_S) as connection:
            found = endpoint_of(ask_by_tcp(context, connection, STUN_TCP_LIMIT_S))
    except OSError:
        return Told()
    return Told(str(found.address)) if found is not None else Told()


def _first_told(asked: Iterable[Callable[[], Told]]) -> Told:
    """Return the first address that is told, else whether anybody could be asked."""
    told = up_to(list(asked), lambda each: bool(each.address))
    if told and told[-1].address:
        return told[-1]
    return Told() if any(each.asked for each in told) else UNASKED


def _by_http(context: Context) -> Told:
    if not context.targets.my_ip:
        return UNASKED
    try:
        page = fetch(context, context.targets.my_ip, limit_s=HTTP_LIMIT_S)
    except NotResolvedError:
        return UNASKED
    except OSError:
        return Told()
    return Told(address_in(page.body) if page.status == 200 else "")


def address_in(body: bytes) -> str:
    """Return the address that a page consists of, empty for any other page."""
    text = body[:100].decode("ascii", "replace").strip()
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
