"""The few fields of bodies that a pull has just written, kept so that they need not be read back.

Bounded: what has been derived is forgotten, and places are forgotten when there are too many.
Whatever is not here is read from the mirror, so this is speed and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.store.subsets import CustomerPart, IncidentPart, SitePart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldtech.store.buckets import Key
    from fieldtech.store.page import Put

CROWDED = 2000
"""Incidents waiting to be derived; more of them are not kept in memory."""

PLACES = 50_000


class Harvest:
    """Parts by id. Not thread-safe: it belongs to one pull."""

    def __init__(self) -> None:
        self.incidents: dict[str, IncidentPart] = {}
        self.sites: dict[str, SitePart] = {}
        self.customers: dict[str, CustomerPart] = {}

    @property
    def crowded(self) -> bool:
        """It is time to derive some."""
        return len(self.incidents) >= CROWDED

    def take(self, puts: Iterable[Put]) -> None:
        """Keep the parts of new bodies."""
        if len(self.sites) + len(self.customers) > PLACES:
            self.sites.clear()
            self.customers.clear()
        for put in puts:
            part = put.part
            if isinstance(part, IncidentPart):
                self.incidents[put.id] = part
            elif isinstance(part, SitePart):
                self.sites[put.id] = part
            elif isinstance(part, CustomerPart):
                self.customers[put.id] = part

    def forget(self, keys: Iterable[Key]) -> None:
        """Drop what is no longer there."""
        for entity, entity_id in keys:
            if entity == "incident":
                self.incidents.pop(entity_id, None)
            elif entity == "site":
                self.sites.pop(entity_id, None)
            elif entity == "customer":
                self.customers.pop(entity_id, None)

    def clear(self) -> None:
        """Drop everything: a transaction was rolled back."""
        self.incidents.clear()
        self.sites.clear()
        self.customers.clear()
