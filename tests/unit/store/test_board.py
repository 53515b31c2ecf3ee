"""The board's sums: which of a region's clocks is the worst one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import small_feed
from small_feed import DISPATCHER, NINE, World, open_for, take_in

from fieldtech.clock import FakeClock
from fieldtech.domain.commands import PauseIncident

if TYPE_CHECKING:
    from pathlib import Path

BUCKET = "tech:ana"
REASON = "customer_absent"


def stopping(plain: dict[str, Any]) -> dict[str, Any]:
    """The same service levels where every reason to pause stops the clock of the restoration."""
    return plain | {"pauses": [each | {"stops": ["restoration"]} for each in plain["pauses"]]}


@pytest.mark.parametrize("running_in", ["gdl", "zap"])
def test_a_clock_that_runs_is_worse_than_one_that_stands_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, running_in: str
) -> None:
    stopped = tuple(map(stopping, small_feed._policies()))
    monkeypatch.setattr(small_feed, "_policies", lambda: stopped)
    world = World()
    world.furnish()
    world.place(BUCKET, "abc")
    world.place(BUCKET, "other", region=running_in)
    world.incident(BUCKET, "paused", "abc", minutes_ago=100)
    world.play(BUCKET, "paused", "incident.pause", "incident:paused", PauseIncident(reason=REASON))
    world.incident(BUCKET, "running", "other", technician="beto", minutes_ago=5, region=running_in)
    with open_for(tmp_path, DISPATCHER, clock=FakeClock(NINE)) as store:
        take_in(store, world)
        (paused,) = store.agenda.rows(["paused"])
        (running,) = store.agenda.rows(["running"])
        regions = {region.id: region for region in store.board.regions()}
        worst = {each.person.id: each.worst_clocks for each in store.board.technicians()}
    assert paused.order_at < running.order_at, "it has less left, but nothing is running out"
    assert (paused.due_at, running.due_at) == (None, regions["jal"].worst_due)
    assert regions["jal"].worst_clocks == regions[running_in].worst_clocks == running.clocks_json
    assert worst == {"ana": paused.clocks_json, "beto": running.clocks_json}
