"""The tour as ``dev.py demo --tour`` starts it: every step, its pictures, and what it leaves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from demo.central_process import CentralError, CentralProcess
from demo.logs import complaints
from demo.tour import Step, Tour

ROOT = Path(__file__).parents[2]
STEP_KEYS = {"n", "name", "result", "seconds", "screenshots", "detail"}


def played(folder: Path) -> list[dict[str, Any]]:
    """The steps of the tour that was played into ``folder``."""
    document: dict[str, Any] = json.loads((folder / "tour.json").read_text(encoding="utf-8"))
    assert set(document) == {"steps"}
    steps: list[dict[str, Any]] = document["steps"]
    return steps


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_tour_plays_a_whole_day_and_shows_it(tmp_path: Path) -> None:
    out = tmp_path / "un día"
    done = subprocess.run(
        [sys.executable, str(ROOT / "demo" / "main.py"), "--tour", str(out)],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    steps = played(out)
    assert all(set(step) == STEP_KEYS for step in steps)
    assert [step["n"] for step in steps] == list(range(1, len(steps) + 1))
    assert {step["result"] for step in steps} == {"ok"}
    assert all(step["seconds"] >= 0 for step in steps)
    logs = {"central.log", "dispatcher.log", "technician.log"}
    assert {path.name for path in out.glob("*.log")} == logs
    assert "sync: unreachable" in (out / "technician.log").read_text(encoding="utf-8")
    pictures = [name for step in steps for name in step["screenshots"]]
    assert pictures == sorted(path.name for path in out.glob("*.png"))
    contents = {(out / name).read_bytes() for name in pictures}
    assert len(contents) == len(pictures), "two pictures are the same"
    for name in pictures:
        assert QImage(str(out / name)).size().toTuple() == (1366, 768), name


def test_a_step_that_fails_ends_the_tour_and_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_central: CentralProcess) -> str:
        raise CentralError("no port is free")

    monkeypatch.setattr(CentralProcess, "start", refuse)
    tour = Tour(tmp_path / "out", tmp_path, incidents=40)
    assert not tour.play()
    (step,) = played(tmp_path / "out")
    assert step["result"] == "failed"
    assert "no port is free" in step["detail"]


@pytest.mark.parametrize(
    "line",
    [
        "Traceback (most recent call last):",
        "2026-11-22T18:00:00.000Z ERROR   ui.app: work failed",
        "2026-11-22T18:00:00.000Z WARNING py.warnings: unclosed file",
        "QPainter::begin: Paint device returned engine == 0, type: 2",
    ],
)
def test_a_log_that_complains_fails_the_tour(tmp_path: Path, line: str) -> None:
    quiet = "2026-11-22T18:00:00.000Z INFO    fieldtech.sync.runner: sync: unreachable"
    log = tmp_path / "technician.log"
    log.write_text(f"{quiet}\n\n", encoding="utf-8")
    tour = Tour(tmp_path, tmp_path, incidents=40)
    tour._end(Step(1, "the end"))
    log.write_text(f"{quiet}\n{line}\n", encoding="utf-8")
    assert complaints(log) == [line]
    with pytest.raises(AssertionError, match="technician"):
        tour._end(Step(1, "the end"))
