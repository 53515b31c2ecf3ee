"""The board's figures agree with its lists, and assigning expects what the dispatcher saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import central_desk
import pytest
from field_office import restoration

from fieldtech.domain.clock_view import ClockView
from fieldtech.domain.commands import RegisterIncident
from fieldtech.domain.words import ClockState
from fieldtech.protocol.codec import to_stamp
from fieldtech.services import dispatch
from fieldtech.services.values import Refused, Saved, ServiceHit

if TYPE_CHECKING:
    from field_office import FieldLaptop, Office

    from fieldtech.services.values import Board


def ids(board: Board) -> tuple[list[str], list[str]]:
    return ([r.incident_id for r in board.queue], [r.incident_id for r in board.assigned])


def hit(laptop: FieldLaptop, text: str) -> ServiceHit:
    found = laptop.desk.dispatch.services(text)
    assert len(found) == 1
    return found[0]


def expected(laptop: FieldLaptop) -> dict[str, str]:
    """What the newest command expects of the central."""
    return laptop.desk.store.outbox.items()[0].envelope.expect


def test_the_tree_counts_what_the_lists_show(dora: FieldLaptop) -> None:
    whole = dora.desk.dispatch.board()
    for node in whole.regions:
        queue, assigned = ids(dora.desk.dispatch.board(node.id))
        assert (node.unassigned, node.open) == (len(queue), len(queue) + len(assigned)), node.id


def test_the_most_urgent_comes_first_and_the_search_narrows(dora: FieldLaptop) -> None:
    queue, assigned = ids(dora.desk.dispatch.board())
    assert queue == ["free"]
    assert assigned[:2] == ["breached", "risk"]
    assert ids(dora.desk.dispatch.board(text="tijuana")) == ([], ["minor"])
    assert ids(dora.desk.dispatch.board("zap", "sucursal")) == (["free"], ["risk"])


def test_only_granted_regions_and_their_people_are_shown(dora: FieldLaptop) -> None:
    board = dora.desk.dispatch.board()
    assert "nl" not in {node.id for node in board.regions}
    assert [person.id for person in board.technicians] == ["beto", "ana"]
    assert [person.open_visits for person in board.technicians] == [1, 5]
    ana = board.technicians[1]
    assert (ana.on_site, ana.region_names) == (1, ("JAL",))
    assert ana.worst == dora.desk.cases.detail("breached").incident.clocks.restoration


def test_the_worst_clock_of_a_region_is_the_nearest_that_still_runs(
    dora: FieldLaptop, office: Office
) -> None:
    told = office.desk_of("ana").do(
        "incident.report",
        "incident:seen",
        site_id="s-zap",
        customer_id="c-zap",
        service_id="v-zap",
        region_id="zap",
        title="Sin internet (seen)",
        notified_at=to_stamp(dora.clock.now()),
        provisional_number="ana-1",
        affected=40,
    )
    assert told["status"] == "applied", told
    dora.sync(office)
    nodes = {node.id: node for node in dora.desk.dispatch.board().regions}
    seen = dora.desk.cases.detail("seen")
    assert seen is not None
    # Fifteen minutes to answer it come before the twenty that are left to restore ``risk``.
    assert nodes["zap"].worst == seen.incident.clocks.response
    assert nodes["zap"].worst.state is ClockState.RUNNING


def test_what_was_restored_has_no_worst_clock(dora: FieldLaptop, office: Office) -> None:
    sol = office.desk_of("sol")
    done = restoration(dora.clock.now())
    assert sol.do("incident.restore", "incident:minor", **done)["status"] == "applied"
    dora.sync(office)
    nodes = {node.id: node for node in dora.desk.dispatch.board().regions}
    assert (nodes["tij"].open, nodes["tij"].worst) == (1, ClockView())


def test_nobody_waits_unseen_behind_a_thousand_assigned_ones(
    dora: FieldLaptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "QUEUE", 1)
    queue, assigned = ids(dora.desk.dispatch.board())
    assert queue == ["free"]
    assert assigned == ["breached"]


def test_a_service_is_found_with_its_open_incidents(dora: FieldLaptop) -> None:
    found = hit(dora, "Cliente Tijuana")
    minor = dora.desk.cases.detail("minor")
    assert minor is not None
    assert found.open_numbers == (minor.incident.number,)
    assert (found.total_users, found.region_id) == (40, "tij")
    assert dora.desk.dispatch.timezone(found.site_id) == "America/Tijuana"
    assert dora.desk.dispatch.timezone("s-nowhere") == ""
    assert dora.desk.dispatch.services("") == ()
    assert dora.desk.dispatch.services("nadie de nada") == ()


@pytest.mark.parametrize(
    ("affected", "severity", "restoration_s", "share"),
    [
        (10, "major", 7200, 0.25),
        (9, "minor", 14400, 0.225),
        (40, "major", 7200, 1.0),
        (41, "", 0, None),
        (-1, "", 0, None),
        (None, "", 0, None),
    ],
)
def test_the_rule_is_previewed(
    dora: FieldLaptop,
    affected: int | None,
    severity: str,
    restoration_s: int,
    share: float | None,
) -> None:
    preview = dora.desk.dispatch.severity(hit(dora, "Cliente Tijuana"), affected)
    assert (preview.severity, preview.restoration_s, preview.share) == (
        severity,
        restoration_s,
        share,
    )


def test_registering_stops_the_response_clock(dora: FieldLaptop, office: Office) -> None:
    found = hit(dora, "Cliente Tijuana")
    args = RegisterIncident(
        site_id=found.site_id,
        customer_id=found.customer_id,
        service_id=found.service_id,
        region_id=found.region_id,
        title="Sin tono",
        notified_at=dora.clock.now(),
        affected=40,
    )
    answer = dora.desk.dispatch.register(args)
    assert isinstance(answer, Saved)
    (incident_id,) = answer.changed.incidents
    assert ids(dora.desk.dispatch.board())[0] == ["free", incident_id]
    dora.sync(office)
    known = dora.desk.cases.detail(incident_id)
    assert known is not None
    assert known.incident.clocks.response.state.value == "met"


def test_assigning_expects_that_nobody_is_on_it(dora: FieldLaptop, office: Office) -> None:
    assert isinstance(dora.desk.dispatch.assign("free", "beto"), Saved)
    assert expected(dora) == {"technician_id": ""}
    dora.sync(office)
    assert dora.desk.sync.status().refused == 0
    assert isinstance(dora.desk.dispatch.assign("free", "ana"), Saved)
    assert expected(dora) == {"technician_id": "beto"}
    dora.sync(office)
    assert dora.desk.sync.status().refused == 0
    detail = dora.desk.cases.detail("free")
    assert detail is not None
    assert detail.visit is not None
    assert detail.visit.technician_id == "ana"


def test_own_queued_assignments_chain_offline(dora: FieldLaptop, office: Office) -> None:
    for technician in ("beto", "ana", "beto"):
        assert isinstance(dora.desk.dispatch.assign("free", technician), Saved)
    assert dora.waiting() == ["visit.assign", "visit.reassign", "visit.reassign"]
    dora.sync(office)
    assert dora.desk.sync.outbox() == ()


def test_who_was_faster_is_not_overruled(dora: FieldLaptop, office: Office) -> None:
    told = central_desk.assign(office.desk_of("sol"), "free", "v-sol", "ana")
    assert told["status"] == "applied"
    assert isinstance(dora.desk.dispatch.assign("free", "beto"), Saved)
    dora.sync(office)
    (refused,) = dora.desk.sync.outbox()
    assert (refused.state, refused.code) == ("rejected", "expected_changed")
    assert "technician_id beto" in refused.mine
    assert dora.desk.dispatch.assign("free", "ana") == Refused(code="already_assigned")


def test_what_is_not_here_cannot_be_assigned(dora: FieldLaptop) -> None:
    assert dora.desk.dispatch.assign("nowhere", "ana") == Refused(code="unknown_target")
    assert dora.waiting() == []


def test_a_region_without_anything_is_an_empty_board(dora: FieldLaptop) -> None:
    assert ids(dora.desk.dispatch.board("mty")) == ([], [])


def test_a_supervisors_board_is_the_whole_tree(dora: FieldLaptop, office: Office) -> None:
    whole = dora.desk.dispatch.board()
    assert {node.id for node in whole.regions} == {"jal", "gdl", "zap", "tij", "cun"}
    assert {node.depth for node in whole.regions} == {1, 2}
    assert office.clock.now() == dora.clock.now()
