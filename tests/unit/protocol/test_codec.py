"""What the ends of the wire read and write: times, arguments, checksums, ids, pages."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.domain.commands import AddNote, Reclassify, RecordTime
from fieldtech.domain.words import Severity
from fieldtech.protocol.codec import (
    HASH_MODULUS,
    BadMessageError,
    args_to_wire,
    decode,
    decode_args,
    encode,
    from_stamp,
    row_hash,
    to_stamp,
)
from fieldtech.protocol.pages import Begin, End
from fieldtech.protocol.uuid7 import uuid7
from fieldtech.protocol.wire import BucketCheck

NOW = datetime(2026, 11, 4, 15, 0, 30, 250, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_is_read_back_as_it_was(moment: datetime) -> None:
    assert from_stamp(to_stamp(moment)) == moment


def test_a_stamp_is_in_utc_with_a_fraction_only_where_there_is_one() -> None:
    local = datetime(2026, 11, 4, 9, tzinfo=timezone(timedelta(hours=-6)))
    assert to_stamp(local) == "2026-11-04T15:00:00Z"
    assert to_stamp(NOW) == "2026-11-04T15:00:30.000250Z"
    assert from_stamp("2026-11-04T09:00:00-06:00") == datetime(2026, 11, 4, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ayer",
        "2026-11-04T15:00:00",
        "2026-13-04T15:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-10:00",
    ],
)
def test_what_is_no_moment_is_a_bad_message(text: str) -> None:
    with pytest.raises(BadMessageError):
        from_stamp(text)


def test_arguments_are_read_by_the_name_of_the_command() -> None:
    read = decode_args("incident.reclassify", {"affected": 3, "severity": "minor"})
    assert read == Reclassify(affected=3, severity=Severity.MINOR)
    times = decode_args("visit.record_time", {"kind": "arrival", "at": "2026-11-04T15:00:00Z"})
    assert times == RecordTime(kind="arrival", at=datetime(2026, 11, 4, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("cmd", "args", "reason"),
    [
        ("incident.explode", {}, "unknown command 'incident.explode'"),
        ("incident.note", {}, "missing required field `text`"),
        ("incident.note", {"text": 3}, "Expected `str`"),
        ("incident.note", {"text": "x", "colour": "red"}, "unknown argument 'colour'"),
        ("incident.reclassify", {"severity": "huge"}, "Invalid enum value 'huge'"),
    ],
)
def test_arguments_that_do_not_fit_are_named(
    cmd: str, args: dict[str, object], reason: str
) -> None:
    with pytest.raises(BadMessageError, match=reason):
        decode_args(cmd, args)


def test_arguments_travel_without_what_is_at_its_default() -> None:
    assert args_to_wire(Reclassify(affected=3)) == {"affected": 3}
    assert args_to_wire(AddNote(text="ñ")) == {"text": "ñ"}


def test_a_row_counts_by_what_it_is_and_in_which_revision() -> None:
    rows = [("visit", "v1", 1), ("visit", "v1", 2), ("visit", "v2", 1), ("site", "v1", 1)]
    shares = [row_hash(*row) for row in rows]
    assert len(set(shares)) == len(rows)
    assert all(0 <= share < HASH_MODULUS for share in shares)
    assert row_hash("visit", "v1", 1) == 5_129_829_797_347_131_766, "a contract of both ends"


def test_ids_of_commands_sort_by_their_time_and_are_never_the_same() -> None:
    ids = [uuid7(NOW + timedelta(milliseconds=step)) for step in range(50)]
    assert ids == sorted(ids)
    assert len({uuid7(NOW) for _ in range(50)}) == 50
    read = uuid.UUID(ids[0])
    assert (read.version, read.variant) == (7, uuid.RFC_4122)
    assert read.int >> 80 == int(NOW.timestamp() * 1000)


def test_a_page_is_read_back_as_it_was() -> None:
    begin = Begin(epoch="e", server_time=to_stamp(NOW), grant=("ref",), reset=("tech:ana",))
    check = BucketCheck(bucket="ref", head=9, count=3, hash=str(HASH_MODULUS - 1))
    end = End(cursor={"ref": 9}, more=False, last_n=4, check=(check,))
    for part in (begin, end):
        assert decode(encode(part), type(part)) == part
    assert json.loads(encode(end))["check"][0]["hash"] == "18446744073709551615"


@pytest.mark.parametrize("raw", [b"", b"[", b'{"epoch": 3}', b"\xff", b"[" * 20_000])
def test_a_page_that_was_cut_or_spoilt_is_a_bad_message(raw: bytes) -> None:
    with pytest.raises(BadMessageError):
        decode(raw, End)
