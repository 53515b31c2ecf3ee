"""``Command.expect``: what its sender saw of the fields that two people may change at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.timeline import value_text

if TYPE_CHECKING:
    from fieldtech.domain.case import Case, Rejection
    from fieldtech.domain.commands import Command
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.visit import Visit


def expected_values(case: Case, visit: Visit | None) -> dict[str, str]:
    """Return the present texts of all fields a command may expect; a sender copies from here.

    On a visit: ``technician_id``, ``window_start``, ``window_end``, ``state``. On an incident:
    ``severity``, ``affected``, ``state``, and as ``technician_id`` those with an open visit,
    sorted, with commas (empty: nobody is assigned).
    """
    if visit is not None:
        return {
            "technician_id": visit.technician_id,
            "window_start": value_text(visit.window_start),
            "window_end": value_text(visit.window_end),
            "state": visit.state.value,
        }
    if case.incident is None:
        return {}
    return _of_incident(case, case.incident)


def _of_incident(case: Case, incident: Incident) -> dict[str, str]:
    current = incident.classification
    assigned = sorted(v.technician_id for v in case.visits if v.state.is_open)
    return {
        "severity": current.severity.value if current else "",
        "affected": value_text(current.affected if current else None),
        "state": incident.state.value,
        "technician_id": ",".join(assigned),
    }


def expectation_refusal(case: Case, visit: Visit | None, command: Command) -> Rejection | None:
    """Return the first expected field that somebody else has changed meanwhile."""
    return mismatch(command, expected_values(case, visit))


def mismatch(command: Command, current: dict[str, str]) -> Rejection | None:
    """Compare ``command.expect`` with the present texts; the detail is ``field=present``."""
    for name, text in command.expect.items():
        if name not in current:
            return refuse(Refusal.INVALID, f"expect.{name}")
        if current[name] != text:
            return refuse(Refusal.EXPECTED_CHANGED, f"{name}={current[name]}")
    return None
