"""Our own documents for everybody: the bodies of one user's feed, one JSON document a line."""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING

from measure.wire import GZIP_WINDOW

if TYPE_CHECKING:
    from pathlib import Path

    from measure.wire import BareLaptop

_ODD = re.compile(r"[^A-Za-z0-9_-]")


def write_documents(bare: BareLaptop, file: Path) -> tuple[int, float]:
    """Write what a new laptop of this user is sent; return how many and the bytes of each.

    A document is the entity's own JSON under ``body``, with its kind and revision, and an id that
    every peer takes.
    """
    documents: dict[str, str] = {}
    for packed in bare.pages():
        for line in zlib.decompress(packed, GZIP_WINDOW).splitlines():
            if not line.startswith(b'["put"'):
                continue
            _, _, _, entity, entity_id, rev, body = json.loads(line)
            name = _ODD.sub("-", f"{entity}-{entity_id}")
            document = {"id": name, "entity": entity, "rev": rev, "body": body}
            # What changes between two pages comes twice: the central counts months when it starts.
            documents[name] = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    with file.open("w", encoding="utf-8") as lines:
        size = sum(map(lines.write, documents.values()))
    return len(documents), size / len(documents)
