"""What stands before the work: the lock of the profile, a lapsed lease, a laptop shut out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fieldtech.clock import SystemClock
from ui.views.problems import sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldtech.paths import Profile
    from fieldtech.services.access import AccessService
    from fieldtech.services.values import SyncStatus
    from ui.tasks.runner import TaskRunner
    from ui.theme.theme import Theme
    from ui.views.lease_view import LeaseView
    from ui.views.main_window import MainPage
    from ui.views.window import Window


class Gates:
    """Puts its pages into the window in place of the work; each is imported when it is needed."""

    def __init__(self, window: Window, theme: Theme, runner: TaskRunner, profile: Profile) -> None:
        self._window = window
        self._theme = theme
        self._runner = runner
        self._profile = profile
        self._lease: LeaseView | None = None

    def ask_to_unlock(
        self, access: AccessService, user_name: str, opened: Callable[[], None]
    ) -> None:
        """Ask for the PIN or passphrase until it fits; then ``opened``."""
        from ui.views.unlock_view import UnlockView

        page = UnlockView(self._theme, access.status().lock, user_name)

        def submitted(text: str) -> None:
            self._runner.run_db(
                lambda: access.unlock(text),
                lambda _: opened(),
                on_error=lambda error: page.show_problem(sentence_of(error)),
                owner=page,
            )

        page.submitted.connect(submitted)
        self._window.show_page(page)

    def show_sealed(self) -> None:
        """The laptop was shut out: its work can be handed over, and nothing else."""
        from fieldtech.services.black_box import export_sealed
        from ui.views.sealed_view import SealedView

        page = SealedView(self._theme)

        def export(path: str) -> None:
            self._runner.run_db(
                lambda: export_sealed(self._profile, path, SystemClock()),
                page.show_exported,
                on_error=page.show_problem,
                owner=page,
            )

        page.export_wanted.connect(export)
        self._window.show_page(page)

    def watch_lease(self, page: MainPage, timezone: str, now: SyncStatus) -> None:
        """Cover the page while its lease is over; it goes on living underneath."""
        self._lease = None
        page.status_shown.connect(partial(self._lease_told, page, timezone))
        self._lease_told(page, timezone, now)

    def _lease_told(self, page: MainPage, timezone: str, status: SyncStatus) -> None:
        if status.lease_over and self._lease is None:
            from ui.views.lease_view import LeaseView

            self._lease = LeaseView(self._theme, timezone)
            self._lease.sync_wanted.connect(page.sync_requested)
            self._lease.sign_in_wanted.connect(page.sign_in_wanted)
            self._window.show_page(self._lease, keep=True)
        if self._lease is not None:
            self._lease.show_status(status)
            if not status.lease_over:
                self._lease = None
                self._window.show_page(page)
