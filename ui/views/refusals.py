"""Why a command was refused, as a person reads it (context ``Refusals``)."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def refusal_text(code: str, detail: str = "") -> str:
    """One sentence on what happened; ``detail`` completes it where the code has one."""
    sentence = _sentences().get(code)
    if sentence is None:
        plain = translate("Refusals", "Not accepted ({code}).").replace("{code}", code)
        return f"{plain} {detail}".strip()
    return sentence.replace("{detail}", detail)


def _sentences() -> dict[str, str]:
    return {
        "not_authorised": translate(
            "Refusals", "Your role may not do this, or not in this region; nor may whom you chose."
        ),
        "not_assigned": translate("Refusals", "This visit is no longer yours. Facts are kept."),
        "other_service": translate(
            "Refusals", "That incident is about another service: it is no duplicate."
        ),
        "own_proposal": translate("Refusals", "Nobody judges a proposal of his own."),
        "wrong_state": translate("Refusals", "Not possible in the present state."),
        "wrong_kind": translate("Refusals", "Not possible for this kind of incident."),
        "expected_changed": translate("Refusals", "Somebody else changed it first: {detail}"),
        "already_exists": translate("Refusals", "It exists already."),
        "earlier_refused": translate(
            "Refusals", "An earlier refused step of this visit comes first: decide on it."
        ),
        "held_at_central": translate(
            "Refusals", "The central holds it and may still do it: it is not sent twice."
        ),
        "already_assigned": translate("Refusals", "The technician already has this visit."),
        "visit_on_site": translate("Refusals", "Somebody is still on site."),
        "refail_too_late": translate("Refusals", "Too late to reopen: register a new incident."),
        "in_future": translate("Refusals", "The time lies in the future."),
        "missing_reason": translate("Refusals", "A reason is needed."),
        "missing_items": translate(
            "Refusals", "Answer or waive the mandatory items first: {detail}"
        ),
        "missing_attribution": translate("Refusals", "Say whose infrastructure failed."),
        "missing_evidence": translate("Refusals", "An exclusion needs evidence."),
        "not_excludable": translate("Refusals", "That attribution cannot be excluded."),
        "unknown_cause": translate("Refusals", "Choose a cause from the list."),
        "unknown_solution": translate("Refusals", "Choose a solution from the list."),
        "unknown_pause_reason": translate("Refusals", "Choose a reason from the list."),
        "unknown_target": translate(
            "Refusals", "This laptop or the central does not know it (any more)."
        ),
        "unknown_command": translate(
            "Refusals", "The central does not know this step: one of the two programs is older."
        ),
        "unknown_level": translate("Refusals", "The escalation ladder has no such level."),
        "no_such_item": translate("Refusals", "The checklist of this visit has no such item."),
        "unknown_policy": translate(
            "Refusals", "The service levels of this incident are not here yet."
        ),
        "unknown_checklist": translate("Refusals", "The checklist of this visit is not here yet."),
        "bad_character": translate("Refusals", "A text holds a character that cannot be stored."),
        "too_long": translate(
            "Refusals", "A text is longer than 64 KiB, or the incident has no room for more."
        ),
        "affected_invalid": translate("Refusals", "The number of affected users is not possible."),
        "affected_over_total": translate(
            "Refusals", "More users affected than there are: {detail}"
        ),
        "severity_needed": translate(
            "Refusals", "Choose the severity: the user count is not known."
        ),
        "override_reason_needed": translate("Refusals", "The rule says otherwise: give a reason."),
        "invalid": translate("Refusals", "Something in the form cannot be right: {detail}"),
        "dropped": translate("Refusals", "The operator of the central gave this step up."),
        "failed": translate(
            "Refusals",
            "The central could not process it and keeps it aside. Nothing is lost: it is done once"
            " the fault there is mended.",
        ),
    }
