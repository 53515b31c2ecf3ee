"""What the restoration form says of both deadlines, and of the time (context ``RestoreForm``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from fieldtech.domain.sla import crosses_deadline
from ui.views import formats, words

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.services.values import CaseDetail, ReclassificationPreview

translate = QCoreApplication.translate


def preview_text(preview: ReclassificationPreview, detail: CaseDetail, now: datetime) -> str:
    """Both deadlines, before and after, in one or two lines."""
    before, after = preview.before.restoration.due, preview.after.restoration.due
    zone = detail.timezone
    old = formats.due_text(before, now, zone) if before else "—"
    new = formats.due_text(after, now, zone) if after else "—"
    share = formats.percent(preview.share, 0) if preview.share is not None else ""
    severity = words.severity_text(preview.severity_after)
    head = f"{severity} ({share})" if share else severity
    if preview.severity_before == preview.severity_after:
        due = translate("RestoreForm", "due {time}").format(time=old)
        return f"{head} · {due}"
    was = words.severity_text(preview.severity_before)
    return translate(
        "RestoreForm", "Reclassified: {old_class}, due {old} → {new_class}, due {new}"
    ).format(old_class=was, old=old, new_class=head, new=new)


def doubt_text(now: datetime, uncertainty_s: float, due: datetime | None) -> str:
    """How far off "now" can be, and what that means beside a deadline; empty when it is sure."""
    doubt = formats.plus_minus(uncertainty_s).strip()
    if not doubt:
        return ""
    told = translate("RestoreForm", "{doubt}, as far as this laptop's clock knows")
    if crosses_deadline(now, uncertainty_s, due):
        told = translate(
            "RestoreForm", "{doubt}: that may be either side of the deadline, it will be reviewed"
        )
    return told.replace("{doubt}", doubt)
