"""The laptop's best estimate of the central's time, and how far off it can be.

One sample ties the two clocks together: at boot reading ``boot_s`` the central's time was
``central_s``. As long as the laptop has not rebooted, time goes on from there on the boot clock,
which counts a shut lid and ignores a wall clock that jumps. After a reboot only the wall clock is
left, with the offset seen last and a wider uncertainty. It is asked once: from then on time goes on
by the new boot's clock, so that a jump moves nothing in that boot either (``settle``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from fieldtech.shapes import learned
from fieldtech.store import meta

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fieldtech.clock import Clock

KEY = "clock_sample"

DRIFT = 50e-6
"""How far a laptop's crystal may run off, in seconds a second (50 ppm)."""

REBOOT_UNCERTAINTY_S = 5.0
"""Added after a reboot: the battery clock has ticked alone."""

JUMP_S = 0.5
"""A wall clock that has moved against the boot clock by less was corrected, not set."""

UNKNOWN_UNCERTAINTY_S = 120.0
"""Before the first contact: a wall clock nobody has checked."""


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One comparison with the central. ``central_s`` and ``wall_s`` are seconds since 1970.

    ``carried``: no comparison but the estimate of an earlier boot's, taken over by the wall clock.
    """

    central_s: float
    wall_s: float
    boot_s: float
    boot_id: str
    rtt_s: float
    carried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Now, as the laptop can tell: ``at`` in central time ± ``uncertainty_s``, and the raw values.

    ``offset_s`` is central minus wall time. Raw values are never corrected. ``compared``: the
    central was met at least once; ``rebooted``: not since this boot began.
    """

    at: datetime
    uncertainty_s: float
    offset_s: float
    wall: datetime
    boot_s: float
    boot_id: str
    rebooted: bool
    compared: bool = True


def moment(sample: Sample | None, clock: Clock) -> Moment:
    """Return now by ``clock`` and the last ``sample``."""
    wall, boot_s, boot_id = clock.now(), clock.boot(), clock.boot_id()
    if sample is None:
        offset, uncertainty, rebooted = 0.0, UNKNOWN_UNCERTAINTY_S, False
    elif sample.boot_id == boot_id:
        age = boot_s - sample.boot_s
        offset = sample.central_s + age - wall.timestamp()
        uncertainty, rebooted = sample.rtt_s / 2 + DRIFT * abs(age), sample.carried
    else:
        age = wall.timestamp() - sample.wall_s
        offset = sample.central_s - sample.wall_s
        uncertainty = sample.rtt_s / 2 + DRIFT * abs(age) + REBOOT_UNCERTAINTY_S
        # A clock that went back while the laptop was off (an empty battery) is wrong by that much
        # at least.
        uncertainty += max(-age, 0.0)
        rebooted = True
    return Moment(
        at=(wall + timedelta(seconds=offset)).astimezone(UTC),
        uncertainty_s=uncertainty,
        offset_s=offset,
        wall=wall,
        boot_s=boot_s,
        boot_id=boot_id,
        rebooted=rebooted,
        compared=sample is not None,
    )


def load(connection: Connection) -> Sample | None:
    """Return the sample kept last."""
    text = meta.get(connection, KEY)
    return None if text is None else msgspec.json.decode(text, type=learned(Sample))


def save(connection: Connection, sample: Sample) -> None:
    """Keep a sample in place of the last."""
    meta.put(connection, KEY, msgspec.json.encode(sample).decode())


def settle(connection: Connection, clock: Clock) -> Moment:
    """Return now, in a write transaction, and keep what the next boot will need.

    In a new boot the estimate is carried over from the wall clock, once. In the same one a wall
    clock that was set is followed: after a reboot the offset must be the one to the clock as it is,
    not as it was when the central was met.
    """
    sample = load(connection)
    current = moment(sample, clock)
    if sample is None:
        return current
    if sample.boot_id != current.boot_id:
        # The uncertainty is half a round trip, so that it ages as any other does.
        save(
            connection,
            Sample(
                central_s=current.at.timestamp(),
                wall_s=current.wall.timestamp(),
                boot_s=current.boot_s,
                boot_id=current.boot_id,
                rtt_s=2 * current.uncertainty_s,
                carried=True,
            ),
        )
        return current
    if _was_set(sample, current):
        wall_s = sample.central_s - current.offset_s
        save(connection, msgspec.structs.replace(sample, wall_s=wall_s))
    return current


def is_settled(connection: Connection, clock: Clock) -> bool:
    """Tell whether ``settle`` would change nothing: a write transaction can be spared."""
    sample = load(connection)
    if sample is None:
        return True
    current = moment(sample, clock)
    return sample.boot_id == current.boot_id and not _was_set(sample, current)


def _was_set(sample: Sample, current: Moment) -> bool:
    """Tell whether the wall clock was set since the sample, in the same boot."""
    return abs(sample.central_s - current.offset_s - sample.wall_s) > JUMP_S


def now(connection: Connection, clock: Clock) -> Moment:
    """Return now, by the sample this store keeps."""
    return moment(load(connection), clock)
