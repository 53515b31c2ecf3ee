"""Two machines with one address: the gateway's or this laptop's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.diagnostics.addresses.neighbours import macs_of
from fieldtech.diagnostics.addresses.reading import watch_neighbours
from fieldtech.diagnostics.arp import NotPermittedError, who_has
from fieldtech.diagnostics.outcome import Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fieldtech.diagnostics.addresses.neighbours import Neighbour
    from fieldtech.diagnostics.context import Context

GATEWAY, OWN = "gateway", "own"
LOOKS, LOOK_EVERY_S = 6, 0.4
"""Two machines that defend one address take turns in the table of whoever talks to it."""


def run(context: Context) -> Outcome:
    """Ask on the wire where that is allowed, and the system for its verdict in any case."""
    flagged = context.configuration().duplicate
    claims = _claims(context)
    looks = 1 if claims is not None else LOOKS
    table = watch_neighbours(context.interface, context.cancel, looks=looks, every_s=LOOK_EVERY_S)
    own_mac = context.facts.mac.lower().replace("-", ":") if context.facts else ""
    return outcome_of(
        claims, own_mac=own_mac, flagged=flagged, gateway=context.gateway, table=table
    )


def _claims(context: Context) -> Mapping[str, Sequence[str]] | None:
    """Return who claims which address, ``None`` where the wire may not be asked."""
    claims: dict[str, Sequence[str]] = {}
    for who, address in ((GATEWAY, context.gateway), (OWN, context.ipv4)):
        try:
            claims[who] = sorted(who_has(address, context.interface, context.cancel))
        except (NotPermittedError, OSError, ValueError):
            return None
    return claims


def outcome_of(
    claims: Mapping[str, Sequence[str]] | None,
    *,
    own_mac: str,
    flagged: bool | None,
    gateway: str,
    table: Sequence[Neighbour],
) -> Outcome:
    """Judge who claims what; ``claims`` is ``None`` where the wire could not be asked.

    Then only a duplicate that the system itself found is known: no word of it proves nothing.
    """
    macs = sorted(macs_of(table, gateway))
    evidence: dict[str, object] = {"system": flagged, "neighbours": macs}
    if claims is not None:
        others = [mac for mac in claims.get(OWN, ()) if mac != own_mac]
        evidence |= {"gateway": list(claims.get(GATEWAY, ())), "others_with_own": others}
        if len(claims.get(GATEWAY, ())) > 1 or others:
            return Outcome(values={"lan.duplicate": "duplicate"}, evidence=evidence)
    if flagged or len(macs) > 1:
        return Outcome(values={"lan.duplicate": "duplicate"}, evidence=evidence)
    if claims is None:
        return Outcome(reason=Reason.NOT_PERMITTED, evidence=evidence)
    if not claims.get(GATEWAY):
        return Outcome(reason=Reason.GATEWAY_SILENT, evidence=evidence)
    return Outcome(values={"lan.duplicate": "none"}, evidence=evidence)
