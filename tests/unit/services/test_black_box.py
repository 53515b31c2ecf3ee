"""The black box as people use it: told, exported without a key, and sealed off when shut out."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from desk_living import Line

from fieldtech import cli
from fieldtech.central.auth import devices
from fieldtech.domain.commands import AddNote
from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.black_box import open_package
from fieldtech.protocol.sealing import SealedRecord, read_records
from fieldtech.secrets import FileStore
from fieldtech.services import syncing
from fieldtech.services.opening import Opening
from fieldtech.store import meta
from fieldtech.store.driver import KEY_NAME
from fieldtech.store.profile_keys import LOCAL_NAME, SEAL_KEY

if TYPE_CHECKING:
    from pathlib import Path

    from field_office import FieldLaptop, Office


def note(laptop: FieldLaptop, text: str) -> None:
    laptop.do("incident.note", "incident:minor", AddNote(text=text))


def forget_central_key(laptop: FieldLaptop) -> None:
    """As before the first hello."""
    with laptop.desk.store.database.write() as connection:
        meta.remove(connection, SEAL_KEY)


def test_how_the_box_stands(ana: FieldLaptop, office: Office) -> None:
    forget_central_key(ana)
    note(ana, "antes")
    status = ana.desk.black_box.status()
    assert (status.commands, status.unsealed, status.has_central_key) == (1, 1, False)
    ana.sync(office)
    note(ana, "después")
    status = ana.desk.black_box.status()
    assert (status.commands, status.unsealed, status.has_central_key) == (2, 1, True)
    assert (status.damaged, status.remnants) == (0, ())
    assert status.newest == ana.machine.now()
    assert status.size > 500


def test_a_package_holds_every_record_and_nothing_in_clear(
    ana: FieldLaptop, office: Office, tmp_path: Path
) -> None:
    ana.sync(office)
    note(ana, "una nota privada")
    out = tmp_path / "trabajo.fieldtech"
    written = ana.desk.black_box.export(str(out))
    assert (written.path, written.commands, written.files) == (str(out), 1, 0)
    assert out.stat().st_mode & 0o077 == 0
    assert b"privada" not in out.read_bytes()
    with open_package(out) as package:
        ((_, data),) = package.segments()
        found = [each for each in read_records(data) if isinstance(each, SealedRecord)]
    assert [each.record.op_id for each in found if each.record.op_id] == [
        ana.desk.store.outbox.items()[0].op_id
    ]


def test_a_package_that_cannot_be_written_says_so(ana: FieldLaptop, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as problem:
        ana.desk.black_box.export(str(tmp_path / "nowhere" / "x.fieldtech"))
    assert problem.value.code == "package_unwritable"


def test_scripts_export_it_with_neither_key_nor_database(
    ana: FieldLaptop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note(ana, "x")
    ana.close()
    ana.profile.db.unlink()
    ana.profile.key_file.unlink()
    out = tmp_path / "x.fieldtech"
    arguments = ["--profile", str(ana.profile.dir), "--json"]
    assert cli.main(["package", *arguments, "--out", str(out)]) == 0
    assert json.loads(capsys.readouterr().out) == {"path": str(out), "commands": 1, "files": 0}
    assert cli.main(["blackbox", *arguments]) == 0
    assert json.loads(capsys.readouterr().out)["commands"] == 1
    assert cli.main(["package", "--profile", str(tmp_path / "none"), "--out", str(out)]) == 1


@pytest.fixture
def line(office: Office, monkeypatch: pytest.MonkeyPatch) -> Line:
    """The way of the services to the central in this process."""
    made = Line(office)
    monkeypatch.setattr(syncing, "open_runner", made.open_runner)
    return made


def shut_out(ana: FieldLaptop, office: Office) -> None:
    """The administrator revokes the laptop."""
    device_id = ana.desk.store.session.get().device_id
    with office.database.write() as connection:
        devices.revoke(connection, device_id, ana.machine.now(), by="root")


@pytest.mark.usefixtures("line")
def test_a_laptop_that_was_shut_out_is_sealed_off_and_loses_nothing(
    ana: FieldLaptop, office: Office, tmp_path: Path
) -> None:
    forget_central_key(ana)
    note(ana, "hecha antes del primer contacto")
    assert ana.desk.black_box.status().unsealed == 1
    ana.sync(office)
    note(ana, "por enviar")
    shut_out(ana, office)
    assert ana.desk.sync.run().status.problem == "revoked"
    secrets = FileStore(ana.profile.key_file)
    assert secrets.get(KEY_NAME) is None
    assert secrets.get(LOCAL_NAME) is None
    status = ana.desk.black_box.status()
    assert status.unsealed == 0, "the central can open all of it"
    ana.close()

    opening = Opening(ana.profile, secrets, ana.machine)
    for look in (opening.first_look, opening.desk):
        with pytest.raises(EnvironmentProblem) as problem:
            look()
        assert problem.value.code == "revoked"
    out = tmp_path / "x.fieldtech"
    assert cli.main(["package", "--profile", str(ana.profile.dir), "--out", str(out)]) == 0
    with open_package(out) as package:
        assert package.manifest.records >= 2


def test_a_rebuild_is_told_until_somebody_has_read_of_it(ana: FieldLaptop) -> None:
    assert ana.desk.black_box.rebuilt() is None
    note(ana, "a salvo")
    ana.desk.drafts.save("incident:minor/note", {"text": "a medias"})
    ana.close()
    ana.profile.damaged.touch()
    with closing(ana.opening().desk()) as desk:
        news = desk.black_box.rebuilt()
        assert news is not None
        assert (news.commands, news.drafts) == (1, 1)
        desk.black_box.seen()
        assert desk.black_box.rebuilt() is None
