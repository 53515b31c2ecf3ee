"""Where, who, what and by which rules: everything incidents refer to, read from the mirror."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from fieldtech.domain import checklist_file, policy_file
from fieldtech.domain.checklist import Template
from fieldtech.domain.policy import Rulebook
from fieldtech.domain.reference import (
    Region,
)
from fieldtech.store import meta, mirror

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fieldtech.domain.reference import (
        Channel,
        Customer,
        Equipment,
        Person,
        Service,
        ServiceMonth,
        Site,
    )
    from fieldtech.domain.words import RegionKind
    from fieldtech.store.database import Database

RULE_ENTITIES = frozenset({"policy", "region", "settings", "template"})
"""A change of one of these is a change of the rules."""

RULES_VERSION = "rules_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Policies, regions and checklists as the central published them last."""

    rulebook: Rulebook
    regions: Mapping[str, Region]
    templates: dict[str, Template] = field(default_factory=dict)
    default_checklist: str = ""

    def path(self, region_id: str) -> tuple[str, ...]:
        """Return a region, its parent, and so on to the root."""
        return self.rulebook.path(region_id)

    def ancestor(self, region_id: str, kind: RegionKind) -> Region | None:
        """Return the nearest region of ``kind`` at or above ``region_id``."""
        found = (self.regions.get(each) for each in self.path(region_id))
        return next((region for region in found if region and region.kind is kind), None)

    def below(self, region_id: str) -> frozenset[str]:
        """Return a region and everything in it."""
        return frozenset(each for each in self.regions if region_id in self.path(each)) | {
            region_id
        }


class Reference:
    """Reads reference data; rules are decoded once for each change of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._version: str | None = None
        self._rules: Rules | None = None

    def rules(self, connection: Connection | None = None) -> Rules:
        """Return the rules in force; inside a transaction when one is given."""
        if connection is None:
            with self._database.read() as own:
                return self.rules(own)
        version = meta.get(connection, RULES_VERSION)
        with self._lock:
            if self._rules is None or version != self._version:
                self._rules, self._version = _load_rules(connection), version
            return self._rules

    def site(self, site_id: str) -> Site | None:
        """Return a site."""
        return cast("Site | None", self._one("site", site_id))

    def customer(self, customer_id: str) -> Customer | None:
        """Return a customer."""
        return cast("Customer | None", self._one("customer", customer_id))

    def service(self, service_id: str) -> Service | None:
        """Return a service."""
        return cast("Service | None", self._one("service", service_id))

    def services(self, site_id: str) -> list[Service]:
        """Return the services of a site."""
        return self._many("service", site_id)

    def equipment(self, site_id: str) -> list[Equipment]:
        """Return the equipment of a site."""
        return self._many("equipment", site_id)

    def person(self, person_id: str) -> Person | None:
        """Return a user as others see him."""
        return cast("Person | None", self._one("person", person_id))

    def people(self) -> list[Person]:
        """Return every user known here."""
        return self._many("person")

    def regions(self) -> list[Region]:
        """Return every region known here."""
        return self._many("region")

    def months(self, service_id: str) -> list[ServiceMonth]:
        """Return the availability projections of a service, the newest month last."""
        found: list[ServiceMonth] = self._many("service_month", service_id)
        return sorted(found, key=lambda month: month.month)

    def channels(self, region_id: str) -> list[Channel]:
        """Return the ways to reach the operator, those of the nearest region first."""
        with self._database.read() as connection:
            path = self.rules(connection).path(region_id)
            return [
                channel for each in path for channel in mirror.values(connection, "channel", each)
            ]

    def template(self, key: str) -> Template | None:
        """Return the checklist ``template@version``."""
        return self.rules().templates.get(key)

    def _one(self, entity: str, entity_id: str) -> object:
        with self._database.read() as connection:
            return mirror.value(connection, entity, entity_id)

    def _many(self, entity: str, parent: str | None = None) -> list[Any]:
        with self._database.read() as connection:
            return mirror.values(connection, entity, parent)


def rules_changed(connection: Connection) -> None:
    """Say that a policy, region, checklist or setting is no longer what it was."""
    before = meta.get(connection, RULES_VERSION)
    meta.put(connection, RULES_VERSION, str(int(before or "0") + 1))


def _load_rules(connection: Connection) -> Rules:
    regions: dict[str, Region] = {
        region.id: region for region in mirror.values(connection, "region")
    }
    settings = mirror.value(connection, "settings", "central") or {}
    templates = [checklist_file.from_wire(plain) for plain in mirror.values(connection, "template")]
    return Rules(
        rulebook=Rulebook(
            policies=tuple(
                policy_file.from_wire(plain) for plain in mirror.values(connection, "policy")
            ),
            default_policy_id=str(settings.get("default_policy", "")),
            region_parents={region.id: region.parent_id for region in regions.values()},
            region_policies=settings.get("region_policies", {}),
        ),
        regions=regions,
        templates={template.key: template for template in templates},
        default_checklist=str(settings.get("default_checklist", "")),
    )
