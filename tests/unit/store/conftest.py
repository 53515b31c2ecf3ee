"""A technician's store that holds one incident, ``i1``, with his visit ``w-i1``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from small_feed import NINE, World, open_for, take_in

from fieldtech.clock import FakeClock
from fieldtech.store.opening import Store


@pytest.fixture
def world() -> World:
    """What the central has."""
    world = World()
    world.furnish()
    world.place("tech:ana", "uno")
    world.incident("tech:ana", "i1", "uno")
    return world


@pytest.fixture
def clock() -> FakeClock:
    """Ten minutes past nine."""
    return FakeClock(NINE + timedelta(minutes=10))


@pytest.fixture
def store(tmp_path: Path, world: World, clock: FakeClock) -> Iterator[Store]:
    """The store, which has taken everything in."""
    with open_for(tmp_path, clock=clock) as opened:
        take_in(opened, world)
        yield opened
