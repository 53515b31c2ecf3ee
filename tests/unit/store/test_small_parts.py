"""Session, drafts, central time and reference data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_feed import DISPATCHER, NINE, TECHNICIAN, World, open_for, take_in

from fieldtech.clock import FakeClock
from fieldtech.domain.words import RegionKind, Role
from fieldtech.errors import EnvironmentProblem
from fieldtech.secrets import MemoryStore
from fieldtech.store import central_time, drafts, session
from fieldtech.store.central_time import JUMP_S, REBOOT_UNCERTAINTY_S, Sample, moment
from fieldtech.store.opening import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_for(tmp_path) as opened:
        yield opened


def test_a_profile_has_a_device_from_its_first_day(tmp_path: Path) -> None:
    secrets = MemoryStore()
    with open_for(tmp_path, user=None, secrets=secrets) as store:
        fresh = store.session.get()
        assert fresh.user is None
        assert (fresh.next_n, fresh.epoch, fresh.last_contact) == (1, "", None)
        with pytest.raises(EnvironmentProblem):
            _ = fresh.actor
    with open_for(tmp_path, secrets=secrets) as store:
        again = store.session.get()
        assert again.device_id == fresh.device_id
        assert again.actor.role is Role.TECHNICIAN
        assert again.actor.device == fresh.device_id


def test_a_profile_belongs_to_one_person_at_one_central(store: Store) -> None:
    before = store.session.get()
    for url, user in (("http://127.0.0.1:9", DISPATCHER), ("http://127.0.0.1:10", TECHNICIAN)):
        with pytest.raises(EnvironmentProblem) as problem:
            store.session.sign_in(central_url=url, device_name="x", user=user, epoch="e")
        assert problem.value.code == "profile_of_another"
    assert store.session.get() == before
    again = store.session.sign_in(
        central_url="http://127.0.0.1:9", device_name="y", user=TECHNICIAN, epoch="other"
    )
    assert again.epoch == before.epoch, "a new life of the central is the sync's business"


def test_a_central_that_moved_is_the_same_one(store: Store) -> None:
    moved = store.session.sign_in(
        central_url="https://new.example.mx", device_name="x", user=TECHNICIAN, epoch="epoch-1"
    )
    assert (moved.central_url, moved.epoch) == ("https://new.example.mx", "epoch-1")


def test_a_fork_and_a_contact_are_remembered(store: Store) -> None:
    with store.database.write() as connection:
        session.set_device(connection, "device-2", 7)
        session.set_contact(connection, NINE, "epoch-1")
        session.set_user(connection, TECHNICIAN)
    now = store.session.get()
    assert (now.device_id, now.next_n, now.last_contact) == ("device-2", 7, NINE)


def test_drafts_are_kept_replaced_and_forgotten(store: Store) -> None:
    store.drafts.put("visit:1/note", "h")
    store.drafts.put("visit:1/note", "hola")
    store.drafts.put("visit:1/checks", "{}")
    assert store.drafts.get("visit:1/note") == "hola"
    store.drafts.delete("visit:1/note")
    store.drafts.delete("never there")
    assert store.drafts.get("visit:1/note") is None
    assert store.drafts.get("visit:1/checks") == "{}"


@given(text=st.text(alphabet=st.characters(categories=None), max_size=30))
def test_a_draft_never_fails_whatever_was_typed(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    with open_for(tmp_path_factory.mktemp("draft")) as store:
        store.drafts.put("k", text)
        kept = store.drafts.get("k")
        assert kept == text.encode("utf-8", "replace").decode()


def compared(clock: FakeClock, *, offset: float, rtt: float = 0.2) -> Sample:
    return Sample(
        central_s=clock.now().timestamp() + offset,
        wall_s=clock.now().timestamp(),
        boot_s=clock.boot(),
        boot_id=clock.boot_id(),
        rtt_s=rtt,
    )


@pytest.mark.parametrize("offset", [-3600.0, 3600.0])
def test_which_of_draft_and_command_is_younger_is_told_by_the_centrals_clock(
    tmp_path: Path, offset: float
) -> None:
    """Whatever the laptop's says: a draft that was typed after the command outlives its replay."""
    clock = FakeClock(NINE)
    with open_for(tmp_path, clock=clock) as store:
        with store.database.write() as connection:
            central_time.save(connection, compared(clock, offset=offset))
            made_at = central_time.now(connection, clock).at
        store.drafts.put("older", "x")
        clock.advance(5)
        store.drafts.put("younger", "x")
        with store.database.write() as connection:
            for key in ("older", "younger"):
                drafts.forget(connection, key, saved_by=made_at)
        assert (store.drafts.get("older"), store.drafts.get("younger")) == (None, "x")


@given(
    offset=st.floats(-5000, 5000),
    jumps=st.lists(st.floats(-20_000, 20_000), max_size=4),
    passed=st.floats(0, 86_400 * 7),
)
def test_a_wall_clock_that_jumps_moves_no_central_time(
    offset: float, jumps: list[float], passed: float
) -> None:
    clock = FakeClock(NINE)
    known = compared(clock, offset=offset)
    for jump in jumps:
        clock.advance(passed / len(jumps))
        clock.jump_wall(jump)
    if not jumps:
        clock.advance(passed)
    now = moment(known, clock)
    assert abs((now.at - NINE).total_seconds() - offset - passed) < 0.001
    assert 0.1 <= now.uncertainty_s <= 0.1 + 7 * 86_400 * central_time.DRIFT + 0.001
    assert not now.rebooted
    assert now.wall == clock.now(), "raw values are never corrected"


def test_after_a_reboot_the_wall_clock_is_all_there_is(store: Store) -> None:
    clock = FakeClock(NINE)
    with store.database.write() as connection:
        assert central_time.now(connection, clock).uncertainty_s == 120
        central_time.save(connection, compared(clock, offset=-90))
    clock.advance(100)
    clock.reboot(off_for=3600)
    with store.database.read() as connection:
        now = central_time.now(connection, clock)
    assert now.at == NINE + timedelta(seconds=3700 - 90)
    assert now.rebooted
    assert now.uncertainty_s >= REBOOT_UNCERTAINTY_S


def settle(store: Store, clock: FakeClock) -> None:
    """Settle where there is something to settle, as the program does."""
    with store.database.read() as connection:
        settled = central_time.is_settled(connection, clock)
        before = central_time.load(connection)
    with store.database.write() as connection:
        central_time.settle(connection, clock)
        assert (central_time.load(connection) == before) is settled
        assert central_time.is_settled(connection, clock)


@given(
    jumps=st.lists(st.floats(-20_000, 20_000), min_size=1, max_size=3),
    passed=st.floats(1, 86_400),
)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_reboot_after_any_jump_is_off_by_what_it_admits(
    store: Store, jumps: list[float], passed: float
) -> None:
    """Jumps in one boot, an offline restart, jumps in the next: the estimate stays."""
    clock = FakeClock(NINE)
    with store.database.write() as connection:
        central_time.save(connection, compared(clock, offset=40))
    told = NINE + timedelta(seconds=40)
    for jump in jumps:
        clock.jump_wall(jump)
        settle(store, clock)
    clock.advance(passed)
    settle(store, clock)
    clock.reboot(off_for=passed)
    settle(store, clock)
    for jump in jumps:
        clock.jump_wall(jump)
    clock.advance(passed)
    with store.database.read() as connection:
        now = central_time.now(connection, clock)
    assert now.rebooted
    # What is taken for a correction of the clock is not followed.
    assert abs((now.at - told).total_seconds() - 3 * passed) <= JUMP_S + 0.01
    assert now.uncertainty_s >= REBOOT_UNCERTAINTY_S


def test_each_restart_without_contact_adds_to_the_doubt(store: Store) -> None:
    clock = FakeClock(NINE)
    settle(store, clock)
    with store.database.write() as connection:
        assert central_time.load(connection) is None, "nothing is made up"
        central_time.save(connection, compared(clock, offset=0))
    for restarts in (1, 2, 3):
        clock.reboot(off_for=60)
        settle(store, clock)
        with store.database.read() as connection:
            doubt = central_time.now(connection, clock).uncertainty_s
        assert doubt == pytest.approx(restarts * REBOOT_UNCERTAINTY_S + 0.1, abs=0.1)


def test_rules_regions_and_channels_come_from_the_mirror(store: Store) -> None:
    world = World()
    world.furnish()
    take_in(store, world)
    rules = store.reference.rules()
    assert rules is store.reference.rules(), "decoded once"
    assert rules.rulebook.current("gdl").id == "clever"
    assert rules.path("gdl") == ("gdl", "jal", "mx")
    assert rules.below("jal") == {"jal", "gdl", "zap"}
    assert rules.ancestor("gdl", RegionKind.STATE).name == "Jalisco"
    assert rules.ancestor("gdl", RegionKind.REGION) is None
    assert store.reference.template(rules.default_checklist) is not None
    assert [channel.id for channel in store.reference.channels("gdl")] == [
        "tel-gdl",
        "tel-jal",
        "tel-mx",
    ]
    assert [channel.id for channel in store.reference.channels("mty")] == ["tel-mx"]
    assert {person.id for person in store.reference.people()} == {"ana", "beto"}
    assert store.reference.person("ana").name == "Ana"
    assert len(store.reference.regions()) == 6


def test_a_new_policy_is_in_force_with_the_pull_that_brings_it(store: Store) -> None:
    world = World()
    world.furnish()
    take_in(store, world)
    before = store.reference.rules()
    world.put("ref", "settings", "central", '{"default_policy":"clever-literal"}')
    take_in(store, world)
    after = store.reference.rules()
    assert before is not after
    assert after.rulebook.default_policy_id == "clever-literal"


def test_what_belongs_to_a_site_is_found_from_it(store: Store) -> None:
    world = World()
    world.place("tech:ana", "uno")
    world.place("tech:ana", "dos")
    take_in(store, world)
    reference = store.reference
    assert reference.site("s-uno").customer_id == "c-uno"
    assert reference.customer("c-uno").name == "Cliente uno"
    assert reference.service("v-uno").total_users == 40
    assert [each.id for each in reference.services("s-dos")] == ["v-dos"]
    assert [each.id for each in reference.equipment("s-dos")] == ["e-dos"]
    assert reference.site("nowhere") is None
    assert reference.months("v-uno") == []
