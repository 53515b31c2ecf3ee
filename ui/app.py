"""The composition root: builds every part, hands them on, and is the only place that knows all."""

from __future__ import annotations

import logging
import sys
from functools import cache, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from fieldtech import __version__, config
from fieldtech.clock import SystemClock
from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import resources_dir
from fieldtech.services.access import SIGNED_OUT, mark_signed_out
from fieldtech.services.geography import load_geography
from fieldtech.services.opening import MustOpen
from ui.command_line import parse
from ui.entrance import Entrance
from ui.gates import Gates
from ui.household import Household
from ui.seat import Seat
from ui.speech import Speech
from ui.tasks.announcer import ChangeAnnouncer
from ui.tasks.garbage import GarbageKeeper
from ui.tasks.runner import TaskRunner
from ui.tasks.ticker import SecondTicker
from ui.theme.theme import Theme
from ui.views import formats
from ui.views.kit import Kit
from ui.views.main_window import MainPage
from ui.views.news import problem_banner
from ui.views.problems import sentence_of
from ui.views.technician.visit_panel import import_parts
from ui.views.window import Window

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from fieldtech.config import Settings
    from fieldtech.services.opening import Why
    from fieldtech.services.values import FirstLook
    from ui.desk_life import DeskLife

_log = logging.getLogger(__name__)

IDLE_MS = 3000
"""By then the window waits for a hand, as a rule."""
SETTLED_MS = 5000
"""By then everything that the window needs has been imported."""
EXIT_NO_PROFILE = 73
"""As ``EX_CANTCREAT``: the folder cannot be made or written."""


class Application:
    """One run of the desktop: theme, language, profile, pages."""

    def __init__(self, qt: QApplication, options: argparse.Namespace) -> None:
        self.qt = qt
        self._options = options
        machine = SystemClock()
        self._household = Household(options.profile, machine)
        self.seat = Seat(self._household.first(), options.secrets, machine)
        self.settings = self.seat.settings()
        self._logs = False
        self._window = Window()
        self._speech = Speech(qt, self._window)
        self._speech.speak(self.settings.language)
        self._theme = Theme(
            resources_dir(), dark=self._wants_dark(), scale=self.settings.text_scale / 100
        )
        self._theme.apply(qt)
        # Read once for all pages: a change of language builds the page, not the map, anew.
        self._geography = cache(load_geography)
        self._garbage = GarbageKeeper()
        self._runner = TaskRunner()
        self._announcer = ChangeAnnouncer()
        self._ticker = SecondTicker(self.seat.opening.clock)
        self._window.closing.connect(self.close)
        self._ticker.watch(self._window)
        self._life: DeskLife | None = None
        self._page: MainPage | None = None
        others = self._switch if self._household.is_shared else None
        self._gates = Gates(self._window, self._theme, self._runner, others)
        self._entrance = Entrance(
            self,
            options,
            self._household,
            machine,
            window=self._window,
            theme=self._theme,
            runner=self._runner,
            gates=self._gates,
        )
        self._runner.failed.connect(self._failed)

    @classmethod
    def build(cls, arguments: Sequence[str]) -> Application:
        """Read the arguments and put the first page into the window, shown."""
        options = parse(arguments)
        if options.version:
            sys.stdout.write(f"fieldtech {__version__}\n")
            raise SystemExit(0)
        running = QApplication.instance()
        qt = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
        qt.setApplicationName("fieldtech")
        try:
            application = cls(qt, options)
        except OSError as error:
            sys.stderr.write(f"fieldtech: the profile folder cannot be used: {error}\n")
            raise SystemExit(EXIT_NO_PROFILE) from error
        application.open()
        return application

    def open(self) -> None:
        """Show what the profile opens with, in the window."""
        self.come_in()
        self._window.show()
        if self._options.self_test:
            QTimer.singleShot(1500, self.qt.quit)

    def come_in(self) -> None:
        """The profile's lock, where it has one and it is shut, else what is behind it."""
        seat = self.seat
        try:
            # First: there is nothing left that a PIN could open.
            seat.opening.refuse_revoked()
            if seat.access.is_locked():
                name = self._household.name_of(seat.profile.dir)
                self._gates.ask_to_unlock(seat.profile, seat.access, name, self._enter)
            else:
                self._enter()
        except EnvironmentProblem as problem:
            self._refuse(problem)

    def _enter(self) -> None:
        """Show the agenda of whoever worked here last, else the sign-in."""
        try:
            locked = self.seat.secrets.get(SIGNED_OUT) is not None
            look = None if locked else self.seat.opening.first_look()
        except EnvironmentProblem as problem:
            self._refuse(problem)
        else:
            if isinstance(look, MustOpen):
                self._open_store(look.why)
            else:
                self._enter_with(look)

    def _enter_with(self, look: FirstLook | None) -> None:
        if look is None:
            self._entrance.show()
        else:
            self.show_main(look)

    def _open_store(self, why: Why) -> None:
        """Behind a page that says so: a rebuild or an upgrade may take many seconds."""
        page, seat = self._gates.show_opening(why), self.seat

        def start() -> None:
            if isValid(page):
                self._runner.run_db(
                    lambda: seat.open_desk().first_look(),
                    self._enter_with,
                    self._refuse,
                    owner=page,
                )

        self._window.after_paint(start)

    def _refuse(self, error: Exception) -> None:
        """Say why this profile cannot be opened; whoever has worked in it can hand it over."""
        if not isinstance(error, EnvironmentProblem):
            _log.error("opening failed", exc_info=error)
        if getattr(error, "code", "") == "revoked":
            self._show_sealed()
        elif self.seat.profile.has_work:
            page = self._gates.show_closed(self.seat.profile, error)
            page.again_wanted.connect(partial(self._entrance.try_again, page.show_problem))
        else:
            self._entrance.show().show_problem(sentence_of(error))

    @property
    def window(self) -> Window:
        """The top-level window."""
        return self._window

    def run(self) -> int:
        """Serve the window until it is closed."""
        self._window.after_paint(self._start_log)
        QTimer.singleShot(IDLE_MS, self._window, self._prepare)
        self._garbage.settle_in(SETTLED_MS)
        code = self.qt.exec()
        self.close()
        return code

    def _prepare(self) -> None:
        """Import what the first visit is shown with, while nobody waits for it."""
        self._runner.in_turns(import_parts(), owner=self._window)

    def _start_log(self) -> None:
        # Imported here: until the first paint nothing is logged but by what ends the program.
        from fieldtech import log

        log.setup(file=self.seat.profile.log)
        self._logs = True

    def close(self) -> None:
        """Finish what the store was asked to write, wait for no network; safe to call twice."""
        self._ticker.stop()
        self._end_life()
        self.end_measuring()
        page = self._window.centralWidget()
        if page is not None:
            # Hidden, its drafts are saved at once: what was typed in the last half second too.
            page.hide()
        if self._page is not None and isValid(self._page) and self._page is not page:
            # Covered by a gate, or put aside for a sign-in.
            self._page.hide()
            self._page.deleteLater()
        self._entrance.cancel()
        self.seat.stop_for_good()
        # What the store does is done to its end, and nobody looks at a window that stands still.
        self._window.hide()
        self._runner.shutdown()
        self._garbage.stop()
        self.seat.opening.close()

    def _sign_in_again(self) -> None:
        """The session has ended at the central; the store stays open, its work stays kept."""
        self._end_life()
        self._entrance.show(may_return=True)

    def _switch(self) -> None:
        """Somebody else is to work here; whoever did stays signed in, and his work is closed."""
        self._end_life()
        self.end_measuring()
        # Hidden before the store is closed: its drafts are saved then.
        self._put_away()
        self._runner.run_db(self.seat.close, lambda _: self._entrance.show(), owner=self._window)

    def take_seat(self, seat: Seat) -> None:
        """Go on in another profile; what was shown of the one before is put away."""
        self._end_life()
        self._put_away()
        self.seat = seat
        self._wear(seat.settings(self.settings))
        if self._logs:
            self._start_log()

    def _put_away(self) -> None:
        """The work of whoever sat here is not come back to from here."""
        page, self._page = self._page, None
        if page is not None and isValid(page):
            page.hide()
            page.deleteLater()

    def _sign_out(self) -> None:
        """End the session and lock the profile; what waits in it stays and is sent another day."""
        self._end_life()
        self.end_measuring()
        seat = self.seat

        def work() -> None:
            desk = seat.open_desk()
            # A run under way would renew the tokens that are to go.
            desk.sync.cancel()
            mark_signed_out(seat.secrets)
            desk.sync.sign_out()

        def done(_: object) -> None:
            self._runner.run_db(self.seat.opening.close, lambda _: self._lock(), owner=self._window)

        def failed(error: BaseException) -> None:
            self._failed(error)
            self._runner.run_db(
                self.seat.opening.close, lambda _: self.rebuild(), owner=self._window
            )

        self._runner.run_net(work, done, failed, owner=self._window)

    def _lock(self) -> None:
        self._page = None
        self._entrance.show()

    def _seal(self) -> None:
        """The central has shut this laptop out: its keys are gone, and so is what they opened."""
        self._end_life()
        self.end_measuring()
        self._runner.run_db(
            self.seat.opening.close, lambda _: self._show_sealed(), owner=self._window
        )

    def _show_sealed(self) -> None:
        self._page = None
        self._gates.show_sealed(self.seat.profile)

    def show_main(self, look: FirstLook) -> None:
        """Show the work, and have it live from the first paint on."""
        kit = Kit(
            theme=self._theme,
            runner=self._runner,
            announcer=self._announcer,
            ticker=self._ticker,
            clock=self.seat.opening.clock,
            desk=self.seat.open_desk,
            language=self.settings.language,
            geography=self._geography,
            is_shared=self._household.is_shared,
        )
        before = self._page
        zone = formats.zone_of_work(row.timezone for row in look.page.rows)
        self._page = MainPage(kit, self.settings, look.user_name, look.role, timezone=zone)
        self._page.settings_changed.connect(self._change_settings)
        self._page.sign_in_wanted.connect(self._sign_in_again)
        self._page.sign_out_wanted.connect(self._sign_out)
        self._page.switch_wanted.connect(self._switch)
        self._page.shut_out.connect(self._seal)
        self._page.agenda.show_first_look(look.page)
        self._page.show_status(look.status)
        if before is not None and isValid(before):
            self._page.follow(before)
            before.deleteLater()
        self._window.show_page(self._page)
        self._gates.watch(self._page, zone, look.status, self.seat.access, comes_in=before is None)
        self._ticker.start()
        self._end_life()
        self._window.after_paint(partial(self._begin_life, kit, self._page, look))

    def _begin_life(self, kit: Kit, page: MainPage, look: FirstLook) -> None:
        """After the paint: opening the store imports what the first page did without."""
        if page is not self._page:
            return
        from ui.desk_life import DeskLife

        self._life = DeskLife(kit, page, look, parent=self._window)
        self._life.start()
        self._household.watch(kit, page, look.status)

    def _end_life(self) -> None:
        life, self._life = self._life, None
        if life is not None:
            life.stop()

    def end_measuring(self) -> None:
        """Whoever sits here goes; his run ends, and what it found is kept as far as can be."""
        # Imported here: nobody has measured before the first paint.
        from ui.views.technician.measuring import end_run

        end_run(self._runner)

    def _change_settings(self, settings: Settings) -> None:
        """Language, colours, size: stored, and the page built anew in them."""
        self.keep(settings)
        self.rebuild()

    def keep(self, settings: Settings) -> None:
        """Store settings and use them."""
        config.save(settings, self.seat.profile.settings)
        self._wear(settings)

    def _wear(self, settings: Settings) -> None:
        self.settings = settings
        self._speech.speak(settings.language)
        self._theme.set_dark(self._wants_dark())
        self._theme.set_scale(settings.text_scale / 100)

    def rebuild(self) -> None:
        """The page with the work anew: in another language, or come back to."""
        self._runner.run_db(
            lambda: self.seat.open_desk().first_look(), self._show_again, owner=self._window
        )

    def _show_again(self, look: FirstLook | None) -> None:
        if look is not None:
            self.show_main(look)

    def _wants_dark(self) -> bool:
        if self.settings.theme == "system":
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self.settings.theme == "dark"

    def _failed(self, error: BaseException) -> None:
        """Work nobody else answers for: the person is told, the trace goes to the log."""
        _log.error("work failed", exc_info=error)
        # Imported here: the first paint shows work, which has no need of the sign-in.
        from ui.views.signin_view import SignInView

        page = self._window.centralWidget()
        if isinstance(page, SignInView):
            page.show_problem(sentence_of(error))
        elif self._page is not None:
            self._page.banners.post(problem_banner(error))
