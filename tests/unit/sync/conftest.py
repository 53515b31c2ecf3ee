"""A technician's laptop that holds one incident, ``i1``, and a central that is a script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from small_feed import NINE, World, open_for, take_in
from sync_bench import Bench

from fieldtech.clock import FakeClock


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Everything taken in, nothing said yet."""
    world = World()
    world.furnish()
    world.place("tech:ana", "uno")
    world.incident("tech:ana", "i1", "uno")
    clock = FakeClock(NINE)
    with open_for(tmp_path, clock=clock) as store:
        take_in(store, world)
        made = Bench(store, clock, world)
        with closing(made.runner):
            yield made
