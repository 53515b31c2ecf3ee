"""How things stand with the central, against a real one in a process of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import central_seed
import pytest
from central_process import running_central
from field_office import FieldLaptop

from fieldtech.clock import FakeClock, SystemClock
from fieldtech.domain.commands import AddNote, FieldTime, Reason, RegisterIncident
from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import Profile
from fieldtech.services.sides import FieldSides
from fieldtech.services.values import Changed, Refused
from fieldtech.sync import backoff
from fieldtech.sync.backoff import Backoff, Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from central_process import CentralProcess
    from field_office import Office


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentralProcess]:
    """The small world, served."""
    with running_central(tmp_path_factory.mktemp("central")) as running:
        yield running


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[FieldLaptop]:
    """A new profile."""
    yield from new_laptop(tmp_path / "profile")


def new_laptop(folder: Path) -> Iterator[FieldLaptop]:
    made = FieldLaptop(Profile.open(folder), FakeClock(SystemClock().now()))
    yield made
    made.close()


@pytest.fixture
def dora_online(tmp_path: Path, central: CentralProcess) -> Iterator[FieldLaptop]:
    """A dispatcher's laptop at that central."""
    for made in new_laptop(tmp_path / "dora"):
        made.desk.sign_in(central.url, "dora", central_seed.PASSWORD)
        yield made


def registered(laptop: FieldLaptop) -> str:
    """Register an incident at Guadalajara; return its id."""
    args = RegisterIncident(
        site_id="s-gdl",
        customer_id="c-gdl",
        service_id="v-gdl",
        region_id="gdl",
        title="Sin internet",
        notified_at=laptop.clock.now(),
        affected=40,
    )
    answer = laptop.desk.dispatch.register(args)
    assert not isinstance(answer, Refused), answer
    (incident_id,) = answer.changed.incidents
    return incident_id


# --- signing in


def test_signing_in_brings_what_belongs_to_the_user(
    laptop: FieldLaptop, central: CentralProcess
) -> None:
    assert laptop.desk.first_look() is None
    look = laptop.desk.sign_in(central.url, "ana", central_seed.PASSWORD)
    assert (look.user_id, look.role) == ("ana", "technician")
    status = laptop.desk.sync.status()
    assert (status.waiting, status.refused, status.problem) == (0, 0, "")
    assert (status.central_url, status.user_name) == (central.url, "Ana")
    assert (status.key_kind, status.key_place) == ("file", str(laptop.profile.key_file))
    assert status.last_contact is not None


def test_a_wrong_password_signs_nobody_in(laptop: FieldLaptop, central: CentralProcess) -> None:
    with pytest.raises(EnvironmentProblem) as refused:
        laptop.desk.sign_in(central.url, "caro", "guess")
    assert refused.value.code == "bad_credentials"
    assert laptop.desk.first_look() is None


def test_a_second_person_is_kept_out_of_a_profile(
    laptop: FieldLaptop, central: CentralProcess
) -> None:
    laptop.desk.sign_in(central.url, "ana", central_seed.PASSWORD)
    with pytest.raises(EnvironmentProblem) as refused:
        laptop.desk.sign_in(central.url, "beto", central_seed.PASSWORD)
    assert refused.value.code in {"profile_of_another", "device_bound"}
    look = laptop.desk.first_look()
    assert look is not None
    assert look.user_id == "ana"
    assert laptop.desk.sync.run().status.problem == ""


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://127.0.0.1:9", "unreachable"),
        ("http://central.example.mx", "insecure_address"),
        ("::", "bad_address"),
    ],
)
def test_an_address_where_no_central_is(laptop: FieldLaptop, address: str, code: str) -> None:
    with pytest.raises(EnvironmentProblem) as refused:
        laptop.desk.sign_in(address, "ana", central_seed.PASSWORD)
    assert refused.value.code == code
    assert laptop.desk.first_look() is None


# --- how things stand


def test_work_waits_goes_up_and_is_counted(dora_online: FieldLaptop) -> None:
    registered(dora_online)
    assert dora_online.desk.sync.status().waiting == 1
    (row,) = dora_online.desk.sync.outbox()
    assert (row.cmd, row.state, row.text) == (
        "incident.register",
        "waiting",
        "Cliente gdl · Sin internet",
    )
    outcome = dora_online.desk.sync.run()
    assert (outcome.reached, outcome.wait_s, outcome.status.waiting) == (True, None, 0)
    assert outcome.changed.outbox
    assert dora_online.desk.sync.outbox() == ()


def test_a_central_that_is_away_costs_nothing_but_time(
    dora_online: FieldLaptop, central: CentralProcess
) -> None:
    registered(dora_online)
    central.stop()
    try:
        outcome = dora_online.desk.sync.run()
        assert (outcome.reached, outcome.status.waiting) == (False, 1)
        assert outcome.status.problem == "unreachable"
        assert outcome.wait_s is not None
        assert 0 < outcome.wait_s <= 60
        again = dora_online.desk.sync.run()
        assert again.wait_s is not None
        assert again.wait_s > outcome.wait_s
    finally:
        central.start()
    after = dora_online.desk.sync.run()
    assert (after.status.problem, after.status.waiting, after.wait_s) == ("", 0, None)


def test_a_clock_that_is_wrong_is_known_to_be(tmp_path: Path, central: CentralProcess) -> None:
    clock = FakeClock(SystemClock().now())
    clock.jump_wall(-3 * 3600)
    laptop = FieldLaptop(Profile.open(tmp_path / "wrong"), clock)
    laptop.desk.sign_in(central.url, "sol", central_seed.PASSWORD)
    status = laptop.desk.sync.status()
    assert status.offset_s == pytest.approx(3 * 3600, abs=60)
    assert abs((laptop.clock.now() - SystemClock().now()).total_seconds()) < 60
    laptop.close()


# --- what was refused, and the ways out; the central in this process is enough


@pytest.fixture
def refused(ana: FieldLaptop, office: Office) -> FieldLaptop:
    """The technician accepted a visit that the dispatcher had cancelled meanwhile."""
    office.desk_of("dora").do("visit.cancel", "visit:v-run", reason="se arregló solo")
    ana.do_on_visit("run", "visit.accept")
    ana.sync(office)
    return ana


def test_a_refusal_shows_both_sides(refused: FieldLaptop) -> None:
    (row,) = refused.desk.sync.outbox()
    assert (row.cmd, row.state, row.incident_id) == ("visit.accept", "rejected", "run")
    assert row.code == "wrong_state"
    assert (
        FieldSides(field="visit_state", kind="visit_state", mine="accepted", theirs="cancelled")
        in row.sides
    )
    assert row.sides[0].differs
    assert row.number.startswith("INC-")
    status = refused.desk.sync.status()
    assert (status.waiting, status.refused) == (0, 1)


def test_a_refused_chain_stands_together_the_step_that_broke_it_on_top(
    ana: FieldLaptop, office: Office
) -> None:
    office.desk_of("dora").do("visit.cancel", "visit:v-run", reason="se arregló solo")
    ana.do_on_visit("run", "visit.accept")
    ana.do("incident.note", "incident:minor", AddNote(text="en medio"))
    ana.do_on_visit("run", "visit.start_travel")
    order = [(row.incident_id, row.cmd) for row in ana.desk.sync.outbox()]
    assert order == [
        ("run", "visit.accept"),
        ("run", "visit.start_travel"),
        ("minor", "incident.note"),
    ]
    ana.sync(office)
    first, second = ana.desk.sync.outbox()
    assert (first.cmd, second.cmd) == ("visit.accept", "visit.start_travel")
    told = ana.desk.sync.decide(second.op_id, "reissue", "")
    assert isinstance(told, Refused)
    assert told.code == "earlier_refused"


def test_a_note_keeps_the_work_and_settles_the_refusal(
    refused: FieldLaptop, office: Office
) -> None:
    (row,) = refused.desk.sync.outbox()
    changed = refused.desk.sync.decide(row.op_id, "note", "acepté a las 10")
    assert isinstance(changed, Changed)
    assert refused.desk.sync.status().refused == 0
    assert refused.waiting() == ["incident.note"]
    refused.sync(office)
    assert refused.desk.sync.outbox() == ()


@pytest.mark.parametrize("length", [2000, 65_520])
def test_a_note_in_its_place_says_everything(ana: FieldLaptop, office: Office, length: int) -> None:
    said = " ".join(str(number) for number in range(length))[:length]
    ana.do("visit.decline", "visit:v-run", Reason(reason=said))
    office.desk_of("dora").do("visit.cancel", "visit:v-run", reason="se arregló solo")
    ana.sync(office)
    (row,) = ana.desk.sync.outbox()

    assert isinstance(ana.desk.sync.decide(row.op_id, "note", "No fue posible"), Changed)

    detail = ana.desk.cases.detail("run")
    assert detail is not None
    notes = [note.text for note in detail.incident.notes]
    assert "".join(notes) == f"No fue posible: reason {said}"
    assert len(notes) == (1 if length < 60_000 else 2)


def test_giving_up_settles_it_too(refused: FieldLaptop) -> None:
    (row,) = refused.desk.sync.outbox()
    assert isinstance(refused.desk.sync.decide(row.op_id, "dismiss", ""), Changed)
    assert refused.desk.sync.outbox() == ()
    assert refused.desk.sync.decide(row.op_id, "dismiss", "") == Refused(
        code="unknown_target", detail=row.op_id
    )


def test_sending_again_is_judged_on_what_is_in_force(dora: FieldLaptop, office: Office) -> None:
    office.desk_of("sol").do("visit.assign", "visit:v-sol", incident_id="free", technician_id="ana")
    dora.desk.dispatch.assign("free", "beto")
    dora.sync(office)
    (row,) = dora.desk.sync.outbox()
    assert isinstance(dora.desk.sync.decide(row.op_id, "reissue", ""), Changed)
    assert dora.waiting() == ["visit.assign"]
    dora.sync(office)
    assert dora.desk.sync.outbox() == ()


def test_a_refusal_that_cannot_be_sent_again_stays(refused: FieldLaptop) -> None:
    (row,) = refused.desk.sync.outbox()
    answer = refused.desk.sync.decide(row.op_id, "reissue", "")
    assert isinstance(answer, Refused)
    assert answer.code in {"wrong_state", "not_assigned", "unknown_target"}
    assert refused.desk.sync.status().refused == 1


def test_an_export_is_private_and_counts_as_decided(refused: FieldLaptop, tmp_path: Path) -> None:
    (row,) = refused.desk.sync.outbox()
    target = tmp_path / "rechazado.json"
    assert isinstance(refused.desk.sync.export(row.op_id, str(target)), Changed)
    document = json.loads(target.read_text(encoding="utf-8"))
    assert (document["command"]["cmd"], document["code"]) == ("visit.accept", "wrong_state")
    assert target.stat().st_mode & 0o077 == 0
    assert refused.desk.sync.outbox() == ()


def test_an_export_that_cannot_be_written_decides_nothing(
    refused: FieldLaptop, tmp_path: Path
) -> None:
    (row,) = refused.desk.sync.outbox()
    with pytest.raises(EnvironmentProblem) as problem:
        refused.desk.sync.export(row.op_id, str(tmp_path / "nowhere" / "x.json"))
    assert problem.value.code == "copy_unwritable"
    assert refused.desk.sync.status().refused == 1
    with pytest.raises(LookupError):
        refused.desk.sync.export("no-such-op", str(tmp_path / "x.json"))
    assert not (tmp_path / "x.json").exists()


@pytest.mark.parametrize("what", ["refusal", "package", "file"])
def test_nothing_is_exported_over_the_profiles_own_files(
    refused: FieldLaptop, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialog offers to replace whatever is chosen, and "store.db" is a file like any other."""
    (row,), profile = refused.desk.sync.outbox(), refused.profile
    before = profile.db.read_bytes()
    desk = refused.desk
    export: dict[str, Callable[[str], object]] = {
        "refusal": lambda path: desk.sync.export(row.op_id, path),
        "package": desk.black_box.export,
        "file": lambda path: desk.files.save_copy(path, b"x"),
    }
    monkeypatch.chdir(profile.dir)
    for path in (str(profile.db), "store.db", f"{profile.dir}/../{profile.dir.name}/new.json"):
        with pytest.raises(EnvironmentProblem) as problem:
            export[what](path)
        assert problem.value.code == "inside_profile"
    assert profile.db.read_bytes() == before
    assert refused.desk.sync.status().refused == 1


def test_times_of_the_outbox_are_the_sites(ana: FieldLaptop) -> None:
    ana.do("incident.note", "incident:minor", AddNote(text="x"))
    ana.do_on_visit("onsite", "visit.leave")
    assert [row.timezone for row in ana.desk.sync.outbox()] == [
        "America/Cancun",
        "America/Tijuana",
    ]


def test_long_texts_are_cut_for_the_screen(ana: FieldLaptop) -> None:
    ana.do("incident.note", "incident:run", AddNote(text="x" * 5000))
    (row,) = ana.desk.sync.outbox()
    (text,) = row.sides
    assert (text.field, len(text.mine), text.theirs) == ("text", 240, "")
    assert text.mine.endswith("…")


def test_the_wish_of_a_busy_central_is_remembered(ana: FieldLaptop, laptop: FieldLaptop) -> None:
    assert laptop.desk.sync.hold_s() == 0, "nobody has signed in"
    busy = backoff.after_failure(Backoff(), ana.machine, Pace(), seed="ana", retry_after_s=600.0)
    with ana.desk.store.database.write() as connection:
        backoff.save(connection, busy)
    assert ana.desk.sync.hold_s() == 600
    ana.machine.advance(590)
    assert ana.desk.sync.hold_s() == 10
    outcome = ana.desk.sync.run()
    assert (outcome.reached, outcome.hold_s) == (False, 0), "it is away by now"


def test_nothing_can_be_queued_before_a_sign_in(laptop: FieldLaptop) -> None:
    with pytest.raises(EnvironmentProblem) as refused:
        laptop.desk.cases.do("visit.accept", "visit:v-1", FieldTime(), {})
    assert refused.value.code == "not_signed_in"
    with pytest.raises(EnvironmentProblem):
        laptop.desk.sync.run()
