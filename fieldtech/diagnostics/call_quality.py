"""From the packets of a voice stream to what a call over it would be like.

Pure: a stream is a list of packets with the times they were seen at. Both directions are judged
apart where the reflector tells them apart (its own numbering and its own clock); the clocks need
not agree, as only differences of one clock's readings of the other's are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING

from fieldtech.diagnostics import emodel

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKETISING_MS = 25.0
"""What a phone adds to one way: 20 ms to fill a packet, 5 ms to work on it."""
BUFFERS_MS = (20.0, 40.0, 60.0, 80.0, 100.0, 120.0, 160.0, 200.0)
"""The depths an adaptive de-jitter buffer settles at; the one that makes the better call counts."""
LEAST_SHARE = 0.02
"""So many round trips may be shorter than the least that counts: a few wrong ones make no line."""
ASTRAY_MS = 50.0
"""How far two clocks may drift apart in one stream (500 ppm of 20 s are 10 ms), and a hitch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One packet of the stream; times in milliseconds, ``None`` for what never came.

    ``rtt`` is there and back without the reflector's own time. ``there`` and ``back`` are readings
    of one way between two clocks, so right but for a constant.
    """

    number: int
    rtt: float | None
    there: float | None = None
    back: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """One way of the stream. Loss in percent, jitter and delay in milliseconds."""

    loss: float
    jitter: float
    late: float
    buffer: float
    delay: float
    rating: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """A whole measurement; ``loss`` and ``jitter`` are of the worse way, ``rating`` too.

    ``delay_ms`` is one way on the wire: half the least round trip, but for a few that may be wrong.
    ``round_trip_only``: the ways could not be told apart, so both numbers are of the round trip.
    """

    packets: int
    answered: int
    loss: float
    jitter: float
    delay_ms: float
    rtt_least: float
    rtt_mean: float
    rtt_most: float
    rating: float
    mos: float
    codec: str
    plc: bool
    buffer_ms: float
    round_trip_only: bool
    there: Direction | None
    back: Direction | None


def judge_stream(
    packets: Sequence[Packet],
    *,
    lost_there: int | None = None,
    codec: emodel.Codec = emodel.G711_PLC,
) -> Quality | None:
    """Return what a call over that would be like, ``None`` where not one packet came back.

    ``lost_there`` is how many never reached the reflector, by its own count; ``None`` where it does
    not count, which makes it a judgement of the round trip.
    """
    trips = [each.rtt for each in packets if each.rtt is not None]
    if not trips:
        return None
    total, lost = len(packets), len(packets) - len(trips)
    one_way = least_of(trips) / 2
    there = back = None
    apart = lost_there is not None and can_be_told_apart(packets)
    if apart and lost_there is not None:
        arrived = max(total - lost_there, len(trips))
        there = _direction(
            [each.there for each in packets if each.there is not None],
            loss=(total - arrived) / total,
            one_way=one_way,
            codec=codec,
        )
        back = _direction(
            [each.back for each in packets if each.back is not None],
            loss=(arrived - len(trips)) / arrived,
            one_way=one_way,
            codec=codec,
        )
        ways = [there, back]
    else:
        ways = [_direction(trips, loss=lost / total, one_way=one_way, codec=codec)]
    worse = min(ways, key=lambda way: way.rating)
    return Quality(
        packets=total,
        answered=len(trips),
        loss=max(way.loss for way in ways),
        jitter=max(way.jitter for way in ways),
        delay_ms=one_way,
        rtt_least=min(trips),
        rtt_mean=fmean(trips),
        rtt_most=max(trips),
        rating=worse.rating,
        mos=emodel.mos(worse.rating),
        codec=codec.name,
        plc=codec.plc,
        buffer_ms=worse.buffer,
        round_trip_only=not apart,
        there=there,
        back=back,
    )


def least_of(trips: Sequence[float]) -> float:
    """Return the least round trip, past the few that may be too short to be true."""
    return sorted(trips)[int(len(trips) * LEAST_SHARE)]


def can_be_told_apart(packets: Sequence[Packet]) -> bool:
    """Tell whether all that came back has readings of both ways, of clocks that nobody set.

    The difference of two clocks adds to one way what it takes from the other: the shortest of both
    ways together take some time, whatever it is. Where they take less than none, it changed.
    """
    came = [each for each in packets if each.rtt is not None]
    there = [each.there for each in came if each.there is not None]
    back = [each.back for each in came if each.back is not None]
    if not came or not len(there) == len(back) == len(came):
        return False
    return min(there) + min(back) > -ASTRAY_MS


def jitter_of(transits: Sequence[float]) -> float:
    """Return the mean difference between neighbours: what RFC 3550's running estimate tends to."""
    if len(transits) < 2:
        return 0.0
    return fmean(abs(b - a) for a, b in pairwise(transits))


def _direction(
    transits: Sequence[float], *, loss: float, one_way: float, codec: emodel.Codec
) -> Direction:
    """Judge one way: replay it through every buffer and keep what makes the best call.

    A packet that comes later than its buffer plays is lost to the ear: so jitter becomes loss, or
    the delay of a deeper buffer, and is never added to the delay itself.
    """
    least = min(transits)
    tries = []
    for depth in BUFFERS_MS:
        late = sum(transit - least > depth for transit in transits) / len(transits)
        heard = (1 - loss) * (1 - late)
        delay = one_way + depth + PACKETISING_MS
        rating = emodel.voip(one_way_ms=delay, loss_percent=100 * (1 - heard), codec=codec)
        tries.append((rating, -depth, late, delay))
    rating, depth, late, delay = max(tries)
    return Direction(
        loss=100 * loss,
        jitter=jitter_of(transits),
        late=100 * late,
        buffer=-depth,
        delay=delay,
        rating=max(rating, 0.0),
    )
