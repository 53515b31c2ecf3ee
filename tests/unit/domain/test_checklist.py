"""What is missing, and what a typed value stands for."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_samples import T0

from fieldtech.domain.checklist import (
    Comparison,
    Item,
    Template,
    Threshold,
    judge,
    judge_number,
    missing_items,
    read_number,
    template_key,
)
from fieldtech.domain.checklist_file import load_template
from fieldtech.domain.facts import Answer
from fieldtech.domain.visit import Visit
from fieldtech.domain.words import CheckStatus, VisitState
from fieldtech.paths import resources_dir

PASS, WARN, FAIL = CheckStatus.PASS, CheckStatus.WARN, CheckStatus.FAIL


@cache
def template() -> Template:
    return load_template(resources_dir() / "checklists" / "lan-wifi-router.toml")


def item(item_id: str) -> Item:
    found = template().item(item_id)
    assert found is not None
    return found


def visit(*answers: Answer) -> Visit:
    return Visit(
        id="v",
        incident_id="i",
        technician_id="tec",
        state=VisitState.ON_SITE,
        assigned_at=T0,
        assigned_by="ana",
        checklist=template().key,
        answers=answers,
    )


def answer(item_id: str, status: CheckStatus = PASS, reason: str = "") -> Answer:
    return Answer(item=item_id, status=status, value="", note="", reason=reason, at=T0, by="tec")


def test_a_template_is_named_with_its_version() -> None:
    assert template().key == template_key("lan-wifi-router", 2) == "lan-wifi-router@2"
    assert template().item("nothing") is None


def test_mandatory_items_are_missed_in_the_templates_order() -> None:
    mandatory = tuple(i.id for i in template().items if i.mandatory)
    assert missing_items(template(), visit()) == mandatory
    assert missing_items(template(), visit(answer("lan.cable"))) == mandatory[1:]
    assert missing_items(template(), visit(*map(answer, mandatory))) == ()


def test_only_items_for_that_kind_of_service_are_missed() -> None:
    internet = missing_items(template(), visit(), "internet")
    trunk = missing_items(template(), visit(), "sip_trunk")
    assert "sip.options" in trunk
    assert "wifi.signal" not in trunk
    assert "sip.options" not in internet
    assert "wifi.signal" in internet
    assert {"lan.cable", "router.state"} <= set(internet) & set(trunk)


@pytest.mark.parametrize("status", [s for s in CheckStatus if s is not CheckStatus.WAIVED])
def test_every_result_is_an_answer(status: CheckStatus) -> None:
    assert "lan.cable" not in missing_items(template(), visit(answer("lan.cable", status)))


def test_a_waiver_is_one_with_its_reason_only() -> None:
    bare = visit(answer("lan.cable", CheckStatus.WAIVED, " "))
    reasoned = visit(answer("lan.cable", CheckStatus.WAIVED, "sin acceso al rack"))
    assert "lan.cable" in missing_items(template(), bare)
    assert "lan.cable" not in missing_items(template(), reasoned)


@given(answered=st.sets(st.sampled_from([i.id for i in template().items])))
def test_missing_is_exactly_mandatory_and_unanswered(answered: set[str]) -> None:
    missing = missing_items(template(), visit(*map(answer, sorted(answered))))
    assert set(missing) == {i.id for i in template().items if i.mandatory} - answered


@pytest.mark.parametrize(
    ("item_id", "value", "expected"),
    [
        ("wifi.signal", "-67", PASS),
        ("wifi.signal", "-67.1 dBm", FAIL),
        ("wifi.signal", "−60 dBm", PASS),
        ("wifi.snr", "24,9", FAIL),
        ("lan.speed", "100 Mbps", WARN),
        ("lan.speed", "1000", PASS),
        ("lan.speed", "1,000 Mbps", PASS),
        ("lan.speed", "1000mbps", PASS),
        ("wifi.signal", "-67dbm", PASS),
        ("internet.mtu", "1 500", PASS),
        ("router.gateway_loss", "0%", PASS),
        ("router.gateway_loss", "5 %", FAIL),
        ("router.gateway_time", "5", WARN),
        ("router.gateway_time", "4,99 ms", PASS),
        ("internet.portal", "204", PASS),
        ("internet.portal", "302", FAIL),
        ("internet.mtu", "1492", PASS),
        ("internet.mtu", "1300", WARN),
        ("internet.dns", "101", WARN),
        ("sip.loss", "1", PASS),
        ("sip.loss", "1.01", FAIL),
        ("sip.jitter", "30", PASS),
        ("sip.rating", "80", PASS),
        ("sip.rating", "70", WARN),
        ("sip.rating", "69.9", FAIL),
        ("lan.duplex", "full", PASS),
        ("lan.duplex", "half", FAIL),
        ("lan.duplex", "medio", None),
        ("wifi.security", "wep", FAIL),
        ("wifi.channel", "overlap", WARN),
        ("lan.ip", "192.168.1.20", PASS),
        ("lan.ip", "192.168.1.20/24", PASS),
        ("lan.ip", "169.254.7.7", FAIL),
        ("lan.ip", "192.168.1", None),
        ("lan.ip", "fe80::1", None),
        ("router.wan_ip", "100.64.3.2", WARN),
        ("router.wan_ip", "100.128.3.2", PASS),
        ("router.wan_ip", "172.31.0.1", WARN),
        ("router.wan_ip", "172.32.0.1", PASS),
        ("internet.public_ip", "187.190.1.1", PASS),
        ("internet.public_ip", "10.0.0.5", FAIL),
        ("internet.public_ip", "2806:10be::1", PASS),
        ("internet.public_ip", "fd00::1", FAIL),
        ("internet.public_ip", "127.0.0.1", FAIL),
        ("internet.public_ip", "224.0.0.1", FAIL),
        ("internet.public_ip", "255.255.255.255", FAIL),
        ("internet.public_ip", "223.255.255.254", PASS),
        ("internet.public_ip", "::1", FAIL),
        ("internet.public_ip", "::", FAIL),
        ("internet.public_ip", "ff02::1", FAIL),
        ("internet.public_ip", "::ffff:10.0.0.1", FAIL),
        ("internet.public_ip", "::ffff:187.190.1.1", PASS),
        ("router.wan_ip", "127.0.0.1", FAIL),
        ("router.wan_ip", "239.1.1.1", FAIL),
        ("lan.ip", "255.255.255.255", FAIL),
        ("internet.speed", "95", None),
        ("lan.cable", "bien", None),
        ("wifi.signal", "", None),
        ("wifi.signal", "buena", None),
    ],
)
def test_a_typed_value_is_judged_by_the_items_own_rule(
    item_id: str, value: str, expected: CheckStatus | None
) -> None:
    assert judge(item(item_id), value) is expected


@given(limit=st.integers(-100, 100), number=st.integers(-100, 100), gap=st.integers(1, 20))
def test_results_only_get_worse_away_from_the_limit(limit: int, number: int, gap: int) -> None:
    upper = Threshold(
        op=Comparison.AT_MOST, limit=limit, warn=limit + gap, otherwise=FAIL, source="x"
    )
    expected = PASS if number <= limit else WARN if number <= limit + gap else FAIL
    assert judge_number(upper, number) is expected
    lower = replace(upper, op=Comparison.AT_LEAST, limit=-limit, warn=-limit - gap)
    assert judge_number(lower, -number) is expected


@pytest.mark.parametrize(
    ("op", "below", "same", "above"),
    [
        (Comparison.LESS, PASS, FAIL, FAIL),
        (Comparison.AT_MOST, PASS, PASS, FAIL),
        (Comparison.EQUAL, FAIL, PASS, FAIL),
        (Comparison.AT_LEAST, FAIL, PASS, PASS),
        (Comparison.MORE, FAIL, FAIL, PASS),
    ],
)
def test_each_comparison_at_its_edge(
    op: Comparison, below: CheckStatus, same: CheckStatus, above: CheckStatus
) -> None:
    threshold = Threshold(op=op, limit=5, warn=None, otherwise=FAIL, source="x")
    assert [judge_number(threshold, n) for n in (4.9, 5, 5.1)] == [below, same, above]


@given(
    number=st.floats(-1e9, 1e9),
    places=st.integers(0, 6),
    unit=st.sampled_from(["", "%", "dBm", "dbm", "DBM"]),
    space=st.sampled_from(["", " ", "\N{NO-BREAK SPACE}"]),
)
def test_numbers_are_read_as_people_type_them(
    number: float, places: int, unit: str, space: str
) -> None:
    asked = "%" if unit == "%" else "dBm"
    plain = f"{number:.{places}f}"
    ways = [plain, f"{number:,.{places}f}", f"{number:,.{places}f}".replace(",", space or " ")]
    if places != 3:
        ways.append(plain.replace(".", ","))
    assert {read_number(f"{way}{space}{unit}", asked) for way in ways} == {float(plain)}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1,500", 1500),
        ("12,345,678", 12_345_678),
        ("1,234.5", 1234.5),
        ("-1,000", -1000),
        ("0,500", 0.5),
        ("0,5", 0.5),
        ("1,5", 1.5),
        ("1,2345", 1.2345),
        ("1.500", 1.5),
        ("1 500 bytes", 1500),
        ("1234,567", 1234.567),
    ],
)
def test_a_comma_before_three_digits_marks_thousands(typed: str, number: float) -> None:
    assert read_number(typed, "bytes") == number


@given(text=st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    for each in template().items:
        assert judge(each, text) in {None, *CheckStatus}


@pytest.mark.parametrize(
    "text",
    [
        "nan",
        "inf",
        "1e400",
        "1_000",
        "1.2.3",
        "٣",
        "5 ms ago",
        "1,5,7",
        "1 5",
        "1,000 5",
        "1,000,00",
    ],
)
def test_what_is_no_plain_number_is_left_to_a_person(text: str) -> None:
    assert read_number(text, "ms") is None
