"""``fieldtech sync --once``: the commands, and behind them the files, without a window."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from central_process import running_central
from file_work import SIZE, Work, working

from fieldtech.cli import main
from fieldtech.services import people
from fieldtech.store.blobs import queue

if TYPE_CHECKING:
    from pathlib import Path

    from central_process import CentralProcess
    from laptops import Sign


@pytest.fixture
def work(sign: Sign, central: CentralProcess) -> Work:
    return working(sign, central)


def synchronise(work: Work, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """Do as a script does, while no window is open."""
    work.ana.close()
    code = main(["sync", "--once", "--profile", str(work.ana.folder), "--json"])
    told = json.loads(capsys.readouterr().out)
    return code, {name: told[name] for name in told if name != "refused"}


def noted(work: Work) -> tuple[int, int]:
    """What the list of people says of this profile: changes and files not at the central."""
    user = people.read(work.ana.folder)
    assert user is not None
    return user.waiting, user.files


def test_files_go_behind_the_work(work: Work, capsys: pytest.CaptureFixture[str]) -> None:
    sha256 = work.attach()
    people.OwnProfile(work.ana.store, work.ana.folder).note()
    assert noted(work) == (1, 1)
    code, told = synchronise(work, capsys)
    assert (code, told["pushed"], told["waiting"], told["problem"]) == (0, 1, 0, None)
    assert (told["files_sent"], told["files_waiting"], told["files_aside"]) == (1, 0, 0)
    assert noted(work) == (0, 0)
    assert work.stored(sha256) == work.photo


def test_a_file_that_is_put_aside_waits_for_a_decision(
    work: Work, capsys: pytest.CaptureFixture[str]
) -> None:
    sha256 = work.attach()
    with work.ana.store.database.write() as connection:
        queue.put_aside(connection, sha256, "too_large")
    code, told = synchronise(work, capsys)
    assert (code, told["pushed"], told["files_sent"], told["files_aside"]) == (2, 1, 0, 1)
    assert noted(work) == (0, 1)


def test_files_that_the_central_does_not_take_wait_and_are_told(
    sign: Sign, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_central(tmp_path / "small", options=("--user-mb-per-day", "1")) as central:
        work = working(sign, central)
        work.attach()
        work.attach(b"x" * SIZE, "medidor.jpg")
        code, told = synchronise(work, capsys)
        assert (code, told["files_problem"]) == (3, "daily_limit")
        assert (told["files_sent"], told["files_waiting"]) == (1, 1)
        code, told = synchronise(work, capsys)
        assert (code, told["files_problem"], told["files_sent"]) == (3, "daily_limit", 0), "kept"
