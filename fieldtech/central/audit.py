"""The append-only trail of what happened to accounts, devices and settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.central import tables
from fieldtech.protocol.uuid7 import uuid7

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

OPERATOR = "operator"
"""Who gives commands on the line, in the trail: whoever may run the program on this machine."""


def record(
    connection: Connection,
    now: datetime,
    action: str,
    *,
    user_id: str = "",
    device_id: str = "",
    subject: str = "",
    detail: str = "",
) -> None:
    """Append one line; the changes of incidents and visits stand in their own histories."""
    connection.execute(
        tables.audit.insert(),
        {
            "id": uuid7(now),
            "at": now,
            "user_id": user_id,
            "device_id": device_id,
            "action": action,
            "subject": subject,
            "detail": detail,
        },
    )
