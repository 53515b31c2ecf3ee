"""What the map is given to show."""

from __future__ import annotations

from dataclasses import dataclass

from ui.theme.tokens import Tone

RANKS = {Tone.NEUTRAL: 0, Tone.OK: 1, Tone.INFO: 2, Tone.WARN: 3, Tone.DANGER: 4}
"""Of several pins in one cluster the highest gives it its colour."""

_RANKS_BY_WORD = {tone.value: rank for tone, rank in RANKS.items()}

TONES = {rank: tone for tone, rank in RANKS.items()}


@dataclass(frozen=True, slots=True)
class MapPin:
    """One place. ``urgency`` is the word of a ``Tone``: danger, warn, info, ok or neutral."""

    key: str
    lat: float
    lon: float
    urgency: str
    label: str

    @property
    def rank(self) -> int:
        """How urgent it is, the highest first in line for the eye."""
        return _RANKS_BY_WORD[self.urgency]
