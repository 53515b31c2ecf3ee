"""Which file a piece of work refers to, and who may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from fieldtech.central import file_tables
from fieldtech.central.dialect import insert_new
from fieldtech.central.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Row

    from fieldtech.domain.commands import AddAttachment


def taken(connection: Connection, args: AddAttachment, incident_id: str) -> bool:
    """Tell whether another incident's file has this id already, or another file of this one."""
    table = file_tables.attachment.c
    query = select(table.incident_id, table.sha256).where(table.id == args.attachment_id)
    found = connection.execute(query).one_or_none()
    return found is not None and tuple(found) != (incident_id, args.sha256)


def note(connection: Connection, args: AddAttachment, incident_id: str, user_id: str) -> None:
    """Remember what an applied command refers to."""
    connection.execute(
        insert_new(connection, file_tables.attachment),
        {
            "id": args.attachment_id,
            "incident_id": incident_id,
            "user_id": user_id,
            "sha256": args.sha256,
            "name": args.name,
        },
    )


def readable(
    connection: Connection, attachment_id: str, may_see: Callable[[str], bool]
) -> Row[Any]:
    """Return the upload behind an attachment of an incident that its reader ``may_see``.

    Raises ``Refused``: 404 ``unknown_attachment`` for what is not there or out of his scope, 404
    ``not_uploaded`` while its bytes are still on the way.
    """
    attachment, upload = file_tables.attachment.c, file_tables.upload.c
    found = connection.execute(
        select(file_tables.attachment).where(attachment.id == attachment_id)
    ).one_or_none()
    if found is None or not may_see(found.incident_id):
        raise Refused(404, "unknown_attachment", attachment_id[:64])
    mine = select(file_tables.upload).where(
        upload.user_id == found.user_id,
        upload.sha256 == found.sha256,
        upload.done_at.is_not(None),
    )
    row = connection.execute(mine.limit(1)).one_or_none()
    if row is None:
        raise Refused(404, "not_uploaded", "its bytes are still on the way", retryable=True)
    return row
