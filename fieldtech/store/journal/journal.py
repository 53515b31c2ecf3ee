"""Every command once more, sealed and durable, before the database is told to keep it.

One flipped bit in SQLite's log silently drops every later commit, and a lost key or a broken disk
takes the rest; so "guardado" rests on two things that fail apart.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.black_box import KeptCommand, KeptSession
from fieldtech.protocol.codec import BadMessageError, decode, encode, to_stamp
from fieldtech.protocol.sealing import (
    CannotOpenError,
    Damaged,
    Kind,
    Recipients,
    Record,
    SealedRecord,
    central_key,
    is_signed_by,
    key_id,
    open_locally,
    public_text,
    read_records,
    seal,
    sign,
)
from fieldtech.store.driver import problem_from
from fieldtech.store.journal.segments import SegmentWriter, segments_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nacl.public import PublicKey

    from fieldtech.clock import Clock
    from fieldtech.store.profile_keys import JournalKeys

_log = logging.getLogger(__name__)
_T = TypeVar("_T", KeptCommand, KeptSession)


@dataclass(slots=True, kw_only=True)
class Contents:
    """What was found in the journal at start.

    ``closed``: commands that were aborted, purged or decided on. ``foreign``: commands under
    another local key, which only the central can open.
    """

    commands: list[SealedRecord] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    foreign: int = 0
    damaged: int = 0
    sessions: list[SealedRecord] = field(default_factory=list)
    last_is_whole: bool = True


class Journal:
    """One profile's black box, open for appending under the store's writer lock."""

    def __init__(self, folder: Path, keys: JournalKeys, clock: Clock) -> None:
        self._folder = folder
        self.keys = keys
        self._clock = clock
        self._writer = SegmentWriter(folder)
        self._session: KeptSession | None = None
        self._central_id = ""
        self._unaborted: list[str] = []
        self.damaged = 0

    @property
    def sign_key(self) -> str:
        """The public half of the device's signing key, for the central."""
        return public_text(self.keys.signer)

    @property
    def local_id(self) -> str:
        """The name of the key that opens new records on this laptop."""
        return key_id(self.keys.local)

    @property
    def folder(self) -> Path:
        """Where the segments lie."""
        return self._folder

    def read(self) -> Contents:
        """Read every segment, and get ready to go on where the last one ends.

        Only heads are read: nothing is decrypted. Raises ``EnvironmentProblem`` when a file cannot
        be read at all.
        """
        found = Contents()
        paths = segments_in(self._folder)
        try:
            for path in paths:
                data = path.read_bytes()
                self._take_in(found, data)
                if path is paths[-1] and found.last_is_whole and data:
                    self._writer.continue_at(path, len(data))
        except OSError as error:
            raise _unusable(error) from error
        self.damaged = found.damaged
        self._remember(found)
        return found

    def _remember(self, found: Contents) -> None:
        """Know who is told to work here, so that it is not told again at every start."""
        for each in reversed(found.sessions):
            session = self._open(each, KeptSession)
            if session is not None:
                self._session = self._comparable(session)
                self._central_id = each.record.wraps.central_id
                return

    def _take_in(self, found: Contents, data: bytes) -> None:
        found.last_is_whole = True
        for each in read_records(data):
            if isinstance(each, Damaged):
                found.damaged += 1
                found.last_is_whole = False
                continue
            record = each.record
            match record.kind:
                case Kind.COMMAND if record.wraps.local_id == self.local_id:
                    found.commands.append(each)
                case Kind.COMMAND:
                    found.foreign += 1
                case Kind.SESSION:
                    found.sessions.append(each)
                case Kind.ABORT | Kind.SETTLED:
                    found.closed.update(record.op_ids)

    def command_in(self, found: SealedRecord) -> KeptCommand | None:
        """Open a command's record; ``None`` when it is not what this device wrote."""
        return self._open(found, KeptCommand)

    def last_session(self, contents: Contents) -> KeptSession | None:
        """Return who worked here when the newest readable session was written."""
        for found in reversed(contents.sessions):
            session = self._open(found, KeptSession)
            if session is not None:
                return session
        return None

    def _open(self, found: SealedRecord, kind: type[_T]) -> _T | None:
        try:
            plain = open_locally(found.record, self.keys.local)
            opened = decode(plain, kind)
        except (CannotOpenError, BadMessageError):
            return None
        return opened if is_signed_by(found, self.sign_key) else None

    def unsealed(self) -> list[KeptCommand]:
        """Return the open commands that the central could not open, oldest first."""
        contents = self.read()
        sealed = {each.record.op_id for each in contents.commands if each.record.wraps.central}
        done = contents.closed | sealed
        found = (
            self.command_in(each) for each in contents.commands if each.record.op_id not in done
        )
        return [kept for kept in found if kept is not None]

    def is_news(self, session: KeptSession, seal_key: str) -> bool:
        """Tell whether the journal does not say yet who works here, or for whom it is sealed."""
        known = self._comparable(session) == self._session
        return not known or _central_id(central_key(seal_key)) != self._central_id

    def _comparable(self, session: KeptSession) -> KeptSession:
        return replace(session, next_n=0, sign_key=self.sign_key)

    def mark(self, device_id: str) -> None:
        """A transaction begins to be written down: ``abort`` may have to take it back."""
        if self._unaborted:
            # An abort that the disk did not take in its time.
            with suppress(EnvironmentProblem):
                self._close(Kind.ABORT, self._unaborted, device_id)
                self._unaborted = []
        self._writer.mark()

    def append(self, commands: Sequence[KeptCommand], session: KeptSession, seal_key: str) -> None:
        """Keep commands durably, in one go; raises ``EnvironmentProblem`` with nothing kept.

        ``seal_key`` is the central's as told in its last hello, "" before the first one: what is
        written until then can only be opened here.
        """
        central = central_key(seal_key)
        recipients = Recipients(self.keys.local, central)
        at = to_stamp(self._clock.now())
        parts = []
        if self._writer.begins_new or self.is_news(session, seal_key):
            parts.append(self._sealed_session(session, at, recipients))
        for command in commands:
            envelope = command.envelope
            record = Record(
                kind=Kind.COMMAND,
                device_id=session.device_id,
                at=at,
                n=envelope.n,
                op_id=envelope.op_id,
                sha256=envelope.sha256,
            )
            parts.append(seal(record, encode(command), recipients, self.keys.signer))
        self._write(b"".join(parts))
        self._session, self._central_id = self._comparable(session), _central_id(central)

    def _sealed_session(self, session: KeptSession, at: str, recipients: Recipients) -> bytes:
        whole = replace(session, sign_key=self.sign_key)
        record = Record(kind=Kind.SESSION, device_id=session.device_id, at=at)
        return seal(record, encode(whole), recipients, self.keys.signer)

    def abort(self, op_ids: Sequence[str], device_id: str) -> None:
        """The database did not take them: they must not come back at the next start.

        Where that cannot be written, as on a full disk, all since the mark is cut off again. Where
        that fails too (a disk that became read-only) it is written before the next transaction;
        should there be none in this run it does come back, which is the lesser evil.
        """
        try:
            self._close(Kind.ABORT, op_ids, device_id)
        except EnvironmentProblem as problem:
            _log.warning("an abort could not be journaled: %s", problem)
            self._take_back(op_ids)

    def _take_back(self, op_ids: Sequence[str]) -> None:
        try:
            self._writer.take_back()
        except OSError as error:
            _log.warning("work that was told as not saved may come back: %s", error.strerror)
            self._unaborted += op_ids
        # What was cut off may have said who works here.
        self._session, self._central_id = None, ""

    def settled(self, op_ids: Sequence[str], device_id: str) -> None:
        """Nobody will need these any more; raises ``EnvironmentProblem``."""
        self._close(Kind.SETTLED, op_ids, device_id)

    def _close(self, kind: Kind, op_ids: Sequence[str], device_id: str) -> None:
        if op_ids:
            at = to_stamp(self._clock.now())
            record = Record(kind=kind, device_id=device_id, at=at, op_ids=tuple(op_ids))
            self._write(sign(record, self.keys.signer))

    def _write(self, data: bytes) -> None:
        try:
            self._writer.append(data)
        except OSError as error:
            raise _unusable(error) from error


def _central_id(key: PublicKey | None) -> str:
    return key_id(bytes(key)) if key is not None else ""


def _unusable(error: OSError) -> EnvironmentProblem:
    known = problem_from(error)
    if known is not None and known.code != "store_corrupt":
        return known
    return EnvironmentProblem(
        f"The journal beside the store cannot be used: {error.strerror or error}",
        code="journal_unusable",
        what_was_kept="What was saved before is safe; the last change was not saved.",
        what_to_do="Give yourself permission to the profile folder, or check the disk.",
    )
