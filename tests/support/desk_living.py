"""A window with everything that goes on by itself, over a way to the central that can be cut."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from field_office import InProcess
from PySide6.QtWidgets import QAbstractButton
from shiboken6 import isValid
from stage import Stage, find

from fieldtech.config import Settings
from fieldtech.sync.client import CentralClient
from fieldtech.sync.failures import Failure, Kind, SyncFailure
from fieldtech.sync.runner import SyncRunner
from fieldtech.sync.tokens import TokenBox
from ui.desk_life import DeskLife
from ui.views.main_window import MainPage

if TYPE_CHECKING:
    from field_office import Office

    from fieldtech.clock import Clock
    from fieldtech.diagnostics.binding import Binding
    from fieldtech.secrets import SecretStore
    from fieldtech.store.opening import Store
    from fieldtech.sync.transport import Reply
    from fieldtech.sync.watch import Watch
    from ui.widgets.banner import Banner


class Line:
    """The way to the central, which a test can cut."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.failure: Failure | None = None
        self.asked = 0
        self.gate = threading.Event()
        """Cleared, the central takes its time."""
        self.gate.set()

    def open_runner(
        self,
        store: Store,
        secrets: SecretStore,
        clock: Clock,
        *,
        watch: Watch,  # noqa: ARG002  there is no socket to watch
        bind: Binding | None = None,  # noqa: ARG002  nor one to bind
    ) -> SyncRunner:
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
        self._halted = False

    def halt(self) -> None:
        """A person has stopped the run: whoever waits for the central waits no longer."""
        self._halted = True
        self._line.gate.set()

    def resume(self) -> None:
        """The next run may ask again."""
        self._halted = False

    def send(self, *request: object) -> Reply:  # handed on as it came
        self._line.asked += 1
        assert self._line.gate.wait(10)
        if self._halted:
            raise SyncFailure(Failure(kind=Kind.CANCELLED))
        if self._line.failure is not None:
            raise SyncFailure(self._line.failure)
        return super().send(*request)  # type: ignore[arg-type]


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

    def end(self) -> None:
        """No further run, and none under way: its central is about to close."""
        if isValid(self.life):
            self.life._schedule.stop()
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
