"""Whether the router meddles with SIP: what the server saw of us against what it really was.

A NAT changes the packet's address and leaves its text alone: the server then adds ``received`` with
the public address, the one that STUN tells. An ALG rewrites the text, there and back, and gives
itself away: the ``received`` that comes back is not the public address. A port other than 5060,
which no ALG looks at, is the control. It is needed where the private address comes back: that is
what an ALG makes of ``received``, and what a server sees that stands on this side of the NAT.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured
from fieldtech.diagnostics.probes.my_ip import public_by_stun
from fieldtech.diagnostics.probes.sip_options import ask_all
from fieldtech.domain.probe_targets import SIP_PORT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fieldtech.diagnostics.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one answer shows: the port asked, who we were, the Via as it came back."""

    port: int
    own: str
    own_port: int
    via: str
    via_port: int | None
    received: str


def run(context: Context) -> Outcome:
    """Ask every server of the policy, on 5060 and elsewhere, and STUN for the truth."""
    servers = [each for each in context.targets.sip if each.transport == "udp"]
    if not servers:
        asked = bool(context.targets.sip)
        return not_measured(Reason.TRANSPORT if asked else Reason.NO_TARGET)
    sights = [
        Sight(
            port=server.port,
            own=heard.own[0],
            own_port=heard.own[1],
            via=heard.response.via.host,
            via_port=heard.response.via.port,
            received=heard.response.via.received,
        )
        for server, heard in ask_all(context, servers)
        if heard is not None and heard.response is not None
    ]
    return outcome_of(sights, public_by_stun(context))


def outcome_of(sights: Sequence[Sight], public: str) -> Outcome:
    """Judge what came back on 5060 by STUN's address, and by the control where there is one."""
    watched = [each for each in sights if each.port == SIP_PORT]
    controls = [each for each in sights if each.port != SIP_PORT]
    evidence = {
        "public": public,
        "seen": [
            {"port": s.port, "sent": s.own, "via": s.via, "received": s.received} for s in sights
        ],
    }
    if not watched:
        return Outcome(reason=Reason.UNREACHED, evidence=evidence)
    if any((each.via, each.via_port) != (each.own, each.own_port) for each in watched):
        return Outcome(values={"sip.alg": "on"}, evidence=evidence)
    if all(_is_as_nat_leaves_it(each, public) for each in watched):
        return Outcome(values={"sip.alg": "off"}, evidence=evidence)
    return _by_control(watched, controls, public, evidence)


def _by_control(
    watched: Sequence[Sight],
    controls: Sequence[Sight],
    public: str,
    evidence: Mapping[str, object],
) -> Outcome:
    """Judge what is seen from elsewhere than STUN sees us, or not told, by another port.

    An ALG, where a port that none looks at is seen right; two ways out, or a server on this side of
    the NAT, where it is not either.
    """
    if not controls:
        return Outcome(reason=Reason.NO_CONTROL, evidence=evidence)
    if public and all(_is_as_nat_leaves_it(each, public) for each in controls):
        return Outcome(values={"sip.alg": "on"}, evidence=evidence)
    same = {each.received for each in watched} == {each.received for each in controls}
    if same and all(each.received for each in watched):
        return Outcome(values={"sip.alg": "off"}, evidence=evidence)
    return Outcome(reason=Reason.UNKNOWN, evidence=evidence)


def _is_as_nat_leaves_it(sight: Sight, public: str) -> bool:
    """Tell whether the server saw the address that STUN tells, and said so where it had to.

    Where the Via's address is not the packet's, ``received`` is an obligation (RFC 3261, 18.2.1).
    """
    return bool(public) and (sight.received or sight.own) == public
