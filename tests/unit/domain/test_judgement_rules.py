"""What one person proposes and another judges, and the steps of the ladder."""

from __future__ import annotations

from dataclasses import replace

import pytest
from service_desk import (
    COLLEAGUE,
    DISPATCHER,
    SECOND_DISPATCHER,
    SUPERVISOR,
    SYSTEM,
    TECHNICIAN,
    Desk,
    at,
    policy,
)

from fieldtech.domain.availability import account
from fieldtech.domain.commands import (
    CloseIncident,
    FieldTime,
    JudgeCorrection,
    JudgeExclusion,
    LogEscalation,
    ProposeCorrection,
    ProposeExclusion,
    RefailIncident,
)
from fieldtech.domain.intervals import Closed
from fieldtech.domain.restoration_commands import CorrectRestoration
from fieldtech.domain.words import Attribution, CorrectionState, ExclusionState

CLAIM = ProposeExclusion(
    exclusion_id="x1",
    attribution=Attribution.CUSTOMER,
    start=at(0),
    end=at(40),
    evidence="Foto del tablero apagado",
)
CHANGE = ProposeCorrection(
    correction_id="c1",
    entity="site",
    entity_id="site-1",
    field_name="phone",
    old="81 0000 0000",
    new="81 1111 1111",
)


def test_a_technician_proposes_and_the_desk_confirms() -> None:
    desk = Desk().registered().on_site()
    desk.do("exclusion.propose", CLAIM, TECHNICIAN, minutes=45)
    (claim,) = desk.incident().exclusions
    assert (claim.state, claim.proposed_by, claim.proposed_at) == (
        ExclusionState.PROPOSED,
        TECHNICIAN.id,
        at(45),
    )
    judgement = JudgeExclusion(exclusion_id="x1", note="Visto en la foto")
    desk.do("exclusion.confirm", judgement, minutes=50)
    (claim,) = desk.incident().exclusions
    assert (claim.state, claim.judged_by, claim.judgement) == (
        ExclusionState.CONFIRMED,
        DISPATCHER.id,
        "Visto en la foto",
    )
    again = desk.refused("exclusion.refuse", judgement, SUPERVISOR)
    assert again == ("wrong_state", "confirmed")


def test_nobody_judges_a_claim_of_his_own() -> None:
    desk = Desk().registered()
    desk.do("exclusion.propose", CLAIM)
    judgement = JudgeExclusion(exclusion_id="x1")
    assert desk.refused("exclusion.confirm", judgement) == ("own_proposal", "x1")
    assert desk.refused("exclusion.refuse", judgement, TECHNICIAN)[0] == "not_authorised"
    desk.do("exclusion.refuse", judgement, SECOND_DISPATCHER)
    assert desk.incident().exclusions[0].state is ExclusionState.REFUSED


def test_a_claim_may_come_and_be_confirmed_after_the_closing() -> None:
    desk = Desk().registered().on_site().checked().restored(60, TECHNICIAN)
    desk.do("visit.finish", FieldTime(), TECHNICIAN, minutes=61)
    desk.do("incident.close", CloseIncident(), minutes=62)
    desk.do("exclusion.propose", CLAIM, TECHNICIAN, minutes=70)
    desk.do("exclusion.confirm", JudgeExclusion(exclusion_id="x1"), minutes=71)


@pytest.mark.parametrize(
    ("claim", "refused"),
    [
        (replace(CLAIM, exclusion_id=""), ("invalid", "exclusion_id")),
        (replace(CLAIM, evidence=" "), ("missing_evidence", "evidence")),
        (replace(CLAIM, end=at(0)), ("invalid", "end")),
        (replace(CLAIM, attribution=Attribution.OWN_NETWORK), ("not_excludable", "own_network")),
        (replace(CLAIM, attribution=Attribution.ALLY), ("not_excludable", "ally")),
        (replace(CLAIM, attribution=Attribution.UNDETERMINED), ("not_excludable", "undetermined")),
    ],
)
def test_only_external_causes_with_evidence_qualify(
    claim: ProposeExclusion, refused: tuple[str, str]
) -> None:
    assert Desk().registered().refused("exclusion.propose", claim) == refused


def test_a_claim_until_the_restoration_has_no_end() -> None:
    desk = Desk().registered()
    desk.do("exclusion.propose", replace(CLAIM, end=None))
    assert desk.incident().exclusions[0].end is None


def test_the_restoration_ends_it_so_that_a_later_failure_counts() -> None:
    desk = Desk().registered()
    desk.do("exclusion.propose", replace(CLAIM, start=at(10), end=None))
    desk.do("exclusion.confirm", JudgeExclusion(exclusion_id="x1"), SUPERVISOR)
    desk.restored(60)
    assert desk.incident().exclusions[0].end == at(60)
    desk.do("incident.refail", RefailIncident(failed_at=at(90)), minutes=90)
    desk.restored(120)
    assert desk.incident().exclusions[0].end == at(60)
    entry = account(desk.incident(), policy(), (), Closed(at(0), at(999)), at(999))
    assert sum(piece.seconds for piece in entry.counted) == (10 + 60) * 60


def test_a_claim_that_ended_with_the_restoration_follows_its_correction() -> None:
    desk = Desk().registered()
    desk.do("exclusion.propose", replace(CLAIM, end=None))
    desk.do("exclusion.propose", replace(CLAIM, exclusion_id="x2"))
    desk.restored(60)
    args = CorrectRestoration(at=at(70), reason="x")
    desk.do("incident.correct_restoration", args, minutes=80)
    assert [claim.end for claim in desk.incident().exclusions] == [at(70), at(40)]


def test_a_claim_without_end_after_the_restoration_ends_there() -> None:
    desk = Desk().registered().restored(60)
    desk.do("exclusion.propose", replace(CLAIM, end=None), minutes=70)
    assert desk.incident().exclusions[0].end == at(60)
    later = replace(CLAIM, exclusion_id="x2", start=at(60), end=None)
    assert desk.refused("exclusion.propose", later, minutes=70) == ("invalid", "start")


def test_claims_are_told_apart_by_their_id() -> None:
    desk = Desk().registered()
    desk.do("exclusion.propose", CLAIM)
    desk.do("exclusion.propose", replace(CLAIM, exclusion_id="x2"))
    assert desk.refused("exclusion.propose", CLAIM) == ("already_exists", "x1")
    unknown = desk.refused("exclusion.confirm", JudgeExclusion(exclusion_id="x9"))
    assert unknown == ("no_such_item", "x9")
    desk.do("exclusion.confirm", JudgeExclusion(exclusion_id="x2"), SUPERVISOR)
    states = [claim.state for claim in desk.incident().exclusions]
    assert states == [ExclusionState.PROPOSED, ExclusionState.CONFIRMED]


def test_a_correction_is_a_proposal_that_the_desk_judges() -> None:
    desk = Desk().registered().on_site()
    desk.do("correction.propose", CHANGE, TECHNICIAN, target="visit:v1")
    desk.do("correction.propose", replace(CHANGE, correction_id="c2"), TECHNICIAN)
    desk.do("correction.accept", JudgeCorrection(correction_id="c1", note="Confirmado"))
    desk.do("correction.refuse", JudgeCorrection(correction_id="c2"))
    accepted, refused = desk.incident().corrections
    assert (accepted.state, accepted.judged_by, accepted.judgement) == (
        CorrectionState.ACCEPTED,
        DISPATCHER.id,
        "Confirmado",
    )
    assert refused.state is CorrectionState.REFUSED
    again = desk.refused("correction.accept", JudgeCorrection(correction_id="c1"))
    assert again == ("wrong_state", "accepted")


def test_nobody_judges_a_correction_of_his_own() -> None:
    desk = Desk().registered()
    desk.do("correction.propose", CHANGE)
    judgement = JudgeCorrection(correction_id="c1")
    for name in ("correction.accept", "correction.refuse"):
        assert desk.refused(name, judgement) == ("own_proposal", "c1")
    desk.do("correction.accept", judgement, SECOND_DISPATCHER)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (replace(CHANGE, correction_id=""), ("invalid", "correction_id")),
        (replace(CHANGE, entity_id=""), ("invalid", "entity_id")),
        (replace(CHANGE, field_name=""), ("invalid", "field_name")),
        (replace(CHANGE, entity="planet"), ("invalid", "entity")),
    ],
)
def test_a_correction_says_of_what(change: ProposeCorrection, refused: tuple[str, str]) -> None:
    assert Desk().registered().refused("correction.propose", change) == refused


def test_corrections_are_told_apart_by_their_id() -> None:
    desk = Desk().registered()
    desk.do("correction.propose", CHANGE)
    assert desk.refused("correction.propose", CHANGE) == ("already_exists", "c1")
    unknown = desk.refused("correction.refuse", JudgeCorrection(correction_id="c9"))
    assert unknown == ("no_such_item", "c9")


def test_only_who_works_there_proposes() -> None:
    desk = Desk().registered().assigned()
    for name, args in (("exclusion.propose", CLAIM), ("correction.propose", CHANGE)):
        assert desk.refused(name, args, COLLEAGUE) == ("not_assigned", "")
        assert desk.refused(name, args, COLLEAGUE, target="visit:v1")[0] == "not_assigned"


def test_a_telephone_escalation_is_one_entry_with_the_mail_of_its_level() -> None:
    desk = Desk().registered().on_site()
    by_phone = LogEscalation(level=2, how="phone", at=at(80), note="Habló con Luis")
    desk.do("escalation.log", by_phone, TECHNICIAN, minutes=100)
    desk.do("escalation.log", LogEscalation(level=2, how="mail"), SYSTEM, minutes=90)
    (step,) = desk.incident().escalations
    assert (step.level, step.at, step.how) == (2, at(80), "phone+mail")


def test_a_marked_step_is_kept_as_suppressed() -> None:
    desk = Desk().registered()
    desk.do("escalation.log", LogEscalation(level=1, how="mail", suppressed=True), SYSTEM)
    assert desk.incident().escalations[0].suppressed


def test_only_the_clock_marks_a_step_that_sent_nothing() -> None:
    mark = LogEscalation(level=1, how="mail", suppressed=True)
    for actor in (DISPATCHER, SUPERVISOR):
        refused = Desk().registered().refused("escalation.log", mark, actor)
        assert refused == ("not_authorised", actor.role.value)


def test_a_step_lies_in_the_past_and_belongs_to_a_technical_fault() -> None:
    ahead = LogEscalation(level=1, how="phone", at=at(60))
    assert Desk().registered().refused("escalation.log", ahead) == ("in_future", "at")
    call = LogEscalation(level=1, how="phone")
    refused = Desk().paperwork().refused("escalation.log", call)
    assert refused == ("wrong_kind", "administrative")


def test_a_step_is_one_of_the_ladder() -> None:
    desk = Desk().registered()
    assert desk.refused("escalation.log", LogEscalation(level=5, how="phone")) == (
        "unknown_level",
        "5",
    )
    assert desk.refused("escalation.log", LogEscalation(level=1, how="")) == ("invalid", "how")
