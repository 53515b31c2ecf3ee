"""The few fields of bodies that a pull has just written, kept so that they need not be read back.

Bounded: what has been derived is forgotten, and places are forgotten when there are too many.
Whatever is not here is read from the mirror, so this is speed and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.store.subsets import CustomerPart, ReadyIncident, SitePart, VisitPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fieldtech.store.buckets import Key
    from fieldtech.store.page import Put

CROWDED = 4000
"""Incidents waiting to be derived; more of them are not kept in memory.

Twice ``derive.CHUNK``: a central filled by an import sends some 1,500 incidents before their
visits, and a row derived without its visits is derived again.
"""

PLACES = 5_000
"""Sites and customers kept: incidents come soon after theirs, so more made no pull faster."""


class Harvest:
    """Parts by id. Not thread-safe: it belongs to one pull."""

    def __init__(self) -> None:
        self.incidents: dict[str, ReadyIncident] = {}
        self.sites: dict[str, SitePart] = {}
        self.customers: dict[str, CustomerPart] = {}
        self._visits: dict[str, dict[str, VisitPart]] = {}

    @property
    def crowded(self) -> bool:
        """It is time to derive some."""
        return len(self.incidents) >= CROWDED

    def follow(self, incidents: Iterable[str]) -> None:
        """From here on keep all visits of these incidents, of which none has any so far."""
        for incident_id in incidents:
            self._visits[incident_id] = {}

    def visits(self, incident_id: str) -> Mapping[str, VisitPart] | None:
        """Return all visits of an incident by id; ``None`` when they are not known to be all."""
        return self._visits.get(incident_id)

    def take(self, puts: Iterable[Put]) -> None:
        """Keep the parts of new bodies."""
        if len(self.sites) + len(self.customers) > PLACES:
            self.sites.clear()
            self.customers.clear()
        for put in puts:
            part = put.part
            if isinstance(part, ReadyIncident):
                self.incidents[put.id] = part
            elif isinstance(part, VisitPart):
                followed = self._visits.get(part.incident_id)
                if followed is not None:
                    followed[put.id] = part
            elif isinstance(part, SitePart):
                self.sites[put.id] = part
            elif isinstance(part, CustomerPart):
                self.customers[put.id] = part

    def forget(self, keys: Iterable[Key]) -> None:
        """Drop what is no longer there."""
        for entity, entity_id in keys:
            if entity == "incident":
                self.incidents.pop(entity_id, None)
                self._visits.pop(entity_id, None)
            elif entity == "visit":
                self._visits.clear()  # seldom, and whose it was is not said
            elif entity == "site":
                self.sites.pop(entity_id, None)
            elif entity == "customer":
                self.customers.pop(entity_id, None)

    def clear(self) -> None:
        """Drop everything: a transaction was rolled back."""
        self.incidents.clear()
        self.sites.clear()
        self.customers.clear()
        self._visits.clear()
