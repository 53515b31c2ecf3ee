"""What the rules of a verdict look at: a run's readings, the site, and who was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldtech.diagnostics.lan_share import explains_delay, explains_jitter
from fieldtech.diagnostics.outcome import Reason
from fieldtech.diagnostics.results import ProbeResult, Reading
from fieldtech.domain.checklist import read_number
from fieldtech.domain.probe_targets import ProbeTargets, SiteFacts, is_address
from fieldtech.domain.words import CheckStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

OPEN = "204"
"""What an open Internet answers to whoever looks for a portal."""


BROKEN_OFF = frozenset({Reason.CANCELLED, Reason.TIME_LIMIT, Reason.CRASHED})
"""A probe that ended so would have had something to say."""
DISPENSABLE = frozenset({"ipv6", "router_page", "duplicate_ip"})
"""Probes without which a line is healthy all the same: many systems let none of them measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules look at: readings by item, the site, and what was asked."""

    readings: Mapping[str, Reading]
    site: SiteFacts = field(default_factory=SiteFacts)
    targets: ProbeTargets = field(default_factory=ProbeTargets)
    resolvers: Sequence[str] = ()
    gateway: str = ""
    own_is_double: bool = False
    wireless: bool = False
    incomplete: bool = False
    gateway_ms: Sequence[float] = ()
    stream_ms: Sequence[float] = ()
    """Every round trip to the gateway, and of the voice stream."""

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
            self.value("internet.portal") == OPEN
            or bool(self.value("internet.public_ip"))
            or bool(self.value("internet.mtu"))
            or bool(self.value("sip.loss"))
            or self.value("sip.options") in {"reply", "blocked"}
        )

    def router_answers(self) -> bool:
        """Tell whether the router gave a sign of life, to pings or to whoever wants its page."""
        alive = {Reason.IGNORES_PINGS, Reason.PINGS_LIMITED}
        return (
            bool(self.value("router.gateway_loss"))
            or self.reason("router.gateway_loss") in alive
            or self.value("router.page") == "answers"
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
        web = self.value("internet.portal") == OPEN
        return web and silent and (stun or self.value("sip.options") == "silent")

    def has_sip(self) -> bool:
        """Tell whether telephony is anybody's business here; where it is not known, it is."""
        return self.site.sip is not False

    def lost(self, item: str) -> float:
        """Return a loss in percent, nothing where it was not measured."""
        return read_number(self.value(item), "%") or 0.0

    def lan_slows(self, *, bad: Callable[[str], bool]) -> bool:
        """Tell whether a ``bad`` figure of the calls comes about before the gateway already."""
        calls = bad("sip.rating") or bad("sip.mos")
        late = (calls or bad("sip.delay")) and explains_delay(self.gateway_ms, self.stream_ms)
        shaken = (calls or bad("sip.jitter")) and explains_jitter(self.gateway_ms, self.stream_ms)
        return late or shaken

    def is_radio(self) -> bool:
        """Tell whether the interface is a radio that is in use."""
        return self.wireless or bool(self.value("wifi.signal"))

    def only_names(self) -> bool:
        """Tell whether nobody can be asked without a name server."""
        targets = self.targets
        hosts = [*targets.stun, *targets.sip, *([targets.reflector] if targets.reflector else ())]
        return bool(hosts) and not any(is_address(each.host) for each in hosts)

    def _status(self, item: str) -> CheckStatus | None:
        reading = self.readings.get(item)
        return reading.status if reading else None


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
    evidence = {each.probe: each.evidence for each in found}
    return Facts(
        readings={reading.item: reading for each in found for reading in each.readings},
        site=site,
        targets=targets,
        resolvers=resolvers,
        gateway=gateway,
        wireless=evidence.get("link", {}).get("wireless") is True,
        own_is_double=bool(evidence.get("duplicate_ip", {}).get("others_with_own")),
        incomplete=any(
            each.reason in BROKEN_OFF for each in found if each.probe not in DISPENSABLE
        ),
        gateway_ms=_round_trips(evidence.get("gateway", {})),
        stream_ms=_round_trips(evidence.get("voice", {})),
    )


def _round_trips(evidence: Mapping[str, object]) -> list[float]:
    """Return the round trips in ms that a probe kept; nothing where it kept none."""
    kept = evidence.get("rtt_ms")
    return (
        [each for each in kept if isinstance(each, float | int)] if isinstance(kept, list) else []
    )
