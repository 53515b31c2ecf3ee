"""Which secret store a profile uses: decided once, by the first that starts, never guessed anew.

``secret-store.json`` holds no secret. Without it nobody knows under which name a keyring keeps the
profile's keys, so it is made before anything is kept there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, NamedTuple

from fieldtech.errors import DataError
from fieldtech.paths import claim_private, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Kind = Literal["keyring", "file", "memory"]


class Marker(NamedTuple):
    """The kind, the name in a keyring, and whether a file was only the last resort."""

    kind: Kind
    name: str
    is_fallback: bool = False


def read_marker(path: Path) -> Marker | None:
    """Return what stands there, ``None`` for nothing; raises ``DataError``, ``OSError``."""
    try:
        found = read_texts(path)
    except FileNotFoundError:
        return None
    kind, name = found.get("kind"), found.get("name")
    if kind == "keyring" and name:
        return Marker("keyring", name)
    if kind == "file" and name:
        return Marker("file", name, is_fallback=found.get("chosen") == "fallback")
    raise DataError(path.name, "kind", "names no known secret store")


def claim_marker(path: Path, marker: Marker) -> None:
    """Decide, unless somebody has: of two first starts at once the first one's word counts."""
    claim_private(path, _text_of(marker))


def write_marker(path: Path, marker: Marker) -> None:
    """Decide anew: the secrets were moved; raises ``OSError``."""
    write_private(path, _text_of(marker))


def read_texts(path: Path) -> Mapping[str, str]:
    """Read a JSON object of texts; raises ``DataError``, ``OSError``."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(path.name, "", "not a JSON document") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise DataError(path.name, "", "not a JSON object of texts")
    return found


def _text_of(marker: Marker) -> str:
    told = {"kind": marker.kind, "name": marker.name}
    return json.dumps(told | ({"chosen": "fallback"} if marker.is_fallback else {})) + "\n"
