"""Synchronisation against the physical limit: a first pull, a change of 1 %, nothing to do.

The limit is the very bytes of that pull over the same loopback, by one ``requests`` call and one
``executemany`` of the raw lines into SQLite, in turns with the product. The product checks,
encrypts, indexes and makes everything searchable besides. Timed is the run itself, in a process
that has everything imported and the store open, as the running application has.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from measure.children import Children
from measure.figures import Aim, Report, figure
from measure.options import read_options
from measure.wire import BareLaptop
from measure.world import DISPATCHER, TECHNICIAN, make_sample, running_central, sign_in

if TYPE_CHECKING:
    from measure.children import Talk

FIRST_PULLS = {10_000: 7, 100_000: 3}
CHANGES, IDLE_RUNS = 9, 40
SETTLING_RUNS = 3
LIMIT = "requests.get of the same bytes and executemany of the raw lines"
PULL_AIM = Aim("ratio", 3)
CHANGE_AIM = Aim("median", 30)
IDLE_AIM = Aim("median", 8)


class Bench:
    """One central of one size, measured for one user after the other."""

    def __init__(self, report: Report, folder: Path, incidents: int, url: str) -> None:
        self._report = report
        self._folder = folder
        self._incidents = incidents
        self._url = url
        self._children = Children(folder)
        self._open = ExitStack()
        self._served = folder / "served"
        self._served.mkdir()
        self._address = self._open.enter_context(
            self._children.talk("file_server", self._served)
        ).hear()
        self._limit = self._open.enter_context(self._children.talk("sync_limit"))

    def close(self) -> None:
        """End the helping processes."""
        self._open.close()

    def measure(self, user: str, *, first_pulls: int, first_only: bool) -> None:
        """Put all figures of one user into the report."""
        bare = BareLaptop(self._url, user)
        name = f"{self._incidents:,} incidents, {user}"
        size = bare.fetch(self._served / f"first-{user}")
        ours: list[float] = []
        limit: list[float] = []
        profile = self._folder / f"profile-{user}"
        rows = 0
        for _ in range(first_pulls):
            sign_in(profile, self._url, user)
            with self._children.talk("sync_app", profile) as laptop:
                seconds, rows = _run(laptop)
            ours.append(seconds)
            limit.append(self._limit_of(f"first-{user}"))
        self._report.add(
            figure(
                f"first pull, {name} ({rows:,} rows)",
                "s",
                ours,
                peer=LIMIT,
                peer_samples=limit,
                aim=PULL_AIM,
            )
        )
        self._report.add(figure(f"bytes of a first pull, {name}", "MB", [size / 1e6]))
        if not first_only:
            with self._children.talk("sync_app", profile) as laptop:
                self._measure_changes(bare, laptop, name, user)
                self._measure_idle(bare, laptop, name, user)

    def _measure_changes(self, bare: BareLaptop, laptop: Talk, name: str, user: str) -> None:
        changed = self._incidents // 100
        ours: list[float] = []
        limit: list[float] = []
        sizes: list[float] = []
        for number in range(SETTLING_RUNS + CHANGES):
            bare.write_notes(changed, f"Nota de medición {number}")
            sizes.append(bare.fetch(self._served / f"change-{user}-{number}"))
            ours.append(_run(laptop)[0] * 1000)
            limit.append(self._limit_of(f"change-{user}-{number}") * 1000)
        self._report.add(
            figure(
                f"1 % changed ({changed:,} notes), {name}",
                "ms",
                ours[SETTLING_RUNS:],
                peer=LIMIT,
                peer_samples=limit[SETTLING_RUNS:],
                aim=CHANGE_AIM,
            )
        )
        kilobytes = [size / 1e3 for size in sizes[SETTLING_RUNS:]]
        self._report.add(figure(f"bytes of 1 % changed, {name}", "kB", kilobytes))

    def _measure_idle(self, bare: BareLaptop, laptop: Talk, name: str, user: str) -> None:
        bare.fetch(self._served / f"nothing-{user}")
        for _ in range(SETTLING_RUNS):
            _run(laptop)
        ours = [_run(laptop)[0] * 1000 for _ in range(IDLE_RUNS)]
        limit = [self._limit_of(f"nothing-{user}") * 1000 for _ in range(IDLE_RUNS)]
        self._report.add(
            figure(
                f"nothing to do, {name}",
                "ms",
                ours,
                peer=LIMIT,
                peer_samples=limit,
                aim=IDLE_AIM,
            )
        )

    def _limit_of(self, file: str) -> float:
        seconds: float = self._limit.ask(f"{self._address}/{file}")["seconds"]
        return seconds


def _run(laptop: Talk) -> tuple[float, int]:
    answer = laptop.ask()
    if answer["problem"]:
        raise RuntimeError(f"the laptop could not synchronise: {answer['problem']}")
    return answer["seconds"], answer["rows"]


def main() -> None:
    """Measure each size and user."""
    options = read_options(__doc__ or "")
    report = Report("sync")
    for incidents, first_pulls in FIRST_PULLS.items():
        large = incidents > min(FIRST_PULLS)
        if large and options.quick:
            continue
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            make_sample(folder / "central", incidents, one_technician=True)
            with running_central(folder / "central") as url:
                bench = Bench(report, folder, incidents, url)
                try:
                    for user in (DISPATCHER,) if large else (DISPATCHER, TECHNICIAN):
                        bench.measure(user, first_pulls=first_pulls, first_only=large)
                finally:
                    bench.close()
    report.finish(options.json)


if __name__ == "__main__":
    main()
