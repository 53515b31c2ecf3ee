"""The first broken link and whose it is, from results alone; the lab shows the same on the wire."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from diagnosing import a_result
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured
from fieldtech.diagnostics.registry import PROBES
from fieldtech.diagnostics.results import ProbeResult, Verdict
from fieldtech.diagnostics.verdict import BROKEN, ODD, decide
from fieldtech.diagnostics.verdict_facts import facts_of
from fieldtech.diagnostics.verdict_words import TEXTS, Cause, Link
from fieldtech.domain.probe_targets import Host, ProbeTargets, SipServer, SiteFacts
from fieldtech.domain.words import Access, Attribution, CheckStatus, RouterOwner

HEALTHY: dict[str, dict[str, str]] = {
    "link": {"lan.link": "up", "lan.speed": "1000", "lan.duplex": "full", "lan.flaps": "0"},
    "ip_config": {"lan.ip": "192.168.77.10", "lan.dhcp": "gateway"},
    "duplicate_ip": {"lan.duplicate": "none"},
    "gateway": {"router.gateway_loss": "0", "router.gateway_time": "0.4"},
    "nat_behaviour": {"router.nat": "endpoint"},
    "sip_alg": {"sip.alg": "off"},
    "double_nat": {"router.wan_ip": "203.0.113.20"},
    "path_mtu": {"internet.mtu": "1500", "internet.black_hole": "no"},
    "voice": {
        "sip.loss": "0",
        "sip.jitter": "1",
        "sip.delay": "10",
        "sip.rating": "91",
        "sip.mos": "4.3",
    },
    "dns": {
        "internet.dns": "12",
        "internet.dns_answers": "all",
        "internet.dns_hijack": "clean",
    },
    "captive_portal": {"internet.portal": "204"},
    "my_ip": {"internet.public_ip": "203.0.113.20", "internet.same_ip": "same"},
    "sip_options": {"sip.options": "reply"},
}
OWN = "203.0.113.53"
TARGETS = ProbeTargets(
    resolvers=(OWN,),
    sip=(
        SipServer(host="203.0.113.60", port=5060, transport="udp", owner=Attribution.OWN_NETWORK),
    ),
)
SITE = SiteFacts(router_owner=RouterOwner.CUSTOMER, access=Access.ALLY)


def results(**changes: dict[str, str] | Outcome) -> list[ProbeResult]:
    """A healthy run, but for what is given of some probes."""
    found: dict[str, dict[str, str] | Outcome] = {**HEALTHY, **changes}
    return [
        a_result(name, each if isinstance(each, Outcome) else Outcome(values=each))
        for name, each in found.items()
    ]


def verdict(
    *,
    site: SiteFacts = SITE,
    resolvers: tuple[str, ...] = (OWN,),
    targets: ProbeTargets = TARGETS,
    **changes: dict[str, str] | Outcome,
) -> Verdict:
    facts = facts_of(
        results(**changes),
        site=site,
        targets=targets,
        resolvers=resolvers,
        gateway="192.168.77.1",
    )
    return decide(facts)


def told(**changes: Any) -> tuple[Cause, Link | None, Attribution | None]:
    found = verdict(**changes)
    return found.cause, found.link, found.attribution


def test_a_healthy_run_names_nobody() -> None:
    assert told() == (Cause.HEALTHY, None, None)
    assert verdict().status is CheckStatus.PASS


def test_nothing_measured_is_not_healthy() -> None:
    nothing = {probe.name: not_measured(Reason.NO_TARGET) for probe in PROBES}
    facts = facts_of(
        [a_result(name, each) for name, each in nothing.items()],
        site=SITE,
        targets=TARGETS,
        resolvers=(),
        gateway="",
    )
    assert decide(facts).cause is Cause.NOTHING_MEASURED


@pytest.mark.parametrize(
    ("changes", "cause", "link", "whose"),
    [
        ({"link": {"lan.link": "down"}}, Cause.NO_LINK, Link.CABLE, Attribution.CUSTOMER),
        (
            {
                "ip_config": Outcome(
                    values={"lan.dhcp": "none"}, unmeasured={"lan.ip": Reason.NO_ADDRESS}
                )
            },
            Cause.NO_ADDRESS,
            Link.IP,
            Attribution.CUSTOMER,
        ),
        (
            {"gateway": not_measured(Reason.NO_GATEWAY)},
            Cause.NO_GATEWAY,
            Link.IP,
            Attribution.CUSTOMER,
        ),
        (
            {"gateway": {"router.gateway_loss": "30", "router.gateway_time": "1"}},
            Cause.LAN_LOSS,
            Link.LAN,
            Attribution.CUSTOMER,
        ),
        (
            {"ip_config": {"lan.ip": "192.168.77.10", "lan.dhcp": "other"}},
            Cause.OTHER_DHCP,
            Link.LAN,
            Attribution.CUSTOMER,
        ),
        ({"sip_alg": {"sip.alg": "on"}}, Cause.SIP_ALG, Link.ROUTER, Attribution.CUSTOMER),
        (
            {"voice": {**HEALTHY["voice"], "sip.loss": "2.1"}},
            Cause.LOSS,
            Link.PROVIDER,
            Attribution.ALLY,
        ),
        (
            {"voice": {**HEALTHY["voice"], "sip.delay": "410"}},
            Cause.DELAY,
            Link.PROVIDER,
            Attribution.ALLY,
        ),
        (
            {"voice": {**HEALTHY["voice"], "sip.delay": "151"}},
            Cause.DELAY,
            Link.PROVIDER,
            Attribution.ALLY,
        ),
        (
            {"path_mtu": {"internet.mtu": "1440", "internet.black_hole": "yes"}},
            Cause.BLACK_HOLE,
            Link.PROVIDER,
            Attribution.ALLY,
        ),
        (
            {"path_mtu": {"internet.mtu": "1492", "internet.black_hole": "no"}},
            Cause.HEALTHY,
            None,
            None,
        ),
        (
            {"captive_portal": {"internet.portal": "302"}},
            Cause.PORTAL,
            Link.INTERNET,
            Attribution.UNDETERMINED,
        ),
        (
            {"sip_options": {"sip.options": "silent"}},
            Cause.SIP_SILENT,
            Link.SIP,
            Attribution.OWN_NETWORK,
        ),
        (
            {"nat_behaviour": {"router.nat": "symmetric"}},
            Cause.SYMMETRIC_NAT,
            Link.ROUTER,
            Attribution.CUSTOMER,
        ),
        (
            {"double_nat": {"router.wan_ip": "100.64.0.1"}},
            Cause.DOUBLE_NAT,
            Link.WAN,
            Attribution.OWN_NETWORK,
        ),
    ],
)
def test_each_fault_has_its_link_and_its_owner(
    changes: dict[str, Any], cause: Cause, link: Link | None, whose: Attribution | None
) -> None:
    assert told(**changes) == (cause, link, whose)


def test_what_lies_behind_a_broken_link_is_never_named() -> None:
    found = told(
        gateway={"router.gateway_loss": "40"},
        voice={**HEALTHY["voice"], "sip.loss": "40"},
        sip_options={"sip.options": "silent"},
    )
    assert found[0] is Cause.LAN_LOSS


def test_silence_of_everybody_beyond_is_the_access() -> None:
    dead: dict[str, Any] = {
        "voice": not_measured(Reason.UNREACHED),
        "dns": {"internet.dns_answers": "none"},
        "captive_portal": not_measured(Reason.NO_REPLY),
        "my_ip": Outcome(unmeasured={"internet.public_ip": Reason.NO_REPLY}),
        "sip_options": {"sip.options": "silent"},
        "path_mtu": not_measured(Reason.UNREACHED),
        "nat_behaviour": not_measured(Reason.UNREACHED),
        "sip_alg": not_measured(Reason.UNREACHED),
        "double_nat": not_measured(Reason.UNKNOWN),
    }
    assert told(**dead) == (Cause.NOTHING_BEYOND, Link.PROVIDER, Attribution.ALLY)
    own = SiteFacts(access=Access.OWN)
    assert told(site=own, **dead)[2] is Attribution.OWN_NETWORK
    assert told(site=SiteFacts(), **dead)[2] is Attribution.UNDETERMINED
    # With another machine's lease that machine is the first to look at.
    rogue = {"lan.ip": "192.168.77.10", "lan.dhcp": "other"}
    assert told(**{**dead, "ip_config": rogue})[0] is Cause.OTHER_DHCP


@pytest.mark.parametrize(
    ("resolvers", "owner", "whose"),
    [
        ((OWN,), RouterOwner.CUSTOMER, Attribution.OWN_NETWORK),
        (("8.8.8.8",), RouterOwner.CUSTOMER, Attribution.THIRD_PARTY),
        (("192.168.77.1",), RouterOwner.CUSTOMER, Attribution.CUSTOMER),
        (("192.168.77.1",), RouterOwner.OPERATOR, Attribution.OWN_NETWORK),
    ],
)
def test_a_resolver_is_its_owners(
    resolvers: tuple[str, ...], owner: RouterOwner, whose: Attribution
) -> None:
    site = SiteFacts(router_owner=owner)
    silent = {"internet.dns_answers": "none"}
    assert told(resolvers=resolvers, site=site, dns=silent) == (Cause.DNS_SILENT, Link.DNS, whose)


def test_what_was_not_looked_at_to_its_end_is_not_healthy() -> None:
    assert told(dns=not_measured(Reason.TIME_LIMIT))[0] is Cause.INCOMPLETE
    assert told(voice=not_measured(Reason.CANCELLED))[0] is Cause.INCOMPLETE
    far = ("voice", "dns", "captive_portal", "my_ip", "sip_options", "path_mtu", "sip_alg")
    nobody: dict[str, Any] = dict.fromkeys(far, not_measured(Reason.NO_TARGET))
    assert told(**nobody)[0] is Cause.NOBODY_ASKED


def test_one_service_that_is_silent_is_not_the_access() -> None:
    silent = not_measured(Reason.UNREACHED)
    assert told(voice=silent) == (
        Cause.REFLECTOR_SILENT,
        Link.PROVIDER,
        Attribution.UNDETERMINED,
    )
    udp: dict[str, Any] = {
        "voice": silent,
        "nat_behaviour": silent,
        "sip_options": {"sip.options": "silent"},
        "my_ip": {"internet.public_ip": "203.0.113.20"},
    }
    assert told(**udp)[0] is Cause.UDP_BLOCKED
    assert told(sip_options={"sip.options": "blocked"})[0] is Cause.SIP_BLOCKED


def test_without_telephony_nobodys_sip_is_at_fault() -> None:
    internet = SiteFacts(sip=False)
    for change in ({"sip.options": "silent"}, {"sip.options": "blocked"}):
        assert told(site=internet, sip_options=change)[0] is Cause.HEALTHY
    assert told(site=internet, sip_alg={"sip.alg": "on"})[0] is Cause.HEALTHY


def test_a_portal_that_drops_the_rest_is_a_portal() -> None:
    behind: dict[str, Any] = {
        "captive_portal": {"internet.portal": "302"},
        "voice": not_measured(Reason.UNREACHED),
        "my_ip": Outcome(unmeasured={"internet.public_ip": Reason.NO_REPLY}),
        "sip_options": {"sip.options": "silent"},
        "path_mtu": not_measured(Reason.UNREACHED),
    }
    assert told(**behind)[0] is Cause.PORTAL


def test_with_names_alone_the_name_server_is_the_first_to_look_at() -> None:
    named = ProbeTargets(
        resolvers=(OWN,),
        stun=(Host(host="stun.example.mx", port=3478),),
        reflector=Host(host="reflector.example.mx", port=8620),
    )
    unresolved = not_measured(Reason.NOT_RESOLVED)
    nothing: dict[str, Any] = dict.fromkeys(
        ("voice", "captive_portal", "my_ip", "sip_options", "path_mtu", "nat_behaviour"),
        unresolved,
    )
    down = {**nothing, "dns": {"internet.dns_answers": "none"}}
    assert told(targets=named, **down)[:2] == (Cause.DNS_SILENT, Link.DNS)
    _with_names_alone_a_dead_access_looks_the_same(named, nothing)
    silent = not_measured(Reason.UNREACHED)
    astray: dict[str, Any] = {
        **dict.fromkeys(("voice", "path_mtu", "nat_behaviour"), silent),
        "sip_options": {"sip.options": "silent"},
        "captive_portal": not_measured(Reason.NO_REPLY),
        "my_ip": Outcome(unmeasured={"internet.public_ip": Reason.NO_REPLY}),
        "dns": {**HEALTHY["dns"], "internet.dns_hijack": "hijacked"},
    }
    assert told(targets=named, **astray)[0] is Cause.DNS_HIJACKED
    assert told(**astray)[0] is Cause.NOTHING_BEYOND, "addresses need no name server"


def _with_names_alone_a_dead_access_looks_the_same(
    named: ProbeTargets, nothing: dict[str, Any]
) -> None:
    silent = {**nothing, "dns": {"internet.dns_answers": "none"}}
    wrong = {**nothing, "dns": {"internet.dns_answers": "wrong"}}
    unknown, gateway = Attribution.UNDETERMINED, ("192.168.77.1",)
    assert told(targets=named, **silent)[2] is unknown
    assert told(targets=named, resolvers=gateway, **silent)[2] is unknown
    assert told(targets=named, resolvers=gateway, **wrong)[2] is unknown
    # Who answers, even in error, is reached.
    assert told(targets=named, **wrong)[2] is Attribution.OWN_NETWORK
    # No resolver at all is the lease's fault, and both suspects may be the same.
    assert told(targets=named, resolvers=(), **silent)[2] is Attribution.CUSTOMER
    own = replace(SITE, access=Access.OWN)
    assert told(targets=named, site=own, **silent)[2] is Attribution.OWN_NETWORK


@pytest.mark.parametrize(
    ("gateway", "page", "cause", "whose"),
    [
        (Reason.TIME_LIMIT, "", Cause.NOTHING_HEARD, Attribution.UNDETERMINED),
        (Reason.NO_TOOL, "", Cause.NOTHING_HEARD, Attribution.UNDETERMINED),
        (Reason.NOT_PERMITTED, "", Cause.NOTHING_HEARD, Attribution.UNDETERMINED),
        (Reason.NOT_PERMITTED, "answers", Cause.NOTHING_BEYOND, Attribution.ALLY),
        (Reason.IGNORES_PINGS, "", Cause.NOTHING_BEYOND, Attribution.ALLY),
        (Reason.PINGS_LIMITED, "", Cause.NOTHING_BEYOND, Attribution.ALLY),
    ],
)
def test_nobodys_access_is_dead_behind_a_router_that_was_not_seen(
    gateway: Reason, page: str, cause: Cause, whose: Attribution
) -> None:
    dead: dict[str, Any] = {
        "gateway": not_measured(gateway),
        "router_page": {"router.page": page} if page else not_measured(Reason.NO_PAGE),
        "voice": not_measured(Reason.UNREACHED),
        "captive_portal": not_measured(Reason.NO_REPLY),
        "my_ip": Outcome(unmeasured={"internet.public_ip": Reason.NO_REPLY}),
        "sip_options": {"sip.options": "silent"},
        "path_mtu": not_measured(Reason.UNREACHED),
    }
    found = told(**dead)
    assert (found[0], found[2]) == (cause, whose)


def test_a_radio_that_tells_no_signal_is_no_cable() -> None:
    slow: dict[str, Any] = {"gateway": {"router.gateway_loss": "0", "router.gateway_time": "8"}}
    assert told(**slow)[0] is Cause.SLOW_GATEWAY
    link = Outcome(values={"lan.link": "up"}, evidence={"wireless": True})
    assert told(link=link, **slow)[0] is Cause.HEALTHY


def test_a_wifi_without_a_password_is_told() -> None:
    found = verdict(wifi_security={"wifi.security": "owe"})
    assert (found.cause, found.status) == (Cause.OWE_WIFI, CheckStatus.WARN)


def test_a_weak_signal_alone_explains_nothing() -> None:
    weak: dict[str, Any] = {"wifi": {"wifi.signal": "-70"}}
    assert told(**weak)[0] is Cause.WEAK_SIGNAL
    found = verdict(**weak)
    assert found.status is CheckStatus.WARN
    lossy = {**weak, "gateway": {"router.gateway_loss": "15", "router.gateway_time": "30"}}
    assert verdict(**lossy).status is CheckStatus.FAIL
    assert told(**lossy)[0] is Cause.WEAK_SIGNAL
    other = {**weak, "sip_options": {"sip.options": "silent"}}
    assert told(**other)[0] is Cause.SIP_SILENT


def pings(*rtts: float, loss: str = "0") -> Outcome:
    """Return what twenty pings to the gateway came to, with every round trip."""
    mean = sum(rtts) / len(rtts)
    return Outcome(
        values={"router.gateway_loss": loss, "router.gateway_time": f"{mean:.2f}"},
        evidence={"rtt_ms": [*rtts]},
    )


def stream(rtts: list[float], **values: str) -> Outcome:
    """Return what a voice stream came to, with every round trip."""
    named = {f"sip.{name}": value for name, value in values.items()}
    return Outcome(values={**HEALTHY["voice"], **named}, evidence={"rtt_ms": [*rtts, None]})


SHAKEN = [float(10 + 45 * (n % 2)) for n in range(20)]
CALM = [10.0] * 20
LATE = [180.0] * 20


@pytest.mark.parametrize(
    ("gateway", "voice", "cause", "link"),
    [
        # What shakes or delays the stream does the same to the pings: it is the LAN.
        (pings(*SHAKEN), stream(SHAKEN, jitter="45"), Cause.SLOW_GATEWAY, Link.LAN),
        (pings(*LATE), stream([320.0] * 300, delay="410"), Cause.SLOW_GATEWAY, Link.LAN),
        (pings(*SHAKEN), stream(SHAKEN, rating="60", mos="3.1"), Cause.SLOW_GATEWAY, Link.LAN),
        # The pings are calm and quick: it is behind the gateway.
        (pings(*[1.0] * 20), stream(SHAKEN, jitter="45"), Cause.JITTER, Link.PROVIDER),
        (pings(*[1.0] * 20), stream([320.0] * 300, delay="410"), Cause.DELAY, Link.PROVIDER),
        # A LAN that is a little slow does not make a line's 400 ms.
        (pings(*[30.0] * 20), stream([800.0] * 300, delay="410"), Cause.DELAY, Link.PROVIDER),
        # Two pings of twenty that came late are no jitter.
        (pings(*[1.0] * 18, 60.0, 60.0), stream(SHAKEN, jitter="45"), Cause.JITTER, Link.PROVIDER),
    ],
)
def test_what_the_lan_does_to_the_stream_is_not_the_providers(
    gateway: Outcome, voice: Outcome, cause: Cause, link: Link
) -> None:
    whose = Attribution.CUSTOMER if link is Link.LAN else Attribution.ALLY
    assert told(gateway=gateway, voice=voice) == (cause, link, whose)


def test_where_the_gateway_was_not_measured_the_line_is_nobodys_yet() -> None:
    lossy = {**HEALTHY["voice"], "sip.loss": "9"}
    unseen = not_measured(Reason.IGNORES_PINGS)
    assert told(gateway=unseen, voice=lossy) == (
        Cause.LOSS,
        Link.PROVIDER,
        Attribution.UNDETERMINED,
    )
    weak: dict[str, Any] = {"wifi": {"wifi.signal": "-85"}, "voice": lossy}
    assert told(gateway=unseen, **weak)[::2] == (Cause.WEAK_SIGNAL, Attribution.CUSTOMER)
    # The pings came through, all twenty: that proves little over such a radio.
    assert told(**weak) == (Cause.LOSS, Link.PROVIDER, Attribution.UNDETERMINED)


def test_over_the_air_a_slow_ping_is_no_fault() -> None:
    slow = {"gateway": {"router.gateway_loss": "0", "router.gateway_time": "8"}}
    assert told(**slow)[0] is Cause.SLOW_GATEWAY
    assert told(wifi={"wifi.signal": "-55"}, **slow)[0] is Cause.HEALTHY


def test_a_second_router_may_be_anybodys() -> None:
    assert told(double_nat={"router.wan_ip": "192.168.100.1"}) == (
        Cause.DOUBLE_NAT,
        Link.WAN,
        Attribution.UNDETERMINED,
    )


def test_no_public_address_is_not_a_private_one() -> None:
    silent = Outcome(unmeasured={"internet.public_ip": Reason.NO_REPLY})
    assert told(my_ip=silent)[0] is not Cause.PRIVATE_PUBLIC
    private = {"internet.public_ip": "10.1.2.3", "internet.same_ip": "same"}
    assert told(my_ip=private)[0] is Cause.PRIVATE_PUBLIC


@pytest.mark.parametrize("probe", ["ipv6", "router_page", "duplicate_ip"])
def test_what_many_systems_cannot_measure_keeps_no_line_from_being_healthy(probe: str) -> None:
    assert told(**{probe: not_measured(Reason.TIME_LIMIT)})[0] is Cause.HEALTHY


def test_two_machines_with_one_address() -> None:
    doubled = {"lan.duplicate": "duplicate"}
    own = Outcome(values=doubled, evidence={"others_with_own": ["02:00:00:00:00:09"]})
    assert told(duplicate_ip=doubled)[0] is Cause.DUPLICATE_GATEWAY
    assert told(duplicate_ip=own)[0] is Cause.DUPLICATE_OWN


def test_a_router_without_an_owner_is_undetermined() -> None:
    assert told(site=SiteFacts(), sip_alg={"sip.alg": "on"})[2] is Attribution.UNDETERMINED


def test_every_cause_has_words_and_a_rule() -> None:
    assert set(TEXTS) == set(Cause)
    ruled = {rule.cause for rule in (*BROKEN, *ODD)}
    assert set(Cause) - ruled == {
        Cause.HEALTHY,
        Cause.PART_HEALTHY,
        Cause.INCOMPLETE,
        Cause.NOBODY_ASKED,
        Cause.NOTHING_MEASURED,
    }
    assert all(words.text.endswith(".") and words.next.endswith(".") for words in TEXTS.values())


VALUES = st.one_of(st.text(max_size=8), st.floats(allow_nan=False).map(str), st.just(""))


@given(
    st.dictionaries(
        st.sampled_from(sorted(HEALTHY)), st.dictionaries(st.just("sip.loss"), VALUES), max_size=4
    ),
    st.dictionaries(
        st.sampled_from([item for each in HEALTHY.values() for item in each]), VALUES, max_size=10
    ),
)
def test_any_values_give_a_verdict(
    probes: dict[str, dict[str, str]], values: dict[str, str]
) -> None:
    changed = {
        name: {**items, **{k: v for k, v in values.items() if k in items}, **probes.get(name, {})}
        for name, items in HEALTHY.items()
    }
    whole: dict[str, Any] = {**changed}
    found = verdict(**whole)
    assert (found.link is None) == (found.attribution is None)
    assert found.status is not CheckStatus.PASS or found.cause is Cause.HEALTHY
