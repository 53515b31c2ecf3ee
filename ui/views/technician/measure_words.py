"""A run of the probes in the person's language: links, causes, reasons, what is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from fieldtech.services.measuring import CONTEXT, LINKS, TEXTS, Cause, Link
from ui.views import formats, words
from ui.views.technician.item_texts import with_unit
from ui.views.technician.measured import suggesting_run

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.checklist import Item
    from fieldtech.domain.facts import MeasuredItem, Measurement
    from fieldtech.services.values import CaseDetail

translate = QCoreApplication.translate

ICONS = {
    Link.CABLE: "cable",
    Link.IP: "hash",
    Link.LAN: "network",
    Link.ROUTER: "router",
    Link.WAN: "plug",
    Link.PROVIDER: "radio-tower",
    Link.DNS: "server",
    Link.INTERNET: "globe",
    Link.SIP: "phone",
}


def link_text(link: Link) -> str:
    """A link of the chain, in a word."""
    return {
        Link.CABLE: translate("Measure", "Cable/WiFi"),
        Link.IP: translate("Measure", "IP"),
        Link.LAN: translate("Measure", "LAN"),
        Link.ROUTER: translate("Measure", "Router"),
        Link.WAN: translate("Measure", "WAN"),
        Link.PROVIDER: translate("Measure", "Provider"),
        Link.DNS: translate("Measure", "DNS"),
        Link.INTERNET: translate("Measure", "Internet"),
        Link.SIP: translate("Measure", "SIP"),
    }[link]


def short_text(link: Link) -> str:
    """The same where there is little room."""
    return {
        Link.CABLE: translate("Measure", "Cable"),
        Link.PROVIDER: translate("Measure", "ISP"),
        Link.INTERNET: translate("Measure", "Web"),
    }.get(link, link_text(link))


def cause_text(cause: str) -> tuple[str, str]:
    """What a verdict says, and what to try next; of a newer program's verdict its bare word."""
    try:
        told = TEXTS[Cause(cause)]
    except ValueError:
        return cause, ""
    return translate(CONTEXT, told.text), translate(CONTEXT, told.next)


def reason_text(reason: str) -> str:
    """Why something could not be measured here."""
    return translate(CONTEXT, reason) if reason else ""


def reading_text(
    item: Item, reading: MeasuredItem | None, language: str, joint: str = " · "
) -> str:
    """What was found for an item: the result, and its value or why there is none."""
    if reading is None:
        return ""
    said = with_unit(item, reading.value, language) or reason_text(reading.reason)
    return joint.join(part for part in (words.check_text(reading.status.value), said) if part)


def suggested_attribution(detail: CaseDetail, cause_code: str, now: datetime) -> tuple[str, str]:
    """Whose it is likely to be, and whence that comes: a cause says it better than a run."""
    cause = detail.policy.cause(cause_code)
    if cause is not None and cause.attribution is not None:
        return cause.attribution.value, ""
    run = suggesting_run(detail)
    if run is None:
        return "", ""
    told = translate("Measure", "Suggested by the measurement of {time}")
    return run.attribution, told.format(time=formats.due_text(run.at, now, detail.timezone))


def known_link(link: str) -> Link | None:
    """The link of that name, ``None`` for none and for one of a newer program."""
    return next((each for each in LINKS if each.value == link), None)


def profile_text(measurement: Measurement) -> str:
    """How thorough a run was."""
    return depth_text(measurement.profile)


def depth_text(profile: str) -> str:
    """The name of a run's profile; one of a newer program keeps its own."""
    return {
        "quick": translate("Measure", "Quick"),
        "full": translate("Measure", "Full"),
        "part": translate("Measure", "Some probes"),
    }.get(profile, profile)
