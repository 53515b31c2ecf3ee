"""The availability of the sample's services, this month and the last, from its own incidents."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from fieldtech.domain.availability import account, month_bounds, month_of
from fieldtech.domain.intervals import Closed, Span, clip, seconds
from fieldtech.domain.reference import ServiceMonth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldtech.central.sample.generate import Sample
    from fieldtech.domain.incident import Incident


class Months:
    """Gathers the downtime of each service while the cases go by.

    Only the counted intervals are kept, so that a large set need not fit into memory twice. No
    fault of the sample is caused by planned work, so no window is excused.
    """

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._at = sample.request.at
        self._sites = {site.id: site for site in sample.sites}
        self._down: dict[tuple[str, str], list[Closed]] = defaultdict(list)
        self._periods: dict[str, dict[str, Closed]] = {}

    def add(self, incident: Incident) -> None:
        """Take one incident into account."""
        policy = self._sample.rulebook.current(incident.region_id)
        zone = self._sites[incident.site_id].timezone
        for month, period in self._months(zone).items():
            counted = account(incident, policy, (), period, self._at).counted
            if counted:
                self._down[incident.service_id, month] += counted

    def result(self) -> Iterator[ServiceMonth]:
        """Yield this month of every service, and the last where the service was down in it."""
        for service in self._sample.services:
            site = self._sites[service.site_id]
            policy = self._sample.rulebook.current(site.region_id)
            present = month_of(self._at, site.timezone)
            for month, period in self._months(site.timezone).items():
                pieces = self._down.get((service.id, month), [])
                if not pieces and month != present:
                    continue
                # Two faults of one service at the same time are one outage to its customer.
                spans = (Span(piece.start, piece.end) for piece in pieces)
                yield ServiceMonth(
                    service_id=service.id,
                    month=month,
                    active_s=period.seconds,
                    downtime_s=seconds(clip(spans, period.start, period.end)),
                    target_share=policy.availability_target,
                )

    def _months(self, zone: str) -> dict[str, Closed]:
        known = self._periods.get(zone)
        if known is None:
            month = month_of(self._at, zone)
            period = month_bounds(month, zone)
            before = month_of(period.start - (period.end - period.start) / 2, zone)
            known = {month: period, before: month_bounds(before, zone)}
            self._periods[zone] = known
        return known
