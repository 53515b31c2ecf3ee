"""What goes on by itself while somebody is signed in: sync, alarms, news, the status line."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QSystemTrayIcon
from shiboken6 import delete

from fieldtech.errors import EnvironmentProblem
from fieldtech.services.first_values import RunProgress
from ui.tasks.announcer import Changes
from ui.tasks.sync_schedule import SyncSchedule
from ui.views import news

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.services.attachments import SendOutcome
    from fieldtech.services.black_box import RebuiltNews
    from fieldtech.services.values import Alarm, FirstLook, SyncOutcome, SyncStatus, VisitNews
    from ui.views.kit import Kit
    from ui.views.main_window import MainPage
    from ui.widgets.banner import Banner

ALARM_EVERY_MS = 15_000
LONG_MS = 400
"""A run longer than this is shown while it lasts; the others would only flicker."""


class DeskLife(QObject):
    """Owns the schedule; starts after the first paint and ends with the page."""

    def __init__(self, kit: Kit, page: MainPage, look: FirstLook, parent: QObject) -> None:
        super().__init__(parent)
        self._ear = QObject(self)
        self._kit = kit
        self._page = page
        self._technician = look.role == "technician"
        self._status: SyncStatus = look.status
        self._progress: RunProgress | None = None
        self._stopping = threading.Event()
        self._asked = False
        self._schedule = SyncSchedule(self)
        self._tray = _tray(kit, self)
        if self._tray is not None:
            self._tray.activated.connect(self._tray_pressed)
            self._tray.messageClicked.connect(self._raise_window)
        self._long = QTimer(self, singleShot=True, interval=LONG_MS)
        self._long.timeout.connect(lambda: self._show(self._status))
        self._alarms = news.Alarms(page.banners)
        # Not the second's tick: that one rests while the window is minimised, deadlines do not.
        self._alarm_timer = QTimer(self, interval=ALARM_EVERY_MS)
        self._alarm_timer.timeout.connect(self._look_for_alarms)
        self._schedule.due.connect(self._sync)
        page.sync_requested.connect(self._ask)
        page.sync_stopped.connect(self._stop_run)
        page.banners.acted.connect(self._act)
        page.banners.dismissed.connect(self._dismissed)
        kit.announcer.changed.connect(self._changed)

    def start(self) -> None:
        """Open the desk (on its thread), then synchronise and look for alarms."""
        self._kit.ask(
            lambda desk: (desk.sync.status(), desk.sync.hold_s()), self._opened, owner=self._ear
        )
        self._kit.ask(lambda desk: desk.black_box.rebuilt(), self._tell_rebuilt, owner=self._ear)

    def stop(self) -> None:
        """Nothing goes on by itself from here on, nor is the page told anything: it may be gone."""
        # At once: what Qt deletes later may still be handed an answer that was on its way.
        delete(self._ear)
        self._kit.announcer.changed.disconnect(self._changed)
        self._schedule.stop()
        self._alarm_timer.stop()
        self._long.stop()
        if self._tray is not None:
            self._tray.hide()
        self.deleteLater()

    def _opened(self, found: tuple[SyncStatus, float]) -> None:
        status, hold_s = found
        self._show(status)
        self._page.agenda.refresh()
        self._page.agenda.load_map()
        self._schedule.start(hold_s)
        self._alarm_timer.start()
        self._look_for_alarms()

    def _ask(self) -> None:
        """A person wants it now: whatever waits after a failure, files too, is tried again."""
        self._asked = True
        self._schedule.now()

    def _sync(self) -> None:
        self._progress = RunProgress()
        self._stopping = stopping = threading.Event()
        self._long.start()
        self._kit.runner.run_net(
            lambda: self._run_sync(stopping),
            self._synced,
            self._sync_failed,
            owner=self._ear,
            key="sync",
        )

    def _run_sync(self, stopping: threading.Event) -> SyncOutcome:
        outcome = self._kit.desk().sync.run(self._tell_progress, stopping)
        changed = outcome.changed
        # Told from here, not when the result arrives: by then this desk's page may be another.
        self._kit.announcer.announce(
            Changes(
                incidents=changed.incidents,
                visits=changed.visits,
                reference=changed.reference,
                sync=True,
            )
        )
        return outcome

    def _tell_progress(self, progress: RunProgress) -> None:
        """On the network's thread."""
        self._kit.runner.post(lambda: self._show_progress(progress), owner=self._ear)

    def _show_progress(self, progress: RunProgress) -> None:
        if self._progress is not None and not self._progress.stopping:
            self._progress = progress
            if not self._long.isActive():
                self._show(self._status)

    def _stop_run(self) -> None:
        """A person has better use for this line, or does not want to wait."""
        if self._progress is None:
            return
        self._progress = replace(self._progress, stopping=True)
        self._show(self._status)
        # At once and here: every worker may be waiting for the line that is to be cut.
        with suppress(EnvironmentProblem):
            self._kit.desk().sync.stop_run(self._stopping)

    def _synced(self, outcome: SyncOutcome) -> None:
        # A person's word is for the run that he asked for, whatever becomes of it.
        asked, self._asked = self._asked, False
        self._progress = None
        self._schedule.finished(outcome.wait_s, outcome.hold_s, stopped=outcome.stopped)
        self._show(outcome.status)
        self._look_for_alarms()
        if outcome.reached and not outcome.status.problem:
            self._send_files(asked=asked)
        if outcome.reached and self._technician:
            self._kit.ask(lambda desk: desk.notices.visit_news(), self._tell_news, owner=self._ear)

    def _send_files(self, *, asked: bool) -> None:
        """Behind all work, over a connection of their own."""
        self._kit.runner.run_net(
            lambda: self._kit.desk().files.send(self._file_progress, asked=asked),
            self._files_sent,
            self._files_failed,
            owner=self._ear,
            key="files.send",
        )

    def _file_progress(self, _progress: object) -> None:
        self._kit.announcer.announce(Changes(sync=True))

    def _files_sent(self, outcome: SendOutcome) -> None:
        if outcome.sent or outcome.problem:
            self._kit.announcer.announce(Changes(sync=True))
        if outcome.again:
            self._schedule.now()

    def _files_failed(self, error: BaseException) -> None:
        self._page.banners.post(news.problem_banner(error))

    def _sync_failed(self, error: BaseException) -> None:
        self._progress, self._asked = None, False
        self._schedule.finished(None)
        self._show(self._status)
        self._page.banners.post(news.problem_banner(error))

    def _changed(self, changes: Changes) -> None:
        self._settle_alarms(changes)
        # A run's own changes come as ``sync``: told together with a command's they do not hide it.
        if changes.outbox:
            self._schedule.command_made()
        if changes.outbox or changes.sync:
            self._kit.ask(
                lambda desk: desk.sync.status(), self._show, owner=self._ear, key="status"
            )

    def _show(self, status: SyncStatus) -> None:
        running = self._schedule.running and not self._long.isActive()
        progress = self._progress if running else None
        self._status = status = replace(status, running=running, progress=progress)
        self._page.show_status(status)
        if status.problem == "revoked":
            self._page.shut_out.emit()
            return
        self._offer_sign_in()

    def _look_for_alarms(self) -> None:
        # Without a key: what a look returns counts as told, so no later one may make it void.
        self._kit.ask(lambda desk: desk.notices.alarms(), self._tell_alarms, owner=self._ear)

    def _tell_alarms(self, fresh: Sequence[Alarm]) -> None:
        if not fresh:
            return
        # The chips count what is about to expire; so does the rail.
        self._page.agenda.recount()
        self._alarms.tell(fresh)
        if len(fresh) > news.AT_ONCE:
            self._tell_tray(news.alarms_banner(fresh))
        else:
            for alarm in fresh:
                self._tell_tray(news.alarm_banner(alarm))

    def _settle_alarms(self, changes: Changes) -> None:
        """What was restored, or has time again, alarms nobody any more."""
        touched = [
            alarm
            for alarm in self._alarms.standing
            if changes.reference or alarm.incident_id in changes.incidents
        ]
        if touched:
            now, own = self._kit.clock.now(), self._technician
            self._kit.ask(
                lambda desk: news.no_longer_due(desk, touched, now, own=own),
                self._alarms.settle,
                owner=self._ear,
            )

    def _tell_rebuilt(self, found: RebuiltNews | None) -> None:
        if found is not None:
            self._page.banners.post(news.rebuilt_banner(found))

    def _dismissed(self, key: str) -> None:
        if key == news.REBUILT:
            self._kit.ask(lambda desk: desk.black_box.seen(), lambda _: None, owner=self._ear)

    def _tell_news(self, items: Sequence[VisitNews]) -> None:
        for item in items:
            banner = news.visit_banner(item)
            self._page.banners.post(banner)
            self._tell_tray(banner)

    def _tell_tray(self, banner: Banner) -> None:
        if self._tray is not None:
            self._tray.showMessage(banner.title, banner.text)

    def _tray_pressed(self, how: QSystemTrayIcon.ActivationReason) -> None:
        if how is not QSystemTrayIcon.ActivationReason.Context:
            self._raise_window()

    def _raise_window(self) -> None:
        window = self._page.window()
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def _offer_sign_in(self) -> None:
        if self._status.problem == "signed_out":
            self._page.banners.post(news.sign_in_banner())
        else:
            self._page.banners.withdraw(news.SIGN_IN)

    def _act(self, key: str, action: str) -> None:
        if action == news.SIGN_IN:
            self._page.sign_in_wanted.emit()
            return
        if action == news.LOCK:
            self._page.lock_asked.emit()
            return
        self._page.banners.withdraw(key)
        self._page.go("agenda")
        if action == news.EXPIRING:
            self._page.agenda.show_chip("expiring")
            return
        self._page.agenda.open_incident(action.removeprefix(news.OPEN))


def _tray(kit: Kit, parent: QObject) -> QSystemTrayIcon | None:
    """The tray icon where the system has a tray; the banner in the window is always there."""
    if not QSystemTrayIcon.isSystemTrayAvailable():
        return None
    tray = QSystemTrayIcon(kit.theme.icon("siren", kit.theme.tokens.accent, 32), parent)
    tray.setToolTip("fieldtech")
    tray.show()
    return tray
