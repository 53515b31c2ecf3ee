"""Recorded outputs of other people's machines lie outside of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]


@pytest.fixture
def recorded() -> Path:
    """The folder of recorded WiFi outputs; a test that wants it is skipped where it is absent."""
    places = [ROOT.parent / "shared" / "fixtures"]
    if told := os.environ.get("FIELDTECH_FIXTURES"):
        places.append(Path(told))
    for place in places:
        if (place / "wifi").is_dir():
            return place / "wifi"
    pytest.skip("no recorded outputs: neither ../shared/fixtures nor FIELDTECH_FIXTURES")
