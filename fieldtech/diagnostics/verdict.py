"""From all results to the first broken link of the chain, and whose it is likely to be.

A list of rules, read from top to bottom: first what is broken, along the chain, then what is merely
odd, along the chain again. What lies behind a broken link follows from it and is never named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldtech.diagnostics.outcome import Reason
from fieldtech.diagnostics.results import MEASURED, Verdict
from fieldtech.diagnostics.verdict_facts import OPEN, Facts
from fieldtech.diagnostics.verdict_words import Cause, Link
from fieldtech.diagnostics.whose import (
    Whose,
    access_owner,
    customer,
    erring_resolver_owner,
    line_owner,
    nobody_yet,
    resolver_owner,
    router_owner,
    second_nat_owner,
    silent_resolver_owner,
    sip_owner,
)
from fieldtech.domain.words import CheckStatus

_SILENT_LOSS = "100"


@dataclass(frozen=True, slots=True)
class Rule:
    """When ``holds``, that link is broken (or odd) in that way, and so-and-so's."""

    cause: Cause
    link: Link
    whose: Whose
    holds: Callable[[Facts], bool]


def _other_dhcp(facts: Facts) -> bool:
    """Another DHCP server, with something broken behind it: the lease is why."""
    return facts.value("lan.dhcp") == "other" and (
        facts.fails("router.gateway_loss") or (facts.asked_beyond() and not facts.reached())
    )


def _weak_and_bad(facts: Facts) -> bool:
    """A weak signal, and packets that suffer from it: alone it only makes one wonder."""
    weak = facts.fails("wifi.signal", "wifi.snr")
    if facts.value("router.gateway_loss"):
        bad = facts.fails("router.gateway_loss") or facts.lan_slows(bad=facts.warns)
    else:
        bad = facts.fails("sip.loss", "sip.jitter")
    return weak and bad


BROKEN: tuple[Rule, ...] = (
    Rule(Cause.NO_LINK, Link.CABLE, customer, lambda f: f.fails("lan.link")),
    Rule(Cause.HALF_DUPLEX, Link.CABLE, customer, lambda f: f.fails("lan.duplex")),
    Rule(
        Cause.NO_ADDRESS,
        Link.IP,
        router_owner,
        lambda f: f.value("lan.dhcp") == "none" or f.reason("lan.ip") is Reason.NO_ADDRESS,
    ),
    Rule(Cause.BAD_ADDRESS, Link.IP, router_owner, lambda f: f.fails("lan.ip")),
    Rule(
        Cause.NO_GATEWAY,
        Link.IP,
        router_owner,
        lambda f: f.reason("router.gateway_loss") is Reason.NO_GATEWAY,
    ),
    Rule(
        Cause.DUPLICATE_OWN,
        Link.IP,
        customer,
        lambda f: f.fails("lan.duplicate") and f.own_is_double,
    ),
    Rule(Cause.DUPLICATE_GATEWAY, Link.IP, router_owner, lambda f: f.fails("lan.duplicate")),
    Rule(Cause.OTHER_DHCP, Link.LAN, customer, _other_dhcp),
    Rule(Cause.WEAK_SIGNAL, Link.CABLE, customer, _weak_and_bad),
    Rule(
        Cause.GATEWAY_SILENT,
        Link.LAN,
        router_owner,
        lambda f: f.value("router.gateway_loss") == _SILENT_LOSS,
    ),
    Rule(Cause.LAN_LOSS, Link.LAN, customer, lambda f: f.fails("router.gateway_loss")),
    Rule(Cause.SLOW_GATEWAY, Link.LAN, customer, lambda f: f.lan_slows(bad=f.fails)),
    Rule(
        Cause.DNS_HIJACKED,
        Link.DNS,
        resolver_owner,
        lambda f: f.fails("internet.dns_hijack") and f.only_names(),
    ),
    Rule(
        Cause.PORTAL,
        Link.INTERNET,
        nobody_yet,
        lambda f: f.value("internet.portal") not in {"", OPEN} and not f.reached(),
    ),
    Rule(Cause.SIP_ALG, Link.ROUTER, router_owner, lambda f: f.has_sip() and f.fails("sip.alg")),
    Rule(
        Cause.NOTHING_BEYOND,
        Link.PROVIDER,
        access_owner,
        lambda f: f.asked_beyond() and not f.reached() and f.router_answers(),
    ),
    Rule(
        Cause.NOTHING_HEARD,
        Link.ROUTER,
        nobody_yet,
        lambda f: f.asked_beyond() and not f.reached(),
    ),
    Rule(Cause.BLACK_HOLE, Link.PROVIDER, access_owner, lambda f: f.fails("internet.black_hole")),
    Rule(Cause.LOSS, Link.PROVIDER, line_owner, lambda f: f.fails("sip.loss")),
    Rule(Cause.JITTER, Link.PROVIDER, line_owner, lambda f: f.fails("sip.jitter")),
    Rule(Cause.DELAY, Link.PROVIDER, line_owner, lambda f: f.fails("sip.delay")),
    Rule(Cause.POOR_CALLS, Link.PROVIDER, line_owner, lambda f: f.fails("sip.rating", "sip.mos")),
    Rule(
        Cause.DNS_SILENT,
        Link.DNS,
        silent_resolver_owner,
        lambda f: f.value("internet.dns_answers") == "none",
    ),
    Rule(
        Cause.DNS_WRONG,
        Link.DNS,
        erring_resolver_owner,
        lambda f: f.fails("internet.dns_answers"),
    ),
    Rule(Cause.DNS_HIJACKED, Link.DNS, resolver_owner, lambda f: f.fails("internet.dns_hijack")),
    Rule(
        Cause.NO_CHECK,
        Link.INTERNET,
        nobody_yet,
        lambda f: f.reason("internet.portal") is Reason.NO_REPLY,
    ),
    Rule(Cause.PORTAL, Link.INTERNET, nobody_yet, lambda f: f.fails("internet.portal")),
    Rule(Cause.UDP_BLOCKED, Link.ROUTER, nobody_yet, Facts.udp_is_blocked),
    Rule(
        Cause.SIP_BLOCKED,
        Link.SIP,
        nobody_yet,
        lambda f: f.has_sip() and f.value("sip.options") == "blocked",
    ),
    Rule(
        Cause.SIP_SILENT,
        Link.SIP,
        sip_owner,
        lambda f: f.has_sip() and f.fails("sip.options"),
    ),
    Rule(Cause.BUFFERBLOAT, Link.ROUTER, router_owner, lambda f: f.fails("internet.bufferbloat")),
    Rule(
        Cause.PRIVATE_PUBLIC,
        Link.INTERNET,
        nobody_yet,
        lambda f: bool(f.value("internet.public_ip")) and f.fails("internet.public_ip"),
    ),
    Rule(Cause.OPEN_WIFI, Link.CABLE, customer, lambda f: f.fails("wifi.security")),
)

ODD: tuple[Rule, ...] = (
    Rule(Cause.FLAPS, Link.CABLE, customer, lambda f: f.warns("lan.flaps")),
    Rule(Cause.SLOW_LINK, Link.CABLE, customer, lambda f: f.warns("lan.speed")),
    Rule(Cause.WEAK_SIGNAL, Link.CABLE, customer, lambda f: f.fails("wifi.signal", "wifi.snr")),
    Rule(Cause.WIFI_CHANNEL, Link.CABLE, customer, lambda f: f.warns("wifi.channel")),
    Rule(Cause.OWE_WIFI, Link.CABLE, customer, lambda f: f.warns("wifi.security")),
    Rule(Cause.OTHER_DHCP, Link.LAN, customer, lambda f: f.warns("lan.dhcp")),
    Rule(
        Cause.SLOW_GATEWAY,
        Link.LAN,
        customer,
        # Pings over the air take longer, and break nothing by that alone.
        lambda f: (f.warns("router.gateway_time") and not f.is_radio()) or f.lan_slows(bad=f.warns),
    ),
    Rule(Cause.SYMMETRIC_NAT, Link.ROUTER, router_owner, lambda f: f.warns("router.nat")),
    Rule(Cause.BUFFERBLOAT, Link.ROUTER, router_owner, lambda f: f.warns("internet.bufferbloat")),
    Rule(Cause.DOUBLE_NAT, Link.WAN, second_nat_owner, lambda f: f.warns("router.wan_ip")),
    Rule(Cause.DELAY, Link.PROVIDER, line_owner, lambda f: f.warns("sip.delay")),
    Rule(Cause.SMALL_MTU, Link.PROVIDER, access_owner, lambda f: f.warns("internet.mtu")),
    Rule(Cause.POOR_CALLS, Link.PROVIDER, line_owner, lambda f: f.warns("sip.rating", "sip.mos")),
    Rule(
        Cause.DNS_SLOW,
        Link.DNS,
        resolver_owner,
        lambda f: f.warns("internet.dns", "internet.dns_answers"),
    ),
    Rule(
        Cause.REFLECTOR_SILENT,
        Link.PROVIDER,
        nobody_yet,
        lambda f: f.reason("sip.loss") is Reason.UNREACHED and f.reached(),
    ),
    Rule(Cause.TWO_WAYS_OUT, Link.INTERNET, nobody_yet, lambda f: f.warns("internet.same_ip")),
    Rule(Cause.SLOW_LINE, Link.PROVIDER, access_owner, lambda f: f.warns("internet.speed")),
)


def decide(facts: Facts, *, whole: bool = True) -> Verdict:
    """Return the first rule that holds, else that nothing was found, or could be measured.

    Unless the run was a ``whole`` one, finding nothing says nothing of the rest.
    """
    for rules, status in ((BROKEN, CheckStatus.FAIL), (ODD, CheckStatus.WARN)):
        for rule in rules:
            if rule.holds(facts):
                whose = rule.whose(facts)
                return Verdict(cause=rule.cause, link=rule.link, attribution=whose, status=status)
    cause = _nothing_found(facts, whole=whole)
    good = cause in {Cause.HEALTHY, Cause.PART_HEALTHY}
    status = CheckStatus.PASS if good else CheckStatus.NOT_MEASURABLE
    return Verdict(cause=cause, link=None, attribution=None, status=status)


def _nothing_found(facts: Facts, *, whole: bool) -> Cause:
    """What it means that no rule holds: healthy is only what was looked at to its end."""
    if not any(each.status in MEASURED for each in facts.readings.values()):
        return Cause.NOTHING_MEASURED
    if facts.incomplete:
        return Cause.INCOMPLETE
    if not whole:
        return Cause.PART_HEALTHY
    return Cause.HEALTHY if facts.reached() else Cause.NOBODY_ASKED
