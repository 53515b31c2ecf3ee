"""One told story cast many times: other people, other places, another day, the same course.

Playing a story takes a millisecond, which is too long for a hundred thousand of them. The rules
look only at time differences, counts and who is who, so a story is played once with stand-ins,
written as text, and each cast fills in the names and moves the times. A test compares casts with
stories that were played in full.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fieldtech.central.sample.ids import seeded_uuid7
from fieldtech.domain.case import Case
from fieldtech.domain.commands import Actor
from fieldtech.domain.words import Role, Severity
from fieldtech.protocol.codec import decode_body, encode_body, to_stamp

if TYPE_CHECKING:
    import random

    from fieldtech.central.sample.telling import Cast

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
STAND_IN_REGION = "@@region@@"
TOTAL = 9_200_023
AFFECTED = {Severity.MAJOR: 9_100_019, Severity.MINOR: 1_100_009}
"""Counts that occur nowhere else; which severity they stand for is up to the policy."""

_CUT = "…"
_SLOT = re.compile(
    rf"@@(\w+)@@|({TOTAL})|({AFFECTED[Severity.MAJOR]}|{AFFECTED[Severity.MINOR]})"
    r"|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"
)


@dataclass(frozen=True, slots=True)
class _Text:
    """Literal pieces, with a slot's name or a time difference between each two."""

    pieces: tuple[str, ...]
    slots: tuple[str | timedelta, ...]

    @classmethod
    def of(cls, text: str) -> _Text:
        pieces: list[str] = []
        slots: list[str | timedelta] = []
        end = 0
        for found in _SLOT.finditer(text):
            pieces.append(text[end : found.start()])
            name, total, affected, stamp = found.groups()
            if stamp:
                slots.append(datetime.fromisoformat(stamp) - EPOCH)
            else:
                slots.append(name or ("total" if total else "") or ("affected" if affected else ""))
            end = found.end()
        pieces.append(text[end:])
        return cls(tuple(pieces), tuple(slots))

    def filled(self, values: dict[str, str], start: datetime) -> str:
        stamps: dict[timedelta, str] = {}
        parts = [self.pieces[0]]
        for piece, slot in zip(self.pieces[1:], self.slots, strict=True):
            if isinstance(slot, timedelta):
                stamp = stamps.get(slot)
                if stamp is None:
                    stamp = stamps[slot] = to_stamp(start + slot)
                parts.append(stamp)
            else:
                parts.append(values[slot])
            parts.append(piece)
        return "".join(parts)


class StandInIds:
    """Names each command of the story that is played with stand-ins, and remembers its moment."""

    def __init__(self) -> None:
        self.offsets: list[timedelta] = []

    def __call__(self, moment: datetime) -> str:
        """Return the name of the next command's id."""
        self.offsets.append(moment - EPOCH)
        return f"@@op{len(self.offsets) - 1}@@"


class Mould:
    """A played story ready to be cast."""

    def __init__(self, case: Case, ids: StandInIds) -> None:
        self._incident = _Text.of(encode_body(case.incident))
        self._visits = tuple(_Text.of(encode_body(visit)) for visit in case.visits)
        self._ops = tuple(ids.offsets)
        self.exact = not any(
            text.endswith(_CUT)
            for entry in (case.incident.history if case.incident else ())
            for change in entry.changes
            for text in (change.old, change.new)
        )
        """False where the timeline cut a text short: where it cuts depends on the real names."""
        self.duration = max(ids.offsets)
        """From the report to the last command."""

    def cast(self, cast: Cast, rng: random.Random) -> Case:
        """Return the case of this story with the given names, counts and start."""
        values = {
            "incident": cast.incident_id,
            "visit0": cast.visit_ids[0],
            "visit1": cast.visit_ids[1],
            "number": _escaped(cast.number),
            "region": cast.region_id,
            "customer": cast.customer_id,
            "site": cast.site_id,
            "service": cast.service_id,
            "equipment": cast.equipment_id,
            "channel": cast.channel,
            "desk": cast.desk.id,
            "tech0": cast.technicians[0].id,
            "tech1": cast.technicians[1].id,
            "total": str(cast.total_users),
            "affected": str(cast.affected),
        }
        for number, offset in enumerate(self._ops):
            values[f"op{number}"] = seeded_uuid7(rng, cast.start + offset)
        incident = decode_body("incident", self._incident.filled(values, cast.start))
        visits = tuple(
            decode_body("visit", text.filled(values, cast.start)) for text in self._visits
        )
        return Case(incident=incident, visits=visits)


def stand_in(role: Role, name: str) -> Actor:
    """Return the actor that a cast replaces by a real one of that role."""
    return Actor(id=f"@@{name}@@", role=role, region_ids=(STAND_IN_REGION,), device=f"d-@@{name}@@")


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
