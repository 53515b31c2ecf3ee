"""What was lost is told, and fails the run."""

from __future__ import annotations

from collections import Counter

import tally


def test_the_counts_are_told_by_name() -> None:
    counts = Counter({"rounds": 300, "fault kill -9": 290, "fault disk full": 10})
    counts.update({"acknowledged": 1234, "lost": 0, "duplicated": 0})
    assert tally.is_clean(counts)
    assert [" ".join(line.split()) for line in tally.lines(counts)] == [
        "rounds 300",
        "faults injected 300",
        "disk full 10",
        "kill -9 290",
        "commands acknowledged 1,234",
        "lost (must be 0) 0",
        "duplicated (must be 0) 0",
    ]


def test_one_lost_command_is_enough() -> None:
    assert not tally.is_clean({"lost": 1})
    assert not tally.is_clean({"duplicated": 1})
