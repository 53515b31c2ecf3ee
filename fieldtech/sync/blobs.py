"""Files go up by themselves, after all commands and never in their way.

A queue of its own over a connection of its own. Between two parts it looks whether somebody has
worked meanwhile: then it stops, and goes on after that work has been sent. Whatever the network
does, a file goes on where the central says that it ends.
"""

from __future__ import annotations

import itertools
import logging
import math
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.wire import MAX_BLOB_CHUNK, UploadRequest
from fieldtech.store import central_time, outbox, session
from fieldtech.store.blobs import queue
from fieldtech.sync.failures import Failure, Kind, SyncFailure
from fieldtech.sync.problems import SyncProblem, problem_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fieldtech.clock import Clock
    from fieldtech.store.blobs.queue import Blob
    from fieldtech.store.opening import Store
    from fieldtech.sync.client import CentralClient
    from fieldtech.sync.metering import Meter
    from fieldtech.sync.tokens import TokenBox
    from fieldtech.sync.transport import Transport

FIRST_PART = 256 * 1024
SMALLEST_PART = 16 * 1024
RETRIES = 4
"""Tries of one part with ever less of it before the network is given up for now."""

_log = logging.getLogger(__name__)

_FOR_GOOD = frozenset({"blob_too_large", "invalid"})
"""What the central will never take, however often it is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendProgress:
    """How far one file is, in bytes."""

    sha256: str
    sent: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReport:
    """What a run did. ``problem`` is why it ended before the queue was empty.

    Its code is one of the synchronisation's, or ``commands_first``, ``metered_cap``,
    ``storage_full``, ``daily_limit``. With that one ``too_large`` are the bytes of the smallest
    file that did not fit.
    """

    sent: int
    left: int
    aside: int
    problem: SyncProblem | None
    retry_after_s: float | None = None
    too_large: float = math.inf


class _Stop(Exception):
    """Ends a run; never leaves this module."""

    def __init__(self, code: str, retry_after_s: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_s = retry_after_s


class _NotToday(_Stop):
    """What is left of the central's day is too little for one file; a smaller one may fit."""


class BlobSender:
    """Sends the waiting files of one store. ``run_once`` from one thread, ``cancel`` from any."""

    def __init__(
        self,
        *,
        store: Store,
        client: CentralClient,
        transport: Transport,
        tokens: TokenBox,
        clock: Clock,
        meter: Meter,
    ) -> None:
        self._store = store
        self._client = client
        self._transport = transport
        self._tokens = tokens
        self._clock = clock
        self._meter = meter
        self._part = FIRST_PART
        self._largest_part = MAX_BLOB_CHUNK

    def run_once(
        self, progress: Callable[[SendProgress], None] | None = None, *, below: float = math.inf
    ) -> SendReport:
        """Send until the queue is empty or something is in the way; never raises for a network.

        Of files that are not begun only those of less than ``below`` bytes are sent. Raises
        ``EnvironmentProblem`` when the store cannot be read or written.
        """
        tell = progress or (lambda _: None)
        sent, after, stop, too_large = 0, 0, _Stop(""), below
        try:
            while (blob := self._next(after)) is not None:
                after = blob.rid
                if blob.size >= too_large and not blob.sent:  # begun is begun: its day is counted
                    continue
                try:
                    sent += self._send(blob, tell)
                except _NotToday as why:
                    stop, too_large = why, min(blob.size, too_large)
        except _Stop as why:
            stop = why
        with self._store.database.read() as connection:
            counts = queue.counts(connection)
        return SendReport(
            sent=sent,
            left=counts.waiting,
            aside=counts.aside,
            problem=problem_of(stop.code),
            retry_after_s=stop.retry_after_s,
            too_large=too_large,
        )

    def fetch(self, attachment_id: str) -> bytes:
        """The bytes of a file at the central; raises ``SyncFailure``."""
        return self._client.fetch(attachment_id, *self._who())

    def cancel(self) -> None:
        """Stop the present run within milliseconds, and every later one."""
        self._transport.cancel()

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def _next(self, after_rid: int) -> Blob | None:
        self._tokens.reread()
        if self._tokens.get() is None:
            raise _Stop("signed_out")
        with self._store.database.read() as connection:
            return queue.first_waiting(connection, after_rid)

    def _send(self, blob: Blob, tell: Callable[[SendProgress], None]) -> int:
        """Send one file whole; return 1, or 0 when it was put aside."""
        try:
            for again in itertools.count():
                try:
                    self._send_from(blob, self._begin(blob), tell)
                except SyncFailure as failed:
                    self._make_good(blob, failed.failure, again)
                else:
                    return 1
        except EnvironmentProblem as problem:
            if problem.code != "file_damaged":
                raise
            self._put_aside(blob, problem.code)
        except _Aside as why:
            self._put_aside(blob, why.code)
        return 0

    def _begin(self, blob: Blob) -> tuple[str, int]:
        """Hear where the central wants the file to go on."""
        request = UploadRequest(
            sha256=blob.sha256, size=blob.size, media_type=blob.media_type, name=blob.name
        )
        told = self._client.begin_upload(request, *self._who()).value
        if not 0 <= told.offset <= blob.size:
            raise SyncFailure(Failure(kind=Kind.MALFORMED, detail="offset"))
        return told.id, told.offset

    def _send_from(
        self, blob: Blob, begun: tuple[str, int], tell: Callable[[SendProgress], None]
    ) -> None:
        upload_id, at = begun
        content = _Content(self._store.shelf.read(blob.sha256), at)
        while at < blob.size or (blob.size == 0 and at == 0):
            self._let_work_pass()
            part = content.peek(min(self._part, self._meter.left(MAX_BLOB_CHUNK)))
            if not part and blob.size:
                raise _Stop("metered_cap")
            at = self._send_part(upload_id, at, part)
            content.taken(len(part))
            self._meter.count(len(part))
            with self._store.database.write(durable=False) as connection:
                queue.advance(connection, blob.sha256, upload_id, at)
            tell(SendProgress(sha256=blob.sha256, sent=at, size=blob.size))
            if not blob.size:
                break
        with self._store.database.write() as connection:
            now = central_time.now(connection, self._clock).at
            queue.settle(connection, blob.sha256, now)

    def _send_part(self, upload_id: str, at: int, part: bytes) -> int:
        told = self._client.send_part(upload_id, at, part, *self._who()).value
        if told.offset != at + len(part):
            raise SyncFailure(Failure(kind=Kind.MALFORMED, detail="offset"))
        self._part = min(self._part * 2, self._largest_part)
        return told.offset

    def _make_good(self, blob: Blob, failure: Failure, again: int) -> None:
        """Set right what a failure told, for another try; or end the run or the file's way."""
        _log.info("file: %s %s", failure.kind.value, failure.code or failure.detail)
        if failure.kind in {Kind.TIMEOUT, Kind.TRUNCATED} and again < RETRIES:
            # What did not get through in time is not tried again in this run: each such try costs
            # a whole deadline.
            self._part = self._largest_part = max(self._part // 2, SMALLEST_PART)
            return
        if failure.kind is not Kind.PROBLEM:
            raise _Stop(_CODE_OF_KIND.get(failure.kind, failure.kind.value))
        match failure.code:
            case "hash_mismatch":
                with self._store.database.write() as connection:
                    now = queue.own(connection, blob.sha256)
                    if now is None or now.restarts:
                        raise _Aside("hash_mismatch")
                    queue.begin_again(connection, blob.sha256, counted=True)
            case "wrong_offset" | "unknown_upload" if again < RETRIES:
                pass  # the central says at the next beginning where it goes on
            case "daily_limit":
                raise _NotToday(failure.code, failure.retry_after_s)
            case code if code in _FOR_GOOD:
                raise _Aside(code)
            case _:
                raise _Stop(_code_of(failure), failure.retry_after_s)

    def _let_work_pass(self) -> None:
        """A photo never delays a restoration."""
        with self._store.database.read() as connection:
            if outbox.has_waiting(connection):
                raise _Stop("commands_first")

    def _put_aside(self, blob: Blob, code: str) -> None:
        with self._store.database.write() as connection:
            queue.put_aside(connection, blob.sha256, code)

    def _who(self) -> tuple[str, str]:
        with self._store.database.read() as connection:
            device_id = session.load(connection).device_id
        tokens = self._tokens.get()
        return device_id, tokens.access if tokens is not None else ""


class _Aside(Exception):
    """This file cannot be sent; the others can."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Content:
    """A file's bytes from an offset on, read as they are asked for."""

    def __init__(self, pieces: Iterator[bytes], skip: int) -> None:
        self._pieces = pieces
        self._held = b""
        self._skip = skip

    def peek(self, length: int) -> bytes:
        """The next bytes, at most ``length``; again the same until they were ``taken``."""
        while len(self._held) < length:
            piece = next(self._pieces, None)
            if piece is None:
                break
            dropped = min(self._skip, len(piece))
            self._skip -= dropped
            self._held += piece[dropped:]
        return self._held[:length]

    def taken(self, length: int) -> None:
        """So many of them have arrived."""
        self._held = self._held[length:]


def _code_of(failure: Failure) -> str:
    if failure.status == HTTPStatus.UNAUTHORIZED:
        return "token_expired"
    if failure.status == HTTPStatus.FORBIDDEN and failure.code == "device_revoked":
        return "revoked"
    if failure.code in {"storage_full", "no_blob_store"}:
        return failure.code
    if failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "central_failed"
    return "busy" if failure.status == HTTPStatus.TOO_MANY_REQUESTS else failure.code


_CODE_OF_KIND = {
    Kind.UNREACHABLE: "unreachable",
    Kind.NOT_CENTRAL: "captive_portal",
    Kind.MALFORMED: "bad_reply",
    Kind.CANCELLED: "cancelled",
}
