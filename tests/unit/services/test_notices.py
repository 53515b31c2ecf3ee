"""A deadline and a visit are announced once, whatever happens to clock, process and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import field_office
import pytest
from field_office import FieldLaptop

from fieldtech.services import notices

if TYPE_CHECKING:
    from central_desk import Laptop
    from field_office import Office

    from fieldtech.services.notices import NoticeService
    from fieldtech.services.values import Alarm


def told(service: NoticeService) -> list[tuple[str, str, str]]:
    return sorted((a.incident_id, a.clock, a.kind) for a in service.alarms())


def one(service: NoticeService, incident_id: str) -> Alarm:
    return next(a for a in service.alarms() if a.incident_id == incident_id)


BOTH = [("breached", "restoration", "breached"), ("risk", "restoration", "at_risk")]


def test_what_is_near_or_past_is_told_once(ana: FieldLaptop) -> None:
    assert told(ana.desk.notices) == BOTH
    assert told(ana.desk.notices) == []


def test_the_threshold_and_the_breach_are_two_alarms(ana: FieldLaptop) -> None:
    told(ana.desk.notices)
    ana.machine.advance(20 * 60 - 1)
    assert told(ana.desk.notices) == []
    ana.machine.advance(1)
    assert told(ana.desk.notices) == [("risk", "restoration", "breached")]
    ana.machine.advance(3600)
    assert ("risk", "restoration", "breached") not in told(ana.desk.notices)


def test_a_restart_repeats_nothing(ana: FieldLaptop) -> None:
    assert told(ana.desk.notices) == BOTH
    ana.close()
    again = FieldLaptop(ana.profile, ana.machine)
    assert told(again.desk.notices) == []
    again.close()


def test_a_clock_that_is_set_back_a_little_repeats_nothing(ana: FieldLaptop) -> None:
    told(ana.desk.notices)
    ana.machine.advance(20 * 60)
    assert told(ana.desk.notices)
    # A better comparison with the central moves its time back by two seconds, then on again.
    ana.machine.advance(-2)
    assert told(ana.desk.notices) == []
    ana.machine.advance(2)
    assert told(ana.desk.notices) == []


def test_a_moved_deadline_is_a_new_one(ana: FieldLaptop, office: Office) -> None:
    told(ana.desk.notices)
    dora = office.desk_of("dora")
    told_ = dora.do("incident.reclassify", "incident:risk", affected=4, reason="solo cuatro")
    assert told_["status"] == "applied", told_
    ana.sync(office)
    assert told(ana.desk.notices) == []
    ana.machine.advance(2 * 3600 + 20 * 60)
    assert ("risk", "restoration", "breached") in told(ana.desk.notices)


def test_an_alarm_says_whom_to_call_and_when_it_was_due_there(ana: FieldLaptop) -> None:
    alarm = one(ana.desk.notices, "breached")
    assert (alarm.escalation, alarm.escalation_mail) == ("4", "direccion@cleverideas.com.mx")
    assert alarm.timezone == "America/Mexico_City"
    assert (field_office.NOW - alarm.due).total_seconds() == 3600
    ana.machine.advance(90 * 60)
    cancun = one(ana.desk.notices, "onsite")
    assert (cancun.timezone, cancun.kind) == ("America/Cancun", "at_risk")
    assert cancun.escalation == "2"


def test_what_is_restored_alarms_no_more(ana: FieldLaptop, office: Office) -> None:
    office.desk_of("dora").do("incident.cancel", "incident:risk", reason="duplicado")
    ana.sync(office)
    assert told(ana.desk.notices) == BOTH[:1]


def test_a_desk_with_a_backlog_hears_of_the_newest_breach(
    dora: FieldLaptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "MOST", 1)
    monkeypatch.setattr(notices, "LOOK_BACK_S", 60.0)
    assert told(dora.desk.notices) == BOTH[:1]
    dora.machine.advance(20 * 60)
    assert told(dora.desk.notices) == [("risk", "restoration", "breached")]
    assert told(dora.desk.notices) == []


def test_the_memory_of_shown_alarms_is_bounded(
    ana: FieldLaptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By time, and only when something is written anyway: what is due now is not told again."""
    monkeypatch.setattr(notices, "KEPT_S", 3600.0)
    assert len(ana.desk.notices.alarms()) == 2
    ana.machine.advance(30 * 60)
    assert told(ana.desk.notices) != []
    ana.machine.advance(45 * 60)
    assert told(ana.desk.notices) != []
    with ana.desk.store.database.read() as connection:
        query = "SELECT count(*) FROM meta WHERE key LIKE 'alarm_shown %'"
        kept = connection.exec_driver_sql(query).scalar_one()
    assert 0 < kept < 6


# --- visits that come and go


def news(laptop: FieldLaptop) -> list[tuple[str, str]]:
    return sorted((n.kind, n.incident_id) for n in laptop.desk.notices.visit_news())


@pytest.fixture
def desk(office: Office) -> Laptop:
    """A dispatcher elsewhere."""
    return office.desk_of("dora")


def test_the_first_visits_are_no_news(ana: FieldLaptop) -> None:
    assert news(ana) == []
    assert news(ana) == []


def test_a_new_visit_is_told_once_and_survives_a_restart(
    ana: FieldLaptop, office: Office, desk: Laptop
) -> None:
    news(ana)
    desk.do("visit.assign", "visit:v-new", incident_id="free", technician_id="ana")
    ana.sync(office)
    found = ana.desk.notices.visit_news()
    assert [(n.kind, n.visit_id, n.customer, n.municipality) for n in found] == [
        ("new", "v-new", "Cliente zap", "ZAP")
    ]
    assert news(ana) == []
    ana.close()
    again = FieldLaptop(ana.profile, ana.machine)
    assert news(again) == []
    again.close()


@pytest.mark.parametrize(
    ("command", "args"),
    [
        ("visit.reassign", {"new_visit_id": "v-2", "technician_id": "beto"}),
        ("visit.cancel", {"reason": "se arregló solo"}),
        ("visit.abandon", {"reason": "laptop perdida"}),
    ],
)
def test_a_visit_that_is_taken_away_is_told(
    ana: FieldLaptop, office: Office, desk: Laptop, command: str, args: dict[str, str]
) -> None:
    news(ana)
    result = desk.do(command, "visit:v-run", **args)
    assert result["status"] == "applied", result
    ana.sync(office)
    assert news(ana) == [("gone", "run")]
    assert news(ana) == []


def test_a_visit_one_finished_oneself_is_no_news(ana: FieldLaptop, office: Office) -> None:
    news(ana)
    ana.do_on_visit("run", "visit.accept", "visit.start_travel", "visit.arrive")
    ana.answer_mandatory("run")
    ana.do_on_visit("run", "visit.finish")
    ana.sync(office)
    assert news(ana) == []


def test_a_visit_moved_from_one_to_another_is_news_to_both(
    ana: FieldLaptop, office: Office, desk: Laptop
) -> None:
    news(ana)
    args = {"new_visit_id": "v-2", "technician_id": "ana"}
    result = desk.do("visit.reassign", "visit:v-other", **args)
    assert result["status"] == "applied", result
    ana.sync(office)
    assert news(ana) == [("new", "other")]
