"""Codes as a person reads them. Every text goes through Qt Linguist (context ``Words``)."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui.theme.tokens import Tone

translate = QCoreApplication.translate


def severity_text(code: str) -> str:
    """Falla Mayor or Falla Menor; an administrative incident has neither."""
    return {
        "major": translate("Words", "Major fault"),
        "minor": translate("Words", "Minor fault"),
    }.get(code, translate("Words", "Administrative"))


def severity_tone(code: str) -> Tone:
    """The tint of a severity."""
    return {"major": Tone.DANGER, "minor": Tone.NEUTRAL}.get(code, Tone.INFO)


def incident_state_text(code: str) -> str:
    """The state of an incident."""
    return {
        "reported": translate("Words", "Reported"),
        "acknowledged": translate("Words", "Acknowledged"),
        "in_progress": translate("Words", "In progress"),
        "pending": translate("Words", "Pending"),
        "restored": translate("Words", "Restored"),
        "closed": translate("Words", "Closed"),
        "rejected": translate("Words", "Rejected"),
        "cancelled": translate("Words", "Cancelled"),
        "duplicate": translate("Words", "Duplicate"),
    }.get(code, code)


def visit_state_text(code: str) -> str:
    """The state of a visit."""
    return {
        "assigned": translate("Words", "Assigned"),
        "accepted": translate("Words", "Accepted"),
        "en_route": translate("Words", "On the way"),
        "on_site": translate("Words", "On site"),
        "away": translate("Words", "Away"),
        "done": translate("Words", "Done"),
        "unable": translate("Words", "Could not be done"),
        "declined": translate("Words", "Declined"),
        "cancelled": translate("Words", "Cancelled"),
        "reassigned": translate("Words", "Reassigned"),
        "abandoned": translate("Words", "Abandoned"),
    }.get(code, code)


def state_tone(code: str) -> Tone:
    """The tint of an incident's or a visit's state."""
    if code in {"on_site", "restored", "done", "closed"}:
        return Tone.OK
    if code in {"pending", "away", "unable", "declined"}:
        return Tone.WARN
    if code in {"cancelled", "rejected", "duplicate", "reassigned", "abandoned", "reported"}:
        return Tone.NEUTRAL
    return Tone.INFO


def attribution_text(code: str) -> str:
    """Whose fault it was."""
    return {
        "own_network": translate("Words", "Own network"),
        "ally": translate("Words", "Allied network"),
        "customer": translate("Words", "Customer's installation"),
        "third_party": translate("Words", "Third party"),
        "planned": translate("Words", "Planned work"),
        "undetermined": translate("Words", "Undetermined"),
    }.get(code, code)


def check_text(code: str) -> str:
    """The result of a checklist item."""
    return {
        "pass": translate("Words", "Pass"),
        "warn": translate("Words", "Warning"),
        "fail": translate("Words", "Fail"),
        "not_measurable": translate("Words", "Not measurable here"),
        "not_applicable": translate("Words", "Does not apply"),
        "waived": translate("Words", "Waived"),
    }.get(code, translate("Words", "Pending"))


def clock_text(code: str) -> str:
    """What a service-level clock shows."""
    return {
        "running": translate("Words", "Running"),
        "at_risk": translate("Words", "About to expire"),
        "breached": translate("Words", "Breached"),
        "met": translate("Words", "Met"),
        "missed": translate("Words", "Missed"),
        "paused": translate("Words", "Paused"),
        "excluded": translate("Words", "Excluded"),
    }.get(code, translate("Words", "No clock"))


def channel_text(code: str) -> str:
    """A contact channel."""
    return {
        "phone": translate("Words", "Telephone"),
        "email": translate("Words", "E-mail"),
        "whatsapp": translate("Words", "WhatsApp"),
        "portal": translate("Words", "Portal"),
    }.get(code, code)


def skill_text(code: str) -> str:
    """What a technician is trained for."""
    return {
        "fiber": translate("Words", "fibre"),
        "radio": translate("Words", "radio link"),
        "lan": translate("Words", "LAN"),
        "wifi": translate("Words", "WiFi"),
        "sip": translate("Words", "SIP"),
    }.get(code, code)


def command_text(name: str) -> str:
    """A command as a line of the timeline or of the outbox."""
    return {
        "incident.report": translate("Words", "Fault reported from the field"),
        "incident.register": translate("Words", "Incident registered"),
        "incident.acknowledge": translate("Words", "Incident acknowledged"),
        "incident.reclassify": translate("Words", "Severity reclassified"),
        "incident.pause": translate("Words", "Clock stop recorded"),
        "incident.resume": translate("Words", "Work resumed"),
        "incident.restore": translate("Words", "Service restored"),
        "incident.record_restoration": translate("Words", "Restoration time recorded"),
        "incident.correct_restoration": translate("Words", "Restoration time corrected"),
        "incident.refail": translate("Words", "It failed again"),
        "incident.close": translate("Words", "Incident closed"),
        "incident.cancel": translate("Words", "Incident cancelled"),
        "incident.reject": translate("Words", "Incident rejected"),
        "incident.mark_duplicate": translate("Words", "Marked as duplicate"),
        "incident.note": translate("Words", "Note"),
        "visit.assign": translate("Words", "Visit assigned"),
        "visit.reassign": translate("Words", "Visit reassigned"),
        "visit.accept": translate("Words", "Visit accepted"),
        "visit.decline": translate("Words", "Visit declined"),
        "visit.start_travel": translate("Words", "Travel started"),
        "visit.arrive": translate("Words", "Arrived at the site"),
        "visit.leave": translate("Words", "Left the site"),
        "visit.resume": translate("Words", "Back at the site"),
        "visit.finish": translate("Words", "Visit finished"),
        "visit.unable": translate("Words", "Visit could not be done"),
        "visit.cancel": translate("Words", "Visit cancelled"),
        "visit.abandon": translate("Words", "Visit abandoned"),
        "visit.request_followup": translate("Words", "Another visit requested"),
        "visit.add_companion": translate("Words", "Companion added"),
        "visit.record_time": translate("Words", "Time recorded"),
        "visit.correct_time": translate("Words", "Time corrected"),
        "check.answer": translate("Words", "Checklist answer"),
        "check.measure": translate("Words", "Network measured"),
        "check.waive": translate("Words", "Checklist item waived"),
        "exclusion.propose": translate("Words", "Exclusion proposed"),
        "exclusion.confirm": translate("Words", "Exclusion confirmed"),
        "exclusion.refuse": translate("Words", "Exclusion refused"),
        "escalation.log": translate("Words", "Escalation recorded"),
        "correction.propose": translate("Words", "Correction proposed"),
        "attachment.add": translate("Words", "File attached"),
        "equipment.swap": translate("Words", "Equipment replaced"),
    }.get(name, name)


def action_text(name: str) -> str:
    """A command as the label of the button that issues it."""
    return {
        "visit.accept": translate("Words", "Accept visit"),
        "visit.decline": translate("Words", "Decline"),
        "visit.start_travel": translate("Words", "Start travel"),
        "visit.arrive": translate("Words", "I have arrived"),
        "visit.leave": translate("Words", "Leave the site"),
        "visit.resume": translate("Words", "I am back"),
        "visit.finish": translate("Words", "Finish visit"),
        "visit.unable": translate("Words", "Could not be done"),
        "visit.cancel": translate("Words", "Cancel visit"),
        "visit.abandon": translate("Words", "Visit abandoned (laptop lost)"),
        "visit.request_followup": translate("Words", "Request another visit"),
        "incident.pause": translate("Words", "Clock stop"),
        "incident.resume": translate("Words", "Resume work"),
        "incident.restore": translate("Words", "Record resolution"),
        "incident.refail": translate("Words", "It failed again"),
        "incident.close": translate("Words", "Close incident"),
        "incident.acknowledge": translate("Words", "Acknowledge"),
        "incident.cancel": translate("Words", "Cancel incident"),
        "incident.reject": translate("Words", "Reject"),
        "incident.mark_duplicate": translate("Words", "It is the same fault as…"),
        "escalation.log": translate("Words", "I escalated by phone"),
        "exclusion.propose": translate("Words", "Propose exclusion"),
        "exclusion.confirm": translate("Words", "Confirm exclusion"),
        "exclusion.refuse": translate("Words", "Refuse exclusion"),
    }.get(name, command_text(name))
