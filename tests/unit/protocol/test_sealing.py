"""Sealed records: opened by those they are for, vouched for by their device, or no records."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox
from nacl.signing import SigningKey

from fieldtech.protocol import sealing
from fieldtech.protocol.sealing import (
    KEY_BYTES,
    MAGIC,
    CannotOpenError,
    Damaged,
    Kind,
    Recipients,
    Record,
    SealedRecord,
    Wraps,
    central_key,
    is_signed_by,
    key_id,
    open_centrally,
    open_locally,
    public_text,
    read_records,
    seal,
    sign,
    unwrap_centrally,
    unwrap_locally,
    wrap,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

LOCAL = bytes(range(KEY_BYTES))
CENTRAL = PrivateKey(b"central-private-key-for-tests-01")
DEVICE = SigningKey(b"seed-of-the-laptop-that-writes-1")
STRANGER = SigningKey(b"seed-of-somebody-else's-laptop-2")
BOTH = Recipients(LOCAL, CENTRAL.public_key)
AT = "2026-11-04T15:00:00Z"
NOTE = b'{"text": "una nota que nadie lee"}'

words = st.text(st.characters(codec="utf-8"), max_size=12)
records = st.builds(
    Record,
    kind=st.sampled_from(Kind),
    device_id=words | st.just("FTR1"),
    at=words,
    n=st.integers(-(2**63), 2**63 - 1),
    op_id=words,
    sha256=words,
    op_ids=st.lists(words, max_size=3).map(tuple),
)


def command(n: int, *, plain: bytes = NOTE) -> bytes:
    """The bytes of a command's record, as the laptop writes them."""
    record = Record(kind=Kind.COMMAND, device_id="d1", at=AT, n=n, op_id=f"op-{n}", sha256="ab")
    return seal(record, plain, BOTH, DEVICE)


def only(data: bytes) -> SealedRecord:
    """The one record that these bytes are."""
    (found,) = read_records(data)
    assert isinstance(found, SealedRecord)
    return found


def framed(payload: bytes, signature: bytes = b"\0" * 64) -> bytes:
    """A payload under a CRC that fits, as anybody can write it."""
    head = struct.pack(">4sI", MAGIC, len(payload)) + payload + signature
    return head + struct.pack(">I", zlib.crc32(head))


def flipped(data: bytes, bit: int) -> bytes:
    """The same bytes but for one bit."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


def whole_in(found: Iterable[SealedRecord | Damaged]) -> list[bytes]:
    return [each.raw for each in found if isinstance(each, SealedRecord)]


def assert_nothing_untold(data: bytes, found: Iterable[SealedRecord | Damaged]) -> None:
    """Every byte is in a record or told as damaged, in order; no two damages touch."""
    at, after_damage = 0, False
    for each in found:
        if isinstance(each, Damaged):
            assert each.offset == at
            assert each.length > 0
            assert not after_damage
            at += each.length
        else:
            assert data[at : at + len(each.raw)] == each.raw
            at += len(each.raw)
        after_damage = isinstance(each, Damaged)
    assert at == len(data)


@given(records, st.binary(max_size=200))
def test_a_record_is_read_back_and_opened_at_both_ends(record: Record, plain: bytes) -> None:
    found = only(seal(record, plain, BOTH, DEVICE))
    told = msgspec.structs.replace(found.record, wraps=Wraps(), body=b"")
    assert told == record
    assert open_locally(found.record, LOCAL) == plain
    assert open_centrally(found.record, CENTRAL) == plain
    assert is_signed_by(found, public_text(DEVICE))


@given(records)
def test_a_record_without_a_body_is_read_back_as_it_was(record: Record) -> None:
    found = only(sign(record, DEVICE))
    assert found.record == record
    assert is_signed_by(found, public_text(DEVICE))


def test_what_is_sealed_is_not_to_be_seen_and_never_looks_the_same() -> None:
    one, other = command(1), command(1)
    assert NOTE not in one
    assert LOCAL not in one
    assert only(one).record.body != only(other).record.body
    assert len(one) == len(other)


def test_other_keys_open_nothing() -> None:
    record = only(command(1)).record
    with pytest.raises(CannotOpenError, match=key_id(LOCAL)):
        open_locally(record, b"\1" * KEY_BYTES)
    with pytest.raises(CannotOpenError, match=key_id(bytes(CENTRAL.public_key))):
        open_centrally(record, PrivateKey(b"private-key-of-another-central-1"))


def test_before_the_first_hello_only_the_laptop_can_open_it() -> None:
    record = Record(kind=Kind.COMMAND, device_id="d1", at=AT)
    found = only(seal(record, NOTE, Recipients(LOCAL, None), DEVICE))
    assert (found.record.wraps.central_id, found.record.wraps.central) == ("", b"")
    assert open_locally(found.record, LOCAL) == NOTE
    with pytest.raises(CannotOpenError):
        open_centrally(found.record, CENTRAL)


def test_wraps_name_the_keys_that_open_them() -> None:
    wraps = wrap(b"k" * KEY_BYTES, BOTH)
    assert wraps.local_id == key_id(LOCAL)
    assert wraps.central_id == key_id(bytes(CENTRAL.public_key))
    assert unwrap_locally(wraps, LOCAL) == unwrap_centrally(wraps, CENTRAL) == b"k" * KEY_BYTES


@given(st.binary(max_size=120), st.binary(max_size=120), st.binary(max_size=120))
def test_wraps_and_bodies_of_somebody_else_open_nothing(
    local: bytes, central: bytes, body: bytes
) -> None:
    wraps = Wraps(local=local, central=central)
    record = Record(kind=Kind.COMMAND, device_id="d1", at=AT, wraps=wraps, body=body)
    with pytest.raises(CannotOpenError):
        open_locally(record, LOCAL)
    with pytest.raises(CannotOpenError):
        open_centrally(record, CENTRAL)


@pytest.mark.parametrize("key", [b"", b"short", b"x" * (KEY_BYTES + 1)])
def test_a_content_key_of_the_wrong_length_opens_nothing(key: bytes) -> None:
    wraps = Wraps(
        local=bytes(SecretBox(LOCAL).encrypt(key)),
        central=SealedBox(CENTRAL.public_key).encrypt(key),
    )
    record = Record(kind=Kind.COMMAND, device_id="d1", at=AT, wraps=wraps, body=b"x" * 60)
    with pytest.raises(CannotOpenError):
        open_locally(record, LOCAL)
    with pytest.raises(CannotOpenError):
        open_centrally(record, CENTRAL)


@given(st.data())
def test_a_bit_of_what_is_sealed_is_never_another_body(data: st.DataObject) -> None:
    record = only(command(1)).record
    wraps, bit = record.wraps, st.integers(min_value=0)
    body = flipped(record.body, data.draw(bit) % (len(record.body) * 8))
    local = flipped(wraps.local, data.draw(bit) % (len(wraps.local) * 8))
    central = flipped(wraps.central, data.draw(bit) % (len(wraps.central) * 8))
    replace = msgspec.structs.replace
    for changed in (replace(record, body=body), replace(record, wraps=replace(wraps, local=local))):
        with pytest.raises(CannotOpenError):
            open_locally(changed, LOCAL)
    for changed in (
        replace(record, body=body),
        replace(record, wraps=replace(wraps, central=central)),
    ):
        with pytest.raises(CannotOpenError):
            open_centrally(changed, CENTRAL)


def test_the_body_of_one_record_does_not_open_in_another() -> None:
    one, other = only(command(1)).record, only(command(2)).record
    mixed = msgspec.structs.replace(one, body=other.body)
    with pytest.raises(CannotOpenError):
        open_locally(mixed, LOCAL)
    with pytest.raises(CannotOpenError):
        open_centrally(mixed, CENTRAL)


def test_every_bit_of_a_record_counts() -> None:
    """One flipped bit, wherever it is, and it is no record any more: never one that says else."""
    raw = command(7, plain=b"{}")
    for bit in range(len(raw) * 8):
        assert list(read_records(flipped(raw, bit))) == [Damaged(0, len(raw))], bit


def test_a_record_cut_short_anywhere_is_told_and_costs_no_other() -> None:
    before, torn = command(1), command(2)
    for end in range(1, len(torn)):
        data = before + torn[:end]
        found = list(read_records(data))
        assert whole_in(found) == [before], end
        assert found[1:] == [Damaged(len(before), end)], end


@given(st.data())
def test_damage_costs_the_records_it_is_in_and_no_other(data: st.DataObject) -> None:
    written = [command(n) for n in range(1, data.draw(st.integers(2, 6)))]
    whole = b"".join(written)
    start = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(1, 64))
    junk = data.draw(st.binary(min_size=length, max_size=length))
    changed = whole[:start] + junk + whole[start + length :]
    assume(changed[: len(whole)] != whole)
    found = list(read_records(changed))
    assert_nothing_untold(changed, found)
    expected, at = [], 0
    for raw in written:
        if changed[at : at + len(raw)] == raw:
            expected.append(raw)
        at += len(raw)
    assert whole_in(found) == expected


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=4))
@example([MAGIC])
@example([MAGIC + b"\xff\xff\xff\xff"])
@example([MAGIC + b"\0\0\0\0", MAGIC[:2]])
def test_junk_between_records_hides_none(junk: list[bytes]) -> None:
    written = [command(n) for n in range(len(junk))]
    data = b"".join(part for pair in zip(junk, written, strict=True) for part in pair)
    found = list(read_records(data))
    assert_nothing_untold(data, found)
    assert whole_in(found) == written


@given(st.binary(max_size=400) | st.binary(max_size=100).map(lambda data: MAGIC + data))
def test_whatever_bytes_are_read_every_one_is_told(data: bytes) -> None:
    found = list(read_records(data))
    assert_nothing_untold(data, found)
    assert whole_in(found) == []


def test_a_record_within_a_damaged_one_is_found() -> None:
    """A head that lost its length must not take the records after it along."""
    raw = command(1)
    lost = MAGIC + struct.pack(">I", len(raw) + 1000) + b"\0" * 20
    assert list(read_records(lost + raw)) == [Damaged(0, len(lost)), only(raw)]


def test_another_device_did_not_write_it() -> None:
    found = only(command(1))
    assert is_signed_by(found, public_text(DEVICE))
    assert not is_signed_by(found, public_text(STRANGER))


@given(st.text(max_size=50) | st.binary(max_size=40).map(lambda raw: b64encode(raw).decode()))
@example("")
@example(b64encode(b"\0" * 32).decode())
def test_what_is_no_key_vouches_for_nothing(text: str) -> None:
    assert not is_signed_by(only(command(1)), text)


@given(records)
def test_a_forger_who_mends_the_crc_is_not_believed(said: Record) -> None:
    meant = only(sign(Record(kind=Kind.ABORT, device_id="d1", at=AT, op_ids=("a",)), DEVICE))
    assume(said != meant.record)
    forged = only(framed(msgspec.msgpack.encode(said), meant.signature))
    assert forged.record == said
    assert not is_signed_by(forged, public_text(DEVICE))
    assert not is_signed_by(only(sign(said, STRANGER)), public_text(DEVICE))


def test_a_signature_is_good_for_its_own_record_and_for_this_use_only() -> None:
    one, other = only(command(1)), only(command(2))
    assert not is_signed_by(only(framed(one.payload, other.signature)), public_text(DEVICE))
    elsewhere = DEVICE.sign(one.payload).signature
    assert not is_signed_by(only(framed(one.payload, elsewhere)), public_text(DEVICE))


NO_TEXT = msgspec.msgpack.encode(Record(kind=Kind.ABORT, device_id="d", at=AT)).replace(
    b"\xa1d", b"\xa1\xff"
)
DEEP = b"\x81\xa1z" + b"\x91" * 100_000 + b"\1"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xc1",
        msgspec.msgpack.encode({"kind": "command"}),
        msgspec.msgpack.encode({"kind": "explode", "device_id": "d", "at": AT}),
        msgspec.msgpack.encode({"kind": "command", "device_id": 3, "at": AT}),
        msgspec.msgpack.encode({"kind": "command", "device_id": "d", "at": AT}) + b"\0",
        b"\x91" * 100_000,
        pytest.param(NO_TEXT, id="no_text"),
        pytest.param(DEEP, id="deep"),
    ],
)
def test_what_was_made_to_hurt_is_damaged(payload: bytes) -> None:
    """Its CRC fits, so somebody wrote it like that; what follows is read all the same."""
    hurting, good = framed(payload), command(1)
    assert list(read_records(hurting + good)) == [Damaged(0, len(hurting)), only(good)]


def test_fields_of_a_later_version_are_passed_over() -> None:
    payload = msgspec.msgpack.encode({"kind": "abort", "device_id": "d", "at": AT, "new": [1]})
    signature = DEVICE.sign(sealing._CONTEXT + payload).signature
    found = only(framed(payload, signature))
    assert found.record == Record(kind=Kind.ABORT, device_id="d", at=AT)
    assert is_signed_by(found, public_text(DEVICE))


def test_the_longest_command_fits_and_no_record_is_longer_than_readers_take() -> None:
    assert open_locally(only(command(1, plain=b"x" * 64 * 1024)).record, LOCAL) == b"x" * 64 * 1024
    bare = Record(kind=Kind.COMMAND, device_id="d1", at=AT, body=b"x" * sealing.MAX_PAYLOAD)
    with pytest.raises(ValueError, match="a record of"):
        sign(bare, DEVICE)
    over = len(msgspec.msgpack.encode(bare)) - sealing.MAX_PAYLOAD
    longest = msgspec.structs.replace(bare, body=bare.body[over:])
    raw = sign(longest, DEVICE)
    assert len(only(raw).payload) == sealing.MAX_PAYLOAD
    assert only(raw).record == longest
    too_long = framed(msgspec.msgpack.encode(bare))
    assert list(read_records(too_long)) == [Damaged(0, len(too_long))]


def test_a_keys_name_says_which_and_nothing_of_the_key() -> None:
    names = {key_id(bytes([n]) * KEY_BYTES) for n in range(50)}
    assert len(names) == 50
    assert all(len(name) == 16 for name in names)
    assert key_id(LOCAL) == key_id(bytes(LOCAL))
    assert key_id(LOCAL) not in LOCAL.hex()


@given(st.binary(min_size=32, max_size=32).map(PrivateKey))
def test_a_centrals_key_is_read_as_it_was_told(key: PrivateKey) -> None:
    read = central_key(b64encode(bytes(key.public_key)).decode())
    assert read == key.public_key
    assert read is not None
    assert unwrap_centrally(wrap(LOCAL, Recipients(LOCAL, read)), key) == LOCAL


@given(st.text(max_size=50) | st.binary(max_size=31).map(lambda raw: b64encode(raw).decode()))
@example("clave")
@example("ñandú")
def test_what_is_no_centrals_key_is_none(text: str) -> None:
    assert central_key(text) is None


@pytest.mark.parametrize("weak", [b"\0" * 32, b"\1" + b"\0" * 31], ids=["zero", "one"])
def test_a_key_that_nothing_can_be_sealed_for_is_none(weak: bytes) -> None:
    """Otherwise what a technician queues after such a hello could not be written down."""
    assert central_key(b64encode(weak).decode()) is None


def test_a_segment_of_nothing_but_beginnings_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each claims to be long: summing all of them would take the square of its length."""
    summed = 0
    real = zlib.crc32

    def counting(data: bytes) -> int:
        nonlocal summed
        summed += len(data)
        return real(data)

    monkeypatch.setattr(zlib, "crc32", counting)
    monkeypatch.setattr(sealing, "MAX_IN_VAIN", 2_000_000)
    hostile = (sealing.MAGIC + (9_000).to_bytes(4, "big")) * 20_000
    (damaged,) = read_records(hostile)
    assert isinstance(damaged, Damaged)
    assert (damaged.offset, damaged.length) == (0, len(hostile))
    assert summed < 2_100_000
