"""The connectivity check: what is a portal, and what is only a server out of order."""

from __future__ import annotations

import pytest
from diagnosing import a_context, a_result

from fieldtech.diagnostics.outcome import Reason
from fieldtech.diagnostics.probes import captive_portal
from fieldtech.diagnostics.verdict import decide
from fieldtech.diagnostics.verdict_facts import facts_of
from fieldtech.diagnostics.verdict_words import Cause
from fieldtech.diagnostics.web import Page
from fieldtech.domain.probe_targets import ProbeTargets, SiteFacts
from fieldtech.domain.words import CheckStatus

URL = "http://check.example.mx/generate_204"


def page(status: int, *headers: tuple[str, str]) -> Page:
    return Page(status=status, headers=headers, body=b"", ms=12.0, address="192.0.2.9")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_check_server_that_is_ill_is_no_portal(status: int) -> None:
    result = a_result("captive_portal", captive_portal.outcome_of(page(status), URL))
    assert (result.status, result.reason) == (CheckStatus.NOT_MEASURABLE, Reason.SERVER_ILL)
    assert result.evidence["status"] == status
    facts = facts_of(
        [result], site=SiteFacts(), targets=ProbeTargets(), resolvers=(), gateway="192.168.77.1"
    )
    assert decide(facts).cause is Cause.NOTHING_MEASURED, "nothing is broken by that"


@pytest.mark.parametrize(
    "seen",
    [
        page(200),
        page(302, ("Location", "http://portal.example/")),
        page(404),
        # Says itself that it is one (RFC 6585), or shows the way to it.
        page(511),
        page(503, ("Location", "http://portal.example/")),
    ],
)
def test_anything_else_in_its_place_is_one(seen: Page) -> None:
    result = a_result("captive_portal", captive_portal.outcome_of(seen, URL))
    assert (result.status, result.value("internet.portal")) == (CheckStatus.FAIL, str(seen.status))


def test_what_is_fetched_is_judged_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captive_portal, "fetch", lambda *_all, **_more: page(503))
    found = captive_portal.run(a_context(targets=ProbeTargets(connectivity=URL)))
    assert (found.values, found.reason) == ({}, Reason.SERVER_ILL)
