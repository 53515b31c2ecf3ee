"""How somebody comes to his work: the sign-in, his own profile, the way from one to another."""

from __future__ import annotations

from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fieldtech.services.access import mark_signed_in
from ui.seat import Seat
from ui.tasks.ticket import Ticket
from ui.views.problems import sign_in_text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from fieldtech.clock import Clock
    from fieldtech.config import Settings
    from fieldtech.services.values import FirstLook
    from ui.gates import Gates
    from ui.household import Household
    from ui.tasks.runner import TaskRunner
    from ui.theme.theme import Theme
    from ui.views.signin_view import SignInView  # noqa: TC004  nothing reads these hints
    from ui.views.window import Window


class House(Protocol):
    """What the entrance needs of the application that it leads into."""

    @property
    def seat(self) -> Seat:
        """Where somebody works at present."""
        ...

    @property
    def settings(self) -> Settings:
        """What that person chose."""
        ...

    def keep(self, settings: Settings) -> None:
        """Store settings and use them."""
        ...

    def end_measuring(self) -> None:
        """End the run of the probes that was begun here."""
        ...

    def take_seat(self, seat: Seat) -> None:
        """Go on in another profile; what was shown of the one before is put away."""
        ...

    def come_in(self) -> None:
        """Show what the profile opens with."""
        ...

    def show_main(self, look: FirstLook) -> None:
        """Show the work."""
        ...

    def rebuild(self) -> None:
        """Show the work that was put aside."""
        ...


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One try to sign in: what was typed, and the form it was typed into."""

    page: SignInView
    central: str
    user: str
    password: str
    ticket: Ticket


class Entrance:
    """Owns the sign-in page and the way from profile to profile."""

    def __init__(
        self,
        house: House,
        options: argparse.Namespace,
        household: Household,
        machine: Clock,
        *,
        window: Window,
        theme: Theme,
        runner: TaskRunner,
        gates: Gates,
    ) -> None:
        self._house = house
        self._options = options
        self._household = household
        self._machine = machine
        self._window = window
        self._theme = theme
        self._runner = runner
        self._gates = gates
        self._signing_in = Ticket()

    def show(self, *, may_return: bool = False) -> SignInView:
        """Put the sign-in into the window. ``may_return``: the work behind it is only put aside."""
        # Imported here: the first paint shows work, which has no need of the sign-in.
        from ui.views import signin_view

        settings = self._house.settings
        page = signin_view.SignInView(
            self._theme,
            self._options.central or settings.central_url,
            settings.last_user,
            language=settings.language,
            may_return=may_return,
            people=self._household.users(),
        )
        page.submitted.connect(partial(self._sign_in, page))
        page.chosen.connect(partial(self._go_on_as, page))
        page.cancelled.connect(partial(self._cancel, page))
        page.returned.connect(self._house.rebuild)
        page.language_chosen.connect(partial(self._change_language, page, may_return))
        # The page with the work is only put aside: its banners are told once and never again.
        self._window.show_page(page, keep=may_return)
        return page

    def cancel(self) -> None:
        """The program ends: a try under way is given up."""
        self._signing_in.cancel()

    def _change_language(self, before: SignInView, may_return: bool, code: str) -> None:  # noqa: FBT001  of a partial
        self._house.keep(replace(self._house.settings, language=code))
        self.show(may_return=may_return).take_over(before)
        before.deleteLater()

    def try_again(self, failed: Callable[[Exception], object]) -> None:
        """Open the same profile anew: its keys may be within reach by now."""
        self._move(self._house.seat.profile.dir, self._house.come_in, failed)

    def _go_on_as(self, page: SignInView, folder: str) -> None:
        """Open the profile of somebody who worked here before."""
        self._move(Path(folder), self._house.come_in, partial(self._failed, page))

    def _move(
        self, folder: Path, then: Callable[[], object], failed: Callable[[Exception], object]
    ) -> None:
        """Close this profile, sit down at the one in ``folder``, and go on there."""
        before = self._house.seat
        # First of all: what a run found and the disk did not take is kept before the store closes.
        self._house.end_measuring()
        before.stop()

        def work() -> Seat:
            seat = Seat(folder, self._options.secrets, self._machine, before.opening.clock)
            before.leave()
            return seat

        def seated(seat: Seat) -> None:
            self._house.take_seat(seat)
            then()

        self._runner.run_db(work, seated, failed, owner=self._window)

    def _sign_in(self, page: SignInView, central: str, user: str, password: str) -> None:
        """Sign in, in the profile that is that person's; a new one gets one of his own."""
        self._signing_in = Ticket()
        attempt = _Attempt(page, central, user, password, self._signing_in)
        seat = self._house.seat
        here = seat.profile.dir
        place = self._household.place_for(user, central, here, is_open=not seat.access.is_locked())
        self._try_in(place, attempt)

    def _try_in(self, place: Path, attempt: _Attempt) -> None:
        go_on = partial(self._try_here, attempt)
        if place == self._house.seat.profile.dir:
            go_on()
        else:
            attempt.page.no_way_back()
            self._move(place, go_on, partial(self._failed, attempt.page))

    def _try_here(self, attempt: _Attempt) -> None:
        if attempt.ticket.cancelled:
            return
        seat = self._house.seat
        if seat.access.is_locked():
            # His own, with a lock of its own: behind it he finds his work, or this form again.
            self._house.come_in()
        elif seat.access.needs_passphrase():
            # Before the first key is made: it never lies on the disk without a lock.
            self._gates.ask_for_passphrase(
                attempt.page,
                seat.access,
                chosen=partial(self._send, attempt),
                given_up=attempt.page.give_back,
            )
        else:
            self._send(attempt)

    def _send(self, attempt: _Attempt) -> None:
        seat, ticket = self._house.seat, attempt.ticket

        def work() -> FirstLook:
            desk = seat.open_desk()
            if ticket.cancelled:
                raise CancelledError
            look = desk.sign_in(attempt.central, attempt.user, attempt.password)
            mark_signed_in(seat.secrets)
            return look

        def signed_in(look: FirstLook) -> None:
            settings = self._house.settings
            self._house.keep(replace(settings, central_url=attempt.central, last_user=attempt.user))
            self._house.show_main(look)

        def failed(error: BaseException) -> None:
            place = self._household.another_place(error, seat.profile.dir)
            if place is None:
                self._failed(attempt.page, error)
            else:
                self._try_in(place, attempt)

        # Not on the store's thread: whoever waits for a central keeps nothing else waiting.
        self._runner.run_net(work, signed_in, failed, owner=attempt.page, ticket=ticket)

    def _failed(self, page: SignInView, error: BaseException) -> None:
        code = getattr(error, "code", "")
        page.show_problem(sign_in_text(error), forget=code == "bad_credentials")

    def _cancel(self, page: SignInView) -> None:
        """A stop is for good, so the desk that was stopped is closed and opened anew."""
        self._signing_in.cancel()
        seat = self._house.seat
        seat.stop()
        self._runner.run_db(seat.opening.close, lambda _: page.give_back(), owner=page)
