"""What the kept runs of an incident come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.services.measuring import PART

if TYPE_CHECKING:
    from fieldtech.domain.facts import Measurement
    from fieldtech.services.values import CaseDetail


def runs_of(detail: CaseDetail | None) -> list[Measurement]:
    """The whole runs of an incident, over all of its visits, the oldest first."""
    visits = detail.visits if detail is not None else ()
    runs = [each for visit in visits for each in visit.measurements if each.profile != PART]
    return sorted(runs, key=lambda each: each.at)


def suggested_attribution(detail: CaseDetail) -> str:
    """Whose the last run that found something says it is, empty where none did."""
    found = (run.attribution for run in reversed(runs_of(detail)) if run.link)
    return next(found, "")
