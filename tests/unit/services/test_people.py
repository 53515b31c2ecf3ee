"""Whose profiles there are on this laptop, and which one a person gets who signs in."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fieldtech import config
from fieldtech.paths import Profile
from fieldtech.services import people
from fieldtech.services.people import LaptopUser, People, present_profile

NOON = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
CENTRAL = "https://central.example.mx"


def settle(folder: Path, login: str, *, central: str = CENTRAL, hours: float = 0.0) -> LaptopUser:
    """``login`` has worked in ``folder``."""
    Profile.open(folder)
    user = LaptopUser(
        folder=folder,
        login=login,
        name=login.capitalize(),
        central=central,
        waiting=2,
        last_used=NOON + timedelta(hours=hours),
    )
    people.note(user)
    return user


def test_nobody_was_here_yet(tmp_path: Path) -> None:
    here = People(tmp_path / "data")
    assert here.all() == ()
    assert here.present() == tmp_path / "data"
    assert here.place_for("ana", CENTRAL, at=tmp_path / "data") == tmp_path / "data"
    assert not (tmp_path / "data").exists(), "nothing is made by asking"


def test_who_was_here_last_comes_first_and_is_opened(tmp_path: Path) -> None:
    ana = settle(tmp_path, "ana")
    beto = settle(tmp_path / "people" / "2", "beto", hours=1)
    here = People(tmp_path)
    assert here.all() == (beto, ana)
    assert here.present() == beto.folder
    settle(tmp_path, "ana", hours=2)
    assert here.present() == tmp_path


def test_a_second_person_gets_a_profile_of_his_own(tmp_path: Path) -> None:
    settle(tmp_path, "ana")
    here = People(tmp_path)
    place = here.place_for("beto", CENTRAL, at=tmp_path)
    assert place == tmp_path / "people" / "2"
    settle(place, "beto")
    assert here.place_for("BETO", f"{CENTRAL}/", at=tmp_path) == place, "the same as before"
    assert here.place_for("ana", CENTRAL, at=place) == tmp_path
    assert here.place_for("caro", CENTRAL, at=place) == tmp_path / "people" / "3"


def test_the_same_name_at_two_centrals_is_two_people(tmp_path: Path) -> None:
    settle(tmp_path, "ana")
    other = settle(tmp_path / "people" / "2", "ana", central="https://otra.example.mx")
    here = People(tmp_path)
    assert here.place_for("ana", "https://otra.example.mx", at=tmp_path) == other.folder
    # A third address may be the same central, moved: the sign-in in her own profile finds out,
    # and where it was another central after all she gets a free one.
    assert here.place_for("ana", "https://moved.example.mx", at=tmp_path) == tmp_path
    assert here.free_place(besides=tmp_path) == tmp_path / "people" / "3"


def test_a_try_that_failed_leaves_its_place_to_the_next(tmp_path: Path) -> None:
    settle(tmp_path, "ana")
    failed = Profile.open(tmp_path / "people" / "2")
    failed.db.write_bytes(b"a store without a person")
    here = People(tmp_path)
    assert len(here.all()) == 1
    assert here.place_for("beto", CENTRAL, at=tmp_path) == failed.dir
    assert here.free_place(besides=failed.dir) == tmp_path / "people" / "3"


@pytest.mark.parametrize("mark", ["revoked.json", "lock.json"])
def test_a_profile_that_is_sealed_or_locked_is_no_free_place(tmp_path: Path, mark: str) -> None:
    (Profile.open(tmp_path).dir / mark).write_text("{}")
    here = People(tmp_path)
    assert here.free_place() == tmp_path / "people" / "2"
    place = here.place_for("ana", CENTRAL, at=tmp_path, is_open=False)
    assert place == tmp_path / "people" / "2"


def test_who_chose_a_passphrase_and_then_mistyped_the_password_stays(tmp_path: Path) -> None:
    Profile.open(tmp_path).lock_file.write_text("{}")
    assert People(tmp_path).place_for("ana", CENTRAL, at=tmp_path) == tmp_path


def test_who_was_shut_out_and_is_let_in_again_begins_anew(tmp_path: Path) -> None:
    settle(tmp_path, "ana")
    Profile(tmp_path).revoked.write_text("{}")
    here = People(tmp_path)
    assert here.all()[0].revoked
    assert here.place_for("ana", CENTRAL, at=tmp_path) == tmp_path / "people" / "2"


def test_a_profile_of_an_earlier_version_is_known_by_its_settings(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path)
    config.save(config.Settings(central_url=CENTRAL, last_user="ana"), profile.settings)
    (found,) = People(tmp_path).all()
    assert (found.login, found.central, found.last_used) == ("ana", CENTRAL, None)
    settle(tmp_path / "people" / "2", "beto")
    assert People(tmp_path).present() == tmp_path / "people" / "2"


WHO = '{"login": "ana", "name": "", "central": "", "waiting": %s, "last_used": "%s"}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"login": "ana"}',
        '{"login":1,"last_used":3}',
        "\udcff",
        WHO % ("1e999", ""),
        WHO % ("0", "0001-01-01T00:00:00+14:00"),
        "[" * 100_000,
    ],
)
def test_a_damaged_file_falls_back_on_the_settings(tmp_path: Path, text: str) -> None:
    settle(tmp_path, "ana")
    profile = Profile(tmp_path)
    profile.who.write_text(text, encoding="utf-8", errors="surrogateescape")
    assert People(tmp_path).all() == ()
    config.save(config.Settings(central_url=CENTRAL, last_user="ana"), profile.settings)
    assert [user.login for user in People(tmp_path).all()] == ["ana"]


def test_what_is_written_is_private_and_says_no_more_than_it_must(tmp_path: Path) -> None:
    settle(tmp_path, "ana")
    told = json.loads(Profile(tmp_path).who.read_text(encoding="utf-8"))
    assert set(told) == {"login", "name", "central", "waiting", "files", "last_used"}
    assert stat.S_IMODE(Profile(tmp_path).who.stat().st_mode) == 0o600
    assert stat.S_IMODE(Profile.open(tmp_path).dir.stat().st_mode) == 0o700


def test_a_command_without_a_profile_means_whoever_was_here_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "default_profile_dir", lambda: tmp_path)
    assert present_profile(None) == tmp_path
    settle(tmp_path, "ana")
    beto = settle(tmp_path / "people" / "2", "beto", hours=1)
    assert present_profile(None) == beto.folder
    assert present_profile(str(tmp_path)) == tmp_path


def test_a_folder_one_may_not_look_into_is_neither_listed_nor_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(tmp_path, "ana")
    shut = Profile.open(tmp_path / "people" / "2").dir

    def refuse(path: Path) -> bool:
        if path.parent == shut:
            raise PermissionError(path)
        return path in {tmp_path, shut}

    monkeypatch.setattr(Path, "exists", refuse)
    here = People(tmp_path)
    assert [user.login for user in here.all()] == ["ana"]
    assert here.free_place() == tmp_path / "people" / "3"
