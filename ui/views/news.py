"""What announces itself: alarms, visits that came or went, problems (context ``DeskLife``).

Each banner can say itself again: its words follow a change of language.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from fieldtech.domain.clock_view import state_at
from fieldtech.domain.words import ClockState
from ui.theme.tokens import Tone
from ui.views import formats
from ui.views.problems import problem_text, sentence_of
from ui.widgets.banner import Banner, BannerAction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from fieldtech.services.access import LockKind
    from fieldtech.services.black_box import RebuiltNews
    from fieldtech.services.desk import Desk
    from fieldtech.services.values import Alarm, CaseDetail, VisitNews
    from ui.widgets.banner import BannerQueue

ALARMS = "alarms"
EXPIRING = "expiring"
SIGN_IN = "sign-in"
REBUILT = "rebuilt"
LOCK = "lock"
OPEN = "open:"
AT_ONCE = 3
"""More alarms than this are told as one."""
_ALARMING = {ClockState.AT_RISK, ClockState.BREACHED}

translate = QCoreApplication.translate


class Alarms:
    """The alarm banners of a queue: new ones are told, settled ones go away by themselves.

    The queue is the only memory: an alarm that a person dismissed stands no longer.
    """

    def __init__(self, queue: BannerQueue) -> None:
        self._queue = queue

    @property
    def standing(self) -> tuple[Alarm, ...]:
        """Alarms told and neither dismissed nor settled, the newest last."""
        return tuple(alarm for banner in self._queue.waiting for alarm in banner.about)

    def tell(self, fresh: Sequence[Alarm]) -> None:
        """Show new alarms; one whose deadline has come takes the place of its own warning."""
        again = {_key(alarm) for alarm in fresh}
        before = [alarm for alarm in self.standing if _key(alarm) not in again]
        self._show([*before, *fresh], quiet=False)

    def settle(self, settled: Iterable[Alarm]) -> None:
        """Take away alarms that are no longer due."""
        gone = {_key(alarm) for alarm in settled}
        left = [alarm for alarm in self.standing if _key(alarm) not in gone]
        if len(left) < len(self.standing):
            self._show(left, quiet=True)

    def _show(self, alarms: Sequence[Alarm], *, quiet: bool) -> None:
        if len(alarms) > AT_ONCE:
            banners = [alarms_banner(alarms)]
        else:
            banners = [alarm_banner(alarm) for alarm in alarms]
        for banner in banners:
            self._queue.post(banner, quiet=quiet)
        kept = {banner.key for banner in banners}
        for banner in self._queue.waiting:
            if banner.about and banner.key not in kept:
                self._queue.withdraw(banner.key)


def no_longer_due(
    desk: Desk, alarms: Iterable[Alarm], now: datetime, *, own: bool
) -> tuple[Alarm, ...]:
    """Those of the alarms whose clock has stopped or has time again; a question to the services.

    ``own``: so are those of incidents that are somebody else's by now.
    """
    return tuple(
        alarm
        for alarm in alarms
        if not _is_due(desk.cases.detail(alarm.incident_id), alarm, now, own=own)
    )


def _is_due(detail: CaseDetail | None, alarm: Alarm, now: datetime, *, own: bool) -> bool:
    if detail is None or (own and not detail.mine):
        return False
    clocks = detail.incident.clocks
    view = clocks.response if alarm.clock == "response" else clocks.restoration
    return state_at(view, now) in _ALARMING


def _key(alarm: Alarm) -> str:
    return f"alarm:{alarm.incident_id}:{alarm.clock}"


def _alarm_tone(alarm: Alarm) -> Tone:
    return Tone.DANGER if alarm.kind == "breached" else Tone.WARN


class DeskLife(QObject):
    """The counted texts: lupdate reads a plural only where ``tr`` is called."""

    def saved(self, count: int) -> str:
        """How much work that had not been sent yet is there again."""
        return self.tr("%n piece(s) of work to send are there again.", "", count)

    def deadlines(self, count: int) -> str:
        """How many alarms there are."""
        return self.tr("%n deadline(s) near or past", "", count)


def alarms_banner(alarms: Sequence[Alarm]) -> Banner:
    """Many alarms as one, the newest named."""
    newest = alarms[: -AT_ONCE - 1 : -1]
    names = ", ".join(f"{alarm.number} {alarm.customer}" for alarm in newest)
    tones = {_alarm_tone(alarm) for alarm in alarms}
    return Banner(
        ALARMS,
        Tone.DANGER if Tone.DANGER in tones else Tone.WARN,
        DeskLife().deadlines(len(alarms)),
        f"{names}…",
        (BannerAction(EXPIRING, translate("DeskLife", "Show")),),
        about=tuple(alarms),
        again=partial(alarms_banner, alarms),
    )


def alarm_banner(alarm: Alarm) -> Banner:
    """One deadline, near or past, with whom to call."""
    return Banner(
        _key(alarm),
        _alarm_tone(alarm),
        f"{alarm.number} · {alarm.customer}",
        _alarm_text(alarm),
        _open(alarm.incident_id),
        about=(alarm,),
        again=partial(alarm_banner, alarm),
    )


def _alarm_text(alarm: Alarm) -> str:
    due = formats.day_and_time(alarm.due, alarm.timezone)
    if alarm.clock == "response":
        late = translate("DeskLife", "Response overdue since {due}.")
        soon = translate("DeskLife", "Response due {due}.")
    else:
        late = translate("DeskLife", "Restoration overdue since {due}.")
        soon = translate("DeskLife", "Restoration about to expire: {due}.")
    text = (late if alarm.kind == "breached" else soon).format(due=due)
    if alarm.escalation_mail:
        escalate = translate("DeskLife", "Escalation level {level}: {mail}")
        more = escalate.format(level=alarm.escalation, mail=alarm.escalation_mail)
        return f"{text} {more}"
    return text


def visit_banner(item: VisitNews) -> Banner:
    """A visit that came or went."""
    new = item.kind == "new"
    return Banner(
        f"news:{item.visit_id}",
        Tone.INFO,
        translate("DeskLife", "New visit")
        if new
        else translate("DeskLife", "Visit no longer yours"),
        f"{item.number} · {item.customer} · {item.municipality}",
        _open(item.incident_id) if new else (),
        again=partial(visit_banner, item),
    )


def _open(incident_id: str) -> tuple[BannerAction, ...]:
    return (BannerAction(f"{OPEN}{incident_id}", translate("DeskLife", "Open")),)


def problem_banner(error: BaseException) -> Banner:
    """A problem that no screen answers for."""
    return Banner(
        "problem",
        Tone.DANGER,
        translate("DeskLife", "A problem"),
        sentence_of(error),
        again=partial(problem_banner, error),
    )


def rebuilt_banner(found: RebuiltNews) -> Banner:
    """The store was damaged and made anew: in one sentence, what is there and what comes."""
    what = translate(
        "DeskLife",
        "The data on this laptop was damaged and was rebuilt; the rest comes from the central.",
    )
    return Banner(
        REBUILT,
        Tone.WARN,
        translate("DeskLife", "Data rebuilt"),
        f"{what} {DeskLife().saved(found.commands)}",
        again=partial(rebuilt_banner, found),
    )


def sign_in_banner() -> Banner:
    """The session ended while work goes on: the way back in, without hiding the work."""
    return Banner(
        SIGN_IN,
        Tone.WARN,
        translate("DeskLife", "Sign in again"),
        problem_text("signed_out"),
        (BannerAction(SIGN_IN, translate("DeskLife", "Sign in")),),
        again=sign_in_banner,
    )


def lock_banner(kind: LockKind) -> Banner:
    """The operator has come to ask for a lock while somebody works: it can wait, he is told."""
    is_pin = kind == "pin"
    return Banner(
        LOCK,
        Tone.INFO,
        translate("DeskLife", "Your operator asks for a PIN on this laptop")
        if is_pin
        else translate("DeskLife", "Your operator asks for a passphrase on this laptop"),
        translate("DeskLife", "Now or when you like; at the next start it comes before the work."),
        (
            BannerAction(
                LOCK,
                translate("DeskLife", "Set a PIN")
                if is_pin
                else translate("DeskLife", "Set a passphrase"),
            ),
        ),
        icon="lock",
        again=partial(lock_banner, kind),
    )
