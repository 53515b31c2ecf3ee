"""Headers to columns: what is recognised, what a column map changes, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldtech.central.cells import key
from fieldtech.central.importing.columns import BY_ALIAS, COLUMNS
from fieldtech.central.importing.layout import lay_out
from fieldtech.central.importing.mapping import ColumnMap, load_map
from fieldtech.central.importing.reading import Record
from fieldtech.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from fieldtech.central.importing.problems import Problem

SPANISH = "Núm. de Folio;ASUNTO;Fecha  de Reporte;Cliente;Sucursal;LATITUD;Longitud;Servicio"
ENGLISH = "Ticket ID;Summary;Created At;customer;Site-Name;lat;lng;service"


def headed(
    line: str, *rows: str, columns: ColumnMap | None = None
) -> tuple[dict[str, int], list[Problem]]:
    header = Record(1, tuple(line.split(";")))
    records = [Record(n, tuple(row.split(";"))) for n, row in enumerate(rows, 2)]
    layout, problems = lay_out(header, records, columns or ColumnMap())
    return layout.places, problems


def saved(folder: Path, text: str) -> Path:
    file = folder / "columnas.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("line", [SPANISH, ENGLISH])
def test_headers_in_both_languages_with_any_spelling(line: str) -> None:
    places, problems = headed(line)

    assert problems == []
    assert list(places) == [
        "external_id",
        "title",
        "reported_at",
        "customer",
        "site",
        "latitude",
        "longitude",
        "service",
    ]


def test_no_alias_means_two_columns() -> None:
    aliases = [alias for column in COLUMNS for alias in {*column.aliases, key(column.name)}]

    assert len(aliases) == len(set(aliases))
    assert all(alias == key(alias) for alias in BY_ALIAS)


def test_missing_columns_are_each_named() -> None:
    _, problems = headed("Folio;Cliente")

    assert [problem.column for problem in problems] == [
        "title",
        "reported_at",
        "site",
        "service",
        "latitude",
    ]
    assert "asunto" in problems[0].reason


def test_a_column_that_is_there_twice_is_refused() -> None:
    _, problems = headed(f"{SPANISH};Ticket")

    assert [problem.column for problem in problems] == ["Ticket"]
    assert "Núm. de Folio" in problems[0].reason


def test_estado_is_a_status_or_a_federal_state_by_what_stands_in_it() -> None:
    line = f"{SPANISH};Estado"
    status = headed(line, ";;;;;;;;Abierto", ";;;;;;;;cerrado", ";;;;;;;;")[0]
    federal = headed(line, ";;;;;;;;Nuevo León", ";;;;;;;;Abierto")[0]
    nothing = headed(line)[0]

    assert (status["state"], federal["state_name"], nothing["state_name"]) == (8, 8, 8)


def test_a_column_map_renames_ignores_and_translates(tmp_path: Path) -> None:
    columns = load_map(
        saved(
            tmp_path,
            """
ignore = ["Ticket"]
[columns]
external_id = "Referencia"
total_users = ["Extensiones contratadas", "Puestos"]
[values.severity]
major = ["P1", "P2"]
[defaults]
service_kind = "internet"
""",
        )
    )
    line = SPANISH.replace("Núm. de Folio", "Referencia")
    places, problems = headed(f"{line};Ticket;Puestos", columns=columns)

    assert problems == []
    assert (places["external_id"], places["total_users"]) == (0, 9)
    assert columns.words["severity"] == {"p1": "major", "p2": "major"}
    assert columns.defaults == {"service_kind": "internet"}


def test_a_default_stands_for_a_missing_column(tmp_path: Path) -> None:
    columns = load_map(saved(tmp_path, '[defaults]\nservice = "Internet"'))

    assert headed(SPANISH.removesuffix(";Servicio"), columns=columns)[1] == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[colums]\na = "b"', "colums"),
        ('[columns]\nfolio = "b"', "columns.folio"),
        ("[columns]\ntitle = 3", "columns.title"),
        ('[columns]\ntitle = "X"\nsite = "x"', "columns.site"),
        ('[values.title]\na = "b"', "values.title"),
        ('[values.severity]\nblocker = "b"', "values.severity.blocker"),
        ("[values.severity]\nmajor = [1]", "values.severity.major"),
        ("values = 3", "values"),
        ("ignore = 3", "ignore"),
        ("[defaults]\ntitle = 3", "defaults.title"),
        ('[defaults]\nnothing = "x"', "defaults.nothing"),
        ("not toml", ""),
    ],
)
def test_a_wrong_map_is_refused_with_its_key(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(DataError) as refused:
        load_map(saved(tmp_path, text))

    assert refused.value.key == place
