"""Targets by region, and which policy version governs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rule_samples import book, pausing, published

from fieldtech.domain.codes import Indicator
from fieldtech.domain.policy import Targets, UnknownPolicy
from fieldtech.domain.words import Severity

FAST = Targets(response_s=60, restoration_s=600)
SLOW = Targets(response_s=3600, restoration_s=36_000)
USUAL = Targets(response_s=900, restoration_s=7200)


def test_targets_resolve_by_the_nearest_ancestor() -> None:
    by_region = {
        **published().targets_by_region,
        "MX": {Severity.MAJOR: SLOW, Severity.MINOR: SLOW},
        "MX-CMX": {Severity.MAJOR: FAST, Severity.MINOR: SLOW},
    }
    policy = replace(published(), targets_by_region=by_region)
    rules = book(policy)

    def major(region_id: str) -> Targets:
        return policy.targets(Severity.MAJOR, rules.path(region_id))

    assert major("MX-CMX") == FAST
    assert major("MX-centro") == SLOW
    assert major("nowhere") == USUAL
    assert major("") == USUAL
    assert policy.targets(Severity.MINOR, rules.path("MX-CMX")) == SLOW


def test_a_path_goes_up_to_the_root_and_survives_a_cycle() -> None:
    assert book().path("MX-CMX") == ("MX-CMX", "MX-centro", "MX")
    assert book().path("nowhere") == ("nowhere",)
    ring = replace(book(), region_parents={"a": "b", "b": "a"})
    assert ring.path("a") == ("a", "b")


def test_the_newest_version_is_current_and_every_older_one_is_kept() -> None:
    newer = replace(published(), version=2)
    rules = book(newer, published())
    assert rules.current("MX").version == 2
    assert rules.version("clever", 1) == published()


def test_a_region_may_follow_another_policy_with_all_below_it() -> None:
    rules = replace(
        book(published(), published("clever-literal")),
        region_policies={"MX-centro": "clever-literal"},
    )
    assert rules.current("MX-CMX").id == "clever-literal"
    assert rules.current("MX-norte").id == "clever"


def test_an_unknown_policy_or_version_is_named() -> None:
    with pytest.raises(UnknownPolicy, match="clever version 9"):
        book().version("clever", 9)
    with pytest.raises(UnknownPolicy, match="other") as caught:
        replace(book(), default_policy_id="other").current("MX")
    assert caught.value.code == "unknown_policy"


def test_a_policy_answers_by_code() -> None:
    policy = published()
    cause = policy.cause("fiber_cut")
    assert cause is not None
    assert (cause.label("es_MX"), cause.label("en")) == ("Corte de fibra", "Fibre cut")
    solution, reason = policy.solution("splice"), policy.pause_reason("no_access")
    assert solution is not None
    assert reason is not None
    assert solution.label("en") == "Fibre spliced or repaired"
    assert reason.label("es") == "Sin acceso al sitio"
    level = policy.level(4)
    assert level is not None
    assert level.label("es") == "Dirección General"
    unknown = [policy.cause("x"), policy.solution("x"), policy.pause_reason("x"), policy.level(9)]
    assert unknown == [None] * 4
    assert not policy.stops("no_access", Indicator.RESTORATION)


def test_a_pause_stops_a_clock_only_for_its_own_reason() -> None:
    policy = pausing(Indicator.RESTORATION)
    assert policy.stops("no_access", Indicator.RESTORATION)
    assert not policy.stops("no_access", Indicator.RESPONSE)
    assert not policy.stops("waiting_parts", Indicator.RESTORATION)


@pytest.mark.parametrize(("share", "level"), [(0, 1), (0.74, 1), (0.75, 2), (1, 3), (9, 4)])
def test_the_level_to_escalate_to_at_a_share(share: float, level: int) -> None:
    step = published().level_at(share)
    assert step is not None
    assert step.level == level


def test_a_policy_without_a_ladder_has_no_level() -> None:
    assert replace(published(), escalation=()).level_at(5) is None
