"""How thorough a run is, and what that means."""

from __future__ import annotations

from enum import StrEnum

QUICK_PACKETS, FULL_PACKETS = 300, 1000
"""Voice packets: 6 s prove a loss under 1 %, 20 s a tenth of that."""


class Depth(StrEnum):
    """How thorough a run is."""

    QUICK = "quick"
    FULL = "full"

    @property
    def voice_packets(self) -> int:
        """How many packets the voice stream has."""
        return FULL_PACKETS if self is Depth.FULL else QUICK_PACKETS
