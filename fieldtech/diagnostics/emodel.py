"""The E-model: from what a network does to a call, to how good people find it (ITU-T G.107).

The edition is that of 06/2015.

Every term of the recommendation, none of its shortcuts: the echo terms make 3.7 points at 150 ms,
which the delay term alone does not show. Symbols in comments are the recommendation's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import exp, log10, sqrt

GOOD_R = 80.0
"""From here on users are satisfied (ITU-T G.109, table 1)."""
POOR_R = 70.0
"""Below this many users are dissatisfied (the same table)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """A codec by its impairment ``ie`` and its robustness against loss ``bpl`` (ITU-T G.113, I).

    ``plc``: whether the receiver conceals what was lost; that alone moves G.711 by half a MOS at
    1 % of loss.
    """

    name: str
    ie: float
    bpl: float
    plc: bool


G711 = Codec(name="G.711", ie=0.0, bpl=4.3, plc=False)
G711_PLC = Codec(name="G.711", ie=0.0, bpl=25.1, plc=True)
G729A = Codec(name="G.729A", ie=11.0, bpl=19.0, plc=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The parameters of one connection; the defaults are those of table 3 of the recommendation.

    Times are milliseconds one way (``tr`` there and back), levels dB, ``ppl`` the percentage of
    packets lost.
    """

    slr: float = 8.0
    rlr: float = 2.0
    stmr: float = 15.0
    ds: float = 3.0
    dr: float = 3.0
    telr: float = 65.0
    wepl: float = 110.0
    t: float = 0.0
    tr: float = 0.0
    ta: float = 0.0
    qdu: float = 1.0
    ie: float = 0.0
    bpl: float = 4.3
    ppl: float = 0.0
    burst_r: float = 1.0
    nc: float = -70.0
    nfor: float = -64.0
    ps: float = 35.0
    pr: float = 35.0
    a: float = 0.0


def rating(path: Path) -> float:
    """Return R, 0 to 100 (more with an advantage ``a``); 93.2 at the defaults."""
    no = _noise(path)
    ro = 15 - 1.5 * (path.slr + no)
    ist = _sidetone(path)
    simultaneous = _loudness(path, no) + ist + _quantising(path, ro)
    delay = _talker_echo(path, no, ist) + _listener_echo(path, ro) + _absolute_delay(path.ta)
    return ro - simultaneous - delay - equipment(path) + path.a


def mos(r: float) -> float:
    """Return the mean opinion score, 1 to 4.5, of a rating (annex B)."""
    if r <= 0:
        return 1.0
    if r >= 100:
        return 4.5
    # The cubic dips below 1 for the very lowest ratings.
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)


def voip(*, one_way_ms: float, loss_percent: float, codec: Codec, burst_r: float = 1.0) -> float:
    """Return R of a packet call whose two directions are alike: T = Ta, Tr = 2T."""
    return rating(
        Path(
            t=one_way_ms,
            tr=2 * one_way_ms,
            ta=one_way_ms,
            ie=codec.ie,
            bpl=codec.bpl,
            ppl=loss_percent,
            burst_r=burst_r,
        )
    )


def equipment(path: Path) -> float:
    """Ie,eff: what coding and loss take away."""
    return path.ie + (95 - path.ie) * path.ppl / (path.ppl / path.burst_r + path.bpl)


def _power(*levels: float) -> float:
    """Add levels in dB by their powers."""
    return 10 * log10(sum(10 ** (level / 10) for level in levels))


def _root(n: int, x: float) -> float:
    """Return the n-th root of 1 + x to the n: the recommendation's way of bending a line."""
    return math.pow(1 + math.pow(x, n), 1 / n)


def _noise(path: Path) -> float:
    """No: circuit noise, room noise at both ends and the floor."""
    olr = path.slr + path.rlr
    nos = path.ps - path.slr - path.ds - 100 + 0.004 * (path.ps - olr - path.ds - 14) ** 2
    lstr = path.stmr + path.dr
    pre: float = path.pr + 10 * log10(1 + 10 ** ((10 - lstr) / 10))
    nor = path.rlr - 121 + pre + 0.008 * (pre - 35) ** 2
    return _power(path.nc, nos, nor, path.nfor + path.rlr)


def _loudness(path: Path, no: float) -> float:
    """Iolr: too loud."""
    x = (path.slr + path.rlr + 0.2 * (64 + no - path.rlr)) / 8
    return 20 * (_root(8, x) - x)


def _sidetone(path: Path) -> float:
    """Ist: one's own voice in one's ear, too little or too much of it."""
    stmro = -10 * log10(10 ** (-path.stmr / 10) + exp(-path.t / 4) * 10 ** (-path.telr / 10))
    return (
        12 * _root(8, (stmro - 13) / 6)
        - 28 * _root(35, (stmro + 1) / 19.4)
        - 13 * _root(13, (stmro - 3) / 33)
        + 29
    )


def _quantising(path: Path, ro: float) -> float:
    """Iq: the distortion of quantising."""
    q = 37 - 15 * log10(path.qdu)
    g = 1.07 + 0.258 * q + 0.0602 * q**2
    y = (ro - 100) / 15 + 46 / 8.4 - g / 9
    z = 46 / 30 - g / 40
    return 15 * log10(1 + 10**y + 10**z)


def _talker_echo(path: Path, no: float, ist: float) -> float:
    """Idte: hearing oneself again."""
    t = path.t
    terv = path.telr - 40 * log10((1 + t / 10) / (1 + t / 150)) + 6 * exp(-0.3 * t**2)
    if path.stmr < 9:
        terv += ist / 2
    apart = -1.5 * (no - path.rlr) - (80 + 2.5 * (terv - 14))
    echo = (apart / 2 + sqrt(apart**2 / 4 + 100) - 1) * (1 - exp(-t))
    return sqrt(echo**2 + ist**2) if path.stmr > 20 else echo


def _listener_echo(path: Path, ro: float) -> float:
    """Idle: hearing the other one twice."""
    apart: float = ro - 10.5 * (path.wepl + 7) * (path.tr + 1) ** -0.25
    return apart / 2 + sqrt(apart**2 / 4 + 169)


def _absolute_delay(ta: float) -> float:
    """Idd: waiting for the answer."""
    if ta <= 100:
        return 0.0
    x = log10(ta / 100) / log10(2)
    return 25 * (_root(6, x) - 3 * _root(6, x / 3) + 2)
