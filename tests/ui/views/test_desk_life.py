"""What goes on by itself: synchronising, deadlines and news, told once and never in the way."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from desk_living import Line, Living
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QSystemTrayIcon, QWidget
from shiboken6 import delete
from stage import Stage, button, find

from fieldtech.central.auth import devices
from fieldtech.domain.commands import AddNote
from fieldtech.services.attachments import AttachmentService
from fieldtech.services.syncing import SyncService
from fieldtech.sync.failures import Failure, Kind
from ui.tasks.announcer import Changes
from ui.tasks.runner import NET_THREADS
from ui.tasks.sync_schedule import AFTER_COMMAND_MS, EVERY_MS
from ui.theme.tokens import Tone

if TYPE_CHECKING:
    from field_office import Office


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


def test_a_long_run_is_shown_while_it_lasts_and_the_button_stays(
    living: Living, line: Line
) -> None:
    line.gate.clear()
    timer = living.life._schedule._timer
    timer.stop()
    timer.timeout.emit()
    living.stage.qtbot.waitUntil(lambda: living.pill() == "Synchronising…")
    living.stage.kit.announcer.announce(Changes(sync=True))
    living.stage.qtbot.waitUntil(lambda: not living.stage.runner.is_busy or line.asked > 0)
    assert living.pill() == "Synchronising…"
    assert find(living.page, "topbar.sync", QAbstractButton).isEnabled()
    line.gate.set()
    living.stage.settle()
    assert living.pill() == "All sent"


def test_a_run_is_stopped_from_the_screen_and_none_follows_at_once(
    living: Living, line: Line
) -> None:
    living.page.go("sync")
    living.stage.settle()
    run = find(living.page, "sync.run", QAbstractButton)
    assert run.text() == "Synchronise now"
    line.gate.clear()
    run.click()
    timer = living.life._schedule._timer
    timer.stop()
    timer.timeout.emit()
    living.stage.qtbot.waitUntil(lambda: run.text() == "Stop")
    told = find(living.page, "sync.progress", QLabel)
    assert told.text() in {"Asking the central…", "Receiving…"}
    answer = living.stage.laptop.do("incident.note", "incident:run", AddNote(text="meanwhile"))
    living.stage.kit.announce(answer.changed)

    living.stage.click(living.page, "sync.run")

    assert living.pill() == "Stopped · 1 change to send"
    assert "You stopped it" in find(living.page, "sync.problem", QLabel).text()
    assert (run.text(), told.text()) == ("Synchronise now", "")
    assert living.waits_ms() == EVERY_MS, "not at once for what was done meanwhile"
    living.run_due()
    assert living.pill() == "All sent"


def test_a_run_that_waits_for_its_turn_can_be_stopped(living: Living, line: Line) -> None:
    """Every worker is busy; the run never asks the central, and counts as stopped."""
    busy = threading.Event()
    for _ in range(NET_THREADS):
        living.stage.runner.run_net(lambda: busy.wait(10))
    living.page.go("sync")
    asked = line.asked
    timer = living.life._schedule._timer
    timer.stop()
    timer.timeout.emit()
    run = find(living.page, "sync.run", QAbstractButton)
    living.stage.qtbot.waitUntil(lambda: run.text() == "Stop")
    run.click()
    assert find(living.page, "sync.progress", QLabel).text() == "Stopping…"
    busy.set()
    living.stage.settle()
    assert (living.pill(), line.asked) == ("Stopped", asked)


def test_no_answer_reaches_a_page_that_is_gone(living: Living, line: Line) -> None:
    """A page that is built anew, in other colours say, goes while its run is under way."""
    line.gate.clear()
    timer = living.life._schedule._timer
    timer.stop()
    timer.timeout.emit()
    living.stage.qtbot.waitUntil(lambda: living.pill() == "Synchronising…")
    living.life.setParent(living.stage.runner)  # as in the program: it may outlive its page a bit
    living.life.stop()
    delete(living.page._topbar.status)  # a page goes piece by piece
    line.gate.set()
    living.stage.kit.announcer.announce(Changes(outbox=True, sync=True))
    while living.stage.runner.is_busy:  # not settle(): the late deletions are to come after this
        QApplication.processEvents()


def test_a_central_that_asks_to_be_left_alone_is(living: Living, line: Line) -> None:
    line.failure = Failure(kind=Kind.PROBLEM, status=503, code="busy", retry_after_s=3000.0)
    living.run_due()
    assert (living.waits_ms() or 0) > 2_900_000
    living.stage.kit.announcer.announce(Changes(outbox=True))
    living.stage.settle()
    assert (living.waits_ms() or 0) > 2_900_000
    living.stage.click(living.page, "topbar.sync")
    assert (living.waits_ms() or 0) > 2_900_000, "asked, and held off once more"


@pytest.mark.parametrize("fails", [False, True])
def test_a_click_goes_before_the_files_wait_and_for_its_own_run_alone(
    living: Living,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
    fails: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    asked: list[bool] = []
    plain = AttachmentService.send

    def send(files: AttachmentService, *told: Any, **more: Any) -> Any:
        asked.append(more["asked"])
        return plain(files, *told, **more)

    monkeypatch.setattr(AttachmentService, "send", send)
    if fails:
        line.failure = Failure(kind=Kind.UNREACHABLE)
    living.page.sync_requested.emit()
    living.run_due()
    line.failure = None
    living.run_due()
    assert asked == ([False] if fails else [True, False])


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


@pytest.mark.parametrize("how", ["click", "message"])
@pytest.mark.usefixtures("tray")
def test_the_tray_brings_the_window_back(
    stage: Stage, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    living = Living(stage)
    raised: list[bool] = []
    monkeypatch.setattr(living.page, "raise_", lambda: raised.append(True))
    icon = living.life._tray
    assert icon is not None
    living.page.showMinimized()
    assert living.page.isMinimized()
    if how == "click":
        icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)
        assert living.page.isMinimized(), "the menu button is for a menu"
        icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    else:
        icon.messageClicked.emit()
    stage.qtbot.waitUntil(lambda: not living.page.isMinimized())
    assert living.page.isVisible()
    assert raised == [True]
    living.life.stop()


def test_a_laptop_that_is_shut_out_tells_the_window_at_once(living: Living, office: Office) -> None:
    laptop = living.stage.laptop
    device_id = laptop.desk.store.session.get().device_id
    with office.database.write() as connection:
        devices.revoke(connection, device_id, laptop.machine.now(), by="root")
    with living.stage.qtbot.waitSignal(living.page.shut_out):
        living.run_due()
    assert laptop.profile.revoked.exists()
