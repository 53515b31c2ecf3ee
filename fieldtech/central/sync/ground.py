"""What every judgement stands on: policies, checklists and the region tree, read once a change."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.membership import REF
from fieldtech.central.shipped import DEFAULT_POLICY, read_settings
from fieldtech.domain import checklist_file, policy_file
from fieldtech.domain.checklist import Template
from fieldtech.domain.policy import Rulebook

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The reference data as of one head of the ``ref`` bucket."""

    head: int
    rules: Rulebook
    templates: dict[str, Template]
    default_checklist: str


class Grounds:
    """Keeps the newest ``Ground``; asks the database for nothing but its head when it is fresh."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: Ground | None = None

    def of(self, connection: Connection) -> Ground:
        """Return the ground this connection's snapshot stands on."""
        bucket = tables.bucket.c
        head = connection.execute(select(bucket.head).where(bucket.name == REF)).scalar() or 0
        with self._lock:
            if self._newest is not None and self._newest.head == head:
                return self._newest
        fresh = _read(connection, head)
        with self._lock:
            self._newest = fresh
        return fresh


def _read(connection: Connection, head: int) -> Ground:
    text, region = tables.body.c, tables.region.c
    wanted = select(text.entity, text.text).where(text.entity.in_(("policy", "template")))
    policies, templates = [], []
    for row in connection.execute(wanted):
        plain = msgspec.json.decode(row.text)
        if row.entity == "policy":
            policies.append(policy_file.from_wire(plain))
        else:
            templates.append(checklist_file.from_wire(plain))
    parents = connection.execute(select(region.id, region.parent_id))
    settings = read_settings(connection)
    rules = Rulebook(
        policies=tuple(policies),
        default_policy_id=settings.get("default_policy", DEFAULT_POLICY),
        region_parents={row.id: row.parent_id or "" for row in parents},
    )
    return Ground(
        head=head,
        rules=rules,
        templates={template.key: template for template in templates},
        default_checklist=settings.get("default_checklist", ""),
    )
