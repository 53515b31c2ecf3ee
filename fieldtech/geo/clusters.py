"""Many pins, few marks: what lies close together at one scale becomes one mark with a count."""

from __future__ import annotations

from collections import defaultdict
from math import fsum
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

KeyT = TypeVar("KeyT")

_Group: TypeAlias = tuple[float, float, list[int]]
"""Mean x, mean y and the numbers of the points gathered so far. A tuple: there are thousands."""


class Cluster(NamedTuple, Generic[KeyT]):
    """One mark on the map.

    `x`, `y` is the mean of its points in the unit square of `fieldtech.geo.projection`; `keys` are
    theirs in the order they were given in; `rank` is the highest, so the worst, among them. With a
    single key it is a pin.
    """

    x: float
    y: float
    keys: tuple[KeyT, ...]
    rank: int


def cluster(
    points: Sequence[tuple[KeyT, float, float, int]], scale: float, radius_px: float
) -> list[Cluster[KeyT]]:
    """Gather points (key, x, y, rank) into clusters whose middles are `radius_px` apart or more.

    `x`, `y` lie in the unit square, `scale` is the width of the world in pixels
    (`projection.world_px`), a higher rank is more urgent. Every point is in exactly one cluster.
    The clusters do not depend on the order of the points, on their ranks or on the part of the map
    in view, so they stay where they are while countdowns tick and the map is dragged. Heaviest
    first. Raises ``ValueError`` unless both lengths are positive.
    """
    if not (scale > 0.0 and radius_px > 0.0):
        raise ValueError("scale and radius must be positive")
    radius = radius_px / scale
    board = _Board(_by_cell(points, radius / 2), radius)
    crowded = board.crowded()
    while crowded:
        # Gathering moves the middles, which may bring others within reach.
        crowded = board.crowded_around(board.gather(crowded))
    pins: list[Cluster[KeyT]] = []
    heaps: list[Cluster[KeyT]] = []
    for x, y, numbers in sorted(board.groups.values()):
        if len(numbers) == 1:
            key, _, _, rank = points[numbers[0]]
            pins.append(Cluster(x, y, (key,), rank))
        else:
            keys = tuple([points[number][0] for number in sorted(numbers)])
            heaps.append(Cluster(x, y, keys, max([points[number][3] for number in numbers])))
    heaps.sort(key=lambda heap: -len(heap.keys))
    return heaps + pins


def _by_cell(points: Sequence[tuple[KeyT, float, float, int]], size: float) -> list[_Group]:
    """Put what shares a cell of a grid together: its corners are 0.71 of the radius apart."""
    stride, per_unit = _stride(size), 1.0 / size
    cells = _numbers_by([int(x * per_unit) * stride + int(y * per_unit) for _, x, y, _ in points])
    return [
        (points[numbers[0]][1], points[numbers[0]][2], numbers)
        if len(numbers) == 1
        else _group(points, numbers)
        for numbers in cells.values()
    ]


def _numbers_by(cells: list[int]) -> defaultdict[int, list[int]]:
    """Return which positions of the list hold each value."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for number, cell in enumerate(cells):
        found[cell].append(number)
    return found


def _stride(size: float) -> int:
    """Return the distance, in the numbering of cells by columns, from one column to the next.

    One number is a far quicker key than a pair. A column has a free cell at either end, so that the
    cell above the topmost one is not the bottommost one next door.
    """
    return int(1.0 / size) + 3


def _group(points: Sequence[tuple[KeyT, float, float, int]], numbers: list[int]) -> _Group:
    # fsum rounds once, so the order of the points leaves no trace.
    x = fsum([points[number][1] for number in numbers]) / len(numbers)
    y = fsum([points[number][2] for number in numbers]) / len(numbers)
    return x, y, numbers


def _heaviest_first(group: _Group) -> tuple[int, float, float]:
    x, y, numbers = group
    return -len(numbers), x, y


class _Board:
    """The groups by number, and a grid of cells as wide as the radius to find neighbours with."""

    def __init__(self, groups: list[_Group], radius: float) -> None:
        self.groups = dict(enumerate(groups))
        self._limit = radius * radius
        self._per_unit = 1.0 / radius
        self._stride = _stride(radius)
        stride, per_unit = self._stride, self._per_unit
        self._cells = _numbers_by(
            [int(x * per_unit) * stride + int(y * per_unit) for x, y, _ in groups]
        )

    def crowded(self) -> dict[int, list[int]]:
        """Return the neighbours of each group that has one nearer than the radius."""
        found: dict[int, list[int]] = {}
        cells, stride = self._cells, self._stride
        for cell, members in cells.items():
            # Half of the cells around is enough: the other half looks this way.
            above, right = cell + 1, cell + stride
            if len(members) == 1 and not (
                above in cells or right in cells or right + 1 in cells or right - 1 in cells
            ):
                continue  # a loner, as most are on a close map
            around = (above, right - 1, right, right + 1)
            others = [other for near in around for other in cells.get(near, ())]
            for place, number in enumerate(members, 1):
                self._pair(number, members[place:] + others, found)
        return found

    def crowded_around(self, moved: list[int]) -> dict[int, list[int]]:
        """Return the same for groups that moved; no two others can have come together."""
        found: dict[int, list[int]] = {}
        stride = self._stride
        for number in moved:
            x, y, _ = self.groups[number]
            cell = self._cell(x, y)
            for column in (cell - stride, cell, cell + stride):
                for near in (column - 1, column, column + 1):
                    others = [other for other in self._cells.get(near, ()) if other != number]
                    self._pair(number, others, found)
        return found

    def gather(self, crowded: dict[int, list[int]]) -> list[int]:
        """Let each, the heaviest first, take in its neighbours that are free; return who grew."""
        grown: list[int] = []
        settled: set[int] = set()
        groups = self.groups
        for number in sorted(crowded, key=lambda number: _heaviest_first(groups[number])):
            if number in settled:
                continue
            taken = {other for other in crowded[number] if other not in settled}
            settled.update(taken, (number,))
            if taken:
                self._take(number, taken)
                grown.append(number)
        return grown

    def _take(self, number: int, taken: set[int]) -> None:
        members = [self.groups.pop(member) for member in (number, *taken)]
        for member, (x, y, _) in zip((number, *taken), members, strict=True):
            self._cells[self._cell(x, y)].remove(member)
        x, y, points = _merged(members)
        self.groups[number] = x, y, points
        self._cells[self._cell(x, y)].append(number)

    def _pair(self, number: int, others: list[int], found: dict[int, list[int]]) -> None:
        """Note those of the others that are nearer than the radius, on both sides."""
        x, y, _ = self.groups[number]
        for other in others:
            other_x, other_y, _ = self.groups[other]
            if (other_x - x) ** 2 + (other_y - y) ** 2 < self._limit:
                found.setdefault(number, []).append(other)
                found.setdefault(other, []).append(number)

    def _cell(self, x: float, y: float) -> int:
        return int(x * self._per_unit) * self._stride + int(y * self._per_unit)


def _merged(groups: list[_Group]) -> _Group:
    numbers = [number for group in groups for number in group[2]]
    x = fsum([group[0] * len(group[2]) for group in groups]) / len(numbers)
    y = fsum([group[1] * len(group[2]) for group in groups]) / len(numbers)
    return x, y, numbers
