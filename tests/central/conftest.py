"""A seeded central in this process, at a fixed moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from central_desk import START, Desk

from fieldtech.central.database import Database
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


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty central's database."""
    opened = Database.in_folder(tmp_path / "central")
    yield opened
    opened.close()
