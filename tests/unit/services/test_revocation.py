"""A laptop that was shut out: its keys go, whatever comes between, and its work never does."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import field_office
import pytest
from locked_profiles import PHRASE, Crash, Crashing

from fieldtech.clock import SystemClock
from fieldtech.errors import EnvironmentProblem
from fieldtech.secrets import ClosedStore, FileStore
from fieldtech.services.access import SECRET_NAMES, guard
from fieldtech.services.opening import Opening
from fieldtech.services.revocation import DESTROYED, seal_off
from fieldtech.store.journal import export
from fieldtech.unlocking import GuardedSecrets

if TYPE_CHECKING:
    from pathlib import Path

    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore

KEYS = {f"{prefix}{name}" for prefix in ("", "locked/") for name in DESTROYED}


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """The technician's profile, with work that waits."""
    made = field_office.new_profile("ana", tmp_path / "ana")
    ana = field_office.FieldLaptop(made, field_office.new_clock())
    ana.do_on_visit("run", "visit.accept")
    ana.close()
    return made


def keys_of(profile: Profile) -> set[str]:
    return FileStore(profile.key_file).all().keys() & KEYS


def refuses(profile: Profile, secrets: SecretStore) -> None:
    """Neither the first page nor the services can be had."""
    opening = Opening(profile, secrets, SystemClock())
    for way in (opening.first_look, opening.desk):
        with pytest.raises(EnvironmentProblem) as refused:
            way()
        assert refused.value.code == "revoked"


@pytest.mark.parametrize("crash_at", range(1, len(DESTROYED) + 1))
def test_a_power_cut_before_the_keys_are_gone_is_made_up_for_at_the_next_start(
    profile: Profile, crash_at: int
) -> None:
    ana = field_office.FieldLaptop(profile, field_office.new_clock())
    crashing = Crashing(ana.secrets, crash_at)
    with pytest.raises(Crash):
        seal_off(ana.desk.store, profile, crashing, ana.machine)
    ana.close()
    assert keys_of(profile), "some are still there"
    refuses(profile, FileStore(profile.key_file))
    assert keys_of(profile) == set()
    state = export.state_of(profile)
    assert (state.commands > 0, state.unsealed) == (True, 0), "the central can open all of it"


@pytest.mark.usefixtures("cheap_lock")
def test_the_keys_behind_a_lock_that_is_shut_go_too(profile: Profile) -> None:
    base = FileStore(profile.key_file)
    GuardedSecrets(base, profile, SystemClock(), SECRET_NAMES).put_lock("passphrase", PHRASE)
    profile.revoked.write_text(json.dumps({"sealed": True}))
    refuses(profile, guard(profile, base, SystemClock()))
    assert keys_of(profile) == set()


@pytest.mark.parametrize(
    "mark", ['{"sealed": false}', "{}", "[]", "", '{"sealed": 1}', "\0\0", "[" * 100_000]
)
def test_where_it_is_not_said_that_all_is_sealed_no_key_goes(profile: Profile, mark: str) -> None:
    """Then they are the only way to what the profile holds."""
    before = FileStore(profile.key_file).all()
    profile.revoked.write_text(mark)
    refuses(profile, FileStore(profile.key_file))
    assert FileStore(profile.key_file).all() == before


def test_a_keyring_that_is_shut_keeps_nobody_from_being_refused(profile: Profile) -> None:
    profile.revoked.write_text(json.dumps({"sealed": True}))
    refuses(profile, ClosedStore(EnvironmentProblem("shut", code="keyring_unavailable")))
    with suppress(EnvironmentProblem):
        Opening(profile, FileStore(profile.key_file), SystemClock()).first_look()
    assert keys_of(profile) == set()
