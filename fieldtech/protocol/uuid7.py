"""UUIDv7 (RFC 9562): sortable ids for commands. The standard library has it from Python 3.14."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def uuid7(moment: datetime) -> str:
    """A new UUIDv7 stamped with ``moment`` (milliseconds), 74 random bits."""
    millis = int(moment.timestamp() * 1000) & ((1 << 48) - 1)
    value = millis << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62
    return str(uuid.UUID(int=value | secrets.randbits(62)))
