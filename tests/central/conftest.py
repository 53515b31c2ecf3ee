"""A seeded central in this process, at a fixed moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from central_desk import START, Desk

from fieldtech.clock import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still at the moment the small world was written."""
    return FakeClock(START)


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    """The central of this test."""
    desk = Desk(tmp_path / "central", clock)
    yield desk
    desk.close()
