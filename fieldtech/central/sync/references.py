"""What a command refers to must exist and belong together; the rules cannot look it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.blobs import attachments
from fieldtech.domain.authority import granted
from fieldtech.domain.commands import (
    AddAttachment,
    AddCompanion,
    AssignVisit,
    ReassignVisit,
    Reclassify,
    RegisterIncident,
    ReportIncident,
    RestoreIncident,
)
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.words import Role
from fieldtech.shapes import learned

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fieldtech.domain.case import Rejection
    from fieldtech.domain.commands import Command
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.policy import Rulebook


class _Service(msgspec.Struct):
    """The part of a service's body that is asked for here."""

    kind: str = ""


_service = msgspec.json.Decoder(learned(_Service))


def reference_refusal(
    connection: Connection, command: Command, rules: Rulebook, incident: Incident | None = None
) -> Rejection | None:
    """Return why something that ``command`` names is not there or not where it says."""
    args = command.args
    if isinstance(args, AddAttachment) and incident is not None:
        if attachments.taken(connection, args, incident.id):
            return refuse(Refusal.ALREADY_EXISTS, args.attachment_id)
        return None
    if isinstance(args, ReportIncident | RegisterIncident):
        return _place_refusal(connection, args) or _repeat_refusal(connection, command, rules)
    if isinstance(args, AddCompanion | AssignVisit | ReassignVisit):
        return _technician_refusal(connection, args.technician_id) or _elsewhere_refusal(
            connection, args.technician_id, incident, rules
        )
    return None


def scope_refusal(
    connection: Connection, scope: tuple[str, ...], command: Command, rules: Rulebook
) -> Rejection | None:
    """Refuse a planned work whose places do not all exist and lie in the actor's regions."""
    site, service, region = tables.site.c, tables.service.c, tables.region.c
    for place in scope:
        kind, _, each = place.partition(":")
        if kind == "region":
            query = select(region.id).where(region.id == each)
        elif kind == "site":
            query = select(site.region_id).where(site.id == each)
        elif kind == "service":
            query = select(site.region_id).join(tables.service).where(service.id == each)
        else:
            return refuse(Refusal.INVALID, "scope")
        region_id = connection.execute(query).scalar()
        if region_id is None:
            return refuse(Refusal.UNKNOWN_TARGET, place)
        if not granted(command.actor, region_id, rules):
            return refuse(Refusal.NOT_AUTHORISED, place)
    return None


def total_users(connection: Connection, *, equipment_id: str, service_id: str) -> int | None:
    """The user count of the named equipment, else of the service."""
    for table, each in ((tables.equipment, equipment_id), (tables.service, service_id)):
        if each:
            query = select(table.c.total_users).where(table.c.id == each)
            found: int | None = connection.execute(query).scalar()
            if found is not None:
                return found
    return None


def users_of(connection: Connection, command: Command, incident: Incident | None) -> int | None:
    """The user count, for the commands on which the severity rule asks for it."""
    args = command.args
    if isinstance(args, ReportIncident | RegisterIncident):
        return total_users(connection, equipment_id=args.equipment_id, service_id=args.service_id)
    if incident is None or not isinstance(args, Reclassify | RestoreIncident):
        return None
    return total_users(
        connection, equipment_id=incident.equipment_id, service_id=incident.service_id
    )


def kind_of_service(connection: Connection, command: Command, incident: Incident | None) -> str:
    """What sort of service is restored: it decides which checklist items are asked for.

    Empty where nothing is restored: only that rule wants it, and it costs a statement.
    """
    if incident is None or not isinstance(command.args, RestoreIncident):
        return ""
    body = tables.body.c
    query = select(body.text).where(body.entity == "service", body.id == incident.service_id)
    text = connection.execute(query.where(body.audience == "")).scalar()
    return _service.decode(text).kind if text else ""


def _place_refusal(
    connection: Connection, args: ReportIncident | RegisterIncident
) -> Rejection | None:
    site, service, equipment = tables.site.c, tables.service.c, tables.equipment.c
    where = select(site.customer_id, site.region_id).where(site.id == args.site_id)
    place = connection.execute(where).one_or_none()
    if place is None:
        return refuse(Refusal.UNKNOWN_TARGET, args.site_id)
    if place.region_id != args.region_id:
        return refuse(Refusal.INVALID, "region_id")
    if place.customer_id != args.customer_id:
        return refuse(Refusal.INVALID, "customer_id")
    for name, table, each in (
        ("service_id", service, args.service_id),
        ("equipment_id", equipment, args.equipment_id),
    ):
        if each:
            at = connection.execute(select(table.site_id).where(table.id == each)).scalar()
            if at is None:
                return refuse(Refusal.UNKNOWN_TARGET, each)
            if at != args.site_id:
                return refuse(Refusal.INVALID, name)
    return None


def _repeat_refusal(connection: Connection, command: Command, rules: Rulebook) -> Rejection | None:
    """Refuse a repeat of what the actor may not see as if it were not there."""
    args = command.args
    if not isinstance(args, RegisterIncident) or not args.repeat_of:
        return None
    incident = tables.incident.c
    earlier = select(incident.region_id).where(incident.id == args.repeat_of)
    region_id = connection.execute(earlier).scalar()
    if region_id is not None and granted(command.actor, region_id, rules):
        return None
    return refuse(Refusal.UNKNOWN_TARGET, args.repeat_of)


def _technician_refusal(connection: Connection, user_id: str) -> Rejection | None:
    user = tables.user_account.c
    query = select(user.role).where(user.id == user_id, user.active)
    role = connection.execute(query).scalar()
    return None if role == Role.TECHNICIAN else refuse(Refusal.UNKNOWN_TARGET, user_id)


def _elsewhere_refusal(
    connection: Connection, user_id: str, incident: Incident | None, rules: Rulebook
) -> Rejection | None:
    """Refuse one who works elsewhere: where he is sent, he gets to see."""
    if incident is None:
        return None
    table = tables.user_region.c
    query = select(table.region_id).where(table.user_id == user_id)
    above = rules.path(incident.region_id)
    for region_id in connection.execute(query).scalars():
        if region_id in above or incident.region_id in rules.path(region_id):
            return None
    return refuse(Refusal.NOT_AUTHORISED, user_id)
