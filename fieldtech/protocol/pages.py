"""A pull page: NDJSON lines ``begin``, ``put``*, ``del``*, ``end``; bodies pass through raw.

One line is one JSON array, its first element the kind, so that the reader can skip what it does
not need without parsing the body:

``["begin", {epoch, server_time, grant:[bucket], drop:[bucket], reset:[bucket]}]``
``["put", bucket, seq, entity, id, rev, body]``
``["del", bucket, seq, entity, id, rev]``
``["end", {cursor:{bucket: seq}, more, last_n, check:[BucketCheck]}]``

A page without its ``end`` line was cut and is discarded whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldtech.protocol.wire import BucketCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """First line: which buckets the user has (``grant``), lost (``drop``) or must reload."""

    epoch: str
    server_time: str
    grant: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    reset: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Last line. ``check`` is present for the buckets whose end this page reached."""

    cursor: dict[str, int]
    more: bool
    last_n: int
    check: tuple[BucketCheck, ...] = field(default_factory=tuple)
