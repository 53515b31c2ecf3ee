"""Which value type an entity name on the feed stands for."""

from __future__ import annotations

from fieldtech.domain.incident import Incident
from fieldtech.domain.planned import PlannedWork
from fieldtech.domain.reference import (
    Channel,
    Customer,
    Equipment,
    Person,
    Region,
    Service,
    ServiceMonth,
    Site,
)
from fieldtech.domain.visit import Visit

ENTITIES: dict[str, type] = {
    "incident": Incident,
    "visit": Visit,
    "customer": Customer,
    "site": Site,
    "service": Service,
    "equipment": Equipment,
    "region": Region,
    "channel": Channel,
    "person": Person,
    "service_month": ServiceMonth,
    "planned": PlannedWork,
}
"""Entities decoded into domain values. ``policy`` and ``template`` travel as plain mappings,
``settings`` as ``{default_policy, default_checklist}`` (id ``central``)."""

PLAIN_ENTITIES = frozenset({"policy", "template", "settings", "site_history"})
