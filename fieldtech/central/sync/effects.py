"""What an accepted command changes beside its case: the records it corrects or replaces."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fieldtech.central.feed import current_body
from fieldtech.central.sync.corrected import correctable, corrected
from fieldtech.domain.case import Rejection
from fieldtech.domain.commands import JudgeCorrection, SwapEquipment
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.protocol import codec
from fieldtech.protocol.entities import ENTITIES

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fieldtech.domain.commands import Command
    from fieldtech.domain.facts import Correction
    from fieldtech.domain.incident import Incident

Put = tuple[str, str, object]
"""Entity, id and new value."""


def effects_of(
    connection: Connection, command: Command, incident: Incident
) -> list[Put] | Rejection:
    """Return what else to write because of ``command``, or why it cannot be done after all."""
    args = command.args
    if command.name == "correction.accept" and isinstance(args, JudgeCorrection):
        proposal = next(c for c in incident.corrections if c.id == args.correction_id)
        return _corrected(connection, incident, proposal)
    if isinstance(args, SwapEquipment):
        return _swapped(connection, incident, args)
    return []


def _corrected(
    connection: Connection, incident: Incident, proposal: Correction
) -> list[Put] | Rejection:
    """The corrected record; refused when it changed since, or is not of this incident's place."""
    value = _record(connection, proposal.entity, proposal.entity_id)
    if value is None or not _belongs(incident, value):
        return refuse(Refusal.UNKNOWN_TARGET, f"{proposal.entity}:{proposal.entity_id}")
    name = proposal.field_name
    if name not in correctable(value):
        return refuse(Refusal.INVALID, f"field_name {name}")
    present = _text(getattr(value, name))
    if present != proposal.old:
        return refuse(Refusal.EXPECTED_CHANGED, f"{name}={present}")
    try:
        changed = corrected(value, name, proposal.new)
    except ValueError:
        return refuse(Refusal.INVALID, f"new {name}")
    return [(proposal.entity, proposal.entity_id, changed)]


def _swapped(connection: Connection, incident: Incident, args: SwapEquipment) -> list[Put]:
    """The device's new numbers; a device unknown here stays only in the incident's record."""
    value = _record(connection, "equipment", args.equipment_id)
    if value is None or not _belongs(incident, value):
        return []
    swapped = replace(value, serial=args.new_serial, mac=args.new_mac)
    return [("equipment", args.equipment_id, swapped)]


def _record(connection: Connection, entity: str, entity_id: str) -> Any | None:  # noqa: ANN401
    if entity not in ENTITIES:
        return None
    raw = current_body(connection, entity, entity_id)
    return None if raw is None else codec.decode_body(entity, bytes(raw))


def _belongs(incident: Incident, value: Any) -> bool:  # noqa: ANN401  a customer, site, service…
    """Tell whether a record is of the incident's customer or site."""
    if hasattr(value, "site_id"):
        return bool(value.site_id == incident.site_id)
    return value.id in {incident.customer_id, incident.site_id}


def _text(value: object) -> str:
    return "" if value is None else str(value)
