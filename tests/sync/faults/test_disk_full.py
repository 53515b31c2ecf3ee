"""The disk is full, broken or read-only at every single act, one after the other.

The acts are those of the real store, journal and shelf; the C library answers in the disk's place
(see ``powerloss``), so it binds for root too. The assertions about each round are in
``powerloss.child_faults``: a clear problem, nothing lost that was called saved, and the next try on
a healthy disk succeeds.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import tally
from powerloss.building import needs_compiler, run_watched
from powerloss.child_faults import ACTIONS, ILLS

from fieldtech.paths import Profile
from fieldtech.secrets import FileStore
from fieldtech.store.driver import KEY_NAME

pytestmark = needs_compiler

EVERY = {"birth": 7, "queue": 2, "start": 2, "upgrade": 5}
"""Of so many acts one is tried in the short version; of the others every one."""

# What a person is told. SQLite itself tells a full disk from a broken one only where it writes:
# a log that cannot be begun is to it a folder that cannot be written.
UNWRITABLE = {"store_read_only", "store_io", "key_file_unusable", "package_unwritable", "no_folder"}
TOLD = {
    "full": {"disk_full", *UNWRITABLE},
    "full_for_a_moment": {"disk_full", "done", *UNWRITABLE},
    "broken": {"store_io", "journal_unusable", "key_file_unusable", "package_unwritable", "done"},
    "read_only": {*UNWRITABLE, "done"},
}
FULL_AT_WORK = {"queue", "draft", "page", "sign_in", "blob"}
"""While the program runs, a full disk is called by its name at every act."""


@dataclass(frozen=True)
class Told:
    """What ``child_faults`` said."""

    codes: dict[str, int]
    saved: int
    returned: int


def failing(folder: Path, action: str, ill: str, every: int) -> Told:
    folder.mkdir()
    told = run_watched("powerloss.child_faults", folder, action, ill, str(every), timeout_s=1700)
    counts = Told(**json.loads(told))
    hits = sum(counts.codes.values())
    tally.count(rounds=hits, faults={f"disk_{ill}": hits}, acknowledged=counts.saved)
    return counts


@pytest.fixture
def every(request: pytest.FixtureRequest) -> dict[str, int]:
    return {} if request.config.getoption("--soak") else EVERY


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("ill", ILLS)
def test_disk_full_at_commit(tmp_path: Path, ill: str, every: dict[str, int]) -> None:
    """Nothing is called saved that is not; nothing that was is lost; afterwards it goes on."""
    told = failing(tmp_path / "work", "queue", ill, every.get("queue", 1))
    assert sum(told.codes.values()) >= 10, "a command is journaled and committed in many acts"
    assert told.saved == sum(told.codes.values()) + 2
    assert set(told.codes) <= TOLD[ill] - {"done"}
    if ill in {"full", "full_for_a_moment"}:
        assert set(told.codes) == {"disk_full"}
    assert told.returned == 0, "what was called not saved stays away"


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("action", "ill"),
    [(action, ill) for action in ACTIONS for ill in ILLS if action != "queue"],
)
def test_the_disk_fails_at_any_act(
    tmp_path: Path, action: str, ill: str, every: dict[str, int]
) -> None:
    told = failing(tmp_path / "work", action, ill, every.get(action, 1))
    assert told.codes
    # What is decided stands in the database; the journal is told of it afterwards, if it can be.
    assert set(told.codes) <= TOLD[ill] | ({"done"} if action == "decide" else set())
    assert told.codes != {"done": 1}
    if ill == "full" and action in FULL_AT_WORK:
        assert set(told.codes) == {"disk_full"}


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("ill", ILLS)
def test_the_disk_fails_while_a_profile_is_made(
    tmp_path: Path, ill: str, every: dict[str, int]
) -> None:
    """The next start makes it, with everything it needs."""
    told = failing(tmp_path / "work", "birth", ill, every.get("birth", 1))
    assert told.codes
    assert set(told.codes) <= TOLD[ill] | {"disk_full", "no_folder"}


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("ill", ILLS)
def test_the_disk_fails_while_a_store_is_upgraded(
    tmp_path: Path, ill: str, every: dict[str, int]
) -> None:
    """The next start upgrades it, with all the work that was in it."""
    old = Profile.open(tmp_path / "old")
    shutil.copyfile(Path(__file__).parents[2] / "store" / "databases" / "v1.sqlite", old.db)
    FileStore(old.key_file).set(KEY_NAME, "5eed" * 16)
    told = failing(tmp_path / "work", str(old.dir), ill, every.get("upgrade", 1))
    assert told.codes
    assert set(told.codes) <= TOLD[ill] | {"disk_full"}
