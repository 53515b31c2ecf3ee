from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

import fieldtech.paths
from fieldtech.errors import Bug
from fieldtech.paths import (
    Profile,
    claim_private,
    default_profile_dir,
    resources_dir,
    write_private,
)


def assert_mode(path: Path, expected: int) -> None:
    if os.name == "posix":  # Windows keeps a person's folders private by inherited rights
        assert stat.S_IMODE(path.stat().st_mode) == expected


def pretend_package(monkeypatch: pytest.MonkeyPatch, package: Path) -> None:
    package.mkdir(parents=True)
    monkeypatch.setattr(fieldtech.paths, "__file__", str(package / "paths.py"))


def test_a_source_tree_uses_its_own_resources() -> None:
    assert resources_dir() == Path(__file__).parents[2] / "resources"


def test_an_installed_package_carries_its_resources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "site-packages" / "fieldtech"
    pretend_package(monkeypatch, package)
    (package / "_resources").mkdir()
    (package.parent / "resources").mkdir()  # somebody else's
    assert resources_dir() == package / "_resources"


def test_a_broken_installation_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pretend_package(monkeypatch, tmp_path / "fieldtech")
    with pytest.raises(Bug, match="resources are missing"):
        resources_dir()


def test_a_profile_is_private_to_its_owner(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "perfil ñ")
    assert_mode(profile.dir, 0o700)
    assert_mode(profile.log.parent, 0o700)


def test_a_folder_that_was_there_is_made_private_too(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir(mode=0o755)
    (tmp_path / "p" / "log").mkdir(mode=0o755)
    (tmp_path / "p" / "store.db-wal").touch()
    profile = Profile.open(tmp_path / "p")
    assert_mode(profile.dir, 0o700)
    assert_mode(profile.log.parent, 0o700)


def test_a_folder_of_other_things_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "photos").mkdir()
    assert_mode(Profile.open(tmp_path).dir, 0o755)


def test_a_folder_of_somebody_else_is_used_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refused(_path: Path, _mode: int) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", refused)
    assert Profile.open(tmp_path / "p").log.parent.is_dir()


def test_what_a_crash_left_of_a_write_is_cleared(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    profile = Profile.open(tmp_path / "p")
    write_private(profile.key_file, "old")

    class Killed(BaseException):
        """As if the process were gone at once: nothing more is done."""

    def killed(_path: Path, *_arguments: object, **_named: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        patched.setattr(Path, "unlink", killed)
        with pytest.raises(Killed):
            write_private(profile.key_file, "new")
    assert len(list(profile.dir.iterdir())) == 3, "the log, the old file and half of a new one"

    profile.clear_scraps()
    assert profile.key_file.read_text() == "old"
    assert {path.name for path in profile.dir.iterdir()} == {"log", "secrets.json"}


def test_everything_of_a_profile_lies_inside_it(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "p")
    parts = [profile.db, profile.lock, profile.log, profile.key_file, profile.settings]
    assert len(set(parts)) == len(parts)
    assert all(part.is_relative_to(profile.dir) for part in parts)


def test_without_a_name_the_profile_lies_where_the_system_keeps_data() -> None:
    assert default_profile_dir().name == "fieldtech"
    if sys.platform == "linux":
        assert default_profile_dir().parent == Path(os.environ["XDG_DATA_HOME"])
    assert Profile.open().dir == default_profile_dir()


def test_a_private_file_is_private_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "añejo\n")
    assert path.read_bytes() == "añejo\n".encode()
    assert_mode(path, 0o600)


def test_a_failed_write_leaves_the_old_file_and_no_scraps(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("has_links", [True, False])
def test_of_two_that_make_the_same_file_the_first_ones_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, has_links: bool
) -> None:
    def refused(*_of: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not has_links:
        monkeypatch.setattr(os, "link", refused)
    path = tmp_path / "a.json"
    assert claim_private(path, "first")
    assert not claim_private(path, "second")
    assert path.read_text() == "first"
    assert_mode(path, 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_is_full_leaves_nothing_of_a_claim(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Not half a file either, which would stand there for good."""
    synced: list[int] = []

    def full_later(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")

    def refused(*_of: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fsync", full_later)
    monkeypatch.setattr(os, "link", refused)
    with pytest.raises(OSError, match="No space"):
        claim_private(tmp_path / "a.json", "half")
    assert list(tmp_path.iterdir()) == []
