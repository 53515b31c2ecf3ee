"""Distances on the ground and a short way round a handful of visits."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the Earth (IUGG), in metres."""

_GAIN_M = 1e-6  # An exchange must shorten the way by more than rounding, or it would never end.


def haversine_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance of two places (degrees, WGS 84) in metres.

    On a sphere: within 0.6 % of the ellipsoid, and roads are longer than either.
    """
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_dphi = (phi2 - phi1) / 2
    half_dlambda = math.radians(lon2 - lon1) / 2
    chord = math.sin(half_dphi) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_dlambda) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def route_length_m(
    start: tuple[float, float] | None, places: Sequence[tuple[float, float]], order: Sequence[int]
) -> float:
    """Return the length in metres of start → places[order[0]] → …, without a way back."""
    stops = [places[index] for index in order]
    if start is not None:
        stops.insert(0, start)
    return math.fsum(haversine_m(*here, *there) for here, there in pairwise(stops))


def suggest_order(
    start: tuple[float, float] | None, places: Sequence[tuple[float, float]]
) -> list[int]:
    """Return the indices of `places` in an order that makes a short way from `start`.

    Places are (lat, lon). The way is open: it ends at the last visit. Without a start any place
    may come first. Nearest neighbour, then 2-opt until no exchange helps: not proven shortest, but
    the same input always gives the same answer, and it is never longer than nearest neighbour.
    Meant for a day of visits: time grows with the square of their number, times a few rounds.
    """
    legs = [[haversine_m(*here, *there) for there in places] for here in places]
    first = [0.0] * len(places) if start is None else [haversine_m(*start, *p) for p in places]
    order = _nearest_neighbour(first, legs)
    while _two_opt_round(order, first, legs):
        pass
    return order


def _nearest_neighbour(first: list[float], legs: list[list[float]]) -> list[int]:
    order: list[int] = []
    left = set(range(len(first)))
    costs = first
    while left:
        nearest = min(left, key=lambda index: (costs[index], index))
        left.remove(nearest)
        order.append(nearest)
        costs = legs[nearest]
    return order


def _two_opt_round(order: list[int], first: list[float], legs: list[list[float]]) -> bool:
    """Turn round every stretch whose turning shortens the way; tell whether there was one."""
    improved = False
    last = len(order) - 1
    for i in range(last):
        before = first if i == 0 else legs[order[i - 1]]
        for j in range(i + 1, last + 1):
            gain = before[order[i]] - before[order[j]]
            if j < last:
                after = order[j + 1]
                gain += legs[order[j]][after] - legs[order[i]][after]
            if gain > _GAIN_M:
                order[i : j + 1] = reversed(order[i : j + 1])
                improved = True
    return improved
