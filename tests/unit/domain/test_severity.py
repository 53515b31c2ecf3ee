"""Rules 2 and 3: Falla Mayor or Menor, overrides, reclassification."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_samples import T0, at, book, published

from fieldtech.domain.case import Rejection
from fieldtech.domain.facts import Classification
from fieldtech.domain.policy import Targets
from fieldtech.domain.severity import classify, make_classification, suggested
from fieldtech.domain.words import Severity

MAJOR, MINOR = Severity.MAJOR, Severity.MINOR


def decided(
    *,
    affected: int | None = None,
    total: int | None = None,
    severity: Severity | None = None,
    reason: str = "",
    keep: Classification | None = None,
    minutes: float = 0,
) -> Classification | Rejection:
    return make_classification(
        book(),
        "MX-CMX",
        affected=affected,
        total=total,
        severity=severity,
        reason=reason,
        by="ana",
        at=at(minutes),
        keep=keep,
    )


def accepted(**arguments: object) -> Classification:
    made = decided(**arguments)  # type: ignore[arg-type]
    assert isinstance(made, Classification)
    return made


def refused(**arguments: object) -> str:
    made = decided(**arguments)  # type: ignore[arg-type]
    assert isinstance(made, Rejection)
    return made.code


@pytest.mark.parametrize(
    ("affected", "total", "default", "literal"),
    [
        (24, 100, MINOR, MAJOR),
        (25, 100, MAJOR, MAJOR),
        (26, 100, MAJOR, MINOR),
        (0, 100, MINOR, MAJOR),
        (100, 100, MAJOR, MINOR),
        (1, 4, MAJOR, MAJOR),
        (1, 5, MINOR, MAJOR),
    ],
)
def test_the_two_shipped_readings_of_the_published_table(
    affected: int, total: int, default: Severity, literal: Severity
) -> None:
    assert classify(published(), affected, total) is default
    assert classify(published("clever-literal"), affected, total) is literal


@given(share=st.integers(1, 9999), total=st.integers(1, 10**6), affected=st.integers(0, 10**6))
def test_the_rule_is_exact_and_the_readings_differ_everywhere_but_at_the_edge(
    share: int, total: int, affected: int
) -> None:
    policy = replace(published(), major_share=share / 10_000)
    literal = replace(published("clever-literal"), major_share=share / 10_000)
    left, right = affected * 10_000, share * total
    assert (classify(policy, affected, total) is MAJOR) == (left >= right)
    assert (classify(literal, affected, total) is MAJOR) == (left <= right)


@given(total=st.integers(1, 1000), data=st.data())
def test_more_affected_users_never_make_a_fault_smaller(total: int, data: st.DataObject) -> None:
    fewer = data.draw(st.integers(0, total))
    more = data.draw(st.integers(fewer, total))
    if classify(published(), fewer, total) is MAJOR:
        assert classify(published(), more, total) is MAJOR


def test_a_classification_keeps_everything_needed_to_defend_it() -> None:
    made = accepted(affected=30, total=100)
    assert made == Classification(
        severity=MAJOR,
        policy_id="clever",
        policy_version=1,
        response_s=900,
        restoration_s=7200,
        affected=30,
        total=100,
        overridden=False,
        reason="",
        by="ana",
        at=T0,
    )


@pytest.mark.parametrize("total", [None, 0])
def test_without_a_user_count_a_person_chooses(total: int | None) -> None:
    assert suggested(published(), 3, total) is None
    assert refused(affected=3, total=total) == "severity_needed"
    made = accepted(affected=3, total=total, severity=MINOR)
    assert (made.severity, made.total, made.overridden) == (MINOR, None, False)
    assert (made.response_s, made.restoration_s) == (1800, 14_400)


def test_an_override_needs_its_reason() -> None:
    assert refused(affected=1, total=100, severity=MAJOR) == "override_reason_needed"
    assert refused(affected=1, total=100, severity=MAJOR, reason="  ") == "override_reason_needed"
    made = accepted(affected=1, total=100, severity=MAJOR, reason="conmutador del hospital")
    assert (made.severity, made.overridden, made.total) == (MAJOR, True, 100)


def test_choosing_what_the_rule_says_is_no_override() -> None:
    assert accepted(affected=50, total=100, severity=MAJOR).overridden is False


def test_nobody_and_everybody_are_possible_counts() -> None:
    assert accepted(affected=0, total=100).severity is MINOR
    assert accepted(affected=100, total=100).severity is MAJOR


def test_impossible_counts_are_refused() -> None:
    assert refused(affected=-1, total=100) == "affected_invalid"
    assert refused(affected=101, total=100) == "affected_over_total"


def test_a_reclassification_by_count_follows_the_rule_afresh() -> None:
    first = accepted(affected=1, total=100, severity=MAJOR, reason="hospital")
    second = accepted(affected=2, total=100, keep=first, minutes=40)
    assert (second.severity, second.overridden, second.affected) == (MINOR, False, 2)
    assert second.at == at(40)


def test_a_reclassification_by_hand_keeps_the_count_and_needs_a_reason() -> None:
    first = accepted(affected=30, total=100)
    assert refused(severity=MINOR, total=100, keep=first) == "override_reason_needed"
    second = accepted(severity=MINOR, total=100, reason="solo telefonía", keep=first)
    assert (second.severity, second.affected, second.overridden) == (MINOR, 30, True)


def test_a_change_by_hand_without_any_count_needs_a_reason_too() -> None:
    first = accepted(severity=MINOR)
    assert refused(severity=MAJOR, keep=first) == "override_reason_needed"
    assert accepted(severity=MAJOR, reason="todo el edificio", keep=first).severity is MAJOR


def test_the_policy_of_the_day_of_the_report_governs_a_reclassification() -> None:
    newer = replace(
        published(),
        version=2,
        targets_by_region={
            "*": {
                MAJOR: Targets(response_s=60, restoration_s=600),
                MINOR: Targets(response_s=90, restoration_s=900),
            }
        },
    )
    first = accepted(affected=1, total=100)
    made = make_classification(
        book(published(), newer),
        "MX-CMX",
        affected=90,
        total=100,
        severity=None,
        reason="",
        by="ana",
        at=at(10),
        keep=first,
    )
    fresh = make_classification(
        book(published(), newer),
        "MX-CMX",
        affected=90,
        total=100,
        severity=None,
        reason="",
        by="ana",
        at=at(10),
        keep=None,
    )
    assert isinstance(made, Classification)
    assert isinstance(fresh, Classification)
    assert (made.policy_version, made.restoration_s) == (1, 7200)
    assert (fresh.policy_version, fresh.restoration_s) == (2, 600)
