"""Deadlines near and past: told once, the newest on view, gone when settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_living import Living
from field_office import NOW, FieldLaptop, restoration
from PySide6.QtWidgets import QAbstractButton
from stage import Stage

from ui.theme.tokens import Tone

if TYPE_CHECKING:
    from field_office import Office
    from pytestqt.qtbot import QtBot

    from ui.theme.theme import Theme


def test_deadlines_are_announced_with_whom_to_call(living: Living) -> None:
    found = {banner.key: banner for banner in living.banners()}
    breached = found["alarm:breached:restoration"]
    risk = found["alarm:risk:restoration"]
    assert (breached.tone, risk.tone) == (Tone.DANGER, Tone.WARN)
    assert breached.title.endswith("· Cliente gdl")
    assert breached.text == (
        "Restoration overdue since 4 Nov 09:00. Escalation level 4: direccion@cleverideas.com.mx"
    )
    assert risk.text == (
        "Restoration about to expire: 4 Nov 10:20."
        " Escalation level 2: plataformas@cleverideas.com.mx"
    )
    assert living.page.banners.shown == breached


def test_a_deadline_is_told_on_the_clock_of_its_site(living: Living) -> None:
    for banner in living.banners():
        living.page.banners.withdraw(banner.key)
    living.pass_time(90 * 60)
    told = {b.key: b.text for b in living.banners()}
    assert told["alarm:onsite:restoration"].startswith("Restoration about to expire: 4 Nov 12:40.")


def test_no_deadline_is_told_twice_not_even_after_a_restart(
    living: Living, theme: Theme, qtbot: QtBot
) -> None:
    assert len(living.banners()) == 2
    for banner in living.banners():
        living.page.banners.withdraw(banner.key)
    living.pass_time(30)
    living.run_due()
    assert living.banners() == []
    living.life.stop()
    laptop = living.stage.laptop
    living.stage.close()
    laptop.close()

    again = FieldLaptop(laptop.profile, laptop.machine)
    stage = Stage(again, theme, qtbot)
    later = Living(stage)
    later.start()
    assert later.banners() == []
    later.pass_time(20 * 60)
    assert [b.key for b in later.banners()] == ["alarm:risk:restoration"]
    assert later.banners()[0].tone is Tone.DANGER
    later.life.stop()
    stage.close()
    again.close()


def test_many_deadlines_are_told_as_one(living: Living) -> None:
    assert len(living.banners()) == 2
    living.pass_time(5 * 3600)
    (banner,) = living.banners()
    assert banner.title == "5 deadlines near or past"
    assert {"breached", "risk"} <= {alarm.incident_id for alarm in banner.about}
    newest = banner.about[-1]
    assert banner.text.startswith(f"{newest.number} {newest.customer}, ")
    living.page.banners.acted.emit(banner.key, banner.actions[0].key)
    living.stage.settle()
    rows = living.page.agenda._list.cards.rows()
    assert len(rows) == 5
    assert living.banners() == []


def test_the_newest_breach_is_on_view(living: Living) -> None:
    assert living.page.banners.shown is not None
    assert living.page.banners.shown.key == "alarm:breached:restoration"
    living.pass_time(20 * 60)
    assert living.page.banners.shown.key == "alarm:risk:restoration"
    assert living.page.banners.shown.tone is Tone.DANGER


def test_a_restored_incident_alarms_nobody_any_more(living: Living, office: Office) -> None:
    office.desk_of("dora").do("incident.restore", "incident:breached", **restoration(NOW))
    living.run_due()
    assert [banner.key for banner in living.banners()] == ["alarm:risk:restoration"]


def test_the_summary_shrinks_with_what_is_restored(living: Living, office: Office) -> None:
    living.pass_time(5 * 3600)
    dora = office.desk_of("dora")
    now = living.stage.laptop.machine.now()
    dora.do("incident.restore", "incident:breached", **restoration(now))
    living.run_due()
    assert living.titles() == ["4 deadlines near or past"]
    dora.do("incident.restore", "incident:risk", **restoration(now))
    living.run_due()
    assert {banner.key for banner in living.banners()} == {
        f"alarm:{incident_id}:restoration" for incident_id in ("minor", "onsite", "run")
    }


def test_an_incident_of_somebody_else_alarms_no_longer(living: Living, office: Office) -> None:
    args = {"new_visit_id": "v-2", "technician_id": "beto"}
    office.desk_of("dora").do("visit.reassign", "visit:v-risk", **args)
    living.run_due()
    assert "alarm:risk:restoration" not in {banner.key for banner in living.banners()}


def test_an_alarm_leads_to_its_visit_and_is_done_with(living: Living) -> None:
    living.page.go("settings")
    banner = next(b for b in living.banners() if "risk" in b.key)
    living.page.banners.acted.emit(banner.key, banner.actions[0].key)
    living.stage.settle()
    assert living.page.shown == "agenda"
    assert living.page.agenda.panel.incident_id == "risk"
    assert banner not in living.banners()


def test_the_counts_follow_the_deadlines(living: Living) -> None:
    assert "About to expire 2" in _chips(living)
    living.pass_time(5 * 3600)
    assert "About to expire 5" in _chips(living)


def _chips(living: Living) -> list[str]:
    buttons = living.page.findChildren(QAbstractButton)
    return [b.text() for b in buttons if b.property("kind") == "chip"]


def test_deadlines_are_looked_at_while_nobody_sees_the_window(living: Living) -> None:
    living.page.showMinimized()
    assert living.life._alarm_timer.isActive()
    assert living.life._alarm_timer.interval() == 15_000
    assert living.alarmed() == {"breached", "risk"}
    living.pass_time(90 * 60)
    assert living.alarmed() == {"breached", "risk", "onsite", "run"}
    living.life.stop()
    assert not living.life._alarm_timer.isActive()


def test_what_a_synchronisation_brings_is_looked_at_once(living: Living) -> None:
    living.stage.laptop.machine.advance(90 * 60)
    living.run_due()
    assert "onsite" in living.alarmed()


def test_of_two_looks_at_once_neither_is_lost(living: Living) -> None:
    living.stage.laptop.machine.advance(90 * 60)
    living.life._alarm_timer.timeout.emit()
    living.pass_time(0)
    assert "onsite" in living.alarmed()
