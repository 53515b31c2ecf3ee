"""The shipped policies, their way over the wire, and every kind of bad file."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_samples import published

from fieldtech.domain.codes import Indicator
from fieldtech.domain.policy import LockRule, MajorWhen, Period, PlannedRule, RestoreNeed, Targets
from fieldtech.domain.policy_file import from_wire, load_policy, parse_policy, to_wire
from fieldtech.domain.words import Attribution, Severity
from fieldtech.errors import DataError
from fieldtech.paths import resources_dir


def test_the_published_policy_says_what_the_page_says() -> None:
    policy = published()
    assert policy.targets_by_region == {
        "*": {
            Severity.MAJOR: Targets(response_s=15 * 60, restoration_s=2 * 3600),
            Severity.MINOR: Targets(response_s=30 * 60, restoration_s=4 * 3600),
        }
    }
    assert (policy.availability_target, policy.notice_working_days) == (0.995, 5)
    assert (policy.period, policy.planned_rule) == (Period.CALENDAR_MONTH, PlannedRule.PRIOR_NOTICE)
    assert [(s.level, s.share, s.es, s.mail) for s in policy.escalation] == [
        (1, 0.0, "Personal de mesa de ayuda", "soporte@cleverideas.com.mx"),
        (2, 0.75, "Supervisor Técnico", "plataformas@cleverideas.com.mx"),
        (3, 1.0, "Dirección Comercial", "ventas@cleverideas.com.mx"),
        (4, 1.5, "Dirección General", "direccion@cleverideas.com.mx"),
    ]
    assert policy.external_excluded_from == {Indicator.AVAILABILITY}
    assert policy.external == {Attribution.CUSTOMER, Attribution.THIRD_PARTY}
    assert {pause.code for pause in policy.pauses} == {
        "customer_absent",
        "no_access",
        "waiting_customer",
        "waiting_parts",
    }
    assert all(not pause.stops for pause in policy.pauses)
    assert (policy.at_risk_share, policy.alarm_shares) == (0.75, (0.75, 1.0))
    assert policy.strict == {Indicator.RESTORATION}
    assert policy.restore_needs == set(RestoreNeed)
    assert not policy.technicians_may_close


def test_our_assumptions_are_marked_as_ours() -> None:
    assert "mes calendario" in published().note_es
    assert "calendar month" in published().note_en


def test_the_literal_reading_differs_in_the_rule_alone() -> None:
    plain, literal = to_wire(published()), to_wire(published("clever-literal"))
    changed = {key for key in plain if plain[key] != literal[key]}
    assert changed == {"id", "name", "note", "severity"}
    assert published("clever-literal").major_when is MajorWhen.AT_MOST


@pytest.mark.parametrize("name", ["clever", "clever-literal"])
def test_a_policy_survives_the_wire(name: str) -> None:
    policy = published(name)
    assert from_wire(json.loads(json.dumps(to_wire(policy)))) == policy


@given(
    share=st.floats(0.0001, 0.9999),
    window=st.integers(1, 10**6),
    stops=st.sets(st.sampled_from([Indicator.RESPONSE, Indicator.RESTORATION])),
    words=st.text(min_size=1).filter(str.strip),
)
def test_any_policy_survives_the_wire(
    share: float, window: int, stops: set[Indicator], words: str
) -> None:
    plain = plain_policy()
    plain["clocks"]["at_risk_share"] = share
    plain["clocks"]["refail_window"] = window
    plain["pauses"][0]["stops"] = sorted(stops)
    plain["name"]["es"] = words
    policy = parse_policy(plain, "x")
    assert from_wire(json.loads(json.dumps(to_wire(policy)))) == policy


def plain_policy() -> dict[str, Any]:
    return copy.deepcopy(to_wire(published()))


BAD: list[tuple[str, object, str, str]] = [
    # where, what is put there, the key named, words of the reason
    ("version", 0, "version", "at least 1"),
    ("version", True, "version", "whole number"),
    ("version", "1", "version", "whole number"),
    ("version", 10**20, "version", "at most"),
    ("id", "", "id", "empty"),
    ("id", 7, "id", "text"),
    ("name", "clever", "name", "table"),
    ("name.fr", "x", "name.fr", "unknown key"),
    ("extra", 1, "extra", "unknown key"),
    ("severity.major_when", "sometimes", "severity.major_when", "at_least"),
    ("severity.major_share", 25, "severity.major_share", "between 0 and 1"),
    ("clocks.at_risk_share", 0, "clocks.at_risk_share", "between 0 and 1"),
    ("clocks.at_risk_share", 1, "clocks.at_risk_share", "between 0 and 1"),
    ("clocks.at_risk_share", "75 %", "clocks.at_risk_share", "number"),
    ("clocks.at_risk_share", float("nan"), "clocks.at_risk_share", "finite"),
    ("clocks.refail_window", -60, "clocks.refail_window", "above zero"),
    ("clocks.refail_window", "-1h", "clocks.refail_window", "not a duration"),
    ("clocks.refail_window", "one day", "clocks.refail_window", "not a duration"),
    ("clocks.refail_window", "9999999999999d", "clocks.refail_window", "not a duration"),
    ("clocks.refail_window", "3661d", "clocks.refail_window", "ten years"),
    ("clocks.refail_window", 10**400, "clocks.refail_window", "ten years"),
    ("clocks.refail_window", 1.5, "clocks.refail_window", "duration"),
    ("clocks.alarm_shares", [0.75, 0.75], "clocks.alarm_shares", "increase"),
    ("clocks.alarm_shares", [0.75, 1e9], "clocks.alarm_shares", "at most 100"),
    ("clocks.alarm_shares", [10**400], "clocks.alarm_shares", "finite"),
    ("clocks.alarm_shares", [0, 1], "clocks.alarm_shares", "above zero"),
    ("clocks.alarm_shares", ["x"], "clocks.alarm_shares", "number"),
    ("clocks.alarm_shares", 0.75, "clocks.alarm_shares", "list"),
    ("clocks.strict", ["availability"], "clocks.strict", "only response and restoration"),
    ("clocks.strict", ["restoration"] * 2, "clocks.strict", "twice"),
    ("exclusions.external", ["weather"], "exclusions.external", "'weather'"),
    ("exclusions.external", ["own_network", "customer"], "exclusions.external", "own_network"),
    ("exclusions.external", ["ally"], "exclusions.external", "ally does not lie outside"),
    ("exclusions.external", ["planned"], "exclusions.external", "planned does not lie"),
    ("exclusions.external", ["undetermined"], "exclusions.external", "undetermined does"),
    ("availability.notice_working_days", 367, "availability.notice_working_days", "at most 366"),
    ("availability.target", 99.5, "availability.target", "between 0 and 1"),
    ("availability.notice_working_days", -1, "availability.notice_working_days", "at least 0"),
    ("work.technicians_may_close", "no", "work.technicians_may_close", "true or false"),
    ("targets", {}, "targets.*", "missing"),
    ("targets.*.major.response", 0, "targets.*.major.response", "above zero"),
    ("targets.*.major.resolution", 9, "targets.*.major.resolution", "unknown key"),
    ("targets.*.major.response", "31m", "targets.*.major.response", "that of minor"),
    ("targets.*.minor.restoration", "1h", "targets.*.major.restoration", "that of minor"),
    ("targets.*.severe", {}, "targets.*.severe", "unknown key"),
    ("targets.MX", {"major": {}}, "targets.MX.major.response", "missing"),
    ("escalation.1.level", 3, "escalation[1].level", "must be 2"),
    ("escalation.1.share", 0.0, "escalation[1].share", "increase"),
    ("escalation.0.share", -0.1, "escalation[0].share", "increase"),
    ("escalation.3.share", 150, "escalation[3].share", "at most 100"),
    ("escalation.0.mail", "soporte", "escalation[0].mail", "mail address"),
    ("escalation.0.phone", "1", "escalation[0].phone", "unknown key"),
    ("pauses.1.code", "customer_absent", "pauses[1].code", "twice"),
    ("pauses.0.stops", ["availability"], "pauses[0].stops", "only response and restoration"),
    ("causes.1.code", "fiber_cut", "causes[1].code", "twice"),
    ("causes.0.attribution", "nobody", "causes[0].attribution", "'nobody'"),
    ("causes.0.en", "", "causes[0].en", "empty"),
    ("solutions.1.code", "splice", "solutions[1].code", "twice"),
    ("solutions", "splice", "solutions", "list"),
]


@pytest.mark.parametrize(("where", "value", "key", "reason"), BAD)
def test_a_bad_policy_is_refused_with_file_key_and_reason(
    where: str, value: object, key: str, reason: str
) -> None:
    plain = plain_policy()
    *path, last = where.split(".")
    spot: Any = plain
    for step in path:
        spot = spot[int(step)] if isinstance(spot, list) else spot[step]
    spot[last] = value
    with pytest.raises(DataError) as caught:
        parse_policy(plain, "mine.toml")
    assert (caught.value.source, caught.value.key) == ("mine.toml", key)
    assert reason in caught.value.reason


def key_paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every key of a policy, down to the last; of a list, those of its first table."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from key_paths(inner, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield from key_paths(value[0], (*path, 0))


OPTIONAL = {("causes", 0, "attribution")}


@pytest.mark.parametrize("path", [*key_paths(to_wire(published()))], ids=str)
def test_every_key_must_be_there(path: tuple[str | int, ...]) -> None:
    plain: Any = plain_policy()
    spot = plain
    for step in path[:-1]:
        spot = spot[step]
    del spot[path[-1]]
    if path in OPTIONAL:
        parse_policy(plain, "mine.toml")
        return
    named = ".".join(str(step) for step in path).replace(".0.", "[0].")
    with pytest.raises(DataError) as caught:
        parse_policy(plain, "mine.toml")
    assert caught.value.key == named
    assert caught.value.reason.startswith("is missing")


def test_a_list_may_be_empty_where_that_is_said() -> None:
    plain = plain_policy()
    plain["clocks"] |= {"strict": [], "alarm_shares": []}
    plain["exclusions"] = {"external": [], "excluded_from": []}
    plain["work"]["restore_needs"] = []
    for key in ("pauses", "escalation", "causes", "solutions"):
        plain[key] = []
    policy = parse_policy(plain, "mine.toml")
    assert not any((policy.pauses, policy.escalation, policy.causes, policy.solutions))
    assert from_wire(to_wire(policy)) == policy


@pytest.mark.parametrize("need", ["cause", "solution"])
def test_what_a_restoration_needs_can_be_chosen(need: str) -> None:
    plain = plain_policy()
    plain[f"{need}s"] = []
    with pytest.raises(DataError, match=f"mine.toml: {need}s: none is listed"):
        parse_policy(plain, "mine.toml")
    plain["work"]["restore_needs"].remove(need)
    parse_policy(plain, "mine.toml")


def test_what_is_no_table_at_all_is_refused() -> None:
    with pytest.raises(DataError, match="policy: must be a table"):
        from_wire([1, 2])


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.toml: cannot be read"):
        load_policy(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("id = \nversion = 1", encoding="utf-8")
    with pytest.raises(DataError, match=r"broken\.toml: .*line 1"):
        load_policy(broken)
    latin = tmp_path / "latin.toml"
    latin.write_bytes("id = 'más'".encode("cp1252"))
    with pytest.raises(DataError, match=r"latin\.toml: is not UTF-8"):
        load_policy(latin)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("version = " + "9" * 5000, "digits"),
        ("x = " + "[" * 100_000, "too deep"),
        ("x = 1\nx = 2", "Cannot overwrite"),
    ],
)
def test_no_file_makes_the_reader_fall_over(tmp_path: Path, text: str, reason: str) -> None:
    odd = tmp_path / "odd.toml"
    odd.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=rf"odd\.toml: .*{reason}"):
        load_policy(odd)


def test_a_number_beyond_all_floats_is_named(tmp_path: Path) -> None:
    shipped = (resources_dir() / "policy" / "clever.toml").read_text(encoding="utf-8")
    huge = tmp_path / "huge.toml"
    huge.write_text(shipped.replace("share = 1.5", "share = 1" + "0" * 400), encoding="utf-8")
    with pytest.raises(DataError, match=r"escalation\[3\]\.share: must be a finite number"):
        load_policy(huge)


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    shipped = (resources_dir() / "policy" / "clever.toml").read_bytes()
    (tmp_path / "clever.toml").write_bytes(b"\xef\xbb\xbf" + shipped)
    assert load_policy(tmp_path / "clever.toml") == published()


def test_what_is_wrong_in_the_base_is_said_of_the_base(tmp_path: Path) -> None:
    shipped = (resources_dir() / "policy" / "clever.toml").read_text(encoding="utf-8")
    below, above = tmp_path / "below.toml", tmp_path / "above.toml"
    below.write_text(shipped.replace("target = 0.995", "target = 99.5"), encoding="utf-8")
    above.write_text('base = "below"\nid = "mine"', encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_policy(above)
    assert (caught.value.source, caught.value.key) == ("below.toml", "availability.target")


def test_a_base_fills_in_what_a_file_does_not_say(tmp_path: Path) -> None:
    shutil.copy(resources_dir() / "policy" / "clever.toml", tmp_path / "below.toml")
    above = tmp_path / "above.toml"
    above.write_text('base = "below"\nid = "mine"\n[name]\nes = "Mía"', encoding="utf-8")
    policy = load_policy(above)
    assert (policy.id, policy.name_es) == ("mine", "Mía")
    assert replace(policy, id="clever", name_es=published().name_es) == published()
    above.write_text('base = "below"\n[name]\nes = 5', encoding="utf-8")
    with pytest.raises(DataError, match=r"above\.toml: name\.es: must be a text"):
        load_policy(above)


@pytest.mark.parametrize(
    ("base", "reason"),
    [
        ("5", "must be a text"),
        ('"missing"', "cannot be read"),
        ('"chain"', "itself has a base"),
        ('""', "not the name of a file"),
        ('"../chain"', "not the name of a file"),
        ('"a\\\\b"', "not the name of a file"),
        ('"a\\u0000b"', "not the name of a file"),
    ],
)
def test_a_base_must_be_another_complete_file(tmp_path: Path, base: str, reason: str) -> None:
    (tmp_path / "chain.toml").write_text('base = "x"', encoding="utf-8")
    above = tmp_path / "above.toml"
    above.write_text(f"base = {base}", encoding="utf-8")
    with pytest.raises(DataError, match=reason):
        load_policy(above)


def test_a_lock_is_asked_for_only_where_the_policy_says_so() -> None:
    plain = plain_policy()
    assert published().pin is LockRule.OPTIONAL
    assert "pin" not in plain["work"], "laptops of the first version refuse what they do not know"
    plain["work"]["pin"] = "required"
    policy = from_wire(plain)
    assert policy.pin is LockRule.REQUIRED
    assert to_wire(policy) == plain
    plain["work"]["pin"] = "sometimes"
    with pytest.raises(DataError, match=r"work\.pin"):
        from_wire(plain)
