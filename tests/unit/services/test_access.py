"""The lock of a profile in the running program: put on, changed and taken off among other work."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from locked_profiles import PHRASE, Profiles

from fieldtech import unlocking
from fieldtech.central.feed import Writer
from fieldtech.clock import SystemClock
from fieldtech.domain import policy_file
from fieldtech.domain.policy import LockRule
from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import Profile
from fieldtech.secrets import LOCK_COPY, HeldSecrets, MemoryStore, open_secret_store
from fieldtech.services.access import AccessService, AccessStatus, guard

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from field_office import FieldLaptop, Office

pytestmark = pytest.mark.usefixtures("cheap_lock")

NEW = "renewed meanwhile"


class Busy(MemoryStore):
    """Somebody renews the tokens just as that name is written for the first time."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self._at = at
        self.renew: Callable[[], None] | None = None
        self.thread = threading.Thread()

    def set(self, name: str, value: str) -> None:
        """Keep a secret."""
        if name == self._at and self.renew is not None:
            renew, self.renew = self.renew, None
            self.thread = threading.Thread(target=renew)
            self.thread.start()
            self.thread.join(timeout=0.2)  # it comes through only where nothing holds it back
        super().set(name, value)


def busy(tmp_path: Path, at: str) -> tuple[Profiles, Busy, HeldSecrets, AccessService]:
    base = Busy(at)
    kept = Profiles(tmp_path / "busy", base)
    held = HeldSecrets(guard(kept.profile, base, kept.clock))
    for name in ("store-key", "session-tokens"):
        held.set(name, "old")
    return kept, base, held, AccessService(kept.profile, held, base, kept.clock)


def is_in_order(kept: Profiles, held: HeldSecrets) -> None:
    assert (held.get("store-key"), held.get("session-tokens")) == ("old", NEW)
    has_lock = kept.profile.lock_file.exists()
    assert (kept.base.get("session-tokens") is None) == has_lock, "nothing in clear beside a lock"
    again = HeldSecrets(guard(kept.profile, kept.base, kept.clock))
    AccessService(kept.profile, again, kept.base, kept.clock).unlock(PHRASE)
    assert (again.get("store-key"), again.get("session-tokens")) == ("old", NEW)


@pytest.mark.parametrize("at", ["locked/store-key", "locked/session-tokens", LOCK_COPY])
def test_tokens_renewed_while_the_lock_is_put_on_are_behind_it(tmp_path: Path, at: str) -> None:
    kept, base, held, access = busy(tmp_path, at)
    base.renew = lambda: held.set("session-tokens", NEW)
    access.put_lock(PHRASE)
    base.thread.join()
    is_in_order(kept, held)


@pytest.mark.parametrize("at", ["locked/store-key", "locked/session-tokens"])
def test_tokens_renewed_while_the_lock_is_changed_are_behind_it(tmp_path: Path, at: str) -> None:
    kept, base, held, access = busy(tmp_path, at)
    access.put_lock("otra frase muy distinta")
    base.renew = lambda: held.set("session-tokens", NEW)
    access.put_lock(PHRASE)
    base.thread.join()
    is_in_order(kept, held)


@pytest.mark.parametrize("at", ["store-key", "session-tokens"])
def test_tokens_renewed_while_the_lock_is_taken_off_are_kept(tmp_path: Path, at: str) -> None:
    kept, base, held, access = busy(tmp_path, at)
    access.put_lock(PHRASE)
    base.renew = lambda: held.set("session-tokens", NEW)
    access.take_lock_off()
    base.thread.join()
    is_in_order(kept, held)


def test_tokens_can_be_renewed_while_the_words_are_being_stretched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, _, held, access = busy(tmp_path, "")
    stretch = unlocking._wrapping

    def meanwhile(*of: Any, **named: Any) -> bytes:
        other = threading.Thread(target=lambda: held.set("session-tokens", NEW))
        other.start()
        other.join()
        return stretch(*of, **named)

    with monkeypatch.context() as patched:
        patched.setattr(unlocking, "_wrapping", meanwhile)
        access.put_lock(PHRASE)
    is_in_order(kept, held)


def test_tokens_that_are_just_being_written_when_the_lock_is_put_on_are_behind_it(
    tmp_path: Path,
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow(MemoryStore):
        def set(self, name: str, value: str) -> None:
            if value == NEW:
                begun.set()
                go_on.wait(timeout=0.3)
            super().set(name, value)

    base = Slow()
    kept = Profiles(tmp_path / "slow", base)
    held = HeldSecrets(base)
    for name in ("store-key", "session-tokens"):
        held.set(name, "old")
    writer = threading.Thread(target=lambda: held.set("session-tokens", NEW))
    writer.start()
    begun.wait()
    AccessService(kept.profile, held, base, kept.clock).put_lock(PHRASE)
    go_on.set()
    writer.join()
    is_in_order(kept, held)


def test_when_the_end_of_putting_it_on_fails_the_lock_is_on_in_this_run_too(
    tmp_path: Path,
) -> None:
    class Stubborn(MemoryStore):
        refuses = False

        def delete(self, name: str) -> None:
            if self.refuses and not name.startswith("lock"):
                raise EnvironmentProblem("no", code="keyring_unavailable")
            super().delete(name)

    base = Stubborn()
    kept = Profiles(tmp_path / "stubborn", base)
    held = HeldSecrets(base)
    held.set("store-key", "k")
    access = AccessService(kept.profile, held, base, kept.clock)
    base.refuses = True
    with pytest.raises(EnvironmentProblem):
        access.put_lock(PHRASE)
    base.refuses = False
    assert kept.profile.lock_file.exists()
    held.set("session-tokens", "t")
    assert base.get("session-tokens") is None


def test_a_file_that_is_only_the_last_resort_wants_a_lock_and_keeps_it(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "auto")
    base = open_secret_store(profile)  # the tests' keyring never works
    access = AccessService(profile, HeldSecrets(base), base, SystemClock())
    assert access.needs_passphrase()
    access.put_lock("caballo correcto pila")
    assert not access.needs_passphrase()
    assert not access.status().may_go
    with pytest.raises(EnvironmentProblem) as refused:
        access.take_lock_off()
    assert refused.value.code == "lock_required"
    again = open_secret_store(profile)
    assert AccessService(profile, HeldSecrets(again), again, SystemClock()).is_locked()


def test_a_file_that_was_asked_for_wants_none(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "asked")
    for prefer in ("file", "auto"):
        base = open_secret_store(profile, prefer="file" if prefer == "file" else "auto")
        access = AccessService(profile, HeldSecrets(base), base, SystemClock())
        assert not access.needs_passphrase()
        assert access.status().may_go


def test_a_lock_that_the_operator_asks_for_stays_on(office: Office, ana: FieldLaptop) -> None:
    access = ana.desk.access
    assert access.status().may_go
    policy = ana.desk.store.reference.rules().rulebook.current("")
    required = policy_file.to_wire(replace(policy, pin=LockRule.REQUIRED))
    with office.database.write() as connection:
        writer = Writer(connection, now=ana.machine.now())
        writer.put("policy", f"{policy.id}@{policy.version}", required)
        writer.flush()
    ana.sync(office)
    access.put_lock(PHRASE)
    assert access.status() == AccessStatus(lock="passphrase", new_kind="passphrase", may_go=False)
    with pytest.raises(EnvironmentProblem) as refused:
        access.take_lock_off()
    assert refused.value.code == "lock_required"
    assert ana.profile.lock_file.exists()
    access.put_lock("otra frase muy distinta")
    assert not ana.desk.sync.status().lock_wanted, "changed, and on"
