"""The availability of the sample's services, this month and the last, from its own incidents."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.domain.availability import measure, month_bounds, month_of
from fieldtech.protocol.codec import decode_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from fieldtech.central.sample.generate import Sample
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.reference import Service, ServiceMonth, Site


def service_months(connection: Connection, sample: Sample) -> Iterator[ServiceMonth]:
    """Yield this month of every service, and last month where the service was down in it.

    Read back from the database, so that a large set need not fit into memory twice. No fault of
    the sample is caused by planned work, so no window is excused.
    """
    sites = {site.id: site for site in sample.sites}
    services = {service.id: service for service in sample.services}
    for service_id, incidents in _by_service(connection):
        service = services.pop(service_id)
        yield from _months(sample, service, sites[service.site_id], incidents)
    for service in services.values():
        yield from _months(sample, service, sites[service.site_id], [])


def _by_service(connection: Connection) -> Iterator[tuple[str, list[Incident]]]:
    incident, body = tables.incident.c, tables.body.c
    query = (
        select(incident.service_id, body.text)
        .join(tables.body, (body.entity == "incident") & (body.id == incident.id))
        .order_by(incident.service_id)
    )
    # Everything at once: rows still arriving would see what the caller writes meanwhile.
    rows = connection.execute(query).all()
    for service_id, group in groupby(rows, key=lambda row: row.service_id):
        yield service_id, [decode_body("incident", row.text) for row in group]


def _months(
    sample: Sample, service: Service, site: Site, incidents: list[Incident]
) -> Iterator[ServiceMonth]:
    at, policy = sample.request.at, sample.rulebook.current(site.region_id)
    month = month_of(at, site.timezone)
    period = month_bounds(month, site.timezone)
    present = measure(incidents, policy, period=period, now=at)
    yield present.as_service_month(service.id, month)
    before = month_of(period.start - (period.end - period.start) / 2, site.timezone)
    past = measure(incidents, policy, period=month_bounds(before, site.timezone), now=at)
    if past.downtime_s > 0:
        yield past.as_service_month(service.id, before)
