"""Whether the operator's SIP server answers: any final reply to OPTIONS will do (RFC 3261, 11)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured
from fieldtech.diagnostics.parallel import at_once
from fieldtech.diagnostics.sip_client import ask
from fieldtech.domain.probe_targets import SIP_PORT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.sip_client import Heard
    from fieldtech.domain.probe_targets import SipServer

Answers = list[tuple["SipServer", "Heard | None"]]


def run(context: Context) -> Outcome:
    """Ask every server of the policy at once; one that answers is enough to say it is up."""
    servers = [each for each in context.targets.sip if each.transport == "udp"]
    if not servers:
        asked = bool(context.targets.sip)
        return not_measured(Reason.TRANSPORT if asked else Reason.NO_TARGET)
    return outcome_of(ask_all(context, servers))


def ask_all(context: Context, servers: Sequence[SipServer]) -> Answers:
    """Ask them all at the same time; ``None`` for one whose name is not resolved."""

    def one(server: SipServer) -> Heard | None:
        try:
            return ask(context, server)
        except OSError:
            return None

    return list(zip(servers, at_once([partial(one, each) for each in servers]), strict=True))


def outcome_of(answers: Answers) -> Outcome:
    """Return whether a server answered where phones ask it; without an address it is not known."""
    evidence = {"servers": [_evidence(server, heard) for server, heard in answers]}
    asked = [heard for _, heard in answers if heard is not None]
    if not asked:
        return Outcome(reason=Reason.NOT_RESOLVED, evidence=evidence)
    return Outcome(values={"sip.options": _state(answers)}, evidence=evidence)


def _state(answers: Answers) -> str:
    """What the phones' port says; a control port that answers alone shows what is blocked."""
    up = {server.port for server, heard in answers if heard is not None and heard.response}
    phones = {server.port for server, _ in answers if server.port == SIP_PORT}
    if not up:
        return "silent"
    return "reply" if not phones or phones & up else "blocked"


def _evidence(server: SipServer, heard: Heard | None) -> dict[str, object]:
    known: dict[str, object] = {"server": f"{server.host}:{server.port}"}
    if heard is None:
        return {**known, "error": "not resolved"}
    known |= {"tries": heard.tries, "sent_from": f"{heard.own[0]}:{heard.own[1]}"}
    if heard.response is None:
        return known
    via = heard.response.via
    return {
        **known,
        "ms": None if heard.ms is None else round(heard.ms, 1),
        "status": heard.response.status,
        "reason": heard.response.reason[:80],
        "via": f"{via.host}:{via.port}" if via.port else via.host,
        "received": via.received,
        "rport": via.rport,
    }
