"""The board's figures agree with its lists, and assigning expects what the dispatcher saw."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import central_desk
import pytest
from field_office import restoration

from fieldtech.domain.clock_view import ClockView
from fieldtech.domain.commands import RegisterIncident
from fieldtech.domain.words import ClockState, Severity
from fieldtech.protocol.codec import to_stamp
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


def registration(laptop: FieldLaptop) -> RegisterIncident:
    """A major fault in Tijuana, called in now."""
    found = hit(laptop, "Cliente Tijuana")
    return RegisterIncident(
        site_id=found.site_id,
        customer_id=found.customer_id,
        service_id=found.service_id,
        region_id=found.region_id,
        title="Sin tono",
        notified_at=laptop.clock.now(),
        affected=40,
    )


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


def test_the_lists_come_page_by_page_with_how_many_there_are(dora: FieldLaptop) -> None:
    board = dora.desk.dispatch.board(queue=1, assigned=2)
    assert ids(board) == (["free"], ["breached", "risk"])
    assert (board.queue_total, board.assigned_total) == (1, 7)
    whole = dora.desk.dispatch.board().assigned
    more = dora.desk.dispatch.cards("", "", assigned=True, offset=2, limit=3)
    assert more.rows == whole[2:5]
    assert (more.offset, more.total) == (2, 7)
    assert dora.desk.dispatch.cards("zap", "", assigned=True).total == 1
    assert dora.desk.dispatch.cards("", "tijuana", assigned=True).total == 1


def test_neither_list_waits_unseen_behind_the_other(dora: FieldLaptop) -> None:
    """However many are more urgent, what nobody is on is there, and so is what somebody is on."""
    for _ in range(3):
        assert isinstance(dora.desk.dispatch.register(registration(dora)), Saved)
    board = dora.desk.dispatch.board(queue=2, assigned=2)
    assert board.queue_total == 4
    assert [len(cards) for cards in ids(board)] == [2, 2]


def test_all_of_it_is_the_sum_of_the_regions(dora: FieldLaptop) -> None:
    board = dora.desk.dispatch.board()
    nodes = {node.id: node for node in board.regions}
    assert (board.whole.open, board.whole.unassigned) == (nodes["jal"].open, 1) == (8, 1)
    assert board.whole.worst == nodes["jal"].worst
    assert board.whole.technicians == len(board.technicians) == 2
    assert (board.whole.id, board.whole.depth) == ("", 0)


def test_two_regions_are_one_whole(dora: FieldLaptop) -> None:
    regions = [replace(node, parent_id="mx") for node in dora.desk.dispatch.board().regions]
    tij, zap = (node for name in ("tij", "zap") for node in regions if node.id == name)
    whole = dora.desk.dispatch._whole((tij, zap), 3)
    assert (whole.open, whole.unassigned, whole.technicians) == (3, 1, 3)
    assert whole.worst == zap.worst


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


def test_the_draft_of_the_form_goes_with_the_registration(dora: FieldLaptop) -> None:
    dora.desk.drafts.save("register", {"title": "Sin tono"})
    wrong = replace(registration(dora), affected=41)
    assert isinstance(dora.desk.dispatch.register(wrong, draft="register"), Refused)
    assert dora.desk.drafts.load("register") == {"title": "Sin tono"}
    assert isinstance(dora.desk.dispatch.register(registration(dora), draft="register"), Saved)
    assert dora.desk.drafts.load("register") is None


def test_a_severity_by_hand_overrules_the_preview(dora: FieldLaptop) -> None:
    found = hit(dora, "Cliente Tijuana")
    by_hand = dora.desk.dispatch.severity(found, 4, Severity.MAJOR)
    assert (by_hand.severity, by_hand.by_rule) == ("major", "minor")
    assert (by_hand.response_s, by_hand.restoration_s, by_hand.share) == (900, 7200, 0.1)
    uncounted = dora.desk.dispatch.severity(found, None, Severity.MINOR)
    assert (uncounted.severity, uncounted.by_rule, uncounted.share) == ("minor", "", None)
    assert dora.desk.dispatch.severity(found, 41, Severity.MAJOR).severity == ""


def test_registering_stops_the_response_clock(dora: FieldLaptop, office: Office) -> None:
    dora.desk.drafts.save("register", {"title": "Sin internet"})
    answer = dora.desk.dispatch.register(registration(dora), draft="register")
    assert dora.desk.drafts.load("register") is None
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


def test_an_assignment_is_taken_back(dora: FieldLaptop, office: Office) -> None:
    assign, take_back = dora.desk.dispatch.assign, dora.desk.dispatch.take_back
    assert isinstance(assign("free", "beto"), Saved)
    assert isinstance(take_back("free", "beto", "", "por error"), Saved)
    assert ids(dora.desk.dispatch.board())[0] == ["free"]
    assert isinstance(assign("run", "beto"), Saved)
    assert isinstance(take_back("run", "beto", "ana", "por error"), Saved)
    dora.sync(office)
    assert dora.desk.sync.status().refused == 0
    detail = dora.desk.cases.detail("run")
    assert detail is not None
    assert [v.technician_id for v in detail.visits if v.state.is_open] == ["ana"]
    free = dora.desk.cases.detail("free")
    assert free is not None
    assert [(v.state.value, v.state_reason) for v in free.visits] == [("cancelled", "por error")]


def test_what_others_have_decided_is_not_taken_back(dora: FieldLaptop, office: Office) -> None:
    assert isinstance(dora.desk.dispatch.assign("free", "beto"), Saved)
    dora.sync(office)
    told = office.desk_of("sol").do(
        "visit.reassign",
        f"visit:{dora.visit_of('free')}",
        new_visit_id="v-sol",
        technician_id="ana",
    )
    assert told["status"] == "applied", told
    dora.sync(office)
    answer = dora.desk.dispatch.take_back("free", "beto", "", "por error")
    assert answer == Refused(code="wrong_state")
    assert dora.waiting() == []


def test_who_was_faster_is_not_overruled(dora: FieldLaptop, office: Office) -> None:
    told = central_desk.assign(office.desk_of("sol"), "free", "v-sol", "ana")
    assert told["status"] == "applied"
    assert isinstance(dora.desk.dispatch.assign("free", "beto"), Saved)
    dora.sync(office)
    (refused,) = dora.desk.sync.outbox()
    assert (refused.state, refused.code) == ("rejected", "expected_changed")
    (technician,) = [side for side in refused.sides if side.field == "technician_id"]
    assert (technician.mine, technician.theirs) == ("Beto", "Ana")
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
