"""The router's own page: that it answers, and what it calls itself. No log-in is ever tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.diagnostics.outcome import Outcome, Reason
from fieldtech.diagnostics.web import fetch

if TYPE_CHECKING:
    from fieldtech.diagnostics.context import Context

LIMIT_S = 2.0
HTTPS = 443


def run(context: Context) -> Outcome:
    """Fetch the first page of the gateway; many answer only by TLS, which counts as an answer."""
    host = f"[{context.gateway}]" if ":" in context.gateway else context.gateway
    try:
        page = fetch(context, f"http://{host}/", limit_s=LIMIT_S)
    except OSError as error:
        return _by_tls(context, error.strerror or str(error))
    return Outcome(
        values={"router.page": "answers"},
        evidence={
            "status": page.status,
            "server": page.header("server"),
            "title": page.title,
            "location": page.header("location"),
            "authenticate": page.header("www-authenticate"),
        },
    )


def _by_tls(context: Context, problem: str) -> Outcome:
    try:
        with context.tcp(context.gateway, HTTPS, LIMIT_S):
            return Outcome(values={"router.page": "answers"}, evidence={"https": True})
    except OSError as error:
        said = {"http": problem, "https": error.strerror or str(error)}
        return Outcome(reason=Reason.NO_PAGE, evidence=said)
