"""The connectivity check: a page that answers 204 and nothing else, unless somebody is between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.diagnostics.names import NotResolvedError
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured
from fieldtech.diagnostics.web import fetch

if TYPE_CHECKING:
    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.web import Page

LIMIT_S = 4.0
_LOG_IN_FIRST = 511
"""What a portal answers that says so itself (RFC 6585)."""


def run(context: Context) -> Outcome:
    """Fetch the policy's page; redirections are evidence, and never followed."""
    url = context.targets.connectivity
    if not url:
        return not_measured(Reason.NO_TARGET)
    try:
        page = fetch(context, url, limit_s=LIMIT_S)
    except NotResolvedError as error:
        return not_measured(Reason.NOT_RESOLVED, url=url, detail=str(error))
    except OSError as error:
        return Outcome(
            unmeasured={"internet.portal": Reason.NO_REPLY},
            reason=Reason.NO_REPLY,
            evidence={"url": url, "detail": error.strerror or str(error)},
        )
    return outcome_of(page, url)


def outcome_of(page: Page, url: str) -> Outcome:
    """Return the status; a server that is out of order tells nothing of who is in between."""
    evidence = {
        "url": url,
        "status": page.status,
        "location": page.header("location"),
        "server": page.header("server"),
        "title": page.title,
        "ms": round(page.ms, 1),
    }
    ill = 500 <= page.status < 600 and page.status != _LOG_IN_FIRST
    if ill and not page.header("location"):
        return Outcome(reason=Reason.SERVER_ILL, evidence=evidence)
    return Outcome(values={"internet.portal": str(page.status)}, evidence=evidence)
