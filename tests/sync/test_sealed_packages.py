"""A laptop that cannot synchronise any more: its work comes in through a sealed package, once."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

import laptops
import pytest
from central_process import running_central
from sqlalchemy import select

from fieldtech.central import cli as central_cli
from fieldtech.central import file_tables, tables
from fieldtech.central.auth import devices
from fieldtech.central.blobs.folder import FolderStore
from fieldtech.central.database import Database
from fieldtech.clock import SystemClock
from fieldtech.domain.commands import AddNote
from fieldtech.protocol.sealed_file import SUFFIX
from fieldtech.services.attachments import AttachmentService
from fieldtech.services.black_box import export_sealed
from fieldtech.services.values import Saved
from fieldtech.store.journal.segments import segments_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from central_process import CentralProcess
    from laptops import Laptop


class Field:
    """A central process, a dispatcher, and a technician with an incident."""

    def __init__(self, folder: Path, central: CentralProcess, dora: Laptop, ana: Laptop) -> None:
        self.folder, self.central, self.dora, self.ana = folder, central, dora, ana
        dora.sync_clean()
        self.incident = dora.register()
        dora.assign(self.incident, "ana")
        dora.sync_settled()
        ana.sync_clean()

    def note(self, text: str) -> str:
        target = f"incident:{self.incident}"
        return self.ana.queue("incident.note", target, AddNote(text=text)).op_ids[0]

    def notes(self) -> list[str]:
        body = laptops.CentralRecords(self.central.data).body("incident", self.incident)
        return [note["text"] for note in body.get("notes", [])]

    def attach(self, data: bytes, name: str) -> str:
        files = AttachmentService(
            self.ana.store, self.ana.profile, self.ana.secrets, self.ana.clock
        )
        assert isinstance(files.attach_bytes(self.incident, data, name), Saved)
        return hashlib.sha256(data).hexdigest()

    def stored(self, sha256: str) -> bytes | None:
        path = FolderStore(self.central.data / "blobs").path(sha256)
        return path.read_bytes() if path is not None else None

    def export(self, name: str = "trabajo.fieldtech") -> Path:
        path = self.folder / name
        export_sealed(self.ana.profile, str(path), SystemClock())
        return path

    def revoke(self) -> None:
        database = Database.in_folder(self.central.data)
        with database.write() as connection:
            device_id = self.ana.store.session.get().device_id
            devices.revoke(connection, device_id, SystemClock().now(), by="root")
        database.close()


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    with (
        running_central(tmp_path / "central") as central,
        laptops.laptop(tmp_path, "dora", central.url) as dora,
        laptops.laptop(tmp_path, "ana", central.url) as ana,
    ):
        yield Field(tmp_path, central, dora, ana)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = central_cli.main(list(words))
    return code, json.loads(capsys.readouterr().out)


def ingest(
    field: Field, capsys: pytest.CaptureFixture[str], package: Path
) -> tuple[int, dict[str, Any]]:
    code, told = run(capsys, "ingest", str(package), "--data", str(field.central.data))
    return code, told


def test_what_was_not_sent_comes_in_once_and_in_order(
    field: Field, capsys: pytest.CaptureFixture[str]
) -> None:
    field.note("enviada")
    field.ana.sync_settled()
    later = [field.note("dos"), field.note("tres")]
    package = field.export()
    code, told = ingest(field, capsys, package)
    assert code == 0
    assert (told["commands"], told["applied"], told["known"]) == (3, later, 1)
    assert field.notes() == ["enviada", "dos", "tres"]

    code, told = ingest(field, capsys, package)
    assert (code, told["applied"], told["known"]) == (0, [], 3), "a second time says nothing new"
    assert field.notes() == ["enviada", "dos", "tres"]


def test_a_laptop_that_comes_back_after_all_does_nothing_twice(
    field: Field, capsys: pytest.CaptureFixture[str]
) -> None:
    field.note("uno")
    ingest(field, capsys, field.export())
    field.note("dos")
    field.ana.sync_settled()
    assert field.notes() == ["uno", "dos"]
    field.note("tres")
    field.ana.sync_settled()
    code, told = ingest(field, capsys, field.export("otra.fieldtech"))
    assert (code, told["applied"], told["known"]) == (0, [], 3)
    assert field.notes() == ["uno", "dos", "tres"]


def test_damage_costs_the_record_it_is_in_and_is_named(
    field: Field, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in ("uno", "dos", "tres"):
        field.note(text)
    (segment,) = segments_in(field.ana.profile.journal)
    data = bytearray(segment.read_bytes())
    data[len(data) * 2 // 3] ^= 0x40
    segment.write_bytes(data)
    code, told = ingest(field, capsys, field.export())
    assert code == 2
    assert len(told["damaged"]) == 1
    assert told["damaged"][0].startswith("000001.ftj: ")
    assert len(told["applied"]) == 2
    field.ana.sync_settled()
    assert sorted(field.notes()) == ["dos", "tres", "uno"], "the laptop still has it"


def test_work_of_a_revoked_laptop_waits_for_an_operator(
    field: Field, capsys: pytest.CaptureFixture[str]
) -> None:
    op_id = field.note("antes de que la robaran")
    field.revoke()
    code, told = ingest(field, capsys, field.export())
    assert (code, told["applied"], told["review"]) == (2, [], {op_id: "revoked"})
    assert field.notes() == []
    data = ("--data", str(field.central.data))
    _, listed = run(capsys, "review", "list", *data)
    (waiting,) = listed["review"]
    assert (waiting["user"], waiting["reason"], waiting["commands"]) == ("ana", "revoked", 1)

    code, told = run(capsys, "review", "accept", waiting["device"], *data)
    assert (code, told["applied"]) == (0, [op_id])
    assert field.notes() == ["antes de que la robaran"]
    assert run(capsys, "review", "list", *data)[1] == {"review": []}
    assert central_cli.main(["review", "accept", waiting["device"], *data]) == 1


def test_what_the_registered_key_did_not_sign_is_not_believed(
    field: Field, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody who copied the secrets' file of another profile cannot speak for this device."""
    field.ana.close()
    kept = json.loads(field.ana.profile.key_file.read_text())
    kept["device-sign-key"] = "ab" * 32
    field.ana.profile.key_file.write_text(json.dumps(kept))
    field.ana.open()
    op_id = field.note("no soy yo")
    _, told = ingest(field, capsys, field.export())
    assert told["review"] == {op_id: "bad_signature"}
    data = ("--data", str(field.central.data))
    device = field.ana.store.session.get().device_id
    assert run(capsys, "review", "drop", device, *data)[1] == {"device": device, "dropped": 1}
    assert field.notes() == []
    field.ana.sync_settled()
    assert field.notes() == ["no soy yo"], "signed in on it, he may say it himself"
    database = Database.in_folder(field.central.data)
    with database.read() as connection:
        audit = tables.audit.c
        actions = connection.execute(select(audit.action).where(audit.device_id == device))
        assert list(actions.scalars()).count("device_key_changed") == 1
    database.close()


PHOTO = bytes(range(256)) * 5000
"""More than one part of an upload."""


def test_files_come_along_and_are_read_by_whom_may(
    field: Field, capsys: pytest.CaptureFixture[str]
) -> None:
    photo, empty = field.attach(PHOTO, "módem.jpg"), field.attach(b"", "vacío.txt")
    package = field.export()
    code, told = ingest(field, capsys, package)
    assert code == 0
    assert sorted(told["files"]["taken"]) == sorted([photo, empty])
    assert (field.stored(photo), field.stored(empty)) == (PHOTO, b"")
    again = ingest(field, capsys, package)[1]["files"]
    assert (again["taken"], sorted(again["known"])) == ([], sorted([photo, empty]))

    field.dora.sync_clean()
    reader = AttachmentService(
        field.dora.store, field.dora.profile, field.dora.secrets, field.dora.clock
    )
    row = next(row for row in reader.files(field.incident) if row.sha256 == photo)
    assert reader.fetch(row.attachment_id, photo) == PHOTO
    database = Database.in_folder(field.central.data)
    with database.read() as connection:
        upload = file_tables.upload.c
        kept = connection.execute(select(upload.user_id, upload.name, upload.media_type))
        assert {tuple(each) for each in kept} == {
            ("ana", "módem.jpg", "image/jpeg"),
            ("ana", "vacío.txt", "text/plain"),
        }
    database.close()


def test_a_laptop_that_comes_back_sends_no_file_twice(
    field: Field, capsys: pytest.CaptureFixture[str]
) -> None:
    sha256 = field.attach(PHOTO, "a.jpg")
    ingest(field, capsys, field.export())
    field.ana.sync_settled()
    files = AttachmentService(
        field.ana.store, field.ana.profile, field.ana.secrets, field.ana.clock
    )
    outcome = files.send()
    assert (outcome.left, outcome.problem) == (0, "")
    assert field.stored(sha256) == PHOTO


def test_files_of_a_revoked_laptop_are_there_when_its_work_is_accepted(
    field: Field, capsys: pytest.CaptureFixture[str]
) -> None:
    sha256 = field.attach(PHOTO, "a.jpg")
    field.revoke()
    code, told = ingest(field, capsys, field.export())
    assert (code, told["files"]["taken"]) == (2, [sha256])
    device = field.ana.store.session.get().device_id
    run(capsys, "review", "accept", device, "--data", str(field.central.data))
    field.dora.sync_clean()
    reader = AttachmentService(
        field.dora.store, field.dora.profile, field.dora.secrets, field.dora.clock
    )
    (row,) = reader.files(field.incident)
    assert reader.fetch(row.attachment_id, sha256) == PHOTO


@pytest.mark.parametrize("at", [4, 30, 400, 70_000, -1])
def test_a_damaged_or_forged_file_is_named_and_the_others_come_in(
    field: Field, capsys: pytest.CaptureFixture[str], at: int
) -> None:
    bad, good = field.attach(PHOTO, "a.jpg"), field.attach(b"sano", "b.txt")
    field.note("con dos fotos")
    path = field.ana.profile.blobs / f"{bad}{SUFFIX}"
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    code, told = ingest(field, capsys, field.export())
    assert code == 2
    assert told["files"]["taken"] == [good]
    assert len(told["files"]["damaged"]) + len(told["files"]["refused"]) == 1
    assert field.stored(bad) is None
    assert field.notes() == ["con dos fotos"]


def test_a_file_that_another_key_signed_is_not_believed(
    field: Field, capsys: pytest.CaptureFixture[str]
) -> None:
    field.ana.close()
    kept = json.loads(field.ana.profile.key_file.read_text())
    kept["device-sign-key"] = "ab" * 32
    field.ana.profile.key_file.write_text(json.dumps(kept))
    field.ana.open()
    sha256 = field.attach(PHOTO, "a.jpg")
    _, told = ingest(field, capsys, field.export())
    assert told["files"]["refused"] == {sha256: "bad_signature"}
    assert field.stored(sha256) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"\x00" * 4096])
def test_a_file_that_is_no_package_is_said(
    field: Field, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = field.folder / "otro.zip"
    path.write_bytes(content)
    assert central_cli.main(["ingest", str(path), "--data", str(field.central.data)]) == 1
    assert "otro.zip is not a sealed package" in capsys.readouterr().err


def test_another_central_cannot_open_it(
    field: Field, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    field.note("uno")
    package = field.export()
    with running_central(tmp_path / "other") as other:
        code, told = run(capsys, "ingest", str(package), "--data", str(other.data))
    assert (code, told["commands"]) == (2, 0)
    assert "not sealed for this central" in told["unreadable"][0]


def test_without_its_seal_key_nothing_is_opened(
    field: Field, capsys: pytest.CaptureFixture[str]
) -> None:
    field.note("uno")
    package = field.export()
    field.central.stop()
    shutil.move(field.central.data / "seal.key", field.folder / "seal.key")
    assert central_cli.main(["ingest", str(package), "--data", str(field.central.data)]) == 1
    assert "is not the seal key of this central" in capsys.readouterr().err
    words = ["ingest", str(package), "--data", str(field.central.data), "--keys"]
    assert central_cli.main([*words, str(field.folder)]) == 0


def test_laptops_are_listed_and_shut_out(field: Field, capsys: pytest.CaptureFixture[str]) -> None:
    data = ("--data", str(field.central.data))
    device = field.ana.store.session.get().device_id
    listed = {each["id"]: each for each in run(capsys, "device", "list", *data)[1]["devices"]}
    assert (listed[device]["user"], listed[device]["signs"]) == ("ana", True)
    assert listed[device]["revoked_at"] == ""
    code, told = run(capsys, "device", "revoke", device, *data)
    assert (code, told) == (0, {"id": device, "revoked": [device]})
    field.note("por enviar")
    report = field.ana.sync()
    assert report.problem is not None
    assert report.problem.code == "revoked"
    assert central_cli.main(["device", "revoke", "nobody", *data]) == 1
