"""A laptop's clock that is set, that sleeps, that starts anew: the central's time goes on.

The real store, services and sync of a laptop and the real central in this process, each with a
clock of its own.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import field_office
import msgspec
import pytest
from field_office import FieldLaptop, Office
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.domain.commands import AddNote
from fieldtech.domain.words import ClockState
from fieldtech.protocol.codec import decode_args, from_stamp
from fieldtech.store.central_time import REBOOT_UNCERTAINTY_S

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from fieldtech.domain.facts import Restoration
    from fieldtech.domain.incident import Incident

HOUR = 3600
INCIDENT = "run"


@dataclass
class Field:
    """A technician's laptop and the central; time passes for both, each by its own clock."""

    office: Office
    ana: FieldLaptop

    def pass_time(self, seconds: float) -> None:
        """Let real time go by."""
        self.office.clock.advance(seconds)
        self.ana.machine.advance(seconds)

    def restart(self, *, off_for: float) -> None:
        """Switch the laptop off and on again, the program with it."""
        profile, machine = self.ana.profile, self.ana.machine
        self.ana.close()
        self.office.clock.advance(off_for)
        machine.reboot(off_for=off_for)
        self.ana = FieldLaptop(profile, machine)

    def truth(self) -> datetime:
        """The central's time."""
        return self.office.clock.now()

    def error(self) -> float:
        """By how many seconds the laptop is wrong about the central's time."""
        return abs((self.ana.clock.now() - self.truth()).total_seconds())

    def left(self) -> float:
        """What the countdown of the incident shows, in seconds."""
        due = self.here().clocks.restoration.due
        assert due is not None
        return (due - self.ana.clock.now()).total_seconds()

    def here(self) -> Incident:
        """The incident on the laptop."""
        found = self.ana.desk.cases.detail(INCIDENT)
        assert found is not None
        return found.incident

    def note(self, text: str) -> None:
        self.ana.do("incident.note", f"incident:{INCIDENT}", AddNote(text=text))

    def arrive(self) -> None:
        self.ana.do_on_visit(INCIDENT, "visit.accept", "visit.start_travel", "visit.arrive")
        self.ana.answer_mandatory(INCIDENT)

    def restore(self) -> None:
        args = decode_args("incident.restore", field_office.restoration(self.ana.clock.now()))
        self.ana.do("incident.restore", f"incident:{INCIDENT}", args)

    def restored(self) -> Restoration:
        """The restoration as the laptop has it, which is as the central has it after a sync."""
        restoration = self.here().restoration
        assert restoration is not None
        return restoration

    def told(self) -> list[dict[str, Any]]:
        """What the central keeps of each command of the laptop, as it was sent, in its order."""
        device = self.ana.desk.store.session.get().device_id
        op = tables.op.c
        query = select(op.envelope).where(op.device_id == device)
        with self.office.database.read() as connection:
            texts = connection.execute(query).scalars().all()
        told: list[dict[str, Any]] = [msgspec.json.decode(text) for text in texts]
        return sorted(told, key=lambda command: int(command["n"]))


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    """Both clocks agree at first."""
    there, here = field_office.new_clock(), field_office.new_clock()
    profile = field_office.new_profile("ana", tmp_path / "ana")
    with closing(field_office.new_office(tmp_path / "central", there)) as office:
        made = Field(office, FieldLaptop(profile, here))
        made.ana.sync(office)
        yield made
        made.ana.close()


def test_clock_plus_3h_and_jump_back(field: Field) -> None:
    """Somebody sets the laptop's clock three hours ahead and back again, without any contact.

    No countdown moves, nothing changes places, every time at the central is the true one; what the
    wrong clock showed is kept beside it, and a restoration made under it is looked at.
    """
    before = field.left()
    field.note("uno")
    field.ana.machine.jump_wall(3 * HOUR)
    assert field.left() == pytest.approx(before)
    field.pass_time(120)
    field.arrive()
    field.note("dos")
    assert field.left() == pytest.approx(before - 120)
    field.restore()
    restored_at = field.truth()
    assert field.restored().needs_review, "said on the laptop already"

    field.ana.machine.jump_wall(-3 * HOUR)
    field.pass_time(60)
    field.note("tres")
    assert field.error() < 0.01
    field.ana.sync(field.office)

    incident = field.here()
    assert [note.text for note in incident.notes] == ["uno", "dos", "tres"]
    assert field.restored().at == restored_at
    assert field.restored().needs_review
    assert field.restored().uncertainty_s < 1
    assert incident.clocks.restoration.state is ClockState.MET
    commands = field.told()
    made = [from_stamp(command["occurred_at"]) for command in commands]
    assert made == sorted(made), "in the order in which they were done"
    skews = [
        round((from_stamp(command["wall"]) - at).total_seconds())
        for command, at in zip(commands, made, strict=True)
    ]
    assert set(skews[1:-1]) == {3 * HOUR}, "raw values are kept, never corrected"
    assert (skews[0], skews[-1]) == (0, 0)
    assert [round(command.get("offset_s", 0)) for command in commands] == [-skew for skew in skews]


def test_a_clock_that_is_right_has_nothing_reviewed(field: Field) -> None:
    """The same day without anybody touching the clock."""
    field.pass_time(120)
    field.arrive()
    field.ana.machine.jump_wall(119)
    field.restore()
    field.ana.sync(field.office)
    assert not field.restored().needs_review


def test_suspend_with_lid_shut(field: Field) -> None:
    """Forty minutes in the bag: the countdown is forty minutes further, and times are right."""
    before = field.left()
    field.arrive()
    field.pass_time(40 * 60)  # in one piece: no program ran, no second was counted
    assert field.left() == pytest.approx(before - 40 * 60)
    assert field.error() < 0.01
    assert field.ana.clock.moment().uncertainty_s < 1
    field.restore()
    field.ana.sync(field.office)
    assert field.restored().at == field.truth()
    assert not field.restored().needs_review
    spans = [command["boot_s"] for command in field.told()]
    assert spans[-1] - spans[0] == pytest.approx(40 * 60)
    assert len({command["boot_id"] for command in field.told()}) == 1


def test_after_an_offline_restart_the_time_is_less_sure_and_no_jump_moves_it(field: Field) -> None:
    """The wall clock is asked once; from then on the new boot's clock counts."""
    field.arrive()
    field.restart(off_for=600)
    moment = field.ana.clock.moment()
    assert moment.rebooted
    assert moment.uncertainty_s >= REBOOT_UNCERTAINTY_S
    status = field.ana.desk.sync.status()
    assert (status.rebooted, status.compared) == (True, True)
    before = field.left()
    field.ana.machine.jump_wall(-2 * HOUR)
    field.pass_time(30)
    assert field.left() == pytest.approx(before - 30)
    assert field.ana.clock.moment().rebooted
    field.ana.machine.jump_wall(2 * HOUR)
    field.restore()
    field.ana.sync(field.office)
    assert field.restored().at == field.truth()
    assert field.restored().uncertainty_s >= REBOOT_UNCERTAINTY_S
    assert not field.ana.desk.sync.status().rebooted, "the central was met: sure again"


def test_a_clock_set_before_an_offline_restart_is_followed(field: Field) -> None:
    """What the clock said when the central was met would be three hours off after the restart."""
    field.ana.machine.jump_wall(3 * HOUR)
    field.note("con el reloj adelantado")
    field.restart(off_for=600)
    assert field.error() <= REBOOT_UNCERTAINTY_S
    field.ana.machine.jump_wall(-HOUR)
    field.restart(off_for=600)
    assert field.error() > HOUR - 60, "set and switched off at once: nobody could know"


def test_a_clock_that_went_back_while_it_was_off_says_so(field: Field) -> None:
    """An empty battery sets the clock to a day long past: the doubt is as wide as that."""
    field.restart(off_for=0)
    field.ana.machine.jump_wall(-40 * 86_400)
    field.restart(off_for=600)
    assert field.ana.clock.moment().uncertainty_s >= 40 * 86_400 - 600


def test_an_unsure_clock_beside_the_deadline_is_reviewed(field: Field) -> None:
    """A verdict that its uncertainty could turn is a person's to give, at the central too."""
    field.arrive()
    field.restart(off_for=60)
    field.pass_time(field.left() - REBOOT_UNCERTAINTY_S / 2)
    assert field.left() > 0
    field.restore()
    field.ana.sync(field.office)
    assert field.restored().needs_review


def test_a_time_before_the_report_is_kept_and_reviewed(field: Field) -> None:
    field.arrive()
    early = field.here().reported_at - timedelta(minutes=5)
    args = decode_args("incident.restore", field_office.restoration(early))
    field.ana.do("incident.restore", f"incident:{INCIDENT}", args)
    field.ana.sync(field.office)
    assert field.restored().at == early, "never clamped"
    assert field.restored().needs_review
