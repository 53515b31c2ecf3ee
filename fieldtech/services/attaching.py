"""The command by which a file of the shelf becomes part of its incident."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtech.domain.commands import AddAttachment
from fieldtech.store.work import NewCommand

if TYPE_CHECKING:
    from fieldtech.store.blobs.shelf import BlobRef

PHOTO, DOCUMENT, NOTE = "photo", "document", "note"
"""What a file is to its incident."""
_PHOTOS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".gif", ".bmp", ".tif", ".tiff"})


def attachment_command(
    incident_id: str, blob: BlobRef, *, kind: str = "", item: str = "", attachment_id: str = ""
) -> NewCommand:
    """Return what attaches a file of the shelf; without a kind its name tells it."""
    named = PHOTO if Path(blob.name).suffix.lower() in _PHOTOS else DOCUMENT
    return NewCommand(
        name="attachment.add",
        target=f"incident:{incident_id}",
        args=AddAttachment(
            attachment_id=attachment_id or str(uuid.uuid4()),
            kind=kind or named,
            name=blob.name,
            sha256=blob.sha256,
            size=blob.size,
            item=item,
        ),
        blobs=(blob,),
    )
