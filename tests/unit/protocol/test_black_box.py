"""The sealed package: written whole, read whole, and never something else in between."""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from fieldtech.central.ingest.reading import KnownDevice, read_package
from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol import black_box
from fieldtech.protocol.black_box import (
    FORMAT,
    MANIFEST,
    KeptCommand,
    KeptSession,
    Manifest,
    PackageError,
    open_package,
    write_package,
)
from fieldtech.protocol.codec import body_bytes, decode, digest, encode
from fieldtech.protocol.sealing import (
    Kind,
    Recipients,
    Record,
    SealedRecord,
    is_signed_by,
    open_centrally,
    public_text,
    read_records,
    seal,
)
from fieldtech.protocol.wire import Envelope, UserInfo

if TYPE_CHECKING:
    from pathlib import Path

AT = "2026-11-04T15:00:00Z"
CENTRAL = PrivateKey(b"central-private-key-for-tests-01")
DEVICE = SigningKey(b"seed-of-the-laptop-that-writes-1")


def command(n: int) -> bytes:
    """The record of a note, as the laptop writes it."""
    args = {"text": f"sin señal desde ayer \U0001f6e0 {n}"}
    envelope = Envelope(
        n=n,
        op_id=f"op-{n}",
        v=1,
        cmd="incident.note",
        target="incident:i1",
        occurred_at=AT,
        sha256=digest(body_bytes("incident.note", "incident:i1", AT, args)),
        args=args,
        expect={"window": "4"},
        blobs=("aa11",),
    )
    kept = KeptCommand(
        envelope=envelope,
        incident_id="i1",
        visit_id="v1",
        label={"folio": "F-1"},
        made_at=1.5,
        draft="incident:i1/note",
    )
    record = Record(
        kind=Kind.COMMAND, device_id="d1", at=AT, n=n, op_id=f"op-{n}", sha256=envelope.sha256
    )
    return seal(record, encode(kept), Recipients(b"l" * 32, CENTRAL.public_key), DEVICE)


COMMANDS = [command(n) for n in range(1, 5)]
SEGMENTS = {
    "000001.ftj": COMMANDS[0] + COMMANDS[1],
    "000002.ftj": COMMANDS[2],
    "000010.ftj": COMMANDS[3],
}
BLOBS = {"aa11": b"a photo " * 30, "bb22": b"\0\xff"}


class Held(NamedTuple):
    """Everything a package holds."""

    manifest: Manifest
    segments: list[tuple[str, bytes]]
    blobs: list[tuple[str, bytes]]


def manifest_of(segments: int = len(SEGMENTS), blobs: int = len(BLOBS)) -> Manifest:
    return Manifest(
        format=FORMAT,
        app="0.3.0",
        made_at=AT,
        device_ids=("d1", "d2"),
        records=4,
        segments=segments,
        blobs=blobs,
    )


def written(folder: Path, segments: dict[str, bytes], blobs: dict[str, bytes]) -> Path:
    """A package as the laptop writes it."""
    paths: list[list[Path]] = []
    for kind, files in (("journal", segments), ("blobs", blobs)):
        (folder / kind).mkdir(exist_ok=True)
        paths.append([folder / kind / name for name in files])
        for name, content in files.items():
            (folder / kind / name).write_bytes(content)
    target = folder / "trabajo.fieldtech"
    with target.open("wb") as stream:
        write_package(stream, manifest_of(len(segments), len(blobs)), *paths)
    return target


def held_by(path: Path) -> Held:
    with open_package(path) as package:
        segments = list(package.segments())
        blobs = [(name, stream.read()) for name, stream in package.blobs()]
        return Held(package.manifest, segments, blobs)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One package for every test that does not change it."""
    return written(tmp_path_factory.mktemp("package"), SEGMENTS, BLOBS)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where changed copies of it go."""
    return tmp_path_factory.mktemp("changed") / "changed.fieldtech"


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    """An archive of somebody else's making."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_package_is_read_back_as_it_was_written(package: Path) -> None:
    held = held_by(package)
    assert held.manifest == manifest_of()
    assert held.segments == list(SEGMENTS.items())
    assert held.blobs == list(BLOBS.items())


def test_what_is_in_it_comes_in_the_order_of_its_names(tmp_path: Path) -> None:
    """Commands of one device have an order, however the archive was put together."""
    backwards = dict(reversed(SEGMENTS.items()))
    assert held_by(written(tmp_path, backwards, {})).segments == list(SEGMENTS.items())


def test_a_laptop_with_nothing_kept_has_a_package_too(tmp_path: Path) -> None:
    assert held_by(written(tmp_path, {}, {})) == Held(manifest_of(0, 0), [], [])


def test_any_program_for_zip_archives_can_look_at_it(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert decode(archive.read(MANIFEST), Manifest) == manifest_of()
        assert archive.read("journal/000001.ftj") == SEGMENTS["000001.ftj"]
        assert archive.read("blobs/bb22") == BLOBS["bb22"]


def test_what_was_queued_on_the_laptop_is_what_the_central_opens(package: Path) -> None:
    opened = []
    for _, data in held_by(package).segments:
        for found in read_records(data):
            assert isinstance(found, SealedRecord)
            assert is_signed_by(found, public_text(DEVICE))
            opened.append(decode(open_centrally(found.record, CENTRAL), KeptCommand))
    assert [kept.envelope.n for kept in opened] == [1, 2, 3, 4]
    first = opened[0]
    assert (first.incident_id, first.visit_id, first.made_at) == ("i1", "v1", 1.5)
    assert (first.label, first.draft) == ({"folio": "F-1"}, "incident:i1/note")
    assert first.envelope.args == {"text": "sin señal desde ayer \U0001f6e0 1"}
    assert (first.envelope.expect, first.envelope.blobs) == ({"window": "4"}, ("aa11",))


@pytest.mark.parametrize("signed_in", ["signed_in", ""])
def test_whose_profile_it_is_is_read_back(signed_in: str) -> None:
    user = UserInfo(id="u1", login="ana", name="Ana", role="technician", region_ids=("r1",))
    session = KeptSession(
        central_url="https://central.example",
        device_id="d1",
        device_name="Laptop de Ana",
        epoch="e1",
        next_n=8,
        user=user if signed_in else None,
        sign_key="c2lnbg==",
    )
    assert decode(encode(session), KeptSession) == session


def test_a_package_cut_short_anywhere_is_none(package: Path, scratch: Path) -> None:
    whole = package.read_bytes()
    for end in range(len(whole)):
        scratch.write_bytes(whole[:end])
        with pytest.raises(PackageError), open_package(scratch):
            pass


@pytest.mark.parametrize("part", ["journal", "blobs", "directory"])
def test_a_flipped_bit_is_never_read_as_something_else(
    package: Path, scratch: Path, part: str
) -> None:
    """What comes out was packed: the manifest, records in their order, whole photos."""
    whole, held = package.read_bytes(), held_by(package)
    bounds = [0, whole.index(b"PK\x03\x04", whole.index(COMMANDS[3])), whole.index(b"PK\x01\x02")]
    place = ["journal", "blobs", "directory"].index(part)
    outcomes = set()
    for at in range(bounds[place], [*bounds, len(whole)][place + 1]):
        changed = bytearray(whole)
        changed[at] ^= 1 << (at % 8)
        scratch.write_bytes(changed)
        try:
            found = held_by(scratch)
        except PackageError:
            outcomes.add("refused")
            continue
        assert found.manifest == held.manifest, at
        records = [each for _, data in found.segments for each in read_records(data)]
        told = [each.raw for each in records if isinstance(each, SealedRecord)]
        assert told == [raw for raw in COMMANDS if raw in told], at
        assert [blob for blob in held.blobs if blob in found.blobs] == found.blobs, at
        outcomes.add("read")
    assert outcomes == {"refused", "read"}


@given(st.binary(max_size=300))
@example(b"")
@example(b"PK\x05\x06" + b"\0" * 18)
@example(b"PK\x05\x06" + b"\xff" * 18)
def test_other_files_are_no_packages(scratch: Path, content: bytes) -> None:
    scratch.write_bytes(content)
    with pytest.raises(PackageError), open_package(scratch):
        pass


def test_no_file_is_no_package(tmp_path: Path) -> None:
    for path in (tmp_path / "none.fieldtech", tmp_path):
        with pytest.raises(PackageError, match=rf"{path.name} is not a sealed package"):
            held_by(path)


def test_what_is_wrong_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as problem:
        held_by(tmp_path / "none.fieldtech")
    assert problem.value.code == "bad_package"
    assert problem.value.what_was_kept
    assert problem.value.what_to_do


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"journal/000001.ftj": b"x"}, "no readable manifest"),
        ({MANIFEST: b""}, "no readable manifest"),
        ({MANIFEST: b"[]"}, "no readable manifest"),
        ({MANIFEST: b'{"format": 1}'}, "no readable manifest"),
        ({MANIFEST: b"\xff\xfe"}, "no readable manifest"),
        ({MANIFEST: b"[" * 60_000}, "no readable manifest"),
        ({MANIFEST: b" " * 64 * 1024 + encode(manifest_of())}, "manifest is too long"),
    ],
)
def test_an_archive_without_a_sound_manifest_is_no_package(
    tmp_path: Path, files: dict[str, bytes], reason: str
) -> None:
    with pytest.raises(PackageError, match=reason):
        held_by(zipped(tmp_path / "p.fieldtech", files))


def test_a_package_of_a_newer_version_is_said_to_be_one(tmp_path: Path) -> None:
    newer = encode(manifest_of()).replace(b'"format":1', b'"format":2')
    with pytest.raises(PackageError, match=r"newer version \(format 2\)"):
        held_by(zipped(tmp_path / "p.fieldtech", {MANIFEST: newer}))


def test_fields_of_a_later_version_and_files_of_other_kinds_are_passed_over(
    tmp_path: Path,
) -> None:
    more = encode(manifest_of(1, 0)).replace(b'"format":1', b'"format":1,"more":[1]')
    files = {MANIFEST: more, "journal/000001.ftj": b"x", "LEEME.txt": b"hola"}
    held = held_by(zipped(tmp_path / "p.fieldtech", files))
    assert held == Held(manifest_of(1, 0), [("000001.ftj", b"x")], [])


def test_a_segment_longer_than_any_is_not_read(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(black_box, "MAX_SEGMENT", len(SEGMENTS["000001.ftj"]))
    assert len(held_by(package).segments) == len(SEGMENTS)
    monkeypatch.setattr(black_box, "MAX_SEGMENT", len(SEGMENTS["000001.ftj"]) - 1)
    with pytest.raises(PackageError, match=r"000001\.ftj is longer than any segment"):
        held_by(package)


def test_a_file_that_went_away_meanwhile_is_an_error_and_no_smaller_package(
    tmp_path: Path,
) -> None:
    with (tmp_path / "p").open("wb") as stream, pytest.raises(OSError, match=r"gone\.ftj"):
        write_package(stream, manifest_of(1, 0), [tmp_path / "gone.ftj"], [])


VERSION, FLAGS, METHOD, NAME = 6, 8, 10, 46
"""Places in an entry of a ZIP archive's directory."""


def with_entry_changed(whole: bytes, member: str, place: int, content: bytes) -> bytes:
    """The archive with some bytes of one directory entry overwritten."""
    entry = whole.rindex(member.encode()) - NAME
    assert whole[entry : entry + 4] == b"PK\x01\x02"
    at = entry + place
    return whole[:at] + content + whole[at + len(content) :]


@pytest.mark.parametrize(
    ("member", "place", "value"),
    [
        ("journal/000001.ftj", FLAGS, 0x20),
        ("journal/000001.ftj", METHOD, 1),
        ("journal/000001.ftj", METHOD, zipfile.ZIP_BZIP2),
        (MANIFEST, METHOD, zipfile.ZIP_LZMA),
        (MANIFEST, VERSION, 84),
        (MANIFEST, FLAGS, 0x01),
        (MANIFEST, METHOD, 1),
        (MANIFEST, METHOD, zipfile.ZIP_DEFLATED),
        ("journal/000001.ftj", FLAGS, 0x01),
        ("journal/000001.ftj", METHOD, zipfile.ZIP_DEFLATED),
        ("blobs/aa11", FLAGS, 0x01),
        ("blobs/aa11", FLAGS, 0x20),
        ("blobs/aa11", METHOD, 1),
        ("blobs/aa11", METHOD, zipfile.ZIP_BZIP2),
        ("blobs/aa11", METHOD, zipfile.ZIP_LZMA),
    ],
)
def test_a_damaged_directory_is_said_in_the_same_words(
    package: Path, scratch: Path, member: str, place: int, value: int
) -> None:
    changed = with_entry_changed(package.read_bytes(), member, place, struct.pack("<H", value))
    scratch.write_bytes(changed)
    with pytest.raises(PackageError):
        held_by(scratch)


@pytest.mark.parametrize("folder", ["journal/", "blobs/"])
@pytest.mark.parametrize("name", ["../../x", "/etc/x", "a\\..\\x", "a/b", "..", "", "C:x"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, folder: str, name: str) -> None:
    """A reader may use it as a file name."""
    files = {MANIFEST: encode(manifest_of(1, 1)), f"{folder}{name}": b"x"}
    with pytest.raises(PackageError, match="name"):
        held_by(zipped(tmp_path / "p.fieldtech", files))


DEVICES = {"d1": KnownDevice(user_id="u1", sign_key=public_text(DEVICE), revoked=False)}


def test_the_central_finds_every_command_in_it(package: Path) -> None:
    with open_package(package) as opened:
        reading = read_package(opened, CENTRAL, DEVICES)
    assert [found.envelope.n for found in reading.commands] == [1, 2, 3, 4]
    assert {found.reason for found in reading.commands} == {""}
    assert (reading.damaged, reading.unreadable) == ([], [])


def test_a_flipped_bit_costs_the_command_it_is_in_and_no_other(
    package: Path, scratch: Path
) -> None:
    """It may be the only copy there is."""
    whole = bytearray(package.read_bytes())
    whole[whole.index(COMMANDS[0]) + 100] ^= 1
    scratch.write_bytes(whole)
    with open_package(scratch) as opened:
        reading = read_package(opened, CENTRAL, DEVICES)
    assert [found.envelope.n for found in reading.commands] == [2, 3, 4]
    assert reading.damaged == [f"000001.ftj: {len(COMMANDS[0])} bytes at 0"]


def test_a_segment_that_the_directory_lost_is_told(package: Path, scratch: Path) -> None:
    """One flipped bit there must not make acknowledged work vanish with a "done"."""
    member = "journal/000002.ftj"
    scratch.write_bytes(with_entry_changed(package.read_bytes(), member, NAME, b"k"))
    with open_package(scratch) as opened:
        reading = read_package(opened, CENTRAL, DEVICES)
    assert [found.envelope.n for found in reading.commands] == [1, 2, 4]
    assert any("segments" in each for each in reading.damaged)
