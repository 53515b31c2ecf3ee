"""What to do next in one synchronisation: pure decisions, no I/O.

The engine is told what happened and answers with the next action. It says hello when it has to,
pushes before it pulls, and turns every failure into either another try, a repair, or an end. The
outbox is never touched by anything but results of the central and the repairs named here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from fieldtech.protocol.wire import PROTOCOL, Limits
from fieldtech.sync.failures import Failure, Kind
from fieldtech.sync.page_size import PageSize

if TYPE_CHECKING:
    from fieldtech.protocol.wire import HelloReply

RETRIES = 4
"""Tries of one step with ever smaller requests before the network is given up for now."""
REPAIRS = 3
"""Forks, fresh starts and refreshes in one run: more of them means that something is wrong."""


@dataclass(frozen=True, slots=True)
class Hello:
    """Say hello: versions, limits, and what the central has of this device."""


@dataclass(frozen=True, slots=True)
class Push:
    """Send what comes after ``after_n``, within the limits.

    With ``aside_up_to`` that is what the central has put aside up to that number: it may be its
    turn now. It goes before what is new, but never in one request with it, for what is set aside
    may be any number and stay so for days.
    """

    after_n: int
    max_ops: int
    max_bytes: int
    aside_up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Pull:
    """Ask for the next page, of at most ``limit`` rows."""

    limit: int


@dataclass(frozen=True, slots=True)
class Refresh:
    """Get a new access token."""


@dataclass(frozen=True, slots=True)
class Fork:
    """Go on as another device: new id, pending commands numbered from 1."""


@dataclass(frozen=True, slots=True)
class StartOver:
    """The central lives another life: read everything again, offer kept commands again."""

    epoch: str


@dataclass(frozen=True, slots=True)
class Void:
    """The only command of ``push`` can never be sent: ``void`` goes instead, its person decides."""

    push: Push


@dataclass(frozen=True, slots=True)
class Stop:
    """The run is over. ``problem`` is empty when it is complete, else a stable code."""

    problem: str = ""
    retry_after_s: float | None = None


Repair = Fork | StartOver | Void
Action = Hello | Push | Pull | Refresh | Repair | Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintance:
    """What a hello told; valid until the central's life or this device changes."""

    epoch: str
    last_n: int
    limits: Limits
    may_push: bool
    may_pull: bool


class Engine:
    """One run. Feed it what happened; do what it answers; until ``Stop``."""

    def __init__(
        self, known: Acquaintance | None = None, page_size: PageSize | None = None
    ) -> None:
        """Start with what earlier runs of this process learned, if anything."""
        self.known = known
        self._limits = known.limits if known is not None else Limits()
        self._max_ops = self._limits.push_ops
        self._page_size = page_size or PageSize()
        self._tries = 0
        self._repairs = 0
        self._refreshed = False
        self._mismatches = 0
        self._aside_after: int | None = None
        self._action: Action = Stop()

    def start(self, *, waiting: bool) -> Action:
        """Begin: with a hello, unless an earlier one still holds."""
        if self.known is None:
            return self._go(Hello())
        return self._after_hello() if waiting else self._pull()

    def hello_done(self, reply: HelloReply, *, next_n: int, epoch: str) -> Action:
        """The central knows us; ``epoch`` is the life we knew it in ("" before the first pull)."""
        self._succeeded()
        self._limits = reply.limits
        self._max_ops = min(self._max_ops, reply.limits.push_ops)
        self.known = Acquaintance(
            epoch=reply.epoch,
            last_n=reply.last_n,
            limits=reply.limits,
            may_push=reply.min_push_protocol <= PROTOCOL,
            may_pull=reply.min_pull_protocol <= PROTOCOL,
        )
        if epoch and epoch != reply.epoch:
            return self._repair(StartOver(reply.epoch))
        if reply.last_n >= next_n:
            return self._repair(Fork())
        return self._after_hello()

    def pushed(self, *, last_n: int, through_n: int, more: bool) -> Action:
        """A batch that ended with ``through_n`` was answered and its results are stored.

        ``last_n`` is the central's, ``more`` whether there is work it has not seen.
        """
        self._succeeded()
        if self.known is not None:
            stuck = last_n <= self.known.last_n
            self.known = replace(self.known, last_n=max(last_n, self.known.last_n))
            self._max_ops = min(self._max_ops * 2, self._limits.push_ops)
            if self._aside_after is not None:
                self._aside_after = through_n
                return self._push()
            if more and not stuck:
                return self._push()
        return self._pull()

    def nothing_to_push(self) -> Action:
        """The outbox has nothing (more) of what was asked for."""
        if self._aside_after is not None:
            self._aside_after = None
            return self._push()
        return self._pull()

    def gap_found(self) -> Action:
        """The commands the central lacks are not here any more: only a new device can go on."""
        return self._repair(Fork())

    def page_applied(self, *, more: bool, mismatched: bool, last_n: int) -> Action:
        """A page and its cursor are committed.

        ``last_n`` is the central's last command of this device: fewer than it once confirmed means
        that it lost its memory, and what it lost goes up again.
        """
        self._succeeded()
        self._page_size.succeeded()
        if mismatched:
            self._mismatches += 1
            if self._mismatches > REPAIRS:
                return self._go(Stop("checksum"))
            return self._pull()
        if more:
            return self._pull()
        if self.known is not None and last_n < self.known.last_n:
            self.known = replace(self.known, last_n=last_n)
            return self._repair(self._push_action())
        return self._go(Stop())

    def refreshed(self) -> Action:
        """There is a new access token: do again what was refused."""
        self._refreshed = True
        return self._action

    def forked(self) -> Action:
        """The device has a new id and its commands new numbers."""
        self.known = None
        return self._go(Hello())

    def started_over(self) -> Action:
        """Cursors and outbox are ready for the central's new life."""
        return self._after_hello() if self.known is not None else self._go(Hello())

    def voided(self) -> Action:
        """The command that could not be sent is out of the way."""
        return self._push()

    def failed(self, failure: Failure) -> Action:
        """The present action did not succeed."""
        if failure.kind is Kind.PROBLEM:
            return self._refused(failure)
        if failure.kind in {Kind.TIMEOUT, Kind.TRUNCATED}:
            return self._smaller(failure.kind.value)
        return self._go(Stop(_PROBLEM_OF_KIND[failure.kind], failure.retry_after_s))

    def refresh_failed(self, failure: Failure) -> Action:
        """No new access token: the queue stays, a person has to sign in, or the network to heal."""
        # A central restored from a backup may know the session by an earlier device of this laptop.
        lost = failure.status in {400, 401} or failure.code == "device_bound"
        if failure.kind is Kind.PROBLEM and lost:
            return self._go(Stop("signed_out"))
        return self.failed(failure)

    def _refused(self, failure: Failure) -> Action:
        match failure.status:
            case HTTPStatus.UNAUTHORIZED if not self._refreshed:
                return Refresh()
            case HTTPStatus.UNAUTHORIZED:
                action: Action = Stop("signed_out")
            case HTTPStatus.GONE:
                self.known = None
                return self._repair(StartOver(failure.epoch))
            case HTTPStatus.CONFLICT:
                return self._conflict(failure)
            case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                return self._too_large()
            case _:
                action = Stop(_code_of(failure), failure.retry_after_s)
        return self._go(action)

    def _conflict(self, failure: Failure) -> Action:
        code = failure.code
        if code == "device_forked":
            return self._repair(Fork())
        if code == "gap" and failure.expected is not None and self.known is not None:
            if failure.expected <= self.known.last_n:
                self.known = replace(self.known, last_n=failure.expected - 1)
                return self._repair(self._push_action())
            return self._repair(Hello())
        if code == "unknown_device":
            return self._repair(Hello())
        return self._go(Stop(code or "refused_request"))

    def _too_large(self) -> Action:
        push = self._action
        if not isinstance(push, Push):
            return self._smaller("too_large")
        if push.max_ops > 1:
            self._max_ops = max(1, push.max_ops // 2)
            return self._push()
        return self._repair(Void(push))

    def _smaller(self, problem: str) -> Action:
        """Try the step with half as much: a link that drops long replies may carry short ones."""
        self._tries += 1
        if self._tries >= RETRIES:
            return self._go(Stop(problem))
        if isinstance(self._action, Push):
            self._max_ops = max(1, self._action.max_ops // 2)
            return self._push()
        if isinstance(self._action, Pull):
            self._page_size.failed(self._action.limit)
            return self._pull()
        return self._go(Stop(problem)) if self._tries > 1 else self._action

    def _after_hello(self) -> Action:
        if self.known is None:
            return self._go(Hello())
        if not self.known.may_push:
            return self._go(Stop("upgrade_required"))
        self._aside_after = 0
        return self._push()

    def _push(self) -> Action:
        return self._go(self._push_action())

    def _push_action(self) -> Push:
        seen = self.known.last_n if self.known is not None else 0
        if self._aside_after is not None and self._aside_after < seen:
            return Push(self._aside_after, self._max_ops, self._limits.push_bytes, seen)
        self._aside_after = None
        return Push(seen, self._max_ops, self._limits.push_bytes)

    def _pull(self) -> Action:
        if self.known is not None and not self.known.may_pull:
            return self._go(Stop("upgrade_required"))
        return self._go(Pull(self._page_size.within(self._limits.pull_rows)))

    def _repair(self, action: Action) -> Action:
        self._repairs += 1
        return self._go(Stop("unsettled") if self._repairs > REPAIRS else action)

    def _succeeded(self) -> None:
        self._tries = 0
        self._refreshed = False

    def _go(self, action: Action) -> Action:
        self._action = action
        return action


def _code_of(failure: Failure) -> str:
    """Return the stable code under which a refusal ends a run."""
    if failure.status == HTTPStatus.FORBIDDEN:
        return "revoked" if failure.code == "device_revoked" else failure.code or "forbidden"
    if failure.status in _PROBLEM_OF_STATUS:
        return _PROBLEM_OF_STATUS[failure.status]
    if failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "central_failed"
    return failure.code or "refused_request"


_PROBLEM_OF_KIND = {
    Kind.UNREACHABLE: "unreachable",
    Kind.NO_INTERFACE: "interface_gone",
    Kind.NOT_CENTRAL: "captive_portal",
    Kind.MALFORMED: "bad_reply",
    Kind.CANCELLED: "cancelled",
}

_PROBLEM_OF_STATUS = {
    426: "upgrade_required",
    429: "busy",
    503: "busy",
}
