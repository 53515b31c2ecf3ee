"""A profile opens to its last page, or says in a sentence why not; nothing is ever rebuilt."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import field_office
import pytest

from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore
from fieldtech.services.opening import MustOpen, Opening
from fieldtech.services.values import AgendaQuery
from fieldtech.store.driver import connect, raw_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from field_office import FieldLaptop, Office

    from fieldtech.clock import FakeClock
    from fieldtech.services.values import FirstLook


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """The technician's profile, closed."""
    return field_office.new_profile("ana", tmp_path / "profile")


@pytest.fixture
def opening(profile: Profile, clock: FakeClock) -> Iterator[Opening]:
    """That profile on its way to being opened."""
    made = Opening(profile, FileStore(profile.key_file), clock)
    yield made
    made.close()


def look(opening: Opening) -> FirstLook | None:
    """The first look, and where the store must be opened for it, what it shows then."""
    found = opening.first_look()
    return opening.look_again() if isinstance(found, MustOpen) else found


def refusal(opening: Opening) -> EnvironmentProblem:
    """Why neither the first look nor the services can be had."""
    with pytest.raises(EnvironmentProblem) as at_first:
        look(opening)
    with pytest.raises(EnvironmentProblem) as later:
        opening.desk()
    assert at_first.value.code == later.value.code
    assert later.value.user_text.count("\n") >= 1
    return later.value


def test_the_first_look_goes_by_the_centrals_time_already(
    opening: Opening, clock: FakeClock
) -> None:
    """The store is not open yet, and the laptop's clock was set: no countdown may show it."""
    clock.jump_wall(3 * 3600)
    assert opening.first_look() is not None
    assert opening.clock.now() == field_office.NOW
    assert opening.clock.moment().compared


def test_a_new_profile_has_nobody(tmp_path: Path, clock: FakeClock) -> None:
    profile = Profile.open(tmp_path / "new")
    opening = Opening(profile, FileStore(profile.key_file), clock)
    assert opening.first_look() is None
    assert not profile.db.exists()
    assert opening.look_again() is None
    opening.close()
    assert profile.db.exists()
    assert Opening(profile, FileStore(profile.key_file), clock).first_look() is None


def test_the_first_look_shows_what_the_services_show(opening: Opening) -> None:
    first = look(opening)
    assert first is not None
    again = opening.look_again()
    assert again is not None
    assert (first.user_id, first.user_name, first.role) == ("ana", "Ana", "technician")
    assert (first.page.rows, first.page.groups) == (again.page.rows, again.page.groups)
    assert (first.page.counts, first.page.total) == (again.page.counts, 5)
    assert first.status.key_place == again.status.key_place
    assert first.status.last_contact == again.status.last_contact


def test_the_first_look_needs_neither_sqlalchemy_nor_the_lock(profile: Profile) -> None:
    script = (
        "import sys\n"
        "from fieldtech.clock import SystemClock\n"
        "from fieldtech.paths import Profile\n"
        "from fieldtech.secrets import FileStore\n"
        "from fieldtech.services.opening import Opening\n"
        "profile = Profile.open(sys.argv[1])\n"
        "look = Opening(profile, FileStore(profile.key_file), SystemClock()).first_look()\n"
        "heavy = {'sqlalchemy', 'requests', 'psutil', 'keyring'} & set(sys.modules)\n"
        "print(len(look.page.rows), sorted(heavy))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(profile.dir)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "5 []"


def test_opening_twice_gives_the_same_desk_and_closing_lets_go(
    opening: Opening, profile: Profile, clock: FakeClock
) -> None:
    assert opening.desk() is opening.desk()
    other = Opening(profile, FileStore(profile.key_file), clock)
    with pytest.raises(EnvironmentProblem) as refused:
        other.desk()
    assert refused.value.code == "profile_in_use"
    assert other.first_look() is not None, "what is on disk can be read all the same"
    opening.close()
    opening.close()
    assert other.desk().first_look() is not None
    other.close()


@pytest.mark.expects_log("the store is damaged and will be rebuilt")
def test_a_damaged_store_is_rebuilt_with_its_person(opening: Opening, profile: Profile) -> None:
    profile.db.write_bytes(b"\x00" * 8192)
    assert opening.first_look() == MustOpen("rebuild")
    assert not list(profile.dir.glob("store.db.damaged-*")), "looking opens nothing"
    found = opening.look_again()
    assert found is not None
    assert (found.user_id, found.page.total) == ("ana", 0), "the rest comes with the next sync"
    assert len(list(profile.dir.glob("store.db.damaged-*"))) == 1


def test_a_store_that_is_gone_is_rebuilt_with_its_person(
    opening: Opening, profile: Profile
) -> None:
    """Nobody else is let in while the journal keeps somebody's work."""
    profile.db.unlink()
    assert opening.first_look() == MustOpen("rebuild")
    found = opening.look_again()
    assert found is not None
    assert found.user_id == "ana"


def test_a_damaged_store_without_a_journal_is_said_and_left_alone(
    opening: Opening, profile: Profile
) -> None:
    shutil.rmtree(profile.journal)
    profile.db.write_bytes(b"\x00" * 8192)
    problem = refusal(opening)
    assert problem.code == "store_corrupt"
    assert profile.db.read_bytes() == b"\x00" * 8192


def test_a_lost_key_is_said(profile: Profile, clock: FakeClock) -> None:
    profile.key_file.unlink()
    problem = refusal(Opening(profile, FileStore(profile.key_file), clock))
    assert problem.code == "key_missing"
    assert not profile.key_file.exists(), "another key would lock the work in for good"


def test_a_store_of_a_newer_program_is_said(
    opening: Opening, profile: Profile, clock: FakeClock
) -> None:
    connection = connect(profile.db, raw_key(FileStore(profile.key_file), profile.db))
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    assert opening.first_look() == MustOpen("upgrade")
    problem = refusal(opening)
    assert problem.code == "schema_newer"
    with pytest.raises(EnvironmentProblem):
        Opening(profile, FileStore(profile.key_file), clock).look_again()


def test_an_edited_key_file_is_said(opening: Opening, profile: Profile) -> None:
    profile.key_file.write_text("no JSON", encoding="utf-8")
    with pytest.raises(EnvironmentProblem) as refused:
        opening.first_look()
    assert refused.value.code == "bad_data"
    assert profile.key_file.name in str(refused.value)


def test_after_a_refusal_the_profile_can_be_opened(opening: Opening, profile: Profile) -> None:
    shutil.rmtree(profile.journal)
    sound = profile.db.read_bytes()
    profile.db.write_bytes(b"\x01" * 4096)
    refusal(opening)
    profile.db.write_bytes(sound)
    assert look(opening) is not None
    assert opening.desk().agenda.page(AgendaQuery()).total == 5


def test_the_clock_of_the_screens_is_the_centrals(
    opening: Opening, office: Office, clock: FakeClock, ana: FieldLaptop
) -> None:
    assert office.clock is clock
    opening.desk()
    before = opening.clock.now()
    assert before == field_office.NOW
    clock.jump_wall(3 * 3600)
    assert opening.clock.now() == before, "a wall clock that jumps moves no countdown"
    clock.jump_wall(-5 * 3600)
    clock.advance(60)
    assert (opening.clock.now() - before).total_seconds() == 60
    assert opening.clock.boot_id() == clock.boot_id()
    assert opening.clock.boot() == clock.boot()
    assert ana.clock.now() == opening.clock.now()
    clock.reboot(off_for=30)
    assert opening.clock.moment().rebooted
    assert opening.clock.moment().uncertainty_s >= 5
