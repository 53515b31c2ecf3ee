"""When to try again by itself: exponential, capped, with jitter, and remembered over a restart."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from fieldtech.protocol.codec import BadMessageError, decode, encode
from fieldtech.store import meta

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fieldtech.clock import Clock

KEY, FILES_KEY = "backoff", "backoff_files"
"""Of the work, and of the files: the central may be full of these and take the others."""
EVERY_S = 60.0
"""How often to synchronise while all is well."""
FIRST_S = 2.0
CAP_S = 300.0
LONGEST_S = 3600.0
"""The longest that a central is believed when it asks to be left alone."""


class Backoff(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered: failures in a row, and when the next try is due.

    The moment is kept on both clocks: the boot clock decides while the laptop stays on (a jump of
    the wall clock must neither stop nor hurry the sync), the wall clock after a reboot.
    ``asked_s`` of that wait are the central's own wish, and bind everybody but a person's click.
    ``reason`` is why the last run failed, a stable code.
    """

    failures: int = 0
    delay_s: float = 0.0
    asked_s: float = 0.0
    boot_s: float = 0.0
    boot_id: str = ""
    wall_s: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """The three lengths in seconds, for tests and slow networks to change."""

    every_s: float = EVERY_S
    first_s: float = FIRST_S
    cap_s: float = CAP_S


def after_success(clock: Clock, pace: Pace) -> Backoff:
    """Return when to look again after a clean run."""
    return _at(clock, 0, pace.every_s)


def after_failure(
    before: Backoff, clock: Clock, pace: Pace, *, seed: str, retry_after_s: float | None
) -> Backoff:
    """Return when to try again after one more failure.

    Half of the delay is fixed and half is drawn by ``seed`` and the count of failures: laptops
    that lost the central together do not come back together. ``retry_after_s`` is obeyed up to
    ``LONGEST_S``.
    """
    failures = before.failures + 1
    ceiling = min(pace.cap_s, pace.first_s * 2 ** min(failures - 1, 16))
    # Not cryptography: the same seed must give the same delay after a restart.
    drawn = random.Random(f"{seed}:{failures}").random()  # noqa: S311
    delay = ceiling * (0.5 + 0.5 * drawn)
    asked = min(retry_after_s or 0.0, LONGEST_S)
    return _at(clock, failures, max(delay, asked), asked)


def seconds_left(known: Backoff, clock: Clock) -> float:
    """Return how long to wait, 0 when a try is due; never longer than was meant at first.

    After a reboot that is by the wall clock, which may have been set back meanwhile.
    """
    if not known.boot_id:
        return 0.0
    same_boot = known.boot_id == clock.boot_id()
    left = known.boot_s - clock.boot() if same_boot else known.wall_s - clock.now().timestamp()
    return min(max(left, 0.0), known.delay_s)


def seconds_held(known: Backoff, clock: Clock) -> float:
    """Return how long the central still wants to be left alone, 0 when it said nothing."""
    if not known.asked_s:
        return 0.0
    return max(seconds_left(known, clock) - (known.delay_s - known.asked_s), 0.0)


def load(connection: Connection, key: str = KEY) -> Backoff:
    """Return what is remembered; something unreadable counts as nothing."""
    text = meta.get(connection, key)
    try:
        return Backoff() if text is None else decode(text, Backoff)
    except BadMessageError:
        return Backoff()


def save(connection: Connection, backoff: Backoff, key: str = KEY) -> None:
    """Remember."""
    meta.put(connection, key, encode(backoff).decode())


def _at(clock: Clock, failures: int, delay: float, asked: float = 0.0) -> Backoff:
    return Backoff(
        failures=failures,
        delay_s=delay,
        asked_s=asked,
        boot_s=clock.boot() + delay,
        boot_id=clock.boot_id(),
        wall_s=clock.now().timestamp() + delay,
    )
