"""Samples into figures, figures into a table for people and a document for scripts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING, Literal

from measure.machine import describe_load, describe_machine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Part = Literal["median", "p95", "ratio"]

NAME_WIDTH = 62


@dataclass(frozen=True, slots=True)
class Aim:
    """Which part of a figure must stay at or below which value."""

    part: Part
    at_most: float

    def __str__(self) -> str:
        return f"{self.part} <= {self.at_most:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of a report. ``ratio`` is the median over pairs where samples were taken in pairs.

    ``peer`` says what it is compared with; without one, ``peer_median`` and ``ratio`` are ``None``.
    ``met`` is ``None`` where there is no aim.
    """

    name: str
    unit: str
    median: float
    p95: float
    n: int
    peer: str
    peer_median: float | None
    ratio: float | None
    aim: str
    met: bool | None


def figure(
    name: str,
    unit: str,
    samples: Sequence[float],
    *,
    peer: str = "",
    peer_samples: Sequence[float] = (),
    aim: Aim | None = None,
) -> Figure:
    """Sum up ``samples``, against those of a peer measured in turns with them."""
    middle, high = median(samples), percentile(samples, 0.95)
    ratio = None
    if peer_samples:
        paired = len(samples) == len(peer_samples)
        ratio = (
            median(ours / theirs for ours, theirs in zip(samples, peer_samples, strict=True))
            if paired
            else middle / median(peer_samples)
        )
    measured = {"median": middle, "p95": high, "ratio": ratio}
    value = measured[aim.part] if aim else None
    return Figure(
        name=name,
        unit=unit,
        median=_short(middle),
        p95=_short(high),
        n=len(samples),
        peer=peer,
        peer_median=_short(median(peer_samples)) if peer_samples else None,
        ratio=None if ratio is None else _short(ratio),
        aim=str(aim or ""),
        met=None if aim is None or value is None else value <= aim.at_most,
    )


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the smallest sample that at least ``share`` of all samples do not exceed."""
    ordered = sorted(samples)
    rank = -(-len(ordered) * round(share * 100) // 100)
    return ordered[max(rank, 1) - 1]


class Report:
    """Gathers the figures of one bench and says on what machine, and how busy it was."""

    def __init__(self, bench: str) -> None:
        self._bench = bench
        self._figures: list[Figure] = []
        self._machine = describe_machine()
        self._load = describe_load()

    def add(self, one: Figure) -> None:
        """Keep a figure and print it, so that a long bench shows how far it is."""
        if not self._figures:
            print(_line(*_HEADINGS), flush=True)
        self._figures.append(one)
        print(
            _line(
                one.name,
                one.unit,
                f"{one.median:g}",
                f"{one.p95:g}",
                str(one.n),
                "" if one.peer_median is None else f"{one.peer_median:g}",
                "" if one.ratio is None else f"{one.ratio:g}",
                one.aim,
                {None: "", True: "yes", False: "NO"}[one.met],
            ),
            flush=True,
        )

    def finish(self, file: Path | None) -> None:
        """Name the peers and the machine, and write the document."""
        for peer in sorted({one.peer for one in self._figures if one.peer}):
            print(f"peer: {peer}")
        machine = self._machine | {"load_before": self._load, "load_after": describe_load()}
        print(" · ".join(f"{key} {value}" for key, value in machine.items()))
        if file is not None:
            document = {
                "bench": self._bench,
                "machine": machine,
                "figures": [asdict(one) for one in self._figures],
            }
            file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")


_HEADINGS = ("figure", "unit", "median", "p95", "n", "peer", "ratio", "aim", "met")


def _line(name: str, *cells: str) -> str:
    widths = (7, 9, 9, 4, 9, 7, 14, 4)
    rest = "".join(f" {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
    return f"{name:<{NAME_WIDTH}}{rest}".rstrip()


def _short(value: float) -> float:
    """Four digits say more than enough."""
    return float(f"{value:.4g}")
