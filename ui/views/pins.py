"""From the incidents of a list to the pins of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.map.map_pin import MapPin
from ui.views.clock_views import urgency

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from fieldtech.services.values import PinRow


class Pins:
    """One pin an incident, for all of a list and not only for the cards that are loaded.

    Kept between two looks: a quarter of a minute changes the colour of a few out of ten thousand.
    Made away from the event loop; belongs to it afterwards.
    """

    def __init__(self, rows: Iterable[PinRow], now: datetime) -> None:
        self._rows = tuple(rows)
        self._pins = {row.incident_id: _pin(row, now) for row in self._rows}
        self._looked_at = now.timestamp()

    def all(self) -> list[MapPin]:
        """Every pin."""
        return list(self._pins.values())

    @property
    def states(self) -> set[str]:
        """The states of the country that have one."""
        return {row.state for row in self._rows}

    def recolour(self, now: datetime) -> bool:
        """Have the colours of ``now``; tells whether one has changed.

        A colour changes by itself only when an incident comes to its risk or its deadline.
        """
        since, self._looked_at = self._looked_at, now.timestamp()
        crossed = [
            row
            for row in self._rows
            if _between(since, row.risk_at, self._looked_at)
            or _between(since, row.due_at, self._looked_at)
        ]
        self._pins |= {row.incident_id: _pin(row, now) for row in crossed}
        return bool(crossed)


def _pin(row: PinRow, now: datetime) -> MapPin:
    return MapPin(
        key=row.incident_id,
        lat=row.lat,
        lon=row.lon,
        urgency=_urgency(row, now),
        label=row.customer,
    )


def _urgency(row: PinRow, now: datetime) -> str:
    """By the deadline ahead; only a clock without one is looked at itself."""
    if row.due_at is None:
        return urgency(row.clocks, now)
    moment = now.timestamp()
    if moment >= row.due_at:
        return "danger"
    return "warn" if row.risk_at is not None and moment >= row.risk_at else "ok"


def _between(since: float, moment: float | None, now: float) -> bool:
    return moment is not None and since < moment <= now
