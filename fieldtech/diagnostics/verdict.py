"""From all results to the first broken link of the chain, and whose it is likely to be.

A list of rules, read from top to bottom: first what is broken, along the chain, then what is merely
odd, along the chain again. What lies behind a broken link follows from it and is never named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldtech.diagnostics.outcome import Reason
from fieldtech.diagnostics.results import MEASURED, ProbeResult, Reading, Verdict
from fieldtech.diagnostics.verdict_words import Cause, Link
from fieldtech.domain.checklist import read_number
from fieldtech.domain.probe_targets import ProbeTargets, SiteFacts, is_address
from fieldtech.domain.words import Access, Attribution, CheckStatus, RouterOwner

if TYPE_CHECKING:
    from collections.abc import Iterable

_SILENT_LOSS = "100"
_OPEN = "204"


BROKEN_OFF = frozenset({Reason.CANCELLED, Reason.TIME_LIMIT, Reason.CRASHED})
"""A probe that ended so would have had something to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules look at: readings by item, the site, and what was asked."""

    readings: Mapping[str, Reading]
    site: SiteFacts = field(default_factory=SiteFacts)
    targets: ProbeTargets = field(default_factory=ProbeTargets)
    resolvers: Sequence[str] = ()
    gateway: str = ""
    own_is_double: bool = False
    incomplete: bool = False

    def value(self, item: str) -> str:
        """Return what was measured, empty for nothing."""
        reading = self.readings.get(item)
        return reading.value if reading else ""

    def fails(self, *items: str) -> bool:
        """Tell whether one of them failed."""
        return any(self._status(item) is CheckStatus.FAIL for item in items)

    def warns(self, *items: str) -> bool:
        """Tell whether one of them warned or failed."""
        bad = {CheckStatus.WARN, CheckStatus.FAIL}
        return any(self._status(item) in bad for item in items)

    def reason(self, item: str) -> Reason | None:
        """Return why an item has no value."""
        reading = self.readings.get(item)
        return reading.reason if reading else None

    def reached(self) -> bool:
        """Tell whether anybody behind the router answered; a portal's word is nobody's."""
        return (
            self.value("internet.portal") == _OPEN
            or bool(self.value("internet.public_ip"))
            or bool(self.value("internet.mtu"))
            or bool(self.value("sip.loss"))
            or self.value("sip.options") in {"reply", "blocked"}
        )

    def asked_beyond(self) -> bool:
        """Tell whether somebody behind the router was asked at all."""
        silent = {Reason.NO_REPLY, Reason.UNREACHED}
        items = ("internet.public_ip", "internet.portal", "sip.loss", "internet.mtu")
        return bool(self.value("sip.options")) or any(self.reason(each) in silent for each in items)

    def udp_is_blocked(self) -> bool:
        """Tell whether the web answers and nothing that is asked over UDP does, DNS apart."""
        silent = self.reason("sip.loss") is Reason.UNREACHED
        stun = self.reason("router.nat") is Reason.UNREACHED
        web = self.value("internet.portal") == _OPEN
        return web and silent and (stun or self.value("sip.options") == "silent")

    def has_sip(self) -> bool:
        """Tell whether telephony is anybody's business here; where it is not known, it is."""
        return self.site.sip is not False

    def lost(self, item: str) -> float:
        """Return a loss in percent, nothing where it was not measured."""
        return read_number(self.value(item), "%") or 0.0

    def only_names(self) -> bool:
        """Tell whether nobody can be asked without a name server."""
        targets = self.targets
        hosts = [*targets.stun, *targets.sip, *([targets.reflector] if targets.reflector else ())]
        return bool(hosts) and not any(is_address(each.host) for each in hosts)

    def _status(self, item: str) -> CheckStatus | None:
        reading = self.readings.get(item)
        return reading.status if reading else None


Whose = Callable[[Facts], Attribution]


def customer(_facts: Facts) -> Attribution:
    """The customer's own LAN."""
    return Attribution.CUSTOMER


def own(_facts: Facts) -> Attribution:
    """The operator's network."""
    return Attribution.OWN_NETWORK


def nobody_yet(_facts: Facts) -> Attribution:
    """What only a person can find out."""
    return Attribution.UNDETERMINED


def router_owner(facts: Facts) -> Attribution:
    """Whose the router is."""
    owners = {
        RouterOwner.CUSTOMER: Attribution.CUSTOMER,
        RouterOwner.OPERATOR: Attribution.OWN_NETWORK,
    }
    owner = facts.site.router_owner
    return Attribution.UNDETERMINED if owner is None else owners[owner]


def access_owner(facts: Facts) -> Attribution:
    """Over whose last mile the service comes."""
    owners = {Access.OWN: Attribution.OWN_NETWORK, Access.ALLY: Attribution.ALLY}
    access = facts.site.access
    return Attribution.UNDETERMINED if access is None else owners[access]


def resolver_owner(facts: Facts) -> Attribution:
    """The operator's where a resolver is his; of the router that asks for its LAN, its owner's."""
    asked = set(facts.resolvers)
    if not asked:  # whoever gives the addresses out forgot them
        return router_owner(facts)
    if asked & set(facts.targets.resolvers):
        return Attribution.OWN_NETWORK
    if facts.gateway and facts.gateway in asked:
        return router_owner(facts)
    return Attribution.THIRD_PARTY


def sip_owner(facts: Facts) -> Attribution:
    """As the policy marks the server."""
    owners = {server.owner for server in facts.targets.sip}
    return owners.pop() if len(owners) == 1 else Attribution.UNDETERMINED


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
    """A weak signal, and a gateway that suffers from it: alone it only makes one wonder."""
    weak = facts.fails("wifi.signal", "wifi.snr")
    return weak and facts.warns("router.gateway_loss", "router.gateway_time")


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
        lambda f: f.value("internet.portal") not in {"", _OPEN} and not f.reached(),
    ),
    Rule(Cause.SIP_ALG, Link.ROUTER, router_owner, lambda f: f.has_sip() and f.fails("sip.alg")),
    Rule(
        Cause.NOTHING_BEYOND,
        Link.PROVIDER,
        access_owner,
        lambda f: f.asked_beyond() and not f.reached(),
    ),
    Rule(Cause.BLACK_HOLE, Link.PROVIDER, access_owner, lambda f: f.fails("internet.black_hole")),
    Rule(Cause.LOSS, Link.PROVIDER, access_owner, lambda f: f.fails("sip.loss")),
    Rule(Cause.JITTER, Link.PROVIDER, access_owner, lambda f: f.fails("sip.jitter")),
    Rule(Cause.DELAY, Link.PROVIDER, access_owner, lambda f: f.fails("sip.delay")),
    Rule(Cause.POOR_CALLS, Link.PROVIDER, access_owner, lambda f: f.fails("sip.rating", "sip.mos")),
    Rule(
        Cause.DNS_SILENT,
        Link.DNS,
        resolver_owner,
        lambda f: f.value("internet.dns_answers") == "none",
    ),
    Rule(Cause.DNS_WRONG, Link.DNS, resolver_owner, lambda f: f.fails("internet.dns_answers")),
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
    Rule(Cause.PRIVATE_PUBLIC, Link.INTERNET, nobody_yet, lambda f: f.fails("internet.public_ip")),
    Rule(Cause.OPEN_WIFI, Link.CABLE, customer, lambda f: f.fails("wifi.security")),
)

ODD: tuple[Rule, ...] = (
    Rule(Cause.FLAPS, Link.CABLE, customer, lambda f: f.warns("lan.flaps")),
    Rule(Cause.SLOW_LINK, Link.CABLE, customer, lambda f: f.warns("lan.speed")),
    Rule(Cause.WEAK_SIGNAL, Link.CABLE, customer, lambda f: f.fails("wifi.signal", "wifi.snr")),
    Rule(Cause.WIFI_CHANNEL, Link.CABLE, customer, lambda f: f.warns("wifi.channel")),
    Rule(Cause.OTHER_DHCP, Link.LAN, customer, lambda f: f.warns("lan.dhcp")),
    Rule(Cause.SLOW_GATEWAY, Link.LAN, customer, lambda f: f.warns("router.gateway_time")),
    Rule(Cause.SYMMETRIC_NAT, Link.ROUTER, router_owner, lambda f: f.warns("router.nat")),
    Rule(Cause.BUFFERBLOAT, Link.ROUTER, router_owner, lambda f: f.warns("internet.bufferbloat")),
    Rule(Cause.DOUBLE_NAT, Link.WAN, own, lambda f: f.warns("router.wan_ip")),
    Rule(Cause.DELAY, Link.PROVIDER, access_owner, lambda f: f.warns("sip.delay")),
    Rule(Cause.SMALL_MTU, Link.PROVIDER, access_owner, lambda f: f.warns("internet.mtu")),
    Rule(Cause.POOR_CALLS, Link.PROVIDER, access_owner, lambda f: f.warns("sip.rating", "sip.mos")),
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


def facts_of(
    results: Iterable[ProbeResult],
    *,
    site: SiteFacts,
    targets: ProbeTargets,
    resolvers: Sequence[str],
    gateway: str,
) -> Facts:
    """Gather what the rules look at from a run's results."""
    found = list(results)
    double = next((each for each in found if each.probe == "duplicate_ip"), None)
    return Facts(
        readings={reading.item: reading for each in found for reading in each.readings},
        site=site,
        targets=targets,
        resolvers=resolvers,
        gateway=gateway,
        own_is_double=bool(double and double.evidence.get("others_with_own")),
        incomplete=any(each.reason in BROKEN_OFF for each in found),
    )
