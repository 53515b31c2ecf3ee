"""How things stand with the central, in one line (context ``SyncLine``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from fieldtech.domain.tolerance import CLOCK_TOLERANCE
from ui.theme.tokens import Tone
from ui.views import formats

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.services.values import SyncStatus

translate = QCoreApplication.translate

MOST_SKEW_S = CLOCK_TOLERANCE.total_seconds()


class SyncLine(QObject):
    """The counted texts: lupdate reads a plural only where ``tr`` is called."""

    def refused(self, count: int) -> str:
        """How many changes the central refused."""
        return self.tr("%n refused", "", count)

    def waiting(self, count: int) -> str:
        """How many changes have not been sent."""
        return self.tr("%n change(s) to send", "", count)

    def files_waiting(self, count: int) -> str:
        """How many files have not been sent whole."""
        return self.tr("%n file(s) to send", "", count)

    def files_aside(self, count: int) -> str:
        """How many files were put aside and wait for a person."""
        return self.tr("%n file(s) put aside", "", count)

    def changes_kept(self, count: int) -> str:
        """How many changes the central does not have."""
        return self.tr("%n change(s) not at the central yet", "", count)

    def files_kept(self, count: int) -> str:
        """How many files the central does not have."""
        return self.tr("%n file(s) not at the central yet", "", count)


def line(status: SyncStatus) -> tuple[str, Tone, str]:
    """Text, tint and icon of the status pill."""
    if status.running:
        return translate("SyncLine", "Synchronising…"), Tone.INFO, "refresh-cw"
    if status.refused:
        return SyncLine().refused(status.refused), Tone.DANGER, "cloud-alert"
    waiting = _waiting(status)
    if status.problem:
        away = problem_short(status.problem)
        icon = "circle-pause" if status.problem == "cancelled" else "cloud-off"
        return (f"{away} · {waiting}" if waiting else away), Tone.WARN, icon
    if waiting:
        return waiting, Tone.WARN, "cloud-upload"
    return _at_rest(status)


def _at_rest(status: SyncStatus) -> tuple[str, Tone, str]:
    """The same where nothing is on its way, and nothing in it."""
    if status.files_aside:  # here: one that can never be sent must hide nothing else
        return SyncLine().files_aside(status.files_aside), Tone.DANGER, "cloud-alert"
    if status.last_contact is None:
        return translate("SyncLine", "Not synchronised yet"), Tone.NEUTRAL, "cloud"
    return translate("SyncLine", "All sent"), Tone.OK, "cloud-check"


def _waiting(status: SyncStatus) -> str:
    """What is on its way. One number, there is no room for more: the files follow the changes."""
    if status.waiting:
        return SyncLine().waiting(status.waiting)
    return SyncLine().files_waiting(status.files_waiting) if status.files_waiting else ""


def kept_text(*, changes: int, files: int) -> str:
    """What the central does not have yet, empty when it has everything."""
    counted = SyncLine()
    parts = []
    if changes:
        parts.append(counted.changes_kept(changes))
    if files:
        parts.append(counted.files_kept(files))
    return " · ".join(parts)


def clock_text(status: SyncStatus) -> str:
    """What the times on the screens rest on, where that is not simply the central's clock."""
    doubt = formats.plus_minus(status.uncertainty_s).strip()
    if not status.compared:
        return translate(
            "SyncLine",
            "The time is this laptop's own: it has not been compared with the central yet.",
        )
    if status.rebooted:
        text = translate(
            "SyncLine",
            "This laptop was restarted and has not reached the central since: the time goes by its"
            " own clock, {doubt}.",
        )
        return text.replace("{doubt}", doubt)
    told = []
    if abs(status.offset_s) >= MOST_SKEW_S:
        ahead = translate("SyncLine", "This laptop's clock is {time} ahead.")
        behind = translate("SyncLine", "This laptop's clock is {time} behind.")
        text = ahead if status.offset_s < 0 else behind
        told.append(text.replace("{time}", formats.duration(status.offset_s)))
        told.append(
            translate("SyncLine", "Times here are the central's; restorations are reviewed.")
        )
    if doubt:
        text = translate("SyncLine", "The time here is right {doubt}.")
        told.append(text.replace("{doubt}", doubt))
    return " ".join(told)


def lease_text(status: SyncStatus, timezone: str) -> str:
    """Until when the program opens without a contact, and what that rests on."""
    if status.lease_until is None:
        return ""
    text = translate("SyncLine", "Without a contact it stays open until {when}.")
    told = text.replace("{when}", formats.day_and_time(status.lease_until, timezone))
    return f"{told} {behind_text()}" if status.clock_behind else told


def behind_text() -> str:
    """The laptop's clock cannot be trusted for how long it has been without its central."""
    return translate(
        "SyncLine",
        "This laptop's clock was set back: what is left is uncertain and counted from the latest"
        " time it has shown.",
    )


def problem_short(code: str) -> str:
    """Why the central is not reached, in two words."""
    return {
        "interface_gone": translate("SyncLine", "Network not connected"),
        "captive_portal": translate("SyncLine", "Captive portal"),
        "revoked": translate("SyncLine", "Laptop revoked"),
        "signed_out": translate("SyncLine", "Sign in again"),
        "cancelled": translate("SyncLine", "Stopped"),
    }.get(code, translate("SyncLine", "No connection"))


def contact_text(status: SyncStatus, now: datetime, timezone: str) -> str:
    """When the central was reached last."""
    if status.last_contact is None:
        return translate("SyncLine", "The central has not been reached yet.")
    ago = (now - status.last_contact).total_seconds()
    when = formats.day_and_time(status.last_contact, timezone)
    text = translate("SyncLine", "Last contact {when} ({ago} ago)")
    return text.format(when=when, ago=formats.duration(ago))
