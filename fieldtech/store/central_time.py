"""The laptop's best estimate of the central's time, and how far off it can be.

One sample ties the two clocks together: at boot reading ``boot_s`` the central's time was
``central_s``. As long as the laptop has not rebooted, time goes on from there on the boot clock,
which counts a shut lid and ignores a wall clock that jumps. After a reboot only the wall clock is
left, with the offset seen last and a wider uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from fieldtech.store import meta

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fieldtech.clock import Clock

KEY = "clock_sample"

DRIFT = 50e-6
"""How far a laptop's crystal may run off, in seconds a second (50 ppm)."""

REBOOT_UNCERTAINTY_S = 5.0
"""Added after a reboot: the battery clock has ticked alone."""

UNKNOWN_UNCERTAINTY_S = 120.0
"""Before the first contact: a wall clock nobody has checked."""


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One comparison with the central. ``central_s`` and ``wall_s`` are seconds since 1970."""

    central_s: float
    wall_s: float
    boot_s: float
    boot_id: str
    rtt_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Now, as the laptop can tell: ``at`` in central time ± ``uncertainty_s``, and the raw values.

    ``offset_s`` is central minus wall time. Raw values are never corrected.
    """

    at: datetime
    uncertainty_s: float
    offset_s: float
    wall: datetime
    boot_s: float
    boot_id: str
    rebooted: bool


def moment(sample: Sample | None, clock: Clock) -> Moment:
    """Return now by ``clock`` and the last ``sample``."""
    wall, boot_s, boot_id = clock.now(), clock.boot(), clock.boot_id()
    if sample is None:
        offset, uncertainty, rebooted = 0.0, UNKNOWN_UNCERTAINTY_S, False
    elif sample.boot_id == boot_id:
        age = boot_s - sample.boot_s
        offset = sample.central_s + age - wall.timestamp()
        uncertainty, rebooted = sample.rtt_s / 2 + DRIFT * abs(age), False
    else:
        age = abs(wall.timestamp() - sample.wall_s)
        offset = sample.central_s - sample.wall_s
        uncertainty = sample.rtt_s / 2 + DRIFT * age + REBOOT_UNCERTAINTY_S
        rebooted = True
    return Moment(
        at=(wall + timedelta(seconds=offset)).astimezone(UTC),
        uncertainty_s=uncertainty,
        offset_s=offset,
        wall=wall,
        boot_s=boot_s,
        boot_id=boot_id,
        rebooted=rebooted,
    )


def load(connection: Connection) -> Sample | None:
    """Return the sample kept last."""
    text = meta.get(connection, KEY)
    return None if text is None else msgspec.json.decode(text, type=Sample)


def save(connection: Connection, sample: Sample) -> None:
    """Keep a sample in place of the last."""
    meta.put(connection, KEY, msgspec.json.encode(sample).decode())


def now(connection: Connection, clock: Clock) -> Moment:
    """Return now, by the sample this store keeps."""
    return moment(load(connection), clock)
