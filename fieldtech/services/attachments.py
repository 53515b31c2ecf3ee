"""Files of the work: attached without a network, sent by themselves, read by whom may.

``attach`` returns when the file and its command are on the disk ("guardado"); the bytes go up later
in a queue of their own, in nobody's way.
"""

from __future__ import annotations

import hashlib
import math
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtech import config
from fieldtech.diagnostics.binding import binding_to
from fieldtech.domain.case import Rejection
from fieldtech.domain.commands import AddNote
from fieldtech.domain.validity import MAX_TEXT_BYTES
from fieldtech.errors import DataError, EnvironmentProblem
from fieldtech.services.attaching import NOTE, attachment_command
from fieldtech.services.cases import changed_by
from fieldtech.services.outgoing import write_out
from fieldtech.services.values import Refused, Saved
from fieldtech.store import central_time
from fieldtech.store.blobs import queue
from fieldtech.store.work import NewCommand
from fieldtech.sync.assembly import open_sender
from fieldtech.sync.backoff import FILES_KEY
from fieldtech.sync.failures import SyncFailure
from fieldtech.sync.metering import choose_meter, sent_today
from fieldtech.sync.pacing import Pacer
from fieldtech.sync.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fieldtech.clock import Clock
    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore
    from fieldtech.store.blobs.queue import Blob
    from fieldtech.store.opening import Store
    from fieldtech.sync.blobs import SendProgress

_SHOWN_OF_A_LONG_NOTE = 2000
_NO_FAILURES = frozenset({"commands_first", "token_expired", "metered_cap", "cancelled"})
"""Why a run may end early with nothing wrong at the central or on the way to it."""
MOST_SHOWN = 200
THERE = "there"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One file of an incident. ``state``: waiting, sent or aside (``code`` says why).

    ``state`` is ``there`` for a file of somebody else, or one whose own bytes are gone from here
    long after the central had them.
    """

    attachment_id: str
    sha256: str
    name: str
    kind: str
    size: int
    state: str
    code: str = ""
    sent: int = 0
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesStatus:
    """The queue as the sync screen shows it; ``problem`` is why it stands still, a stable code."""

    waiting: int
    bytes_left: int
    aside: int
    rows: tuple[FileRow, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOutcome:
    """A run of the queue; ``again``: there is more, and only a synchronisation is in the way."""

    sent: int
    left: int
    problem: str
    again: bool


class AttachmentService:
    """``send`` and ``fetch`` run on a network thread, everything else on the database worker."""

    def __init__(
        self,
        store: Store,
        profile: Profile,
        secrets: SecretStore,
        machine: Clock,
        *,
        interface: str | None = None,
    ) -> None:
        """``interface`` is used instead of the one in the settings."""
        self._store = store
        self._profile = profile
        self._secrets = secrets
        self._machine = machine
        self._interface = interface
        self._lock = threading.Lock()
        self._watch = Watch()
        self._fetching: set[Watch] = set()
        self._ended = False
        self._pacer = Pacer(store.database, machine, key=FILES_KEY)
        self._problem = self._pacer.reason
        self._too_large = math.inf
        self._sending = threading.Lock()

    def attach(self, incident_id: str, paths: Sequence[str], *, item: str = "") -> Saved | Refused:
        """Attach files of the disk, all of them or none.

        Raises ``EnvironmentProblem`` for a file that cannot be read, is too large, or that the
        disk does not take.
        """
        blobs = [self._store.shelf.put_file(Path(path)) for path in paths]
        return self._queue([attachment_command(incident_id, blob, item=item) for blob in blobs])

    def attach_bytes(
        self, incident_id: str, data: bytes, name: str, *, item: str = ""
    ) -> Saved | Refused:
        """Attach what is in memory, such as a picture out of the clipboard; raises the same."""
        blob = self._store.shelf.put_bytes(data, name)
        return self._queue([attachment_command(incident_id, blob, item=item)])

    def add_note(
        self, incident_id: str, text: str, name: str, *, draft: str = ""
    ) -> Saved | Refused:
        """Keep a note of any length: what a command cannot carry goes along as a file ``name``."""
        target = f"incident:{incident_id}"
        try:
            whole = text.encode("utf-8")
        except UnicodeEncodeError as error:
            return Refused(code="bad_character", detail=f"text {error.start}")
        if b"\x00" in whole:
            return Refused(code="bad_character", detail=f"text {text.index(chr(0))}")
        if len(whole) <= MAX_TEXT_BYTES:
            note = NewCommand(name="incident.note", target=target, args=AddNote(text=text))
            return self._queue([note], draft=draft)
        blob = self._store.shelf.put_bytes(whole, name)
        short = f"{text[:_SHOWN_OF_A_LONG_NOTE]}… ({name})"
        note = NewCommand(name="incident.note", target=target, args=AddNote(text=short))
        return self._queue([attachment_command(incident_id, blob, kind=NOTE), note], draft=draft)

    def _queue(self, commands: Sequence[NewCommand], *, draft: str = "") -> Saved | Refused:
        outcome = self._store.work.queue(*commands, draft=draft)
        if isinstance(outcome, Rejection):
            return Refused(code=outcome.code, detail=outcome.detail)
        return Saved(changed=changed_by(outcome.changes))

    def files(self, incident_id: str) -> tuple[FileRow, ...]:
        """Every file of an incident, in the order of their commands."""
        incident = self._store.cases.get(incident_id).incident
        if incident is None:
            return ()
        with self._store.database.read() as connection:
            own = {each.sha256: queue.own(connection, each.sha256) for each in incident.attachments}
        return tuple(
            _row(
                own[each.sha256],
                FileRow(
                    attachment_id=each.id,
                    sha256=each.sha256,
                    name=each.name,
                    kind=each.kind,
                    size=each.size,
                    state=THERE,
                    item=each.item,
                ),
            )
            for each in incident.attachments
        )

    def status(self) -> FilesStatus:
        """The queue: what waits, and what was put aside."""
        with self._store.database.read() as connection:
            counts = queue.counts(connection)
            rows = queue.shown(connection, MOST_SHOWN)
        with self._lock:
            problem = self._problem
        return FilesStatus(
            waiting=counts.waiting,
            bytes_left=counts.bytes_left,
            aside=counts.aside,
            rows=tuple(_row(blob, _of_queue(blob)) for blob in rows),
            problem=problem if counts.waiting else "",
        )

    def sent_today(self) -> int:
        """Bytes of files that went out today over connections that cost by the byte."""
        return sent_today(self._store.database, self._machine)

    def try_again(self, sha256: str) -> None:
        """Put a file that was set aside back in line."""
        with self._store.database.write() as connection:
            queue.begin_again(connection, sha256, counted=False)
        self._pacer.lift()

    def give_up(self, sha256: str) -> None:
        """Let a file go that was set aside; its bytes on this laptop go with it."""
        with self._store.database.write() as connection:
            gone = queue.let_go(connection, sha256)
        if gone:
            with suppress(OSError):  # what stays is nobody's, and goes at a later start
                self._store.shelf.delete(sha256)

    def send(
        self, progress: Callable[[SendProgress], None] | None = None, *, asked: bool = False
    ) -> SendOutcome:
        """Send what waits; never raises for what the network does.

        After a failure it waits, as long as the central said, over restarts too; unless a person
        ``asked``.
        """
        if not self._sending.acquire(blocking=False):
            # One over this line at a time: several would shut each other's connections.
            return SendOutcome(sent=0, left=0, problem="", again=False)
        try:
            return self._send(progress, asked=asked)
        finally:
            self._sending.release()

    def _send(self, progress: Callable[[SendProgress], None] | None, *, asked: bool) -> SendOutcome:
        with self._store.database.read() as connection:
            waiting = queue.counts(connection).waiting
        is_barred = not asked and self._pacer.seconds_barred() > 0
        # What did not fit into the central's day holds up nothing that does.
        below = self._too_large if is_barred else math.inf
        if not waiting or (is_barred and math.isinf(below)):
            return SendOutcome(sent=0, left=waiting, problem="", again=False)
        settings = self._settings()
        meter = choose_meter(
            self._store.database,
            self._machine,
            metered=settings.metered,
            megabytes_per_day=settings.metered_mb_per_day,
            interface=settings.sync_interface,
        )
        sender = open_sender(
            self._store,
            self._secrets,
            self._machine,
            meter=meter,
            watch=self._watch,
            bind=binding_to(settings.sync_interface),
        )
        try:
            report = sender.run_once(progress, below=below)
        finally:
            sender.close()
        code = report.problem.code if report.problem is not None else ""
        if is_barred and not code:
            code = self._pacer.reason  # the large ones still wait
        elif not code:
            self._pacer.succeeded()
        elif code not in _NO_FAILURES:
            self._pacer.failed(report.retry_after_s, code)
        still_barred = is_barred and code in _NO_FAILURES
        with self._lock:
            self._problem = self._pacer.reason if still_barred else code
            if not still_barred:
                self._too_large = report.too_large if code == "daily_limit" else math.inf
        return SendOutcome(
            sent=report.sent,
            left=report.left,
            problem=code,
            again=code in {"commands_first", "token_expired"},
        )

    def fetch(self, attachment_id: str, sha256: str) -> bytes:
        """The bytes of a file: from here if they are here, else from the central.

        Raises ``EnvironmentProblem``: ``not_uploaded``, ``unreachable``, ``bad_reply``…
        """
        with suppress(EnvironmentProblem):  # damaged or not here: the central's is as good
            return b"".join(self._store.shelf.read(sha256))
        try:
            data = self._fetch(attachment_id)
        except SyncFailure as failed:
            code = failed.failure.code or failed.failure.kind.value
            raise EnvironmentProblem(
                "The file is not on this laptop and cannot be fetched now.",
                code=code,
                what_was_kept="Nothing was changed.",
                what_to_do="Try again when there is a connection.",
            ) from failed
        if hashlib.sha256(data).hexdigest() != sha256:
            raise EnvironmentProblem(
                "The central sent another file than the one that was asked for.",
                code="bad_reply",
                what_was_kept="Nothing was changed.",
                what_to_do="Try again; if it stays so, tell your supervisor.",
            )
        # Known before it is there: what nobody knows of would never be deleted.
        with self._store.database.write() as connection:
            now = central_time.now(connection, self._machine).at
            queue.keep_fetched(connection, sha256=sha256, size=len(data), at=now)
        self._store.shelf.put_bytes(data, attachment_id)
        return data

    def save_copy(self, path: str, data: bytes) -> None:
        """Write a readable copy where the person said; raises ``EnvironmentProblem``."""
        write_out(self._profile, path, data)

    def _fetch(self, attachment_id: str) -> bytes:
        """By a watch of its own: several may be under way, each with a deadline of its own."""
        with self._watching() as watch:
            sender = open_sender(
                self._store,
                self._secrets,
                self._machine,
                meter=choose_meter(
                    self._store.database, self._machine, metered="no", megabytes_per_day=0
                ),
                watch=watch,
                bind=binding_to(self._settings().sync_interface),
            )
            try:
                return sender.fetch(attachment_id)
            finally:
                sender.close()

    @contextmanager
    def _watching(self) -> Iterator[Watch]:
        watch = Watch()
        with self._lock:
            self._fetching.add(watch)
            if self._ended:
                watch.cancel()
        try:
            yield watch
        finally:
            with self._lock:
                self._fetching.discard(watch)

    def cancel(self) -> None:
        """Stop what is under way within milliseconds, and let nothing begin any more."""
        with self._lock:
            self._ended = True
            watches = [self._watch, *self._fetching]
        for watch in watches:
            watch.cancel()

    def _settings(self) -> config.Settings:
        try:
            found = config.load(self._profile.settings)
        except (DataError, OSError):
            found = config.Settings()
        return found if self._interface is None else replace(found, sync_interface=self._interface)


def _of_queue(blob: Blob) -> FileRow:
    return FileRow(
        attachment_id="",
        sha256=blob.sha256,
        name=blob.name,
        kind="",
        size=blob.size,
        state=blob.state,
    )


def _row(blob: Blob | None, row: FileRow) -> FileRow:
    """The row with how far this laptop is in sending the file, if it is this laptop's."""
    if blob is None:
        return replace(row, sent=row.size)
    return replace(row, state=blob.state, code=blob.code, sent=blob.sent)
