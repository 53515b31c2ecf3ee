"""The composition root: builds every part, hands them on, and is the only place that knows all."""

from __future__ import annotations

import logging
import sys
from concurrent.futures import CancelledError
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QLibraryInfo,
    QLocale,
    Qt,
    QTimer,
    QTranslator,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from fieldtech import __version__, config
from fieldtech.clock import SystemClock
from fieldtech.errors import EnvironmentProblem, FieldtechError
from fieldtech.paths import Profile, resources_dir
from fieldtech.secrets import ClosedStore, HeldSecrets, open_secret_store
from fieldtech.services.access import AccessService, guard
from fieldtech.services.geography import load_geography
from fieldtech.services.opening import Opening
from ui.command_line import parse
from ui.gates import Gates
from ui.tasks.announcer import ChangeAnnouncer
from ui.tasks.garbage import GarbageKeeper
from ui.tasks.runner import TaskRunner
from ui.tasks.ticker import SecondTicker
from ui.tasks.ticket import Ticket
from ui.theme.theme import Theme
from ui.views import formats
from ui.views.kit import Kit
from ui.views.main_window import MainPage
from ui.views.news import problem_banner
from ui.views.problems import sentence_of, sign_in_text
from ui.views.signin_view import SignInView
from ui.views.window import Window

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from fieldtech.config import Settings
    from fieldtech.secrets import SecretStore
    from fieldtech.services.desk import Desk
    from fieldtech.services.values import FirstLook
    from ui.desk_life import DeskLife

_log = logging.getLogger(__name__)

SIGNED_OUT = "signed-out"
"""Among the secrets: whoever worked here has signed out, and his work is behind the sign-in."""
SETTLED_MS = 5000
"""By then everything that the window needs has been imported."""
EXIT_NO_PROFILE = 73
"""As ``EX_CANTCREAT``: the folder cannot be made or written."""


class Application:
    """One run of the desktop: theme, language, profile, pages."""

    def __init__(self, qt: QApplication, options: argparse.Namespace) -> None:
        self.qt = qt
        self._options = options
        self._profile = Profile.open(options.profile)
        self._settings = self._load_settings()
        self._translators: list[QTranslator] = []
        self._desk: Desk | None = None
        self._signing_in = Ticket()
        self._closing = False
        machine, base = SystemClock(), self._open_secrets()
        self._secrets = HeldSecrets(guard(self._profile, base, machine))
        self._access = AccessService(self._profile, self._secrets, base, machine)
        self._opening = Opening(self._profile, self._secrets, machine, self._access)
        self._window = Window()
        self._set_language()
        self._theme = Theme(
            resources_dir(), dark=self._wants_dark(), scale=self._settings.text_scale / 100
        )
        self._theme.apply(qt)
        # Read once for all pages: a change of language builds the page, not the map, anew.
        self._geography = cache(load_geography)
        self._garbage = GarbageKeeper()
        self._runner = TaskRunner()
        self._announcer = ChangeAnnouncer()
        self._ticker = SecondTicker(self._opening.clock)
        self._window.closing.connect(self.close)
        self._ticker.watch(self._window)
        self._life: DeskLife | None = None
        self._page: MainPage | None = None
        self._gates = Gates(self._window, self._theme, self._runner, self._profile)
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

    def _open_secrets(self) -> SecretStore:
        """Keys that cannot be reached are told in the window, as a store's troubles are."""
        try:
            return open_secret_store(self._profile, prefer=self._options.secrets)
        except EnvironmentProblem as problem:
            return ClosedStore(problem)

    def _load_settings(self) -> Settings:
        """A settings file that cannot be read never keeps a technician from his work."""
        try:
            return config.load(self._profile.settings)
        except (FieldtechError, OSError):
            return config.Settings()

    def open(self) -> None:
        """Show what the profile opens with: its lock, or what is behind it."""
        if self._profile.lock_file.exists():
            self._gates.ask_to_unlock(self._access, self._settings.last_user, self._enter)
        else:
            self._enter()
        self._window.show()
        if self._options.self_test:
            QTimer.singleShot(1500, self.qt.quit)

    def _enter(self) -> None:
        """Show the agenda of whoever worked here last, else the sign-in."""
        try:
            locked = self._secrets.get(SIGNED_OUT) is not None
            look = None if locked else self._opening.first_look()
        except EnvironmentProblem as problem:
            if problem.code == "revoked":
                self._show_sealed()
            else:
                self._show_sign_in().show_problem(sentence_of(problem))
        else:
            if look is None:
                self._show_sign_in()
            else:
                self._show_main(look)

    @property
    def window(self) -> Window:
        """The top-level window."""
        return self._window

    def run(self) -> int:
        """Serve the window until it is closed."""
        self._window.after_paint(self._start_log)
        self._garbage.settle_in(SETTLED_MS)
        code = self.qt.exec()
        self.close()
        return code

    def _start_log(self) -> None:
        # Imported here: until the first paint nothing is logged but by what ends the program.
        from fieldtech import log

        log.setup(file=self._profile.log)

    def close(self) -> None:
        """Finish what the store was asked to write, wait for no network; safe to call twice."""
        self._closing = True
        self._ticker.stop()
        self._end_life()
        page = self._window.centralWidget()
        if page is not None:
            # Hidden, its drafts are saved at once: what was typed in the last half second too.
            page.hide()
        if self._page is not None and isValid(self._page) and self._page is not page:
            # Covered by a gate, or put aside for a sign-in.
            self._page.hide()
            self._page.deleteLater()
        self._signing_in.cancel()
        if self._desk is not None:
            self._desk.sync.cancel()
        self._runner.shutdown()
        self._garbage.stop()
        self._opening.close()

    def _show_sign_in(self, *, may_return: bool = False) -> SignInView:
        page = SignInView(
            self._theme,
            self._options.central or self._settings.central_url,
            self._settings.last_user,
            language=self._settings.language,
            may_return=may_return,
        )
        page.submitted.connect(partial(self._sign_in, page))
        page.cancelled.connect(partial(self._cancel_sign_in, page))
        page.returned.connect(self._rebuild)
        page.language_chosen.connect(partial(self._change_sign_in_language, page, may_return))
        # The page with the work is only put aside: its banners are told once and never again.
        self._window.show_page(page, keep=may_return)
        return page

    def _change_sign_in_language(self, before: SignInView, may_return: bool, code: str) -> None:  # noqa: FBT001  of a partial
        self._settings = replace(self._settings, language=code)
        config.save(self._settings, self._profile.settings)
        self._set_language()
        self._show_sign_in(may_return=may_return).take_over(before)
        before.deleteLater()

    def _sign_in_again(self) -> None:
        """The session has ended at the central; the store stays open, its work stays kept."""
        self._end_life()
        self._show_sign_in(may_return=True)

    def _sign_out(self) -> None:
        """End the session and lock the profile; what waits in it stays and is sent another day."""
        self._end_life()

        def work() -> None:
            desk = self._open_desk()
            # A run under way would renew the tokens that are to go.
            desk.sync.cancel()
            self._secrets.set(SIGNED_OUT, "1")
            desk.sync.sign_out()

        def done(_: object) -> None:
            self._runner.run_db(self._opening.close, lambda _: self._lock(), owner=self._window)

        def failed(error: BaseException) -> None:
            self._failed(error)
            self._runner.run_db(self._opening.close, lambda _: self._rebuild(), owner=self._window)

        self._runner.run_net(work, done, failed, owner=self._window)

    def _lock(self) -> None:
        self._page = None
        self._show_sign_in()

    def _seal(self) -> None:
        """The central has shut this laptop out: its keys are gone, and so is what they opened."""
        self._end_life()
        self._runner.run_db(self._opening.close, lambda _: self._show_sealed(), owner=self._window)

    def _show_sealed(self) -> None:
        self._page = None
        self._gates.show_sealed()

    def _open_desk(self) -> Desk:
        """The services, opened at the first call; on a worker thread only."""
        desk = self._opening.desk()
        self._desk = desk
        if self._closing:
            desk.sync.cancel()
        return desk

    def _sign_in(self, page: SignInView, central: str, user: str, password: str) -> None:
        ticket = self._signing_in = Ticket()

        def work() -> FirstLook:
            desk = self._open_desk()
            if ticket.cancelled:
                raise CancelledError
            look = desk.sign_in(central, user, password)
            if self._secrets.get(SIGNED_OUT) is not None:
                self._secrets.delete(SIGNED_OUT)
            return look

        def signed_in(look: FirstLook) -> None:
            self._settings = replace(self._settings, central_url=central, last_user=user)
            config.save(self._settings, self._profile.settings)
            self._show_main(look)

        def failed(error: BaseException) -> None:
            code = getattr(error, "code", "")
            page.show_problem(sign_in_text(error), forget=code == "bad_credentials")

        # Not on the store's thread: whoever waits for a central keeps nothing else waiting.
        self._runner.run_net(work, signed_in, failed, owner=page, ticket=ticket)

    def _cancel_sign_in(self, page: SignInView) -> None:
        """A stop is for good, so the desk that was stopped is closed and opened anew."""
        self._signing_in.cancel()
        if self._desk is not None:
            self._desk.sync.cancel()
        self._runner.run_db(self._opening.close, lambda _: page.give_back(), owner=page)

    def _show_main(self, look: FirstLook) -> None:
        kit = Kit(
            theme=self._theme,
            runner=self._runner,
            announcer=self._announcer,
            ticker=self._ticker,
            clock=self._opening.clock,
            desk=self._open_desk,
            language=self._settings.language,
            geography=self._geography,
        )
        before = self._page
        zone = formats.zone_of_work(row.timezone for row in look.page.rows)
        self._page = MainPage(kit, self._settings, look.user_name, look.role, timezone=zone)
        self._page.settings_changed.connect(self._change_settings)
        self._page.sign_in_wanted.connect(self._sign_in_again)
        self._page.sign_out_wanted.connect(self._sign_out)
        self._page.shut_out.connect(self._seal)
        self._page.agenda.show_first_look(look.page)
        self._page.show_status(look.status)
        if before is not None and isValid(before):
            self._page.follow(before)
            before.deleteLater()
        self._window.show_page(self._page)
        self._gates.watch_lease(self._page, zone, look.status)
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

    def _end_life(self) -> None:
        life, self._life = self._life, None
        if life is not None:
            life.stop()

    def _change_settings(self, settings: Settings) -> None:
        """Language, colours, size: stored, and the page built anew in them."""
        self._settings = settings
        config.save(settings, self._profile.settings)
        self._set_language()
        self._theme.set_dark(self._wants_dark())
        self._theme.set_scale(settings.text_scale / 100)
        self._rebuild()

    def _rebuild(self) -> None:
        """The page with the work anew: in another language, or come back to."""
        self._runner.run_db(
            lambda: self._open_desk().first_look(), self._show_again, owner=self._window
        )

    def _show_again(self, look: FirstLook | None) -> None:
        if look is not None:
            self._show_main(look)

    def _wants_dark(self) -> bool:
        if self._settings.theme == "system":
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._settings.theme == "dark"

    def _set_language(self) -> None:
        """Install our translation and Qt's own; English is the language of the source."""
        for old in self._translators:
            self.qt.removeTranslator(old)
            old.deleteLater()
        self._translators = []
        language = self._settings.language
        QLocale.setDefault(QLocale("es_MX" if language == "es" else "en_US"))
        # A window keeps the locale it was born with, and hands it to every field put into it.
        self._window.setLocale(QLocale())
        folders = (
            (f"fieldtech_{language}", str(resources_dir() / "i18n")),
            (
                f"qtbase_{language}",
                QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath),
            ),
        )
        for name, folder in folders:
            translator = QTranslator(self.qt)
            if translator.load(name, folder):
                self.qt.installTranslator(translator)
                self._translators.append(translator)

    def _failed(self, error: BaseException) -> None:
        """Work nobody else answers for: the person is told, the trace goes to the log."""
        _log.error("work failed", exc_info=error)
        page = self._window.centralWidget()
        if isinstance(page, SignInView):
            page.show_problem(sentence_of(error))
        elif self._page is not None:
            self._page.banners.post(problem_banner(error))
