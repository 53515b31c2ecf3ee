"""Recorded outputs that are kept beside the repository, for tests that hold a parser to them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def shared_output(name: str) -> str:
    """Return a recorded output by its path in the fixtures' folder; skips the test without it."""
    places = [ROOT.parent / "shared" / "fixtures"]
    if named := os.environ.get("FIELDTECH_FIXTURES"):
        places.append(Path(named))
    for place in places:
        if (place / name).is_file():
            return (place / name).read_text(encoding="utf-8")
    pytest.skip(f"no recorded output {name}: neither {places[0]} nor FIELDTECH_FIXTURES holds it")
