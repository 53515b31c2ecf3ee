"""A PIN beside the keyring, a passphrase alone: neither half opens anything."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from locked_profiles import NAMES, PHRASE, Crash, Crashing, Profiles, code_of
from nacl.exceptions import RuntimeError as DerivationFailedError

from fieldtech import lock_files
from fieldtech.clock import SystemClock
from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import Profile
from fieldtech.secrets import LOCK_COPY, FileStore, MemoryStore
from fieldtech.services.access import strength_of
from fieldtech.unlocking import GuardedSecrets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fieldtech.secrets import LockKind

NEW = "renewed meanwhile"

pytestmark = pytest.mark.usefixtures("cheap_lock")


def test_without_a_lock_nothing_is_between(kept: Profiles) -> None:
    secrets = kept.start()
    assert (secrets.lock_kind, secrets.is_locked) == (None, False)
    assert secrets.get("store-key") == "a" * 64
    secrets.unlock("whatever")
    assert kept.base.get("tokens") == "t"


@pytest.mark.parametrize(("kind", "text"), [("pin", "4711"), ("passphrase", "correcto caballo")])
def test_locked_nothing_is_told_and_unlocked_everything_is_there(
    kept: Profiles, kind: LockKind, text: str
) -> None:
    kept.start().put_lock(kind, text)
    secrets = kept.start()
    assert (secrets.lock_kind, secrets.is_locked) == (kind, True)
    with pytest.raises(EnvironmentProblem, match="locked"):
        secrets.get("tokens")
    with pytest.raises(EnvironmentProblem, match="locked"):
        secrets.set("tokens", "x")
    assert kept.base.get("store-key") is None, "nothing is left in clear"
    assert code_of(secrets, text + "0") == f"wrong_{kind}"
    secrets.unlock(text)
    assert (secrets.get("store-key"), secrets.get("tokens")) == ("a" * 64, "t")
    secrets.set("tokens", "new")
    again = kept.start()
    again.unlock(text)
    assert again.get("tokens") == "new"


def test_a_pin_opens_nothing_without_the_keyrings_half(kept: Profiles, tmp_path: Path) -> None:
    kept.start().put_lock("pin", "4711")
    stolen = Profiles(tmp_path / "profile", MemoryStore())
    assert code_of(stolen.start(), "4711") == "key_missing"
    other = MemoryStore()
    other.set("lock-secret", "00" * 32)
    assert code_of(Profiles(tmp_path / "profile", other).start(), "4711") == "wrong_pin"


def test_wrong_tries_cost_ever_more_time_over_restarts_too(kept: Profiles) -> None:
    kept.start().put_lock("pin", "4711")
    secrets = kept.start()
    for _ in range(4):
        assert secrets.wait_s() == 0
        assert code_of(secrets, "0000") == "wrong_pin"
        kept.clock.advance(1)
    assert secrets.wait_s() == 1
    secrets = kept.start()
    assert code_of(secrets, "4711") == "too_many_tries", "even the right one"
    kept.clock.advance(1)
    assert code_of(secrets, "0000") == "wrong_pin"
    assert secrets.wait_s() == 4
    kept.clock.jump_wall(3600)
    assert secrets.wait_s() == 4, "a clock set forward wins nothing"
    kept.clock.reboot()
    assert kept.start().wait_s() == 4
    kept.clock.advance(4)
    secrets.unlock("4711")
    assert secrets.wait_s() == 0
    assert not kept.profile.tries_file.exists()
    lock_files.write_tries(kept.profile.tries_file, lock_files.Tries(failed=50))
    assert kept.start().wait_s() <= lock_files.LONGEST_WAIT_S


def test_changing_and_taking_off(kept: Profiles) -> None:
    secrets = kept.start()
    secrets.put_lock("pin", "4711")
    secrets.put_lock("pin", "0815")
    again = kept.start()
    assert code_of(again, "4711") == "wrong_pin"
    again.unlock("0815")
    assert again.get("store-key") == "a" * 64
    again.take_lock_off()
    assert kept.start().get("store-key") == "a" * 64
    assert kept.start().lock_kind is None
    assert kept.base.get("locked/store-key") is None
    with pytest.raises(EnvironmentProblem) as problem:
        again.put_lock("passphrase", "too short")
    assert problem.value.code == "too_short"


def test_a_locked_profile_cannot_be_given_another_lock(kept: Profiles) -> None:
    kept.start().put_lock("pin", "4711")
    with pytest.raises(EnvironmentProblem, match="locked"):
        kept.start().put_lock("pin", "9999")
    with pytest.raises(EnvironmentProblem, match="locked"):
        kept.start().take_lock_off()
    secrets = kept.start()
    secrets.unlock("4711")
    assert secrets.get("tokens") == "t"


def opens(kept: Profiles, *texts: str) -> None:
    """One of ``texts`` opens it, where it is locked at all, and everything is there."""
    secrets = kept.start()
    secrets.mend()
    for text in texts:
        if secrets.is_locked:
            with suppress(EnvironmentProblem):
                secrets.unlock(text)
    assert (secrets.get("store-key"), secrets.get("tokens")) == ("a" * 64, "t")
    if secrets.lock_kind is not None:
        assert kept.base.get("store-key") is None, "what the crash left in clear is gone"
        assert kept.base.get(LOCK_COPY) == kept.profile.lock_file.read_text()
    else:
        assert kept.base.get(LOCK_COPY) is None


@pytest.mark.parametrize("crash_at", range(1, 9))
def test_a_crash_while_it_is_put_on_leaves_one_way_in(kept: Profiles, crash_at: int) -> None:
    base, kept.base = kept.base, Crashing(kept.base, crash_at)
    with suppress(Crash):
        kept.start().put_lock("pin", "4711")
    kept.base = base
    opens(kept, "4711")


@pytest.mark.parametrize("crash_at", range(1, 7))
@pytest.mark.parametrize("lock_comes_back", [False, True])
def test_a_crash_while_it_is_changed_or_taken_off_leaves_one_way_in(
    kept: Profiles, crash_at: int, *, lock_comes_back: bool
) -> None:
    kept.start().put_lock("pin", "4711")
    before = kept.profile.lock_file.read_bytes()
    base, kept.base = kept.base, Crashing(kept.base, crash_at)
    secrets = kept.start()
    secrets.unlock("4711")
    with suppress(Crash):
        secrets.put_lock("pin", "0815")
    kept.base = base
    opens(kept, "4711", "0815")

    kept.profile.lock_file.write_bytes(before)
    kept.base = Crashing(base, crash_at)
    secrets = kept.start()
    secrets.unlock("4711")
    with suppress(Crash):
        secrets.take_lock_off()
    if lock_comes_back and base.get("lock-secret") is not None:
        # Its removal was not on the disk when the power went; the half goes only after that.
        kept.profile.lock_file.write_bytes(before)
    kept.base = base
    opens(kept, "4711")


@pytest.mark.parametrize("lost", ["lock-secret", "locked/store-key"])
def test_a_keyring_that_swallows_is_found_out_before_anything_older_goes(
    kept: Profiles, lost: str
) -> None:
    class Swallowing(Crashing):
        def set(self, name: str, value: str) -> None:
            if name != lost:
                super().set(name, value)

    base, kept.base = kept.base, Swallowing(kept.base, 0)
    with pytest.raises(EnvironmentProblem) as told:
        kept.start().put_lock("pin", "4711")
    assert told.value.code == "secrets_not_kept"
    kept.base = base
    assert kept.start().lock_kind is None
    assert kept.start().get("store-key") == "a" * 64


def test_when_it_is_taken_off_the_disk_is_asked_before_the_half_goes(
    kept: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.start().put_lock("pin", "4711")
    halves: list[str | None] = []
    monkeypatch.setattr(
        lock_files, "sync_folder", lambda _folder: halves.append(kept.base.get("lock-secret"))
    )
    secrets = kept.start()
    secrets.unlock("4711")
    secrets.take_lock_off()
    assert len(halves) == 1
    assert halves[0] is not None
    assert kept.base.get("lock-secret") is None


def test_on_the_disk_everything_is_private(tmp_path: Path) -> None:
    kept = Profiles(tmp_path / "p")
    kept.base = FileStore(kept.profile.key_file)
    secrets = kept.start()
    secrets.set("store-key", "geheim" * 10)
    secrets.put_lock("passphrase", "una frase bien larga")
    assert "geheim" not in kept.profile.key_file.read_text()
    for path in (kept.profile.lock_file, kept.profile.key_file):
        assert path.stat().st_mode & 0o177 == 0


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("", "short"),
        ("corta", "short"),
        ("aaaaaaaaaaaaaaaa", "weak"),
        ("123456789012", "weak"),
        ("abcdefghijkl", "weak"),
        ("121212121212", "weak"),
        ("caballo correcto", "weak"),
        ("caballo correcto pila", "fair"),
        ("caballo correcto pila grapa", "good"),
        ("x7#Kq!9vR2$mWz", "good"),
    ],
)
def test_a_passphrase_is_told_how_strong_it_is(text: str, strength: str) -> None:
    assert strength_of(text) == strength


@pytest.mark.parametrize("text", ["aaaaaaaaaaaaaaaa", "123456789012", "121212121212"])
def test_one_that_anybody_guesses_is_refused(tmp_path: Path, text: str) -> None:
    profile = Profile.open(tmp_path)
    guarded = GuardedSecrets(FileStore(profile.key_file), profile, SystemClock(), NAMES)
    with pytest.raises(EnvironmentProblem) as refused:
        guarded.put_lock("passphrase", text)
    assert refused.value.code == "too_simple"
    assert not profile.lock_file.exists()


@pytest.mark.parametrize("crash_at", range(1, 9))
def test_there_is_never_a_copy_of_an_older_lock(kept: Profiles, crash_at: int) -> None:
    """Whoever knows the old PIN and deletes the file would come in by it."""
    kept.start().put_lock("pin", "4711")
    secrets = kept.start()
    secrets.unlock("4711")
    secrets._base = secrets._file._base = Crashing(kept.base, crash_at)
    with suppress(Crash):
        secrets.put_lock("pin", "0815")
    assert kept.base.get(LOCK_COPY) in {None, kept.profile.lock_file.read_text()}


def test_what_the_keyring_or_the_memory_lacks_is_no_wrong_pin(
    kept: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.start().put_lock("pin", "4711")
    half = kept.base.get("lock-secret") or ""
    for spoilt in ("", "no digits"):
        kept.base.set("lock-secret", spoilt)
        assert code_of(kept.start(), "4711") == "key_missing"
    assert not kept.profile.tries_file.exists(), "it was no try"
    kept.base.set("lock-secret", half)

    def too_much(*_of: object, **_named: object) -> bytes:
        raise DerivationFailedError

    with monkeypatch.context() as patched:
        patched.setattr("nacl.pwhash.argon2id.kdf", too_much)
        assert code_of(kept.start(), "4711") == "no_memory"
    kept.start().unlock("4711")


def test_what_lies_in_clear_beside_a_lock_is_newer_and_is_taken_in(kept: Profiles) -> None:
    kept.start().put_lock("pin", "4711")
    kept.base.set("tokens", NEW)
    secrets = kept.start()
    secrets.unlock("4711")
    assert (secrets.get("tokens"), kept.base.get("tokens")) == (NEW, None)
    kept.base.set("tokens", "left there by a failure")
    secrets.set("tokens", "newest")
    again = kept.start()
    again.unlock("4711")
    assert again.get("tokens") == "newest"


def test_of_two_first_starts_that_put_a_lock_on_one_is_told_that_it_came_late(
    tmp_path: Path,
) -> None:
    class Between(MemoryStore):
        other: Callable[[], None] | None = None

        def delete(self, name: str) -> None:
            other, self.other = self.other, None
            if other is not None:
                other()
            super().delete(name)

    base = Between()
    kept = Profiles(tmp_path / "two", base)
    late, early = kept.start(), kept.start()

    def put_early() -> None:
        early.put_lock("passphrase", PHRASE)
        early.set("store-key", "k")

    base.other = put_early
    with pytest.raises(EnvironmentProblem) as refused:
        late.put_lock("passphrase", "otra frase muy distinta")
    assert refused.value.code == "locked"
    again = kept.start()
    again.unlock(PHRASE)
    assert again.get("store-key") == "k"


def test_what_an_earlier_lock_left_behind_breaks_nothing(kept: Profiles) -> None:
    """One that a power cut kept from being put on: its key was never written."""
    kept.base.set("locked/tokens", "AAAA")
    kept.base.delete("tokens")
    secrets = kept.start()
    secrets.put_lock("pin", "4711")
    assert secrets.get("tokens") is None
