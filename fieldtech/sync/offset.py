"""Which comparison with the central's clock to believe: the one with the least uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.store.central_time import DRIFT, Sample

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.clock import Clock


def sample(server_time: datetime, sent_s: float, answered_s: float, clock: Clock) -> Sample:
    """Return a comparison out of one request.

    ``server_time`` was read somewhere between ``sent_s`` and ``answered_s`` (boot clock): taken in
    the middle, it is wrong by half the round trip at most.
    """
    middle = (sent_s + answered_s) / 2
    age = clock.boot() - middle
    return Sample(
        central_s=server_time.timestamp(),
        wall_s=clock.now().timestamp() - age,
        boot_s=middle,
        boot_id=clock.boot_id(),
        rtt_s=max(answered_s - sent_s, 0.0),
    )


def uncertainty(known: Sample, boot_s: float) -> float:
    """Return how far off a comparison can be by now, in seconds: half its trip, and the drift."""
    return known.rtt_s / 2 + DRIFT * abs(boot_s - known.boot_s)


def better(known: Sample | None, new: Sample) -> bool:
    """Tell whether ``new`` should take the place of ``known``.

    It does when it is surer by now, after a reboot, and when the two cannot both be right: then
    the central's clock was set, or the laptop's boot clock does not count what it should.
    """
    if known is None or known.boot_id != new.boot_id:
        return True
    old, fresh = uncertainty(known, new.boot_s), uncertainty(new, new.boot_s)
    gap = abs((known.central_s + new.boot_s - known.boot_s) - new.central_s)
    return fresh <= old or gap > old + fresh
