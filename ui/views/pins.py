"""From cards to the pins of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.map.map_pin import MapPin
from ui.views.clock_views import urgency

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from fieldtech.services.values import AgendaRow


def pins_of(rows: Iterable[AgendaRow], now: datetime) -> list[MapPin]:
    """One pin a card; cards without coordinates (0, 0) have none."""
    return [
        MapPin(
            key=row.incident_id,
            lat=row.lat,
            lon=row.lon,
            urgency=urgency(row, now),
            label=row.customer,
        )
        for row in rows
        if row.lat or row.lon
    ]
