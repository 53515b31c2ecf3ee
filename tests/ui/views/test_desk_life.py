"""What goes on by itself: synchronising, deadlines and news, told once and never in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from field_office import NOW, FieldLaptop, InProcess, restoration
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractButton, QSystemTrayIcon, QWidget
from stage import Stage, button, find

from fieldtech.config import Settings
from fieldtech.domain.commands import AddNote
from fieldtech.services import syncing
from fieldtech.services.syncing import SyncService
from fieldtech.sync.client import CentralClient
from fieldtech.sync.failures import Failure, Kind, SyncFailure
from fieldtech.sync.runner import SyncRunner
from fieldtech.sync.tokens import TokenBox
from ui.desk_life import DeskLife
from ui.tasks.announcer import Changes
from ui.tasks.sync_schedule import AFTER_COMMAND_MS, EVERY_MS
from ui.theme.tokens import Tone
from ui.views.main_window import MainPage

if TYPE_CHECKING:
    from field_office import Office
    from pytestqt.qtbot import QtBot

    from fieldtech.clock import Clock
    from fieldtech.secrets import SecretStore
    from fieldtech.store.opening import Store
    from fieldtech.sync.transport import Reply
    from ui.theme.theme import Theme
    from ui.widgets.banner import Banner


class Line:
    """The way to the central, which a test can cut."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.failure: Failure | None = None

    def open_runner(self, store: Store, secrets: SecretStore, clock: Clock) -> SyncRunner:
        """Stands in for ``fieldtech.sync.assembly.open_runner``: no socket, the same runner."""
        transport = _Cuttable(self)
        return SyncRunner(
            store=store,
            feed=store.feed,
            client=CentralClient(transport, clock),
            transport=transport,
            tokens=TokenBox(secrets),
            clock=clock,
        )


class _Cuttable(InProcess):
    def __init__(self, line: Line) -> None:
        super().__init__(line.office.client, line.office.clock)
        self._line = line

    def send(self, *request: object) -> Reply:  # handed on as it came
        if self._line.failure is not None:
            raise SyncFailure(self._line.failure)
        return super().send(*request)  # type: ignore[arg-type]


@pytest.fixture
def line(office: Office, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A connection that works."""
    made = Line(office)
    monkeypatch.setattr(syncing, "open_runner", made.open_runner)
    return made


class Living:
    """A page with its life, and hands on the clock that would start the next run."""

    def __init__(self, stage: Stage, role: str = "technician") -> None:
        self.stage = stage
        look = stage.laptop.desk.first_look()
        assert look is not None
        self.page = MainPage(stage.kit, Settings(), look.user_name, role)
        self.page.agenda.show_page(look.page)
        stage.show(self.page)
        self.life = DeskLife(stage.kit, self.page, look, parent=self.page)

    def start(self) -> None:
        """Begin, and let the first run take place."""
        self.life.start()
        self.stage.qtbot.waitUntil(lambda: self.waits_ms() not in {0, None})
        self.stage.settle()

    def waits_ms(self) -> int | None:
        """How long until the next run, ``None`` when none is planned."""
        timer = self.life._schedule._timer
        return timer.interval() if timer.isActive() else None

    def run_due(self) -> None:
        """Let the time of the next run come."""
        timer = self.life._schedule._timer
        assert timer.isActive()
        timer.stop()
        timer.timeout.emit()
        self.stage.settle()

    def banners(self) -> list[Banner]:
        """What is announced and not dismissed."""
        return list(self.page.banners.waiting)

    def alarmed(self) -> set[str]:
        """The incidents whose deadlines are told, singly or as one."""
        return {alarm.incident_id for alarm in self.life._alarms.standing}

    def titles(self) -> list[str]:
        return [banner.title for banner in self.banners()]

    def pill(self) -> str:
        """How things stand with the central."""
        return find(self.page, "topbar.status", QAbstractButton).text()

    def pass_time(self, seconds: int) -> None:
        """Time goes by unseen; then the deadlines are looked at."""
        self.stage.laptop.machine.advance(seconds)
        self.life._alarm_timer.timeout.emit()
        self.stage.settle()


@pytest.fixture
def living(stage: Stage, line: Line, english: str) -> Living:
    """The technician's life, begun."""
    assert (line.failure, english) == (None, "en")
    made = Living(stage)
    made.start()
    return made


# --- synchronising


def test_it_synchronises_at_the_start_and_every_minute(living: Living) -> None:
    assert living.pill() == "All sent"
    assert living.waits_ms() == EVERY_MS
    living.run_due()
    assert living.waits_ms() == EVERY_MS


def test_a_command_goes_up_a_second_later(living: Living, office: Office) -> None:
    answer = living.stage.laptop.do("incident.note", "incident:run", AddNote(text="listo"))
    living.stage.kit.announce(answer.changed)
    living.stage.settle()
    assert living.pill() == "1 change to send"
    assert living.waits_ms() == AFTER_COMMAND_MS
    living.run_due()
    assert living.pill() == "All sent"
    dora = office.desk_of("dora")
    dora.pull()
    assert [n["text"] for n in dora.bodies["incident", "run"]["notes"]] == ["listo"]


def test_a_command_told_together_with_a_run_is_not_forgotten(living: Living) -> None:
    living.stage.kit.announcer.announce(Changes(outbox=True))
    living.stage.kit.announcer.announce(Changes(sync=True))
    living.stage.settle()
    assert living.waits_ms() == AFTER_COMMAND_MS


def test_the_button_and_f5_do_not_wait(living: Living) -> None:
    living.stage.click(living.page, "topbar.sync")
    assert living.waits_ms() in {0, EVERY_MS}
    living.page.sync_requested.emit()
    assert living.waits_ms() == 0
    living.life._schedule.stop()


def test_what_the_central_changes_is_on_the_screen(living: Living, office: Office) -> None:
    office.desk_of("dora").do(
        "incident.reclassify", "incident:run", affected=4, reason="solo cuatro"
    )
    living.run_due()
    row = next(r for r in living.page.agenda._list.cards.rows() if r.incident_id == "run")
    assert row.severity == "minor"


def test_without_the_central_it_waits_longer_each_time(living: Living, line: Line) -> None:
    line.failure = Failure(kind=Kind.UNREACHABLE)
    waits = []
    for _ in range(3):
        living.run_due()
        assert living.pill() == "No connection"
        wait = living.waits_ms()
        assert wait is not None
        waits.append(wait)
    assert waits == sorted(waits)
    assert waits[-1] > waits[0]
    line.failure = None
    living.run_due()
    assert (living.pill(), living.waits_ms()) == ("All sent", EVERY_MS)


def test_somebody_else_answering_is_said(living: Living, line: Line) -> None:
    line.failure = Failure(kind=Kind.NOT_CENTRAL)
    living.run_due()
    assert living.pill() == "Captive portal"


def test_a_session_that_has_ended_offers_the_way_back(living: Living, line: Line) -> None:
    line.failure = Failure(kind=Kind.PROBLEM, status=401, code="token_revoked")
    living.run_due()
    assert "Sign in again" in living.titles()
    with living.stage.qtbot.waitSignal(living.page.sign_in_wanted):
        living.page.banners.acted.emit("sign-in", "sign-in")
    assert "Sign in again" in living.titles(), "until somebody has signed in"


def test_a_fault_of_the_store_is_told(living: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: SyncService) -> None:
        raise OSError("gone")

    monkeypatch.setattr(SyncService, "run", broken)
    living.run_due()
    assert "A problem" in living.titles()
    assert living.waits_ms() == EVERY_MS


def test_stopped_it_does_nothing_more(living: Living) -> None:
    living.life._schedule.stop()
    living.page.sync_requested.emit()
    assert living.waits_ms() is None


# --- deadlines


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


# --- news


def test_a_new_visit_announces_itself(living: Living, office: Office) -> None:
    dora = office.desk_of("dora")
    dora.do("visit.assign", "visit:v-new", incident_id="free", technician_id="ana")
    living.run_due()
    (banner,) = [b for b in living.banners() if b.key.startswith("news:")]
    assert (banner.title, banner.tone) == ("New visit", Tone.INFO)
    assert banner.text.endswith("· Cliente zap · ZAP")
    living.page.banners.acted.emit(banner.key, banner.actions[0].key)
    living.stage.settle()
    assert living.page.agenda.panel.incident_id == "free"
    living.run_due()
    assert not [b for b in living.banners() if b.key.startswith("news:")]


def test_a_visit_taken_away_announces_itself(living: Living, office: Office) -> None:
    args = {"new_visit_id": "v-2", "technician_id": "beto"}
    office.desk_of("dora").do("visit.reassign", "visit:v-minor", **args)
    living.run_due()
    (banner,) = [b for b in living.banners() if b.key.startswith("news:")]
    assert banner.title == "Visit no longer yours"
    assert banner.actions == ()


def test_a_new_visit_is_seen_behind_a_breach(living: Living, office: Office) -> None:
    assert living.page.banners.shown is not None
    assert living.page.banners.shown.tone is Tone.DANGER
    dora = office.desk_of("dora")
    dora.do("visit.assign", "visit:v-new", incident_id="free", technician_id="ana")
    living.run_due()
    toast = find(living.page, "toast", QWidget)
    assert toast.isVisible()
    button(toast, "Show").click()
    assert living.page.banners.shown.key == "news:v-new"


def test_a_dispatcher_is_not_told_of_visits(board_stage: Stage, line: Line, office: Office) -> None:
    assert line.failure is None
    living = Living(board_stage, "dispatcher")
    living.start()
    sol = office.desk_of("sol")
    sol.do("visit.assign", "visit:v-new", incident_id="free", technician_id="ana")
    living.run_due()
    assert not [b for b in living.banners() if b.key.startswith("news:")]
    assert [b.key for b in living.banners() if b.key.startswith("alarm")]
    living.life.stop()


# --- the tray


@pytest.fixture
def tray(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """A system with a tray, and what it was told."""
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _: None)
    monkeypatch.setattr(QSystemTrayIcon, "hide", lambda _: None)
    monkeypatch.setattr(
        QSystemTrayIcon, "showMessage", lambda _, title, text: told.append((title, text))
    )
    return told


def test_the_tray_is_told_the_same(stage: Stage, line: Line, tray: list[tuple[str, str]]) -> None:
    assert line.failure is None
    living = Living(stage)
    living.start()
    assert sorted(tray) == sorted((b.title, b.text) for b in living.banners())
    assert not QIcon(living.life._tray.icon()).isNull()
    living.life.stop()
