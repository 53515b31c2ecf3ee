from __future__ import annotations

import os
import stat
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_keyring import ForgetfulKeyring, LockableKeyring, MemoryKeyring

from fieldtech.errors import DataError, EnvironmentProblem
from fieldtech.paths import Profile
from fieldtech.secrets import (
    ClosedStore,
    FileStore,
    MemoryStore,
    Preference,
    SecretStore,
    move_to_keyring,
    open_secret_store,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile.open(tmp_path / "profile")


@pytest.fixture(params=["keyring", "file", "memory"])
def store(
    request: pytest.FixtureRequest, profile: Profile, memory_keyring: MemoryKeyring
) -> SecretStore:
    return open_secret_store(profile, prefer=request.param, keyring=memory_keyring)


def test_every_store_keeps_replaces_and_forgets(store: SecretStore) -> None:
    assert store.get("db_key") is None
    store.set("db_key", "a")
    store.set("db_key", "ñ")
    store.set("other", "b")
    assert (store.get("db_key"), store.get("other")) == ("ñ", "b")
    store.delete("db_key")
    store.delete("db_key")
    assert (store.get("db_key"), store.get("other")) == (None, "b")


def test_every_store_says_where_secrets_are(store: SecretStore, profile: Profile) -> None:
    assert store.kind in {"keyring", "file", "memory"}
    assert store.describe.endswith((".", str(profile.key_file)))


def test_a_working_keyring_is_chosen_and_remembered(
    profile: Profile, memory_keyring: MemoryKeyring
) -> None:
    open_secret_store(profile, keyring=memory_keyring).set("db_key", "a")
    again = open_secret_store(profile, keyring=memory_keyring)
    assert again.kind == "keyring"
    assert again.get("db_key") == "a"
    assert not profile.key_file.exists()


def test_a_keyring_that_keeps_nothing_is_not_trusted(profile: Profile) -> None:
    assert open_secret_store(profile, keyring=ForgetfulKeyring()).kind == "file"


def test_the_probe_leaves_nothing_behind(profile: Profile, memory_keyring: MemoryKeyring) -> None:
    open_secret_store(profile, keyring=memory_keyring)
    assert memory_keyring.texts == {}


def test_two_profiles_in_one_keyring_do_not_meet(
    tmp_path: Path, memory_keyring: MemoryKeyring
) -> None:
    first, second = (
        open_secret_store(Profile.open(tmp_path / name), keyring=memory_keyring)
        for name in ("first", "second")
    )
    first.set("db_key", "a")
    assert second.get("db_key") is None


def test_without_a_keyring_the_private_file_is_used_for_good(
    profile: Profile, memory_keyring: MemoryKeyring
) -> None:
    # conftest points the system's keyring at one that always fails.
    open_secret_store(profile).set("db_key", "a")
    later = open_secret_store(profile, keyring=memory_keyring)
    assert later.kind == "file"
    assert later.get("db_key") == "a"
    if os.name == "posix":
        assert stat.S_IMODE(profile.key_file.stat().st_mode) == 0o600


def test_a_keyring_that_is_only_shut_decides_nothing(profile: Profile) -> None:
    keyring = LockableKeyring()
    with pytest.raises(EnvironmentProblem) as caught:
        open_secret_store(profile, keyring=keyring)
    assert caught.value.code == "keyring_unavailable"
    assert not profile.secret_marker.exists()
    keyring.shut = False
    assert open_secret_store(profile, keyring=keyring).kind == "keyring"


def test_a_key_file_without_its_marker_is_still_the_place(
    profile: Profile, memory_keyring: MemoryKeyring
) -> None:
    open_secret_store(profile, prefer="file").set("db_key", "a")
    profile.secret_marker.unlink()
    again = open_secret_store(profile, keyring=memory_keyring)
    assert (again.kind, again.get("db_key")) == ("file", "a")
    profile.secret_marker.unlink()
    with pytest.raises(EnvironmentProblem) as caught:
        open_secret_store(profile, prefer="keyring", keyring=memory_keyring)
    assert caught.value.code == "secret_store_differs"


def test_secrets_move_into_a_keyring_when_there_is_one(
    profile: Profile, memory_keyring: MemoryKeyring
) -> None:
    store = open_secret_store(profile)
    store.set("db_key", "a")
    store.set("tokens", "b")
    move_to_keyring(profile, keyring=memory_keyring)
    moved = open_secret_store(profile, keyring=memory_keyring)
    assert (moved.kind, moved.get("db_key"), moved.get("tokens")) == ("keyring", "a", "b")
    assert not profile.key_file.exists()
    profile.key_file.write_text('{"db_key": "a"}')  # as a crash before its end leaves it
    move_to_keyring(profile, keyring=memory_keyring)
    assert not profile.key_file.exists()
    assert open_secret_store(profile, keyring=memory_keyring).get("tokens") == "b"


@pytest.mark.parametrize("keyring", [ForgetfulKeyring(), LockableKeyring()])
def test_secrets_stay_in_their_file_when_the_keyring_does_not_take_them(
    profile: Profile, keyring: MemoryKeyring
) -> None:
    open_secret_store(profile).set("db_key", "a")
    with pytest.raises(EnvironmentProblem) as caught:
        move_to_keyring(profile, keyring=keyring)
    assert caught.value.code == "keyring_unavailable"
    assert open_secret_store(profile).get("db_key") == "a"


def test_a_profile_in_the_keyring_never_moves_to_a_file_in_silence(
    profile: Profile, memory_keyring: MemoryKeyring
) -> None:
    open_secret_store(profile, keyring=memory_keyring).set("db_key", "a")
    shut = open_secret_store(profile)
    with pytest.raises(EnvironmentProblem) as caught:
        shut.get("db_key")
    assert caught.value.code == "keyring_unavailable"
    with pytest.raises(EnvironmentProblem) as caught:
        open_secret_store(profile, prefer="file")
    assert caught.value.code == "secret_store_differs"
    assert not profile.key_file.exists()


def test_asking_for_a_keyring_where_none_works_is_refused(profile: Profile) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        open_secret_store(profile, prefer="keyring")
    assert caught.value.code == "keyring_unavailable"
    assert not profile.secret_marker.exists()


def test_a_key_file_that_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.mkdir()
    with pytest.raises(EnvironmentProblem) as caught:
        FileStore(path).get("k")
    assert caught.value.code == "key_file_unusable"
    with pytest.raises(EnvironmentProblem) as caught:
        FileStore(tmp_path / "nowhere" / "secrets.json").set("k", "v")
    assert caught.value.code == "key_file_unusable"


@pytest.mark.parametrize("text", ["[]", '{"db_key": 3}', "{", "[" * 100_000])
def test_a_damaged_key_file_is_refused_and_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(text)
    with pytest.raises(DataError, match=r"secrets\.json"):
        FileStore(path).set("db_key", "b")
    assert path.read_text() == text


def test_a_damaged_marker_is_refused(profile: Profile) -> None:
    profile.secret_marker.write_text('{"kind": "cloud", "name": "x"}')
    with pytest.raises(DataError, match="no known secret store"):
        open_secret_store(profile)


def test_memory_leaves_no_trace_on_disk(profile: Profile) -> None:
    store = open_secret_store(profile, prefer="memory")
    store.set("db_key", "a")
    assert isinstance(store, MemoryStore)
    assert not profile.secret_marker.exists()


def test_a_store_that_could_not_be_opened_says_why_at_every_use() -> None:
    store = ClosedStore(EnvironmentProblem("The keyring is shut.", code="keyring_unavailable"))
    with pytest.raises(EnvironmentProblem, match="The keyring is shut"):
        store.get("k")
    with pytest.raises(EnvironmentProblem, match="The keyring is shut"):
        store.set("k", "v")
    with pytest.raises(EnvironmentProblem, match="The keyring is shut"):
        store.delete("k")
    assert (store.place, store.describe) == ("", "The keys of this profile cannot be reached.")


class Meanwhile(MemoryKeyring):
    """Another start of the same profile comes between, just as this one tries the keyring out."""

    def __init__(self, other: Callable[[MemoryKeyring], None]) -> None:
        super().__init__()
        self._other: Callable[[MemoryKeyring], None] | None = other

    def delete(self, name: str) -> None:
        """Forget a text, after the other start the first time."""
        other, self._other = self._other, None
        if other is not None:
            other(self)
        super().delete(name)


def test_of_two_first_starts_at_once_the_first_one_decides_for_both(profile: Profile) -> None:
    def start(keyring: MemoryKeyring) -> None:
        open_secret_store(profile, keyring=keyring).set("db_key", "of the first")
        profile.db.write_bytes(b"encrypted by it")

    keyring = Meanwhile(start)
    slower = open_secret_store(profile, keyring=keyring)
    assert slower.get("db_key") == "of the first"
    assert open_secret_store(profile, keyring=keyring).get("db_key") == "of the first"


def test_a_first_start_that_wants_a_keyring_does_not_overrule_one_with_a_file(
    profile: Profile,
) -> None:
    keyring = Meanwhile(lambda _: open_secret_store(profile, prefer="file").set("db_key", "a"))
    with pytest.raises(EnvironmentProblem) as refused:
        open_secret_store(profile, prefer="keyring", keyring=keyring)
    assert refused.value.code == "secret_store_differs"
    assert open_secret_store(profile, keyring=keyring).get("db_key") == "a"


@pytest.mark.parametrize("work", ["store.db", "journal/0001.seg"])
@pytest.mark.parametrize("prefer", ["auto", "keyring", "file"])
def test_work_whose_keys_nobody_knows_where_to_look_for_gets_no_new_ones(
    profile: Profile, memory_keyring: MemoryKeyring, work: str, prefer: Preference
) -> None:
    open_secret_store(profile, keyring=memory_keyring).set("db_key", "a")
    (profile.dir / work).parent.mkdir(exist_ok=True)
    (profile.dir / work).write_bytes(b"encrypted")
    before = profile.secret_marker.read_bytes()
    profile.secret_marker.unlink()
    with pytest.raises(EnvironmentProblem) as refused:
        open_secret_store(profile, prefer=prefer, keyring=memory_keyring)
    assert refused.value.code == "secret_store_lost"
    assert "secret-store.json" in refused.value.message
    with pytest.raises(EnvironmentProblem) as refused:
        move_to_keyring(profile, keyring=memory_keyring)
    assert refused.value.code == "secret_store_lost"
    assert not profile.secret_marker.exists()
    profile.secret_marker.write_bytes(before)
    assert open_secret_store(profile, keyring=memory_keyring).get("db_key") == "a"


def test_an_empty_store_is_no_work(profile: Profile) -> None:
    """So a first start leaves it that a power cut ended early."""
    profile.db.write_bytes(b"")
    profile.journal.mkdir()
    assert open_secret_store(profile, prefer="file").kind == "file"


def test_the_key_file_is_taken_where_the_marker_of_work_is_gone(profile: Profile) -> None:
    open_secret_store(profile, prefer="file").set("db_key", "a")
    profile.db.write_bytes(b"encrypted")
    profile.secret_marker.unlink()
    assert open_secret_store(profile).get("db_key") == "a"


def test_a_move_that_is_ended_later_brings_no_old_secret_back(
    profile: Profile, memory_keyring: MemoryKeyring
) -> None:
    store = open_secret_store(profile)
    store.set("tokens", "old")
    left = profile.key_file.read_bytes()
    move_to_keyring(profile, keyring=memory_keyring).set("tokens", "new")
    profile.key_file.write_bytes(left)  # as a power cut before its end leaves it
    assert move_to_keyring(profile, keyring=memory_keyring).get("tokens") == "new"
    assert not profile.key_file.exists()


class TwoAtOnce(FileStore):
    """Lets another thread go on between reading and writing, as slow disks do."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.other: threading.Thread | None = None

    def _read(self) -> dict[str, str]:
        found = super()._read()
        other, self.other = self.other, None
        if other is not None:
            other.start()
            other.join(timeout=0.2)  # it comes through only where nothing holds it back
        return found


@pytest.mark.parametrize("change", ["set", "delete"])
def test_two_threads_lose_none_of_each_others_secrets(tmp_path: Path, change: str) -> None:
    store = TwoAtOnce(tmp_path / "secrets.json")
    store.set("old", "x")
    other = store.other = threading.Thread(target=lambda: store.set("tokens", "t"))
    if change == "set":
        store.set("key", "k")
    else:
        store.delete("old")
    other.join()
    expected = {"tokens": "t"} | ({"old": "x", "key": "k"} if change == "set" else {})
    assert store.all() == expected
