"""What a disk may hold after a power cut.

Of a file, what was synced is there; of the rest any of the writes, in any order, whole or some of
their sectors. Of a folder, the names that were synced, and of what was done to them since a first
part. So much is all that POSIX promises, and less than most file systems give.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from powerloss.events import Event, Kind

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

SECTOR = 512


class Fate(Enum):
    """What becomes of that which was not synced."""

    NOTHING = "nothing of it arrived"
    TORN = "all of it arrived but the last write, which was torn"
    SOME = "some of it arrived"


@dataclass(slots=True)
class _Change:
    """A write, or with ``data`` empty a new size."""

    offset: int
    data: bytes

    def on(self, content: bytearray) -> None:
        size = self.offset if not self.data else self.offset + len(self.data)
        if len(content) < size:
            content.extend(bytes(size - len(content)))
        if self.data:
            content[self.offset : size] = self.data
        else:
            del content[size:]

    def torn(self, dice: Random) -> list[_Change]:
        """Some of its sectors, as the disk has them."""
        ends = [*range(SECTOR - self.offset % SECTOR, len(self.data), SECTOR), len(self.data)]
        starts = [0, *ends[:-1]]
        return [
            _Change(self.offset + start, self.data[start:end])
            for start, end in zip(starts, ends, strict=True)
            if dice.random() < 0.5
        ]


@dataclass(slots=True)
class _File:
    synced: bytearray = field(default_factory=bytearray)
    since: list[_Change] = field(default_factory=list)

    def sync(self) -> None:
        for change in self.since:
            change.on(self.synced)
        self.since.clear()

    def now(self) -> bytes:
        content = bytearray(self.synced)
        for change in self.since:
            change.on(content)
        return bytes(content)

    def after_a_cut(self, fate: Fate, dice: Random) -> bytes:
        content = bytearray(self.synced)
        for change in self._arrived(fate, dice):
            change.on(content)
        return bytes(content)

    def _arrived(self, fate: Fate, dice: Random) -> list[_Change]:
        if fate is Fate.NOTHING or not self.since:
            return []
        if fate is Fate.TORN:
            last = self.since[-1]
            return [*self.since[:-1], *(last.torn(dice) if last.data else [])]
        arrived: list[_Change] = []
        for change in self.since:
            luck = dice.random()
            if luck < 0.4:
                arrived.append(change)
            elif luck < 0.6 and change.data:
                arrived.extend(change.torn(dice))
        return arrived


_Names = dict[str, "_File | _Folder"]


@dataclass(slots=True)
class _Folder:
    now: _Names = field(default_factory=dict)
    synced: _Names = field(default_factory=dict)
    since: list[Callable[[_Names], object]] = field(default_factory=list)

    def do(self, change: Callable[[_Names], object]) -> None:
        change(self.now)
        self.since.append(change)

    def sync(self) -> None:
        self.synced = dict(self.now)
        self.since.clear()

    def after_a_cut(self, fate: Fate, dice: Random) -> _Names:
        count = {Fate.NOTHING: 0, Fate.TORN: len(self.since)}.get(fate)
        names = dict(self.synced)
        for change in self.since[: dice.randint(0, len(self.since)) if count is None else count]:
            change(names)
        return names


class Disk:
    """The watched folder, empty at first, as events change it."""

    def __init__(self) -> None:
        self._root = _Folder()
        self._by_inode: dict[int, _File | _Folder] = {}

    def do(self, event: Event) -> None:
        """Take in what was done next."""
        match event.kind:
            case Kind.OPENED:
                self._opened(event)
            case Kind.WRITTEN:
                self._file(event).since.append(_Change(event.offset, event.data))
            case Kind.CUT:
                self._file(event).since.append(_Change(event.offset, b""))
            case Kind.SYNCED:
                self._by_inode[event.inode].sync()
            case Kind.UNLINKED | Kind.FOLDER_REMOVED:
                folder, name = self._place(event.path)
                folder.do(lambda names: names.pop(name, None))
            case Kind.RENAMED:
                self._renamed(event)
            case Kind.FOLDER_MADE:
                folder, name = self._place(event.path)
                made = _Folder()
                self._by_inode[event.inode] = made
                folder.do(lambda names: names.update({name: made}))

    def _opened(self, event: Event) -> None:
        if not event.path:
            self._by_inode[event.inode] = self._root
            return
        folder, name = self._place(event.path)
        if name not in folder.now:
            made = _File()
            folder.do(lambda names: names.update({name: made}))
        self._by_inode[event.inode] = folder.now[name]

    def _renamed(self, event: Event) -> None:
        folder, name = self._place(event.path)
        other, new = self._place(event.to)
        assert folder is other, "the program renames within a folder only"
        moved = folder.now[name]

        def rename(names: _Names) -> None:
            names.pop(name, None)
            names[new] = moved

        folder.do(rename)

    def _file(self, event: Event) -> _File:
        found = self._by_inode[event.inode]
        assert isinstance(found, _File)
        return found

    def _place(self, path: str) -> tuple[_Folder, str]:
        *folders, name = path.split("/")
        at = self._root
        for each in folders:
            found = at.now[each]
            assert isinstance(found, _Folder)
            at = found
        return at, name

    def after_a_cut(self, into: Path, fate: Fate, dice: Random) -> None:
        """Lay down what may be there after the power was cut now."""
        _lay(
            self._root,
            into,
            lambda folder: folder.after_a_cut(fate, dice),
            lambda file: file.after_a_cut(fate, dice),
        )

    def as_it_is(self, into: Path) -> None:
        """Lay down what a process sees now."""
        _lay(self._root, into, lambda folder: folder.now, _File.now)


def _lay(
    folder: _Folder,
    into: Path,
    names_of: Callable[[_Folder], _Names],
    content_of: Callable[[_File], bytes],
) -> None:
    into.mkdir(mode=0o700)
    for name, found in names_of(folder).items():
        if isinstance(found, _Folder):
            _lay(found, into / name, names_of, content_of)
        elif not name.endswith("-shm"):  # shared memory that happens to have a name
            path = into / name
            path.write_bytes(content_of(found))
            path.chmod(0o600)
