"""From cards to the pins of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.map.map_pin import MapPin
from ui.views.clock_views import urgency

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from fieldtech.services.values import AgendaRow


class Pins:
    """One pin a card; cards without coordinates (0, 0) have none.

    Kept between two looks: making ten thousand anew reads as many clocks and takes a third of a
    second, while a page brings two hundred and a quarter of a minute changes the colour of a few.
    """

    def __init__(self) -> None:
        self._pins: dict[str, MapPin] = {}
        self._looked_at = 0.0

    def all(self) -> list[MapPin]:
        """Every pin, in the order of the cards."""
        return list(self._pins.values())

    def replace(self, rows: Iterable[AgendaRow], now: datetime) -> None:
        """Have the pins of these cards and no others."""
        self._pins = {}
        self.extend(rows, now)

    def extend(self, rows: Iterable[AgendaRow], now: datetime) -> None:
        """Have the pins of these cards too."""
        self._looked_at = now.timestamp()
        self._pins |= {row.incident_id: _pin(row, now) for row in rows if row.lat or row.lon}

    def recolour(self, rows: Iterable[AgendaRow], now: datetime) -> bool:
        """Have the colours of ``now``; tells whether one has changed. ``rows`` are all the cards.

        A colour changes by itself only when a card comes to its risk or its deadline.
        """
        since, self._looked_at = self._looked_at, now.timestamp()
        crossed = [
            row
            for row in rows
            if _between(since, row.risk_at, self._looked_at)
            or _between(since, row.due_at, self._looked_at)
        ]
        before = dict(self._pins)
        self._pins |= {row.incident_id: _pin(row, now) for row in crossed if row.lat or row.lon}
        return self._pins != before


def _pin(row: AgendaRow, now: datetime) -> MapPin:
    return MapPin(
        key=row.incident_id,
        lat=row.lat,
        lon=row.lon,
        urgency=urgency(row, now),
        label=row.customer,
    )


def _between(since: float, moment: float | None, now: float) -> bool:
    return moment is not None and since < moment <= now
