"""One file in two requests at once, a request that is broken off, a store that lost its bytes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import crossing
import pytest
from sending import PHOTO, attach, begin, digest, get, part, send

from fieldtech.central.blobs import uploads
from fieldtech.central.blobs.folder import FolderStore
from fieldtech.central.housekeeping import tidy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx2
    from central_desk import Desk, Laptop

WAIT_S = 60


def scraps(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "uploads").iterdir())


def while_first_halts(
    patch: pytest.MonkeyPatch,
    first: Callable[[], httpx2.Response],
    second: Callable[[], httpx2.Response],
    *,
    written: bool,
) -> tuple[httpx2.Response, httpx2.Response]:
    """Let ``second`` run whole while ``first`` stands before its write, or right after it."""
    halt, real = crossing.Halt(), FolderStore.append

    def append(self: FolderStore, *args: Any) -> None:
        if not written:
            halt.here()
        real(self, *args)
        if written:
            halt.here()

    patch.setattr(FolderStore, "append", append)
    with ThreadPoolExecutor(1) as pool:
        one = pool.submit(first)
        try:
            assert halt.reached.wait(WAIT_S)
            two = second()
        finally:
            halt.go_on.set()
        return one.result(WAIT_S), two


def test_a_late_write_changes_nothing_that_was_summed(ana: Laptop, folder: Path) -> None:
    """Another request of the same upload may hold its file open."""
    attach(ana)
    upload = begin(ana).json()["id"]
    part(ana, upload, 0, PHOTO[:2000])
    with (folder / "uploads" / upload).open("r+b") as late:
        assert part(ana, upload, 2000, PHOTO[2000:]).status_code == 200
        late.write(b"x" * 100)
    assert get(ana, "att-1").content == PHOTO
    assert scraps(folder) == []


def test_the_last_part_twice_at_once_is_whole_once(
    ana: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(ana)
    upload = begin(ana).json()["id"]
    part(ana, upload, 0, PHOTO[:2000])

    def last() -> httpx2.Response:
        return part(ana, upload, 2000, PHOTO[2000:])

    one, two = while_first_halts(monkeypatch, last, last, written=True)
    assert (two.status_code, two.json()["offset"]) == (200, len(PHOTO))
    assert (one.status_code, one.json()["expected"]) == (409, len(PHOTO))
    assert begin(ana).json()["offset"] == len(PHOTO)
    assert get(ana, "att-1").content == PHOTO


@pytest.mark.parametrize("written", [False, True])
def test_what_one_request_made_whole_no_other_forgets(
    desk: Desk, ana: Laptop, folder: Path, monkeypatch: pytest.MonkeyPatch, *, written: bool
) -> None:
    attach(ana)
    upload = begin(ana).json()["id"]
    one, two = while_first_halts(
        monkeypatch,
        lambda: part(ana, upload, 0, PHOTO[::-1]),
        lambda: part(ana, upload, 0, PHOTO),
        written=written,
    )
    assert two.status_code == 200
    assert (one.status_code, one.json()["expected"]) == (409, len(PHOTO))
    assert get(ana, "att-1").content == PHOTO
    assert tidy(desk.database, desk.clock, blobs=FolderStore(folder)).failed == ()
    assert scraps(folder) == []


def test_nobody_has_anothers_file_by_sending_something_else_twice_at_once(
    desk: Desk, ana: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(ana)
    dora = desk.laptop("dora")
    attach(dora, name="att-dora")
    upload = begin(dora).json()["id"]
    wrong = PHOTO[::-1]
    halt, append, finish = crossing.Halt(), FolderStore.append, FolderStore.finish
    answers = []

    def halting(self: FolderStore, *args: Any) -> None:
        append(self, *args)
        halt.here()

    def finishing(self: FolderStore, *args: Any) -> bool:
        told = finish(self, *args)
        if not halt.go_on.is_set():
            # This one found it amiss; before it says so, the other one looks.
            halt.go_on.set()
            answers.append(other.result(WAIT_S).status_code)
        return told

    monkeypatch.setattr(FolderStore, "append", halting)
    monkeypatch.setattr(FolderStore, "finish", finishing)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(part, dora, upload, 0, wrong)
        assert halt.reached.wait(WAIT_S)
        answers.append(part(dora, upload, 0, wrong).status_code)
    assert 200 not in answers
    assert get(dora, "att-dora").json()["code"] == "not_uploaded"


@pytest.mark.expects_log("request failed")
def test_a_last_part_whose_note_failed_comes_again(
    ana: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begin(ana).json()["id"]
    part(ana, upload, 0, PHOTO[:2000])

    def broken(*_args: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as failing:
        failing.setattr(uploads, "done", broken)
        assert part(ana, upload, 2000, PHOTO[2000:]).status_code == 500
    assert part(ana, upload, 2000, PHOTO[2000:]).status_code == 200


def test_what_a_broken_request_left_is_tidied_away(desk: Desk, ana: Laptop, folder: Path) -> None:
    whole = send(ana)
    going_on = begin(ana, b"a medias" * 100).json()["id"]
    part(ana, going_on, 0, b"a medias")
    for name in (whole, f"{whole}.0123", "forgotten"):
        (folder / "uploads" / name).write_bytes(b"x")
    assert tidy(desk.database, desk.clock, blobs=FolderStore(folder)).failed == ()
    assert scraps(folder) == [going_on]


def test_a_size_that_was_wrong_first_takes_nothing_from_the_right_one(ana: Laptop) -> None:
    begin(ana, size=1)
    upload = begin(ana).json()["id"]
    part(ana, upload, 0, PHOTO[:2000])
    assert begin(ana).json()["offset"] == 2000


def test_room_is_looked_for_at_each_part(ana: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many may have begun while there was room for each of them alone."""
    upload = begin(ana).json()["id"]
    reserve = uploads.BlobLimits().reserve
    monkeypatch.setattr(FolderStore, "free", lambda _self: reserve + 1000)
    assert part(ana, upload, 0, PHOTO[:1000]).status_code == 200
    monkeypatch.setattr(FolderStore, "free", lambda _self: reserve + 999)
    full = part(ana, upload, 1000, PHOTO[1000:2000])
    assert (full.status_code, full.json()["code"]) == (507, "storage_full")
    assert int(full.headers["Retry-After"]) > 0
    assert begin(ana).json()["offset"] == 1000


def test_bytes_that_a_restore_lost_are_asked_for_again(ana: Laptop, folder: Path) -> None:
    """The folder's copy may be older than the database's; the laptop still has the file."""
    told = attach(ana)
    upload = send(ana)
    FolderStore(folder).delete(digest(PHOTO))
    assert get(ana, "att-1").json()["code"] == "not_uploaded"
    op = ana.envelope("incident.note", "incident:inc-1", text="otra vez")
    op["blobs"] = told["blobs_missing"]
    assert ana.push(op)[0]["blobs_missing"] == [digest(PHOTO)]
    assert begin(ana).json()["offset"] == 0
    assert send(ana) == upload
    assert get(ana, "att-1").content == PHOTO


@pytest.mark.parametrize("desk", ["postgresql"], indirect=True)
def test_what_work_comes_to_name_is_not_tidied_away_meanwhile(
    desk: Desk, ana: Laptop, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its command comes on the very day on which a file that nobody needs would go."""
    send(ana)
    desk.clock.advance(timedelta(days=31).total_seconds())
    ana.sign_in()
    halt, real = crossing.Halt(), uploads.missing

    def missing(*args: Any) -> tuple[str, ...]:
        found = real(*args)
        halt.here()
        return found

    monkeypatch.setattr(uploads, "missing", missing)
    with ThreadPoolExecutor(2) as pool:
        push = pool.submit(attach, ana)
        try:
            assert halt.reached.wait(WAIT_S)
            drop = partial(uploads.drop_stale, now=desk.clock.now())
            dropped = pool.submit(desk.database.transact, drop)
            assert crossing.stands_at_a_lock(crossing.address(desk), dropped)
        finally:
            halt.go_on.set()
        assert push.result(WAIT_S)["blobs_missing"] == []
        assert list(dropped.result(WAIT_S)) == []
    assert tidy(desk.database, desk.clock, blobs=FolderStore(folder)).failed == ()
    assert get(ana, "att-1").content == PHOTO
