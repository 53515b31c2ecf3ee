"""How long an entity's text may grow: every page that holds it must still fit every laptop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.domain.commands import FACTS
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.protocol.codec import encode_body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldtech.central.sync.effects import Put
    from fieldtech.domain.case import Rejection
    from fieldtech.domain.commands import Command

MOST_BYTES = 4 * 1024 * 1024
"""The longest text of an entity. A page ends with the line that fills it, so that it is never
longer than what a pull may bring and one of these."""

MOST_TOLD_BYTES = MOST_BYTES // 2
"""Up to where words, answers and files are added: the rest is kept for what ends the work."""

_ENDING = frozenset({"incident.record_restoration", "visit.record_time"})


def size_refusal(command: Command, puts: Iterable[Put]) -> Rejection | None:
    """Refuse a command after which an entity would be too long (detail: which one).

    What it brought is not lost: it stays with its sender, who sees why, and in the central's list
    of commands.
    """
    most = MOST_TOLD_BYTES if command.name in FACTS - _ENDING else MOST_BYTES
    for entity, entity_id, value in puts:
        if len(encode_body(value).encode()) > most:
            return refuse(Refusal.TOO_LONG, f"{entity}:{entity_id}")
    return None
