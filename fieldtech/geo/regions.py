"""The tree country > region > state > municipality, and the file of it that ships."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from fieldtech.errors import DataError
from fieldtech.geo.folding import fold
from fieldtech.paths import resources_dir

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_KINDS = ("country", "region", "state", "municipality")


class TreeNode(Protocol):
    """What the tree asks of a node. `parent_id` is empty for a root."""

    @property
    def id(self) -> str:
        """Unique in the tree."""
        ...

    @property
    def parent_id(self) -> str:
        """The id of the node above."""
        ...

    @property
    def kind(self) -> str:
        """The level."""
        ...

    @property
    def name(self) -> str:
        """What siblings are sorted by."""
        ...


NodeT = TypeVar("NodeT", bound=TreeNode)
ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRecord:
    """One node of a region file. Zones are IANA names; `inegi` and `geonames` number states."""

    id: str
    parent_id: str
    kind: str
    name: str
    timezone: str
    other_timezones: tuple[str, ...] = ()
    short: str = ""
    inegi: str = ""
    geonames: str = ""


class RegionTree(Generic[NodeT]):
    """An unchanging forest of nodes, siblings in the order of their names.

    A node whose parent is not among the nodes is a root: a laptop holds only the branches it was
    granted. Every method raises ``KeyError`` for an id that is not in the tree.
    """

    def __init__(self, nodes: Iterable[NodeT], *, source: str = "regions") -> None:
        """Take the nodes in any order. Raises ``DataError`` for an id used twice or a cycle."""
        self._nodes: dict[str, NodeT] = {}
        for node in nodes:
            if node.id in self._nodes:
                raise DataError(source, node.id, "this id is used twice")
            self._nodes[node.id] = node
        self._children: dict[str, list[str]] = {id_: [] for id_ in self._nodes}
        self._roots: list[str] = []
        for node in self._nodes.values():
            self._children.get(node.parent_id, self._roots).append(node.id)
        for siblings in (self._roots, *self._children.values()):
            siblings.sort(key=lambda id_: (fold(self._nodes[id_].name), id_))
        self._refuse_cycles(source)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._nodes

    def __len__(self) -> int:
        return len(self._nodes)

    def node(self, id_: str) -> NodeT:
        """Return the node itself."""
        return self._nodes[id_]

    @property
    def roots(self) -> list[NodeT]:
        """The nodes that stand at the top."""
        return [self._nodes[id_] for id_ in self._roots]

    def parent(self, id_: str) -> NodeT | None:
        """Return the node above, or None for a root."""
        return self._nodes.get(self._nodes[id_].parent_id)

    def children(self, id_: str) -> list[NodeT]:
        """Return the nodes directly below."""
        return [self._nodes[child] for child in self._children[id_]]

    def ancestors(self, id_: str) -> list[NodeT]:
        """Return the nodes above, nearest first, without the node itself."""
        found: list[NodeT] = []
        above = self.parent(id_)
        while above is not None:
            found.append(above)
            above = self.parent(above.id)
        return found

    def path(self, id_: str) -> list[NodeT]:
        """Return the way from the root down to the node, both included."""
        return [*reversed(self.ancestors(id_)), self._nodes[id_]]

    def descendants(self, id_: str) -> list[NodeT]:
        """Return all nodes below in depth-first order, without the node itself."""
        return [node for _, node in self._walk(self._children[id_], 0)]

    def branch_ids(self, id_: str) -> frozenset[str]:
        """Return the ids of the node and of all below it, for membership tests."""
        return frozenset((self._nodes[id_].id, *(node.id for node in self.descendants(id_))))

    def depth_first(self) -> Iterator[tuple[int, NodeT]]:
        """Yield (depth, node) for the whole forest, parents before children; roots have depth 0."""
        return self._walk(self._roots, 0)

    def nearest(self, id_: str, values: Mapping[str, ValueT]) -> ValueT | None:
        """Return the value of the node or else of its nearest ancestor that has one.

        `values` is by id. This is how targets, contact channels and zones are inherited.
        """
        for node in (self._nodes[id_], *self.ancestors(id_)):
            if node.id in values:
                return values[node.id]
        return None

    def of_kind(self, id_: str, kind: str) -> NodeT | None:
        """Return the node or its nearest ancestor of that kind: the state of a municipality."""
        for node in (self._nodes[id_], *self.ancestors(id_)):
            if node.kind == kind:
                return node
        return None

    def _walk(self, ids: list[str], depth: int) -> Iterator[tuple[int, NodeT]]:
        # A stack of its own: a file made by a program may nest deeper than Python's recursion.
        stack = [(depth, id_) for id_ in reversed(ids)]
        while stack:
            level, id_ = stack.pop()
            yield level, self._nodes[id_]
            stack.extend((level + 1, child) for child in reversed(self._children[id_]))

    def _refuse_cycles(self, source: str) -> None:
        """What cannot be reached from a root goes round in a circle, or hangs under one."""
        reached = {node.id for _, node in self.depth_first()}
        if len(reached) == len(self._nodes):
            return
        lost = min(id_ for id_ in self._nodes if id_ not in reached)
        way: list[str] = []
        while lost not in way:
            way.append(lost)
            lost = self._nodes[lost].parent_id
        circle = [*way[way.index(lost) :], lost]
        raise DataError(source, lost, f"it is its own ancestor: {' > '.join(reversed(circle))}")


def read_regions(path: Path | None = None) -> tuple[RegionRecord, ...]:
    """Return the nodes of a region file in its order; by default the file that ships (Mexico).

    Raises ``DataError`` naming the file, the entry and the reason: unreadable, not TOML, a field
    missing, unknown or of the wrong kind, an id used twice, an unknown parent, a cycle, an unknown
    time zone.
    """
    file = path if path is not None else resources_dir() / "geo" / "regions_mx.toml"
    source = str(file)
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8")).get("region")
    except OSError as error:
        raise DataError(source, "", error.strerror or "it cannot be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(source, "", str(error)) from error
    if not isinstance(entries, list) or not entries:
        raise DataError(source, "region", "at least one [[region]] is needed")
    records = tuple(_record(source, number, entry) for number, entry in enumerate(entries, 1))
    tree = RegionTree(records, source=source)
    for root in tree.roots:
        if root.parent_id:
            raise DataError(source, root.id, f"its parent {root.parent_id!r} is not in the file")
    return records


def _record(source: str, number: int, entry: object) -> RegionRecord:
    key = f"region[{number}]"
    if not isinstance(entry, dict):
        raise DataError(source, key, "it is not a table")
    key = f"{key} {entry.get('id', '')}".rstrip()
    fields = dict(entry)
    others = fields.pop("other_timezones", [])
    if not isinstance(others, list):
        raise DataError(source, key, "other_timezones is not a list")
    for name, value in (*fields.items(), *(("other_timezones", zone) for zone in others)):
        if not isinstance(value, str):
            raise DataError(source, key, f"{name} is not text: {value!r}")
    try:
        record = RegionRecord(**fields, other_timezones=tuple(others))
    except TypeError as error:
        reason = str(error).partition(" ")[2]  # without the name of the class's method
        raise DataError(source, key, reason) from error
    if not record.id or not record.name:
        raise DataError(source, key, "id and name may not be empty")
    if record.kind not in _KINDS:
        raise DataError(source, key, f"kind {record.kind!r} is none of {', '.join(_KINDS)}")
    for zone in (record.timezone, *record.other_timezones):
        _check_zone(source, key, zone)
    return record


def _check_zone(source: str, key: str, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:  # which one depends on the name's shape
        raise DataError(source, key, f"there is no time zone {zone!r}") from error
