"""Which ticket is which: the same ones again, numbers that are taken, lines that are refused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from exports import REPORTED, bad, bodies, export, incident, taken, worked

from fieldtech.domain.commands import Reason, Reclassify
from fieldtech.domain.words import IncidentState, Severity

if TYPE_CHECKING:
    from fieldtech.central.database import Database


def test_tickets_whose_ids_differ_in_a_sign_only_are_different_tickets(database: Database) -> None:
    named = ["TK-10", "TK.10", "tk 10", "TK-1\N{LATIN CAPITAL LETTER O WITH ACUTE}"]
    rows = export(*({"Folio": each, "Asunto": f"Falla {each}"} for each in named))
    assert taken(database, rows).created == len(named)
    assert {each.external_id: each.title for each in bodies(database, "incident")} == {
        each: f"Falla {each}" for each in named
    }
    again = taken(database, rows)
    assert (again.created, again.unchanged) == (0, len(named))


def test_a_folio_of_ours_leaves_the_files_own_numbers_alone(database: Database) -> None:
    long = "X" * 45
    rows = export(*({"Folio": each} for each in (long, "INC-26110001", "INC-26110003", "Y" * 45)))
    assert taken(database, rows).created == 4
    numbers = {each.external_id: each.number for each in bodies(database, "incident")}
    assert numbers["INC-26110001"] == "INC-26110001"
    assert len(set(numbers.values())) == 4


def test_one_look_names_every_line_whoever_refuses_it(database: Database) -> None:
    taken(database, export({}))
    rows = export(
        {"Folio": "OP-2", "Latitud": "no"},
        {"Folio": "OP-3", "Usuarios": "", "Afectados": "41", "Severidad": "mayor"},
        {"Folio": "OP-4"},
        {"Folio": "OP-4"},
    )
    for dry_run in (True, False):
        told = bad(taken(database, rows, dry_run=dry_run))
        assert told == [(2, "Latitud"), (3, "Afectados"), (5, "Folio")]
    assert len(bodies(database, "incident")) == 1


def test_another_count_reclassifies_what_an_import_classified(database: Database) -> None:
    taken(database, export({}))
    outcome = taken(database, export({"Afectados": "4"}))
    changed = incident(database)

    assert (outcome.updated, outcome.created) == (1, 0)
    assert [c.severity for c in changed.classifications] == [Severity.MAJOR, Severity.MINOR]
    assert taken(database, export({"Afectados": "4"})).unchanged == 1


def test_a_persons_classification_stands(database: Database) -> None:
    taken(database, export({}))
    worked(database, "incident.reclassify", Reclassify(affected=4))
    outcome = taken(database, export({"Afectados": "30"}))

    assert (outcome.unchanged, outcome.updated) == (1, 0)
    assert [remark.column for remark in outcome.remarks] == ["Afectados"]
    assert incident(database).severity is Severity.MINOR


def test_other_words_become_one_note(database: Database) -> None:
    taken(database, export({}))
    for _ in range(2):
        taken(database, export({"Asunto": "Sin Internet"}))
    changed = incident(database)

    assert changed.title == "Enlace de fibra caído"
    assert ["Sin Internet" in note.text for note in changed.notes] == [True]


def test_an_acceptance_that_came_later_is_taken_over(database: Database) -> None:
    taken(database, export({"Acuse": ""}))
    taken(database, export({}))
    changed = incident(database)

    assert changed.state is IncidentState.ACKNOWLEDGED
    assert changed.acknowledged_at == REPORTED + timedelta(minutes=9)


def test_what_is_over_here_is_left_alone(database: Database) -> None:
    taken(database, export({}))
    worked(database, "incident.cancel", Reason(reason="duplicado"))
    outcome = taken(database, export({"Afectados": "4", "Asunto": "otro"}))

    assert outcome.unchanged == 1
    assert incident(database).state is IncidentState.CANCELLED
    assert "cancelled" in outcome.remarks[0].reason


def test_an_empty_cell_never_erases_and_a_full_one_replaces(database: Database) -> None:
    first = {"Teléfono": "+52 81 0000 0001", "Calle": "Av. Hidalgo 1", "Correo": "a@example.com"}
    taken(database, export(first))
    taken(database, export({"Calle": "Av. Juárez 2"}))
    [site] = bodies(database, "site")
    [customer] = bodies(database, "customer")

    assert (site.street, site.phone) == ("Av. Juárez 2", "+52 81 0000 0001")
    assert customer.email == "a@example.com"


def test_names_are_one_whatever_their_accents(database: Database) -> None:
    taken(database, export({}))
    taken(
        database, export({"Folio": "OP-2", "Cliente": "CLINICA SANTA ELENA", "Sucursal": "matriz"})
    )

    assert len(bodies(database, "customer")) == len(bodies(database, "site")) == 1
    assert len(bodies(database, "incident")) == 2


def test_a_folio_that_is_taken_gets_one_of_ours(database: Database) -> None:
    taken(database, export({"Folio": "x" * 50}))

    assert incident(database, "x" * 50).number == "INC-26110001"


def test_customers_whose_names_have_no_letter_of_ours_are_not_one(database: Database) -> None:
    named = ["東京 1", "大阪 1", "Ωμέγα", "—", "***"]
    rows = export(*({"Folio": f"OP-{n}", "Cliente": each} for n, each in enumerate(named)))
    assert taken(database, rows).created == len(named)
    assert sorted(each.name for each in bodies(database, "customer")) == sorted(named)
    assert taken(database, rows).unchanged == len(named)
