"""The power goes at a random moment of a day's work, and the disk keeps what it likes of the rest.

Under the real store and its real journal (see ``powerloss``). Each cut lays the folder down as a
disk may have it, opens it with the real program, and looks for everything that was called saved.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
import tally
from powerloss.building import needs_compiler, run_watched
from powerloss.child_day import evening
from powerloss.disk import Disk, Fate
from powerloss.events import Event, Kind, read_events
from small_feed import NINE, take_in
from small_work import note, queue

from fieldtech.clock import FakeClock
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore
from fieldtech.store.agenda import AgendaQuery
from fieldtech.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldtech.store.opening import Store

pytestmark = needs_compiler

CUTS, SOAK_CUTS = 48, 480
SHARES = {"birth": 8, "saved": 14, "synced": 8, "journal": 6, "log": 6, "checkpoint": 4, "names": 2}
"""How many of 48 cuts fall into which kind of moment."""


@dataclass(frozen=True)
class Day:
    """One recorded day."""

    events: Sequence[Event]
    folder: Path


@dataclass
class Saved:
    """What had been called saved by the moment of a cut, and what was just being saved."""

    commands: list[str] = field(default_factory=list)
    under_way: list[str] = field(default_factory=list)
    draft: str = ""
    refused: str = ""
    """What the work under way was to take the place of."""


def recorded(folder: Path, seed: int, manner: str = "as_shipped") -> Day:
    profile = folder / "profile"
    profile.mkdir(parents=True)
    run_watched("powerloss.child_day", profile, str(seed), manner, record=folder / "record")
    return Day(read_events(folder / "record", profile), profile)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    return recorded(tmp_path_factory.mktemp("day"), 1)


def saved_by(events: Sequence[Event], cut: int) -> Saved:
    """Read the marks: those before the cut, and the next one after it."""
    saved = Saved()
    for at, event in enumerate(events):
        if event.kind is not Kind.MARKED:
            continue
        word, _, rest = event.path.partition(" ")
        if at >= cut:
            if word == "saved":
                saved.under_way = rest.split()
                break
            if word == "decided":
                saved.refused, again = rest.split()
                saved.under_way = [again]
                break
        elif word == "saved":
            saved.commands += rest.split()
        elif word == "decided":
            before, again = rest.split()
            saved.commands.remove(before)
            saved.commands.append(again)
        elif word == "draft":
            saved.draft = rest
    return saved


def moments(events: Sequence[Event]) -> dict[str, list[int]]:
    """Every place a cut can fall, by its kind: so many events have been done by then."""
    first = next(at for at, event in enumerate(events) if event.path == "opened")
    found: dict[str, list[int]] = {kind: [] for kind in SHARES}
    for at, event in enumerate(events):
        for kind in _kinds(event, is_birth=at <= first):
            found[kind].append(at + 1)
    return found


def _kinds(event: Event, *, is_birth: bool) -> Iterator[str]:
    if is_birth:
        yield "birth"
    match event.kind:
        case Kind.MARKED if event.path.startswith("saved"):
            yield "saved"
        case Kind.SYNCED:
            yield "synced"
        case Kind.WRITTEN if event.path.startswith("journal/"):
            yield "journal"
        case Kind.WRITTEN if event.path == "store.db-wal":
            yield "log"
        case Kind.WRITTEN if event.path == "store.db":
            yield "checkpoint"
        case Kind.UNLINKED | Kind.RENAMED | Kind.FOLDER_MADE:
            yield "names"


def chosen_cuts(events: Sequence[Event], how_many: int, dice: Random) -> list[int]:
    cuts: list[int] = []
    for kind, places in moments(events).items():
        wanted = how_many * SHARES[kind] // sum(SHARES.values())
        cuts += dice.sample(places, min(wanted, len(places)))
    return sorted(cuts)


@dataclass(frozen=True)
class Crashed:
    """A profile as it was found after a cut."""

    folder: Path
    cut: int
    fate: Fate
    saved: Saved

    def open(self) -> Store:
        profile = Profile.open(self.folder)
        return open_store(profile, FileStore(profile.key_file), FakeClock(NINE))

    def tell(self, there: list[str]) -> None:
        tally.count(
            rounds=1,
            faults={"power_loss": 1},
            acknowledged=len(self.saved.commands),
            lost=len(set(self.saved.commands) - set(there)),
            duplicated=len(there) - len(set(there)),
        )

    def commands(self, store: Store) -> list[str]:
        return [item.op_id for item in reversed(store.outbox.items())]


def after_cuts(
    day: Day,
    cuts: Sequence[int],
    folder: Path,
    dice: Random,
    fates: Sequence[Fate] = tuple(Fate),
) -> Iterator[Crashed]:
    """What the disk holds after each cut, under each fate in turn."""
    disk = Disk()
    done = 0
    for number, cut in enumerate(cuts):
        for event in day.events[done:cut]:
            disk.do(event)
        done = cut
        fate = fates[number % len(fates)]
        left = folder / f"cut-{number}"
        disk.after_a_cut(left, fate, dice)
        yield Crashed(left, cut, fate, saved_by(day.events, cut))
        shutil.rmtree(left)


def check_all_is_there(crashed: Crashed, *, has_database: bool = True) -> None:
    """Everything called saved is there, once and in order, and nothing that never was."""
    saved = crashed.saved
    store = crashed.open()
    try:
        there = crashed.commands(store)
        if set(saved.under_way) & set(there) and saved.refused:
            # Sent anew it stands there once: as what was refused, or as what took its place.
            saved.commands.remove(saved.refused)
        crashed.tell(there)
        assert there[: len(saved.commands)] == saved.commands
        beyond = there[len(saved.commands) :]
        # Of two that were being saved together one may come back alone: a record is believed by
        # itself, for its neighbour may have been damaged long after both were called saved.
        assert beyond == [op_id for op_id in saved.under_way if op_id in beyond]
        numbers = [item.n for item in reversed(store.outbox.items())]
        assert numbers == sorted(set(numbers))
        if has_database and saved.draft:
            kept = store.drafts.get("a")
            assert kept is not None
            assert int(kept.split()[1]) >= int(saved.draft.split()[1])
        check_is_sound(store)
        if store.session.get().user is not None:
            check_goes_on(store, numbers)
    finally:
        store.close()
    again = crashed.open()
    try:
        assert crashed.commands(again)[: len(there)] == there, "nothing is put back twice"
    finally:
        again.close()


def check_is_sound(store: Store) -> None:
    with store.database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").all() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]


def check_goes_on(store: Store, numbers: list[int]) -> None:
    """The central's part comes again from the cursor, whole; the next work is taken in."""
    world = evening()
    take_in(store, world)
    with store.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT entity, id, rev FROM mirror").all()
    mirrored = {(row.entity, row.id): row.rev for row in rows}
    assert mirrored == {key: rev for key, (rev, _) in world.bodies.items()}
    assert store.agenda.page(AgendaQuery()).total == 3
    op_id = queue(store, note("sigue")).op_ids[0]
    item = store.outbox.item(op_id)
    assert item is not None
    # Without the database a number may be left out that was just being given; a device that does
    # so is renumbered when the central asks for it.
    assert item.n - max(numbers, default=0) in (1, 2, 3)
    shown = [each.text for each in store.cases.get("i1").incident.notes]
    assert shown[-1] == "sigue"


def test_the_record_leaves_nothing_out(day: Day, tmp_path: Path) -> None:
    """What was recorded, played back, is the folder byte by byte: else the cuts prove nothing."""
    disk = Disk()
    for event in day.events:
        disk.do(event)
    disk.as_it_is(tmp_path / "played")
    assert contents(tmp_path / "played") == contents(day.folder)
    kinds = moments(day.events)
    assert min(len(places) for places in kinds.values()) > 5, "the day has moments of every kind"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("without", ["nothing", "journal"])
def test_power_loss_unsynced_wal(day: Day, tmp_path: Path, without: str) -> None:
    """Whatever the disk kept of what was not synced, all that was called saved is there.

    The database is as good for it as the journal: it is all there without the other one too.
    """
    check_cuts(day, CUTS, tmp_path, without=without)


@pytest.mark.expects_log("the store is damaged and will be rebuilt")
def test_power_loss_and_the_database_lost_with_it(day: Day, tmp_path: Path) -> None:
    """The journal is as good for it as the database: it is all there without that too."""
    check_cuts_without_database(day, CUTS // 2, tmp_path)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.expects_log("the store is damaged and will be rebuilt")
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_power_loss_unsynced_wal_at_hundreds_of_moments(tmp_path: Path, seed: int) -> None:
    long = recorded(tmp_path / "day", seed)
    for without in ("nothing", "journal"):
        check_cuts(long, SOAK_CUTS, tmp_path, seed=seed, without=without)
    check_cuts_without_database(long, SOAK_CUTS, tmp_path, seed=seed)


def test_power_loss_unsynced_wal_would_lose_work_by_other_settings(tmp_path: Path) -> None:
    """The control: with ``synchronous=NORMAL`` and no journal, what was called saved is gone."""
    careless = recorded(tmp_path / "day", 1, "unsynced")
    after_saving = moments(careless.events)["saved"]
    dice = Random(7)  # noqa: S311  a seeded choice
    cuts = sorted(dice.sample(after_saving, 20))
    losses = 0
    for crashed in after_cuts(careless, cuts, tmp_path, dice, fates=(Fate.NOTHING,)):
        store = crashed.open()
        try:
            losses += crashed.commands(store) != crashed.saved.commands
        finally:
            store.close()
    assert losses >= 18, "nothing but a rare checkpoint syncs what was called saved"


def check_cuts(day: Day, how_many: int, folder: Path, *, without: str, seed: int = 7) -> None:
    dice = Random(seed)  # noqa: S311  a seeded choice
    cuts = chosen_cuts(day.events, how_many, dice)
    for crashed in after_cuts(day, cuts, folder, dice):
        if without == "journal":
            shutil.rmtree(crashed.folder / "journal", ignore_errors=True)
        with explained(crashed):
            check_all_is_there(crashed)


def check_cuts_without_database(day: Day, how_many: int, folder: Path, *, seed: int = 7) -> None:
    dice = Random(seed)  # noqa: S311  a seeded choice
    found = moments(day.events)
    places = [*found["saved"], *(at for at in found["journal"] if at > found["saved"][0])]
    cuts = sorted(dice.sample(places, min(how_many, len(places))))
    for crashed in after_cuts(day, cuts, folder, dice):
        (crashed.folder / "store.db").write_bytes(dice.randbytes(50_000))
        with explained(crashed):
            check_all_is_there(crashed, has_database=False)


@contextmanager
def explained(crashed: Crashed) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        error.add_note(f"cut after event {crashed.cut}: {crashed.fate.value}")
        raise
