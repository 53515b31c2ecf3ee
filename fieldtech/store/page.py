"""A pull page, read whole before a single row of it is applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from fieldtech.protocol.codec import BadMessageError, row_hash
from fieldtech.protocol.pages import Begin, End
from fieldtech.shapes import learned
from fieldtech.store import mirror, subsets
from fieldtech.store.packing import pack
from fieldtech.store.subsets import VisitPart

if TYPE_CHECKING:
    from fieldtech.store.subsets import Part


class PutLine(msgspec.Struct, array_like=True, tag="put", gc=False):
    """This entity is in the bucket, with this body."""

    bucket: str
    seq: int
    entity: str
    id: str
    rev: int
    body: msgspec.Raw


class Del(msgspec.Struct, array_like=True, tag="del", gc=False):
    """This entity has left the bucket."""

    bucket: str
    seq: int
    entity: str
    id: str
    rev: int


class Put(msgspec.Struct, gc=False):
    """A put made ready to be written, so that the writer only has to write.

    ``parent`` as in ``mirror.parent_of``, ``body`` as in ``packing``, ``share`` the row's part of
    its bucket's checksum, ``part`` the fields that lists need (see ``subsets``), if any.
    """

    bucket: str
    entity: str
    id: str
    rev: int
    parent: str
    body: bytes
    share: int
    part: Part | None


class BeginLine(msgspec.Struct, array_like=True, tag="begin"):
    """First line."""

    begin: Begin


class EndLine(msgspec.Struct, array_like=True, tag="end"):
    """Last line."""

    end: End


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: what changed about the buckets, the rows in order, where the next page starts."""

    begin: Begin
    puts: list[Put]
    dels: list[Del]
    end: End


class TruncatedPageError(BadMessageError):
    """The page has no end line, or stops inside a line: the connection broke on the way."""


_lines = msgspec.json.Decoder(learned(PutLine | Del | BeginLine | EndLine))
_last_line = msgspec.json.Decoder(learned(EndLine))


def read_end(data: bytes) -> End | None:
    """Return what the last line of a page seems to say, long before the page has been read.

    Enough to ask for the page behind it, and for nothing else.
    """
    try:
        return _last_line.decode(data[data.rfind(b"\n", 0, -1) + 1 :]).end
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def read_page(data: bytes) -> Page:
    """Read a page and make its rows ready, away from the store and its writer.

    Raises ``TruncatedPageError`` when it was cut off and ``BadMessageError`` when its lines are
    not what a page is made of.
    """
    if not data.endswith(b"\n") and not data.rstrip().endswith(b"]"):
        raise TruncatedPageError("the page stops inside a line")
    try:
        lines = _lines.decode_lines(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        # A cut can fall on a bracket inside a body, so a last line that is not JSON is a cut too.
        if not isinstance(problem, msgspec.ValidationError):
            raise TruncatedPageError(str(problem)) from problem
        raise BadMessageError(str(problem)) from problem
    if not lines or not isinstance(lines[-1], EndLine):
        raise TruncatedPageError("the page has no end line")
    if not isinstance(lines[0], BeginLine):
        raise BadMessageError("the page has no begin line")
    try:
        puts = [_ready(line) for line in lines if type(line) is PutLine]
    except msgspec.DecodeError as problem:
        raise BadMessageError(str(problem)) from problem
    dels = [line for line in lines if type(line) is Del]
    if len(puts) + len(dels) + 2 != len(lines):
        raise BadMessageError("the page begins or ends twice")
    return Page(begin=lines[0].begin, puts=puts, dels=dels, end=lines[-1].end)


def _ready(line: PutLine) -> Put:
    entity = line.entity
    part: Part | None = None
    if entity == "incident":
        part = subsets.ready_incident(line.body)
    elif entity == "site":
        part = subsets.site.decode(line.body)
    elif entity == "customer":
        part = subsets.customer.decode(line.body)
    elif entity == "visit":
        part = subsets.visit.decode(line.body)
    return Put(
        line.bucket,
        entity,
        line.id,
        line.rev,
        part.incident_id if isinstance(part, VisitPart) else mirror.parent_of(entity, line.body),
        pack(bytes(line.body)),
        row_hash(entity, line.id, line.rev),
        part,
    )
