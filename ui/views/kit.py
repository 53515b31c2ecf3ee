"""What every screen is handed: theme, clock, ticker, announcer, and the one way to ask for work."""

# ruff: noqa: TC004 - nobody evaluates these annotations, and importing them costs the first paint
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from fieldtech.services.first_values import Refused
from ui.tasks.announcer import Changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from fieldtech.services.central_clock import CentralClock
    from fieldtech.services.desk import Desk
    from fieldtech.services.geography import Geography
    from fieldtech.services.values import Changed, Saved
    from ui.tasks.announcer import ChangeAnnouncer
    from ui.tasks.runner import TaskRunner
    from ui.tasks.ticker import SecondTicker
    from ui.theme.theme import Theme

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kit:
    """The tools of a screen. ``desk`` is called on the database worker only.

    ``is_shared``: several people may work on this laptop, each in his own profile.
    """

    theme: Theme
    runner: TaskRunner
    announcer: ChangeAnnouncer
    ticker: SecondTicker
    clock: CentralClock
    desk: Callable[[], Desk]
    language: str
    geography: Callable[[], Geography]
    is_shared: bool = False

    def ask(
        self,
        question: Callable[[Desk], T],
        answer: Callable[[T], None],
        *,
        owner: QObject,
        key: str | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Put ``question`` to the services, on their worker; ``answer`` runs on this thread.

        A newer question with the same ``key`` makes the older answer void. An answer for an
        ``owner`` that is gone is dropped.
        """
        self.runner.run_db(
            lambda: question(self.desk()), answer, on_error=failed, key=key, owner=owner
        )

    def command(
        self,
        name: str,
        target: str,
        args: object,
        *,
        owner: QObject,
        done: Callable[[], None] | None = None,
        refused: Callable[[Refused], None] | None = None,
        failed: Callable[[], None] | None = None,
        expect: dict[str, str] | None = None,
        draft: str = "",
    ) -> None:
        """Issue a command. ``done`` runs when it is on disk ("guardado"), ``refused`` when not.

        What it changed is announced, and the announcement makes the next synchronisation due.
        ``failed`` runs when the disk did not take it: the person is told by the window, and the
        screen gives back what it had locked. ``draft`` is the key of the form that became this
        command: it is forgotten in the moment the command is kept.
        """
        self.keep(
            lambda desk: desk.cases.do(name, target, args, expect or {}, draft=draft),
            owner=owner,
            done=done,
            refused=refused,
            failed=failed,
        )

    def keep(
        self,
        work: Callable[[Desk], Saved | Refused],
        *,
        owner: QObject,
        done: Callable[[], None] | None = None,
        refused: Callable[[Refused], None] | None = None,
        failed: Callable[[], None] | None = None,
    ) -> None:
        """Have the services keep something; the rest is as with ``command``."""

        def answer(result: Saved | Refused) -> None:
            if isinstance(result, Refused):
                if refused is not None:
                    refused(result)
                return
            self.announce(result.changed)
            if done is not None:
                done()

        self.ask(work, answer, owner=owner, failed=lambda error: self.give_up(error, failed))

    def give_up(self, error: BaseException, then: Callable[[], None] | None) -> None:
        """Have the window tell of ``error``, and let the screen go on."""
        if then is not None:
            then()
        self.runner.failed.emit(error)

    def announce(self, changed: Changed) -> None:
        """Tell every screen what a mutation touched."""
        self.announcer.announce(
            Changes(
                incidents=changed.incidents,
                visits=changed.visits,
                outbox=changed.outbox,
                reference=changed.reference,
            )
        )
