"""Conocer mi IP: the public address by STUN over UDP and by HTTP over TCP, which must be one."""

from __future__ import annotations

import ipaddress
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from fieldtech.diagnostics.names import NotResolvedError, resolve
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured
from fieldtech.diagnostics.stun_client import ask, ask_by_tcp, endpoint_of, mapped_of
from fieldtech.diagnostics.web import fetch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldtech.diagnostics.context import Context

HTTP_LIMIT_S = 4.0
STUN_TCP_LIMIT_S = 3.0


def run(context: Context) -> Outcome:
    """Ask the first STUN server that answers, and the page that tells the address."""
    targets = context.targets
    if not targets.stun and not targets.my_ip:
        return not_measured(Reason.NO_TARGET)
    with ThreadPoolExecutor(max_workers=3) as pool:
        ways = [pool.submit(way, context) for way in (public_by_stun, _by_stun_tcp, _by_http)]
        by_stun, by_stun_tcp, by_http = (way.result() for way in ways)
    return outcome_of(
        by_stun or by_stun_tcp,
        by_http,
        asked_stun=bool(targets.stun),
        asked_http=bool(targets.my_ip),
        evidence={"private": context.ipv4, "stun_udp": by_stun, "stun_tcp": by_stun_tcp},
    )


def outcome_of(
    by_stun: str,
    by_http: str,
    *,
    asked_stun: bool,
    asked_http: bool,
    evidence: Mapping[str, object],
) -> Outcome:
    """Return the public address and whether both ways tell the same; empty: not answered."""
    found = by_stun or by_http
    values: dict[str, str] = {}
    unmeasured: dict[str, Reason] = {}
    if found:
        values["internet.public_ip"] = found
    else:
        unmeasured["internet.public_ip"] = Reason.NO_REPLY
    if by_stun and by_http:
        values["internet.same_ip"] = "same" if by_stun == by_http else "differ"
    else:
        both = asked_stun and asked_http
        unmeasured["internet.same_ip"] = Reason.UNREACHED if both else Reason.NO_TARGET
    return Outcome(values=values, unmeasured=unmeasured, evidence={**evidence, "http": by_http})


def public_by_stun(context: Context) -> str:
    """Return the address that a STUN server sees, empty when none answers; asked once a run."""
    return context.public.get(lambda: _by_stun(context))


def _by_stun(context: Context) -> str:
    for server in context.targets.stun:
        try:
            address = resolve(context, server.host)
            with context.udp() as connection:
                found = mapped_of(ask(context, connection, (address, server.port)))
        except OSError:
            continue
        if found is not None:
            return str(found.address)
    return ""


def _by_stun_tcp(context: Context) -> str:
    for server in context.targets.stun[:1]:
        try:
            address = resolve(context, server.host)
            with context.tcp(address, server.port, STUN_TCP_LIMIT_S) as connection:
                found = endpoint_of(ask_by_tcp(connection))
        except OSError:
            continue
        if found is not None:
            return str(found.address)
    return ""


def _by_http(context: Context) -> str:
    if not context.targets.my_ip:
        return ""
    try:
        page = fetch(context, context.targets.my_ip, limit_s=HTTP_LIMIT_S)
    except (NotResolvedError, OSError):
        return ""
    return address_in(page.body) if page.status == 200 else ""


def address_in(body: bytes) -> str:
    """Return the address that a page consists of, empty for any other page."""
    text = body[:100].decode("ascii", "replace").strip()
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
