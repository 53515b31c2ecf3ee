"""An operator's export into a real central: read, refused as a whole, repeated, changed."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from case_invariants import violations
from exports import NEEDED, REPORTED, bad, bodies, export, heads, incident, taken
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from fieldtech.central import cli, tables
from fieldtech.central.database import Database
from fieldtech.central.importing.mapping import ColumnMap
from fieldtech.central.sync.ground import Grounds
from fieldtech.domain.case import Case
from fieldtech.domain.words import IncidentState, Severity
from fieldtech.paths import resources_dir

EXAMPLE = resources_dir() / "sample" / "tickets_example.csv"


def test_a_row_becomes_a_registered_incident_with_its_place(database: Database) -> None:
    outcome = taken(database, export({"Canal": "Teléfono", "Descripción": "LOS en rojo"}))
    made = incident(database)
    [site], [service] = bodies(database, "site"), bodies(database, "service")

    assert (outcome.created, outcome.records, outcome.written) == (1, 3, True)
    assert (made.number, made.state) == ("OP-1", IncidentState.ACKNOWLEDGED)
    assert (made.notified_at, made.acknowledged_at) == (REPORTED, REPORTED + timedelta(minutes=9))
    assert (made.severity, made.channel, made.description) == (
        Severity.MAJOR,
        "phone",
        "LOS en rojo",
    )
    assert made.clocks.restoration.due == REPORTED + timedelta(hours=2)
    assert (made.region_id, site.region_id) == ("MX-NLE-monterrey", "MX-NLE-monterrey")
    assert (site.lat, site.lon, site.timezone) == (25.6714, -100.3096, "America/Monterrey")
    assert (service.kind, service.total_users) == ("internet", 40)
    with database.read() as connection:
        assert violations(Case(incident=made), Grounds().of(connection).rules) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_encoding_and_separator(database: Database, encoding: str, delimiter: str) -> None:
    outcome = taken(database, export({}, delimiter=delimiter, encoding=encoding))

    assert (outcome.encoding, outcome.delimiter) == (encoding, delimiter)
    assert incident(database).title == "Enlace de fibra caído"


def test_english_headers_and_iso_times(database: Database) -> None:
    english = {
        "Folio": "Ticket ID",
        "Asunto": "Summary",
        "Fecha de reporte": "Reported at",
        "Acuse": "Acknowledged at",
        "Cliente": "Customer",
        "Sucursal": "Site",
        "Latitud": "Latitude",
        "Longitud": "Longitude",
        "Servicio": "Service",
        "Usuarios": "Total users",
        "Afectados": "Affected users",
    }
    text = export({"Fecha de reporte": "2026-11-22T16:40:00Z"}).decode()
    for spanish, word in english.items():
        text = text.replace(spanish, word, 1)
    taken(database, text.encode())

    assert incident(database).notified_at == REPORTED


def test_a_second_run_changes_nothing(database: Database) -> None:
    raw = export({}, {"Folio": "OP-2", "Sucursal": "Norte", "Latitud": "25,70"})
    taken(database, raw)
    before = heads(database)

    again = taken(database, raw)

    assert (again.created, again.updated, again.unchanged, again.records) == (0, 0, 2, 0)
    assert not again.written
    assert heads(database) == before


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(database: Database) -> None:
    outcome = taken(database, export({}, {"Folio": "OP-2"}), dry_run=True)

    assert (outcome.created, outcome.written, outcome.problems) == (2, False, ())
    assert bodies(database, "incident") == bodies(database, "region") == []
    assert heads(database) == {}


def test_every_bad_cell_of_every_line_is_named_and_nothing_is_written(database: Database) -> None:
    outcome = taken(
        database,
        export(
            {},
            {"Folio": "", "Fecha de reporte": "ayer", "Latitud": "x"},
            {"Folio": "OP-1"},
            {"Folio": "OP-4", "Afectados": "41"},
            {"Folio": "OP-5", "Asunto": "=1+1", "Cliente": "a\0b", "Severidad": "regular"},
            {"Folio": "OP-6", "Estatus": "Cerrado"},
            {"Folio": "OP-7", "Latitud": "40", "Longitud": "-30"},
            {"Folio": "OP-8", "Fecha de reporte": "22/11/2026 13:30", "Acuse": ""},
            {"Folio": "OP-9", "Usuarios": "0", "Afectados": ""},
            {"Folio": "OP-10", "Acuse": "22/11/2026 10:00"},
        ),
    )

    assert sorted(bad(outcome)) == sorted(
        [
            (3, "Folio"),
            (3, "Fecha de reporte"),
            (3, "Latitud"),
            (4, "Folio"),
            (5, "Afectados"),
            (6, "Asunto"),
            (6, "Cliente"),
            (6, "Severidad"),
            (7, "Estatus"),
            (8, "Latitud"),
            (9, "Fecha de reporte"),
            (10, "Usuarios"),
            (10, "Afectados"),
            (11, "Acuse"),
        ]
    )
    assert bodies(database, "incident") == []


def test_a_cell_of_a_megabyte_is_named_and_shown_short(database: Database) -> None:
    outcome = taken(database, export({"Asunto": "x" * (1 << 20)}))

    assert bad(outcome) == [(2, "Asunto")]
    assert "1048576" in outcome.problems[0].reason
    assert len(outcome.problems[0].sentence("f.csv")) < 200


def test_missing_columns_are_named_before_any_row(database: Database) -> None:
    outcome = taken(database, export({}, without=("Cliente", "Longitud", "Latitud")))

    assert bad(outcome) == [(1, "customer"), (1, "latitude")]


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said(database: Database, raw: bytes) -> None:
    assert bad(taken(database, raw)) == [(0, "")]


def test_rows_that_contradict_each_other_about_one_thing(database: Database) -> None:
    outcome = taken(
        database,
        export({}, {"Folio": "OP-2", "Usuarios": "50"}, {"Folio": "OP-3", "Latitud": "25,9"}),
    )

    assert bad(outcome) == [(3, "Usuarios"), (4, "Latitud")]
    assert "line 2" in outcome.problems[0].reason


def test_without_acceptance_it_waits_for_one(database: Database) -> None:
    taken(database, export({"Acuse": ""}))
    made = incident(database)

    assert (made.state, made.acknowledged_at) == (IncidentState.REPORTED, None)
    assert made.clocks.response.stopped_at is None


def test_an_acceptance_without_a_time_is_remarked(database: Database) -> None:
    row = {"Acuse": "", "Estatus": "En proceso", "Aviso": "22/11/2026 10:35"}
    outcome = taken(database, export(row))
    made = incident(database)

    assert (made.notified_at, made.acknowledged_at) == (REPORTED - timedelta(minutes=5), REPORTED)
    assert [remark.line for remark in outcome.remarks] == [2]


@pytest.mark.parametrize(
    ("row", "severity", "overridden"),
    [
        ({"Afectados": "9"}, Severity.MINOR, False),
        ({"Afectados": "10"}, Severity.MAJOR, False),
        ({"Usuarios": "", "Afectados": "", "Severidad": "Falla Menor"}, Severity.MINOR, False),
        ({"Afectados": "9", "Severidad": "Mayor"}, Severity.MAJOR, True),
    ],
)
def test_severity_by_the_rule_or_by_hand(
    database: Database, row: dict[str, str], severity: Severity, *, overridden: bool
) -> None:
    taken(database, export(row))
    current = incident(database).classification

    assert current is not None
    assert (current.severity, current.overridden) == (severity, overridden)


def test_paperwork_has_no_severity(database: Database) -> None:
    row = {"Tipo": "Trámite", "Usuarios": "", "Afectados": "", "Severidad": "Mayor"}
    taken(database, export(row))

    assert incident(database).classifications == ()


def test_times_are_the_sites_own(database: Database) -> None:
    tijuana = {"Latitud": "32,5149", "Longitud": "-117,0382", "Acuse": ""}
    taken(database, export({**tijuana, "Fecha de reporte": "22/11/2026 08:40"}))

    assert incident(database).notified_at == REPORTED


def test_a_column_map_helps(database: Database) -> None:
    columns = ColumnMap(
        headers={"ref": "external_id"},
        words={"severity": {"p1": "major"}},
        defaults={"service": "Internet"},
    )
    raw = export({"Ref": "R-1", "Severidad": "P1"}, without=("Folio", "Servicio"))
    outcome = taken(database, raw, columns=columns)

    assert outcome.problems == ()
    assert bodies(database, "service")[0].name == "Internet"
    assert incident(database, "R-1").severity is Severity.MAJOR


def test_only_the_regions_in_use_join_an_existing_tree(database: Database) -> None:
    taken(database, export({}))
    before = {region.id for region in bodies(database, "region")}
    taken(
        database,
        export({"Folio": "OP-2", "Sucursal": "Sur", "Latitud": "21,1619", "Longitud": "-86,8515"}),
    )

    assert {region.id for region in bodies(database, "region")} - before == {"MX-ROO-cancun"}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    column=st.sampled_from(sorted(NEEDED)),
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)
def test_no_cell_makes_it_raise(database: Database, column: str, text: str) -> None:
    outcome = taken(database, export({column: text}), dry_run=True)

    assert outcome.problems or outcome.created == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=60), at=st.integers(0, 400))
def test_no_damage_to_the_file_makes_it_raise(database: Database, noise: bytes, at: int) -> None:
    raw = export({}, {"Folio": "OP-2"})
    at = min(at, len(raw))

    outcome = taken(database, raw[:at] + noise + raw[at:], dry_run=True)

    assert outcome.problems or outcome.created


def called(folder: Path, file: Path, *words: str) -> int:
    return cli.main(["import", str(file), "--data", str(folder), *words])


def test_the_example_is_imported_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = EXAMPLE.read_text(encoding="utf-8")
    file = tmp_path / "tickets.csv"
    # The example's day is fixed and the command's clock is not.
    file.write_text(lines.replace("22/11/2026", "02/01/2024"), encoding="utf-8")

    assert called(tmp_path / "central", file, "--dry-run", "--json") == 0
    assert json.loads(capsys.readouterr().out)["written"] is False
    assert called(tmp_path / "central", file, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["created"], report["rows"], report["bad"]) == (4, 4, [])
    assert called(tmp_path / "central", file) == 0
    assert "4 unchanged" in capsys.readouterr().out


def test_bad_lines_exit_2_and_are_told_as_file_line_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tickets.csv"
    file.write_bytes(export({"Latitud": "x"}))

    assert called(tmp_path / "central", file) == 2
    told = capsys.readouterr()
    assert f"{file}:2: Latitud:" in told.err
    assert "nothing was written" in told.out
    assert called(tmp_path / "central", file, "--json") == 2
    assert json.loads(capsys.readouterr().out)["bad"][0]["value"] == "x"


def test_wrong_usage_exits_64(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "map.toml"
    wrong.write_text("[colums]", encoding="utf-8")
    file = tmp_path / "tickets.csv"
    file.write_bytes(export({}))

    assert called(tmp_path / "central", tmp_path / "nowhere.csv") == 64
    assert called(tmp_path / "central", file, "--map", str(wrong)) == 64
    assert "colums" in capsys.readouterr().err
    with pytest.raises(SystemExit) as usage:
        cli.main(["import", "--data", str(tmp_path)])
    assert usage.value.code == 64


def test_nothing_is_left_of_a_refused_file(database: Database) -> None:
    taken(database, export({}, {"Folio": "OP-2", "Latitud": "x"}))

    with database.read() as connection:
        counted = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (tables.incident, tables.customer, tables.region, tables.counter)
        ]
    assert counted == [0, 0, 0, 0]
