"""What goes on by itself while somebody is signed in: sync, alarms, news, the status line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSystemTrayIcon

from ui.tasks.announcer import Changes
from ui.tasks.sync_schedule import SyncSchedule
from ui.theme.tokens import Tone
from ui.views import formats
from ui.views.problems import problem_text, sentence_of
from ui.widgets.banner import Banner, BannerAction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.services.values import Alarm, FirstLook, SyncOutcome, SyncStatus, VisitNews
    from ui.views.kit import Kit
    from ui.views.main_window import MainPage

ALARM_EVERY_MS = 15_000
SIGN_IN = "sign-in"
ALARMS = "alarms"
EXPIRING = "expiring"
AT_ONCE = 3
"""More alarms than this at one moment are told as one."""


class DeskLife(QObject):
    """Owns the schedule; starts after the first paint and ends with the page."""

    def __init__(self, kit: Kit, page: MainPage, look: FirstLook, parent: QObject) -> None:
        super().__init__(parent)
        self._kit = kit
        self._page = page
        self._technician = look.role == "technician"
        self._status: SyncStatus = look.status
        self._schedule = SyncSchedule(self)
        self._tray = _tray(kit, self)
        # Not the second's tick: that one rests while the window is minimised, deadlines do not.
        self._alarms = QTimer(self, interval=ALARM_EVERY_MS)
        self._alarms.timeout.connect(self._look_for_alarms)
        self._schedule.due.connect(self._sync)
        page.sync_requested.connect(self._schedule.now)
        page.banners.acted.connect(self._act)
        kit.announcer.changed.connect(self._changed)

    def start(self) -> None:
        """Open the desk (on its thread), then synchronise and look for alarms."""
        self._kit.ask(lambda desk: desk.sync.status(), self._opened, owner=self)

    def stop(self) -> None:
        """Nothing goes on by itself from here on."""
        self._schedule.stop()
        self._alarms.stop()
        if self._tray is not None:
            self._tray.hide()
        self.deleteLater()

    def tell_problem(self, sentence: str) -> None:
        """A problem that no screen answers for."""
        self._page.banners.post(Banner("problem", Tone.DANGER, self.tr("A problem"), sentence))

    def _opened(self, status: SyncStatus) -> None:
        self._show(status)
        self._page.agenda.refresh()
        self._page.agenda.load_map()
        self._schedule.start()
        self._alarms.start()
        self._look_for_alarms()

    def _sync(self) -> None:
        self._kit.runner.run_net(
            self._run_sync, self._synced, self._sync_failed, owner=self, key="sync"
        )

    def _run_sync(self) -> SyncOutcome:
        outcome = self._kit.desk().sync.run()
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

    def _synced(self, outcome: SyncOutcome) -> None:
        self._schedule.finished(outcome.wait_s)
        self._show(outcome.status)
        self._look_for_alarms()
        if outcome.reached and self._technician:
            self._kit.ask(lambda desk: desk.notices.visit_news(), self._tell_news, owner=self)

    def _sync_failed(self, error: BaseException) -> None:
        self._schedule.finished(None)
        self.tell_problem(sentence_of(error))

    def _changed(self, changes: Changes) -> None:
        # A run's own changes come as ``sync``: told together with a command's they do not hide it.
        if changes.outbox:
            self._schedule.command_made()
        if changes.outbox or changes.sync:
            self._kit.ask(lambda desk: desk.sync.status(), self._show, owner=self, key="status")

    def _show(self, status: SyncStatus) -> None:
        self._status = status
        self._page.show_status(status)
        self._offer_sign_in()

    def _look_for_alarms(self) -> None:
        # Without a key: what a look returns counts as told, so no later one may make it void.
        self._kit.ask(lambda desk: desk.notices.alarms(), self._tell_alarms, owner=self)

    def _tell_alarms(self, alarms: Sequence[Alarm]) -> None:
        if alarms:
            # The chips count what is about to expire; so does the rail.
            self._page.agenda.recount()
        if len(alarms) > AT_ONCE:
            title = self.tr("%n deadline(s) near or past", "", len(alarms))
            names = ", ".join(f"{alarm.number} {alarm.customer}" for alarm in alarms[:AT_ONCE])
            action = BannerAction(EXPIRING, self.tr("Show"))
            self._show_banner(Banner(ALARMS, Tone.DANGER, title, f"{names}…", (action,)))
            return
        for alarm in alarms:
            self._post(
                f"alarm:{alarm.incident_id}:{alarm.clock}",
                Tone.DANGER if alarm.kind == "breached" else Tone.WARN,
                f"{alarm.number} · {alarm.customer}",
                self._alarm_text(alarm),
                alarm.incident_id,
            )

    def _alarm_text(self, alarm: Alarm) -> str:
        due = formats.day_and_time(alarm.due, alarm.timezone)
        if alarm.clock == "response":
            late, soon = self.tr("Response overdue since {due}."), self.tr("Response due {due}.")
        else:
            late, soon = (
                self.tr("Restoration overdue since {due}."),
                self.tr("Restoration about to expire: {due}."),
            )
        text = (late if alarm.kind == "breached" else soon).format(due=due)
        if alarm.escalation_mail:
            escalate = self.tr("Escalation level {level}: {mail}")
            more = escalate.format(level=alarm.escalation, mail=alarm.escalation_mail)
            return f"{text} {more}"
        return text

    def _tell_news(self, news: Sequence[VisitNews]) -> None:
        for item in news:
            new = item.kind == "new"
            title = self.tr("New visit") if new else self.tr("Visit no longer yours")
            text = f"{item.number} · {item.customer} · {item.municipality}"
            incident = item.incident_id if new else ""
            self._post(f"news:{item.visit_id}", Tone.INFO, title, text, incident)

    def _post(self, key: str, tone: Tone, title: str, text: str, incident_id: str) -> None:
        actions = (BannerAction(f"open:{incident_id}", self.tr("Open")),) if incident_id else ()
        self._show_banner(Banner(key, tone, title, text, actions))

    def _show_banner(self, banner: Banner) -> None:
        self._page.banners.post(banner)
        if self._tray is not None:
            self._tray.showMessage(banner.title, banner.text)

    def _offer_sign_in(self) -> None:
        """The session ended while work goes on: the way back in, without hiding the work."""
        if self._status.problem != "signed_out":
            self._page.banners.withdraw(SIGN_IN)
            return
        action = BannerAction(SIGN_IN, self.tr("Sign in"))
        text = problem_text("signed_out")
        self._page.banners.post(
            Banner(SIGN_IN, Tone.WARN, self.tr("Sign in again"), text, (action,))
        )

    def _act(self, key: str, action: str) -> None:
        if action == SIGN_IN:
            self._page.sign_in_wanted.emit()
            return
        self._page.banners.withdraw(key)
        self._page.go("agenda")
        if action == EXPIRING:
            self._page.agenda.show_chip("expiring")
            return
        incident_id = action.removeprefix("open:")
        self._page.agenda.open_incident(incident_id)


def _tray(kit: Kit, parent: QObject) -> QSystemTrayIcon | None:
    """The tray icon where the system has a tray; the banner in the window is always there."""
    if not QSystemTrayIcon.isSystemTrayAvailable():
        return None
    tray = QSystemTrayIcon(kit.theme.icon("siren", kit.theme.tokens.accent, 32), parent)
    tray.setToolTip("fieldtech")
    tray.show()
    return tray
