"""A probe's values are judged by the template and by nothing else."""

from __future__ import annotations

import pytest
from diagnosing import a_result, shipped_template

from fieldtech.diagnostics.judging import threshold_text
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured, number
from fieldtech.diagnostics.registry import PROBES
from fieldtech.domain.probe_targets import SiteFacts
from fieldtech.domain.words import CheckStatus


def test_every_probe_answers_an_item_and_every_item_has_its_probe() -> None:
    asked = {item.probe for item in shipped_template().items if item.probe}
    assert asked == {probe.name for probe in PROBES}


def test_the_worst_reading_speaks_for_the_probe() -> None:
    result = a_result(
        "voice",
        Outcome(
            values={
                "sip.loss": "0.4",
                "sip.jitter": "44",
                "sip.delay": "160",
                "sip.rating": "85",
                "sip.mos": "4.2",
            }
        ),
    )
    assert result.status is CheckStatus.FAIL
    assert (result.readings[0].item, result.readings[1].item) == ("sip.jitter", "sip.delay")
    assert result.readings[1].status is CheckStatus.WARN
    assert result.readings[0].threshold == "<= 30 ms"
    assert result.readings[0].source == "Voice planning value: jitter of 30 ms at most"
    assert result.reason is None


def test_what_was_not_measured_says_why() -> None:
    result = a_result("gateway", not_measured(Reason.NOT_PERMITTED))
    assert (result.status, result.reason) == (CheckStatus.NOT_MEASURABLE, Reason.NOT_PERMITTED)
    assert {each.reason for each in result.readings} == {Reason.NOT_PERMITTED}


def test_a_part_that_was_measured_is_judged() -> None:
    result = a_result(
        "link",
        Outcome(values={"lan.link": "up"}, unmeasured={"lan.speed": Reason.NOT_TOLD}),
    )
    assert result.status is CheckStatus.PASS
    reasons = {each.item: each.reason for each in result.readings}
    assert reasons["lan.speed"] is Reason.NOT_TOLD
    assert reasons["lan.duplex"] is Reason.UNKNOWN


def test_silence_where_there_should_be_an_answer_is_a_failure() -> None:
    result = a_result("captive_portal", not_measured(Reason.NO_REPLY))
    assert (result.status, result.reason) == (CheckStatus.FAIL, Reason.NO_REPLY)
    quiet = a_result("captive_portal", not_measured(Reason.NOT_RESOLVED))
    assert quiet.status is CheckStatus.NOT_MEASURABLE


def test_words_that_no_rule_knows_are_no_pass() -> None:
    result = a_result("wifi_security", Outcome(values={"wifi.security": "quantum"}))
    assert result.status is CheckStatus.NOT_MEASURABLE


@pytest.mark.parametrize(
    ("agreed", "measured", "status"),
    [
        (100.0, "93.1", CheckStatus.PASS),
        (100.0, "80", CheckStatus.PASS),
        (100.0, "79.9", CheckStatus.WARN),
        (None, "79.9", CheckStatus.NOT_MEASURABLE),
    ],
)
def test_a_speed_is_judged_by_what_was_agreed(
    agreed: float | None, measured: str, status: CheckStatus
) -> None:
    result = a_result(
        "throughput", Outcome(values={"internet.speed": measured}), SiteFacts(speed_mbps=agreed)
    )
    reading = next(each for each in result.readings if each.item == "internet.speed")
    assert (reading.status, reading.value) == (status, measured)
    if agreed is None:
        assert reading.reason is Reason.NO_SPEED_AGREED
    else:
        assert reading.threshold == ">= 80 Mbps"


def test_thresholds_are_told_without_a_language() -> None:
    template = shipped_template()
    texts = {item.id: threshold_text(item) for item in template.items}
    assert texts["sip.rating"] == ">= 80 R (warn >= 70)"
    assert texts["lan.duplex"] == "full"
    assert texts["wifi.security"] == "wpa3 | wpa2"
    assert texts["lan.ip"].startswith("not in 169.254.0.0/16")
    assert texts["lan.cable"] == ""


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(12.34, 1, "12.3"), (12.0, 1, "12"), (-0.01, 1, "0"), (100.0, 2, "100"), (-67.0, 1, "-67")],
)
def test_numbers_are_written_as_they_are_typed(value: float, digits: int, text: str) -> None:
    assert number(value, digits) == text
