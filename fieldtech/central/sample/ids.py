"""Identities of the sample: valid UUIDv7 texts that follow from the seed and nothing else."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from datetime import datetime

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62


def seeded_uuid7(rng: random.Random, moment: datetime) -> str:
    """Return a UUIDv7 stamped with ``moment``, its random bits drawn from ``rng``."""
    millis = int(moment.timestamp() * 1000) & ((1 << 48) - 1)
    value = millis << 80 | _VERSION | rng.getrandbits(12) << 64 | _VARIANT
    return str(uuid.UUID(int=value | rng.getrandbits(62)))
