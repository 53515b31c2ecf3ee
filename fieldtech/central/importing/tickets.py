"""One row to one ticket: every cell read, every bad cell named, then the cells held together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from fieldtech.central import cells
from fieldtech.central.cells import CellError
from fieldtech.central.importing.columns import BY_NAME, CLOSED_WORDS, Column
from fieldtech.central.importing.problems import Problem
from fieldtech.central.importing.whereabouts import Address, NotFound, Spot
from fieldtech.domain.words import Access, IncidentKind, IncidentState, RouterOwner, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldtech.central.importing.layout import Layout
    from fieldtech.central.importing.mapping import ColumnMap
    from fieldtech.central.importing.reading import Record
    from fieldtech.central.importing.whereabouts import Whereabouts

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the clock of the other system may run ahead."""

_TIMES = ("reported_at", "notified_at", "acknowledged_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One row, read and sound in itself. Empty texts and ``None`` are what the file does not say.

    ``notified_at`` is the earlier of the file's two times and starts both clocks;
    ``acknowledged_at`` is ``None`` where nobody is known to have accepted the report.
    """

    line: int
    external_id: str
    kind: IncidentKind
    title: str
    description: str
    channel: str
    notified_at: datetime
    registered_at: datetime
    acknowledged_at: datetime | None
    customer: str
    contact: str
    phone: str
    email: str
    whatsapp: str
    site: str
    street: str
    neighbourhood: str
    postcode: str
    municipality: str
    spot: Spot
    access_notes: str
    service: str
    service_kind: str
    total_users: int | None
    affected: int | None
    severity: Severity | None
    severity_reason: str
    router_owner: RouterOwner | None
    access: Access | None
    speed_mbps: int | None


class TicketReader:
    """Reads rows by a layout; what is wrong and what is doubtful gathers here."""

    def __init__(
        self, layout: Layout, columns: ColumnMap, whereabouts: Whereabouts, now: datetime
    ) -> None:
        self._layout = layout
        self._columns = columns
        self._whereabouts = whereabouts
        self._now = now
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []

    def read(self, record: Record) -> Ticket | None:
        """Return the row's ticket, or ``None`` with the reasons among ``problems``."""
        before = len(self.problems)
        if len(record.cells) > self._layout.width:
            extra = "".join(record.cells[self._layout.width :]).strip()
            if extra:
                count = f"{len(record.cells)} cells where the header has {self._layout.width}"
                self._wrong(record.line, "", extra, count)
        values = {name: self._cell(record, column) for name, column in BY_NAME.items()}
        if len(self.problems) > before:
            self._times_alone(record, values)
            return None
        spot = self._spot(record, values)
        if spot is None:
            self._times_alone(record, values)
            return None
        times = {name: self._moment(record, name, values[name], spot.timezone) for name in _TIMES}
        ticket = None if len(self.problems) > before else self._ticket(record, values, spot, times)
        return None if len(self.problems) > before else ticket

    def _cell(self, record: Record, column: Column) -> Any:  # noqa: ANN401  what the column holds
        raw = self._raw(record, column.name)
        try:
            text = cells.clean(raw, limit=column.limit, multiline=column.multiline)
            return self._value(column, text)
        except CellError as problem:
            self._wrong(record.line, column.name, raw, str(problem))
            return None

    def _value(self, column: Column, text: str) -> Any:  # noqa: ANN401  what the column holds
        if not text and column.required:
            raise CellError("it is empty")
        if not text:
            return None
        return column.parse(text) if column.words is None else self._word(column, text)

    def _raw(self, record: Record, name: str) -> str:
        index = self._layout.places.get(name)
        cell = record.cells[index] if index is not None and index < len(record.cells) else ""
        return cell if cell.strip() else self._columns.defaults.get(name, "")

    def _word(self, column: Column, text: str) -> str:
        wanted = cells.key(text)
        own = self._columns.words.get(column.name, {})
        if wanted in own:
            return own[wanted]
        if column.name == "state" and wanted in CLOSED_WORDS:
            raise CellError("only open tickets are imported; leave the others out of the export")
        return cells.one_of(text, column.words or {})

    def _spot(self, record: Record, values: dict[str, Any]) -> Spot | None:
        try:
            return self._whereabouts.find(
                Address(
                    region=values["region"] or "",
                    municipality=values["municipality"] or "",
                    state_name=values["state_name"] or "",
                    point=_point(values),
                    timezone=values["timezone"] or "",
                )
            )
        except NotFound as problem:
            column = problem.column
            if column == "latitude" and "coordinates" in self._layout.places:
                column = "coordinates"
            self._wrong(record.line, column, self._raw(record, column), str(problem))
            return None

    def _moment(self, record: Record, name: str, text: str | None, zone: str) -> datetime | None:
        if not text:
            return None
        try:
            moment = cells.moment(text, ZoneInfo(zone))
        except CellError as problem:
            self._wrong(record.line, name, text, str(problem))
            return None
        if moment > self._now + CLOCK_TOLERANCE:
            self._wrong(record.line, name, text, "it lies in the future")
            return None
        return moment

    def _times_alone(self, record: Record, values: dict[str, Any]) -> None:
        """Judge the times of a row whose place is not known: their shape, in any zone."""
        for name in _TIMES:
            self._moment(record, name, values[name], "America/Mexico_City")

    def _ticket(
        self, record: Record, values: dict[str, Any], spot: Spot, times: dict[str, datetime | None]
    ) -> Ticket | None:
        reported = times["reported_at"]
        if reported is None:
            return None
        kind = IncidentKind(values["kind"] or IncidentKind.TECHNICAL)
        state = values["state"] or (
            IncidentState.ACKNOWLEDGED if times["acknowledged_at"] else IncidentState.REPORTED
        )
        accepted = self._accepted(record, state, times, reported)
        technical = kind is IncidentKind.TECHNICAL
        for name, value, reason in self._contradictions(values, times, accepted, technical):
            self._wrong(record.line, name, value, reason)
        if not spot.exact:
            reason = "no coordinates: the centre of the municipality stands for the site"
            self.remarks.append(self._problem(record.line, "latitude", "", reason))
        severity = values["severity"] if technical else None
        return Ticket(
            line=record.line,
            external_id=values["external_id"],
            kind=kind,
            title=values["title"],
            description=values["description"] or "",
            channel=_CHANNELS.get(cells.key(values["channel"] or ""), values["channel"] or ""),
            notified_at=min(reported, times["notified_at"] or reported),
            registered_at=reported,
            acknowledged_at=accepted,
            customer=values["customer"],
            contact=values["contact"] or "",
            phone=values["phone"] or "",
            email=values["email"] or "",
            whatsapp=values["whatsapp"] or "",
            site=values["site"],
            street=values["street"] or "",
            neighbourhood=values["neighbourhood"] or "",
            postcode=values["postcode"] or "",
            municipality=values["municipality"] or spot.municipality.name,
            spot=spot,
            access_notes=values["access_notes"] or "",
            service=values["service"],
            service_kind=values["service_kind"] or "",
            total_users=values["total_users"],
            affected=values["affected_users"] if technical else None,
            severity=Severity(severity) if severity else None,
            severity_reason=values["severity_reason"] or "",
            router_owner=RouterOwner(values["router_owner"]) if values["router_owner"] else None,
            access=Access(values["access"]) if values["access"] else None,
            speed_mbps=values["speed_mbps"],
        )

    def _accepted(
        self, record: Record, state: str, times: dict[str, datetime | None], reported: datetime
    ) -> datetime | None:
        """When the report was accepted; an acceptance is never invented."""
        if state != IncidentState.ACKNOWLEDGED:
            return None
        if times["acknowledged_at"] is not None:
            return times["acknowledged_at"]
        reason = "accepted, but it does not say when: the time of the report's registration counts"
        self.remarks.append(self._problem(record.line, "acknowledged_at", "", reason))
        return reported

    def _contradictions(
        self,
        values: dict[str, Any],
        times: dict[str, datetime | None],
        accepted: datetime | None,
        technical: bool,  # noqa: FBT001  one of four facts to be held together
    ) -> Iterator[tuple[str, str, str]]:
        reported, notified = times["reported_at"], times["notified_at"]
        total, affected = values["total_users"], values["affected_users"]
        if values["state"] == IncidentState.REPORTED and times["acknowledged_at"]:
            yield "state", values["state"], "an acknowledged report cannot still wait for that"
        if accepted and reported and accepted < min(reported, notified or reported):
            yield "acknowledged_at", accepted.isoformat(), "it is earlier than the report"
        if total == 0:
            yield "total_users", "0", "a service has at least one user; leave it empty if unknown"
        if total is not None and affected is not None and affected > total:
            yield "affected_users", str(affected), f"more than the {total} users of the service"
        counted = total and affected is not None
        if technical and accepted and not counted and not values["severity"]:
            reason = "needed: users in total and affected, or a severity chosen by hand"
            yield "affected_users", "", reason

    def _wrong(self, line: int, name: str, value: str, reason: str) -> None:
        self.problems.append(self._problem(line, name, value, reason))

    def _problem(self, line: int, name: str, value: str, reason: str) -> Problem:
        return Problem(line, self._layout.header(name) if name else "", value, reason)


_CHANNELS = {
    **dict.fromkeys(("phone", "telefono", "llamada", "telefonico", "tel"), "phone"),
    **dict.fromkeys(("email", "e mail", "mail", "correo", "correo electronico"), "email"),
    **dict.fromkeys(("whatsapp", "whats app", "wa"), "whatsapp"),
    **dict.fromkeys(("portal", "web", "portal web"), "portal"),
}


def _point(values: dict[str, Any]) -> tuple[float, float] | None:
    point: tuple[float, float] | None = values["coordinates"]
    if point is not None:
        return point
    lat, lon = values["latitude"], values["longitude"]
    if lat is None and lon is None:
        return None
    if lat is None or lon is None:
        raise NotFound("latitude" if lat is None else "longitude", "only one of the two is there")
    return lat, lon
