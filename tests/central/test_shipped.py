"""The files beside the program: what is loaded, what is in force, what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from exports import NOW, bodies
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.cli import main
from fieldtech.central.database import Database
from fieldtech.central.feed import Writer
from fieldtech.central.shipped import load_channels, load_shipped, read_settings
from fieldtech.errors import DataError
from fieldtech.paths import resources_dir

if TYPE_CHECKING:
    from sqlalchemy.exc import OperationalError

WORDS = ["--login", "ana", "--name", "Ana Ruiz", "--role", "technician", "--region", "MX-NLE"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's own resources, to be changed by an operator."""
    for name in ("policy", "checklists"):
        shutil.copytree(resources_dir() / name, tmp_path / "resources" / name)
    monkeypatch.setattr("fieldtech.central.shipped.resources_dir", lambda: tmp_path / "resources")
    return tmp_path / "resources"


def load(database: Database, *, policy: str | None = None) -> dict[str, str]:
    """Load as at a start of the server; return the settings."""
    with database.write() as connection:
        writer = Writer(connection, now=NOW)
        load_shipped(connection, writer, policy=policy)
        writer.flush()
        return read_settings(connection)


def edit(file: Path, old: str, new: str, *, to: str = "") -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    (file.parent / (to or file.name)).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_new_version_of_the_checklist_comes_into_force(database: Database, folder: Path) -> None:
    file = folder / "checklists" / "lan-wifi-router.toml"
    assert load(database)["default_checklist"] == "lan-wifi-router@2"
    edit(file, 'id = "lan-wifi-router"', 'id = "fibre"', to="fibre.toml")
    edit(folder / "checklists" / "fibre.toml", "version = 2", "version = 12")
    assert load(database)["default_checklist"] == "lan-wifi-router@2", "another one was not chosen"
    for version in (9, 10):
        edit(file, f"version = {2 if version == 9 else 9}", f"version = {version}")
        assert load(database)["default_checklist"] == f"lan-wifi-router@{version}"
    edit(file, "version = 10", "version = 3")
    assert load(database)["default_checklist"] == "lan-wifi-router@10"


def test_another_operators_policy_is_loaded_whatever_its_name(
    database: Database, folder: Path
) -> None:
    edit(folder / "policy" / "clever.toml", 'id = "clever"', 'id = "acme"', to="acme.toml")
    assert load(database, policy="acme")["default_policy"] == "acme"
    assert load(database)["default_policy"] == "acme"


def test_a_policy_of_ones_own_lies_in_a_folder_of_its_own(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    text = 'base = "clever"\nid = "acme"\nversion = 1\n[probes]\nreflector = "203.0.113.80"\n'
    (own / "acme.toml").write_text(text, encoding="utf-8")
    assert (folder / "policy" / "clever.toml").exists()

    with database.write() as connection:
        writer = Writer(connection, now=NOW)
        load_shipped(connection, writer, policy="acme", own=own)
        writer.flush()
    kept = next(each for each in bodies(database, "policy") if each["id"] == "acme")
    assert kept["probes"] == {"reflector": "203.0.113.80:8620"}
    assert load(database)["default_policy"] == "acme"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("policy/clever.toml", "notice_working_days = 5", "notice_working_days = 6"),
        ("checklists/lan-wifi-router.toml", "mandatory = true", "mandatory = false"),
    ],
)
def test_a_file_that_changed_without_a_new_version_is_refused(
    database: Database, folder: Path, file: str, old: str, new: str
) -> None:
    before = load(database)
    edit(folder / file, old, new)
    with pytest.raises(DataError, match="give it the next number"):
        load(database)
    edit(folder / file, new, old)
    assert load(database) == before


def test_the_contact_channels_follow_their_file(database: Database, folder: Path) -> None:
    from fieldtech.central.importing.territory import shipped_regions

    def start() -> dict[str, str]:
        with database.write() as connection:
            writer = Writer(connection, now=NOW)
            writer.put_many("region", ((each.id, each) for each in shipped_regions()))
            writer.flush()
            load_channels(connection, writer)
            writer.flush()
        return {each.id: each.address for each in bodies(database, "channel")}

    first = start()
    assert len(first) > 10
    file = folder / "policy" / "contacts_mx.toml"
    gone, changed, *_ = sorted(first)
    kept = [
        block.replace(first[changed], "soporte@nuevo.example")
        for block in file.read_text(encoding="utf-8").split("[[channel]]\n")
        if f'id = "{gone}"' not in block
    ]
    file.write_text("[[channel]]\n".join(kept), encoding="utf-8")
    assert set(start()) == set(first) - {gone}
    assert start()[changed] == "soporte@nuevo.example"


def test_a_real_central_has_its_channels_from_the_first_start(tmp_path: Path) -> None:
    from central_process import running_central

    with running_central(tmp_path / "c", prepare=lambda _database: None) as central:
        central.stop()
    database = Database.in_folder(tmp_path / "c")
    assert len(bodies(database, "channel")) > 10
    database.close()


def test_what_is_done_from_the_command_line_stands_in_the_trail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["user", "add", "--data", str(tmp_path), *WORDS]) == 0
    assert main(["new-epoch", "--data", str(tmp_path)]) == 0
    capsys.readouterr()
    database = Database.in_folder(tmp_path)
    with database.read() as connection:
        audit = tables.audit.c
        query = select(audit.user_id, audit.action, audit.detail).order_by(audit.id)
        rows = [tuple(row) for row in connection.execute(query)]
    database.close()
    assert rows == [
        ("operator", "user_added", "technician MX-NLE"),
        ("operator", "new_epoch", ""),
    ]


@pytest.mark.parametrize("words", [["user", "add", *WORDS], ["new-epoch"]])
def test_a_database_that_others_hold_is_said_in_one_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
) -> None:
    def busy(*_args: object) -> OperationalError:
        from sqlalchemy.exc import OperationalError

        raise OperationalError("BEGIN IMMEDIATE", {"secret": 1}, Exception("database is locked"))

    Database.in_folder(tmp_path).close()
    monkeypatch.setattr(Database, "write", busy)
    assert main([*words, "--data", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "database is locked" in told
    assert "Traceback" not in told
    assert "BEGIN" not in told
