"""A seeded central in this process, at a fixed moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from central_desk import Desk

from fieldtech.clock import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = datetime(2026, 11, 4, 15, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands at a Wednesday morning in Guadalajara."""
    return FakeClock(START)


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    """The central of this test."""
    desk = Desk(tmp_path / "central", clock)
    yield desk
    desk.close()
