"""What stands before the work: the lock of the profile, a lapsed lease, a laptop shut out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.clock import SystemClock
from ui.views.news import LOCK, lock_banner
from ui.views.problems import sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldtech.paths import Profile
    from fieldtech.services.access import AccessService
    from fieldtech.services.black_box import Exported
    from fieldtech.services.hand_over import InTheBox
    from fieldtech.services.opening import Why
    from fieldtech.services.values import SyncStatus
    from ui.tasks.runner import TaskRunner
    from ui.theme.theme import Theme
    from ui.views.closed_view import ClosedView
    from ui.views.hand_over import HandOver, HandOverPage
    from ui.views.lease_view import LeaseView
    from ui.views.main_window import MainPage
    from ui.views.new_lock import NewLockView
    from ui.views.opening_view import OpeningView
    from ui.views.signin_view import SignInView
    from ui.views.unlock_view import UnlockView
    from ui.views.window import Window


class Gates:
    """Puts its pages into the window in place of the work; each is imported when it is needed."""

    def __init__(
        self, window: Window, theme: Theme, runner: TaskRunner, others: Callable[[], None] | None
    ) -> None:
        """``others`` shows who else works here, where that may be anybody."""
        self._window = window
        self._theme = theme
        self._runner = runner
        self._others = others
        self._lease: LeaseView | None = None
        self._wanted: NewLockView | None = None
        self._is_told = False

    def ask_to_unlock(
        self, profile: Profile, access: AccessService, user_name: str, opened: Callable[[], None]
    ) -> None:
        """Ask for the PIN or passphrase until it fits; then ``opened``."""
        from ui.views.unlock_view import UnlockView

        page = UnlockView(
            self._theme, access.status().lock, user_name, is_shared=self._others is not None
        )

        def submitted(text: str) -> None:
            self._runner.run_db(
                lambda: access.unlock(text),
                lambda _: opened(),
                on_error=lambda error: page.show_problem(sentence_of(error)),
                owner=page,
            )

        page.submitted.connect(submitted)
        self._hand_over(profile, page.hand_over, page.offer_hand_over)
        self._offer_others(page)
        self._window.show_page(page)

    def show_sealed(self, profile: Profile) -> None:
        """The laptop was shut out: its work can be handed over, and nothing else."""
        from ui.views.sealed_view import SealedView

        self._show_hand_over(SealedView(self._theme, is_shared=self._others is not None), profile)

    def show_closed(self, profile: Profile, error: BaseException) -> ClosedView:
        """The work cannot be opened: why, to be tried again or handed over."""
        from ui.views.closed_view import ClosedView

        page = ClosedView(self._theme, error, is_shared=self._others is not None)
        self._show_hand_over(page, profile)
        return page

    def show_opening(self, why: Why) -> OpeningView:
        """The store is being opened."""
        from ui.views.opening_view import OpeningView

        page = OpeningView(self._theme, why)
        self._window.show_page(page)
        return page

    def _show_hand_over(self, page: HandOverPage, profile: Profile) -> None:
        self._hand_over(profile, page.hand_over, page.hand_over.show_amount)
        self._offer_others(page)
        self._window.show_page(page)

    def _hand_over(
        self, profile: Profile, part: HandOver, counted: Callable[[InTheBox], None]
    ) -> None:
        """Count what is in the black box, and write its package where the person says."""

        def count() -> InTheBox:
            # Imported here, as below: the journal is none of the first paint's matters.
            from fieldtech.services.hand_over import in_the_box

            return in_the_box(profile)

        def write(path: str) -> Exported:
            from fieldtech.services.black_box import export_sealed

            return export_sealed(profile, path, SystemClock())

        part.wanted.connect(
            lambda path: self._runner.run_db(
                lambda: write(path), part.show_exported, part.show_problem, owner=part
            )
        )

        def start() -> None:
            self._runner.run_db(count, counted, part.show_problem, owner=part)

        self._window.after_paint(start)

    def ask_for_passphrase(
        self,
        before: SignInView,
        access: AccessService,
        *,
        chosen: Callable[[], object],
        given_up: Callable[[], object],
    ) -> None:
        """Have a new lock put on before the sign-in in ``before`` goes on."""
        page = self._new_lock(access, lambda: back(chosen), is_asked=False, may_return=True)

        def back(then: Callable[[], object]) -> None:
            self._window.show_page(before)
            then()

        page.given_up.connect(lambda: back(given_up))
        self._window.show_page(page, keep=True)
        before.setParent(page)

    def _new_lock(
        self,
        access: AccessService,
        done: Callable[[], object],
        *,
        is_asked: bool,
        may_return: bool,
    ) -> NewLockView:
        from ui.views.new_lock import NewLockView

        page = NewLockView(self._theme, access.new_kind, is_asked=is_asked, may_return=may_return)

        def chosen(text: str) -> None:
            self._runner.run_db(
                lambda: access.put_lock(text),
                lambda _: done(),
                on_error=page.show_problem,
                owner=page,
            )

        page.chosen.connect(chosen)
        return page

    def _offer_others(self, page: UnlockView | HandOverPage | LeaseView) -> None:
        if self._others is not None:
            page.others_wanted.connect(self._others)

    def watch(
        self,
        page: MainPage,
        timezone: str,
        now: SyncStatus,
        access: AccessService,
        *,
        comes_in: bool,
    ) -> None:
        """Cover the page while its lease is over; it goes on living underneath: what waits is sent.

        Whoever ``comes_in`` to his work chooses the lock that his operator asks for first. One that
        is asked for later in the day is told, and nothing is covered: a customer may be signing.
        """
        self._lease = self._wanted = None
        self._is_told = self._is_told and not comes_in
        may_cover = comes_in

        def told(status: SyncStatus) -> None:
            self._lease_told(page, timezone, status)
            # What was asked before the lock was put on may be told after it.
            is_missing = status.lock_wanted and not access.has_lock()
            if not is_missing:
                self._is_told = False
                page.banners.withdraw(LOCK)
            elif self._lease is None and self._wanted is None:
                if may_cover:
                    self._choose_lock(page, access, may_return=False)
                elif not self._is_told:
                    self._is_told = True
                    page.banners.post(lock_banner(access.new_kind))

        def shown(status: SyncStatus) -> None:
            nonlocal may_cover
            told(status)
            # The first status of the open store says what was asked for when it was closed.
            may_cover = may_cover and self._lease is not None

        page.status_shown.connect(shown)
        page.lock_asked.connect(lambda: self._choose_lock(page, access, may_return=True))
        told(now)

    def _choose_lock(self, page: MainPage, access: AccessService, *, may_return: bool) -> None:
        def uncover() -> None:
            self._wanted = None
            self._window.show_page(page)

        def put_on() -> None:
            page.banners.withdraw(LOCK)
            uncover()

        self._wanted = self._new_lock(access, put_on, is_asked=True, may_return=may_return)
        self._wanted.given_up.connect(uncover)
        self._window.show_page(self._wanted, keep=True)

    def _lease_told(self, page: MainPage, timezone: str, status: SyncStatus) -> None:
        if status.lease_over and self._lease is None and self._wanted is None:
            from ui.views.lease_view import LeaseView

            self._lease = LeaseView(self._theme, timezone, is_shared=self._others is not None)
            self._offer_others(self._lease)
            self._lease.sync_wanted.connect(page.sync_requested)
            self._lease.sign_in_wanted.connect(page.sign_in_wanted)
            self._window.show_page(self._lease, keep=True)
        if self._lease is not None:
            self._lease.show_status(status)
            if not status.lease_over:
                self._lease = None
                self._window.show_page(page)
