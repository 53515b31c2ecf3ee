"""How things stand with the central, in one line (context ``SyncLine``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from ui.theme.tokens import Tone
from ui.views import formats

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.services.values import SyncStatus

translate = QCoreApplication.translate


class SyncLine(QObject):
    """The counted texts: lupdate reads a plural only where ``tr`` is called."""

    def refused(self, count: int) -> str:
        """How many changes the central refused."""
        return self.tr("%n refused", "", count)

    def waiting(self, count: int) -> str:
        """How many changes have not been sent."""
        return self.tr("%n change(s) to send", "", count)


def line(status: SyncStatus) -> tuple[str, Tone, str]:
    """Text, tint and icon of the status pill."""
    if status.running:
        return translate("SyncLine", "Synchronising…"), Tone.INFO, "refresh-cw"
    counted = SyncLine()
    if status.refused:
        return counted.refused(status.refused), Tone.DANGER, "cloud-alert"
    waiting = counted.waiting(status.waiting)
    if status.problem:
        away = problem_short(status.problem)
        return (f"{away} · {waiting}" if status.waiting else away), Tone.WARN, "cloud-off"
    if status.waiting:
        return waiting, Tone.WARN, "cloud-upload"
    if status.last_contact is None:
        return translate("SyncLine", "Not synchronised yet"), Tone.NEUTRAL, "cloud"
    return translate("SyncLine", "All sent"), Tone.OK, "cloud-check"


def problem_short(code: str) -> str:
    """Why the central is not reached, in two words."""
    return {
        "interface_gone": translate("SyncLine", "Network not connected"),
        "captive_portal": translate("SyncLine", "Captive portal"),
        "revoked": translate("SyncLine", "Laptop revoked"),
        "signed_out": translate("SyncLine", "Sign in again"),
    }.get(code, translate("SyncLine", "No connection"))


def contact_text(status: SyncStatus, now: datetime, timezone: str) -> str:
    """When the central was reached last."""
    if status.last_contact is None:
        return translate("SyncLine", "The central has not been reached yet.")
    ago = (now - status.last_contact).total_seconds()
    when = formats.day_and_time(status.last_contact, timezone)
    text = translate("SyncLine", "Last contact {when} ({ago} ago)")
    return text.format(when=when, ago=formats.duration(ago))
