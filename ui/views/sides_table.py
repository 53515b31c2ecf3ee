"""Two versions of the same side by side, field by field (context ``SidesTable``)."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QSizePolicy

from ui.views import formats, labels, words
from ui.views.technician.measure_words import cause_text, depth_text, known_link, link_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QVBoxLayout

    from fieldtech.services.sides import FieldSides
    from ui.theme.theme import Theme
    from ui.widgets.label import Label

translate = QCoreApplication.translate

NOTHING = "—"
SHARES = (2, 3, 3)
"""Of the width: the field's name, this side, the other."""


def add_sides(body: QVBoxLayout, theme: Theme, sides: Sequence[FieldSides], timezone: str) -> None:
    """Put what this laptop's work says beside what is in force; what differs is said in words."""
    heads = ("", translate("SidesTable", "Yours"), translate("SidesTable", "In force"))
    titles = [labels.text(theme, head, size=11, bold=True, colour="muted") for head in heads]
    _add_line(body, theme, titles)
    for each in sides:
        _add_line(body, theme, _cells(theme, each, timezone))


def _add_line(body: QVBoxLayout, theme: Theme, cells: Sequence[Label]) -> None:
    line = labels.line(spacing=theme.px(16))
    for label, share in zip(cells, SHARES, strict=True):
        # By the shares alone, or a long text would push the other side away.
        policy = label.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        label.setSizePolicy(policy)
        line.addWidget(label, share, Qt.AlignmentFlag.AlignTop)
    body.addLayout(line)


def _cells(theme: Theme, each: FieldSides, timezone: str) -> tuple[Label, Label, Label]:
    name = field_text(each.field)
    mine = side_text(each.kind, each.mine, timezone) or NOTHING
    theirs = side_text(each.kind, each.theirs, timezone) or NOTHING
    if each.differs:
        name = translate("SidesTable", "{field} (differs)").replace("{field}", name)
    in_force = "amber_text" if each.differs else "text"
    cells = (
        labels.muted(theme, name),
        labels.text(theme, mine, size=12, bold=each.differs),
        labels.text(theme, theirs, size=12, bold=each.differs, colour=in_force),
    )
    said = translate("SidesTable", "{field}: yours {mine}, in force {theirs}")
    said = said.replace("{field}", name).replace("{mine}", mine).replace("{theirs}", theirs)
    cells[0].setAccessibleName(said)
    return cells


def summary(sides: Sequence[FieldSides], timezone: str) -> str:
    """What a command says, in one line, where there is nothing to compare it with."""
    return " · ".join(
        side_text(each.kind, each.mine, timezone)
        for each in sides
        if each.mine and each.kind not in {"visit_state", "incident_state"}
    )


def side_text(kind: str, value: str, timezone: str) -> str:
    """One side's value as a person reads it."""
    if kind == "time" and value:
        with suppress(ValueError):
            return formats.day_and_time(datetime.fromisoformat(value), timezone)
    reader = _READERS.get(kind)
    return reader(value) if reader is not None and value else value


def _cause(cause: str) -> str:
    said, _ = cause_text(cause)
    return said


def _link(name: str) -> str:
    link = known_link(name)
    return link_text(link) if link is not None else name


_READERS = {
    "visit_state": words.visit_state_text,
    "incident_state": words.incident_state_text,
    "severity": words.severity_text,
    "attribution": words.attribution_text,
    "check": words.check_text,
    "probe_cause": _cause,
    "probe_link": _link,
    "profile": depth_text,
}


def field_text(field: str) -> str:
    """The name of a command's field; an unknown one keeps its own."""
    return {
        "visit_state": translate("SidesTable", "Visit"),
        "incident_state": translate("SidesTable", "Incident"),
        "state_reason": translate("SidesTable", "Reason"),
        "reason": translate("SidesTable", "Reason"),
        "note": translate("SidesTable", "Note"),
        "text": translate("SidesTable", "Text"),
        "at": translate("SidesTable", "Time"),
        "kind": translate("SidesTable", "Kind"),
        "restored_at": translate("SidesTable", "Restored"),
        "failed_at": translate("SidesTable", "Failed again"),
        "started_at": translate("SidesTable", "Measured"),
        "profile": translate("SidesTable", "Measurement"),
        "interface": translate("SidesTable", "Interface"),
        "verdict": translate("SidesTable", "Result"),
        "link": translate("SidesTable", "Where it breaks"),
        "notified_at": translate("SidesTable", "Notice"),
        "attribution": translate("SidesTable", "Attribution"),
        "cause": translate("SidesTable", "Cause"),
        "solution": translate("SidesTable", "Solution"),
        "affected": translate("SidesTable", "Affected users"),
        "severity": translate("SidesTable", "Severity"),
        "evidence": translate("SidesTable", "Evidence"),
        "technician_id": translate("SidesTable", "Technician"),
        "window_start": translate("SidesTable", "Window from"),
        "window_end": translate("SidesTable", "Window to"),
        "item": translate("SidesTable", "Item"),
        "status": translate("SidesTable", "Result"),
        "value": translate("SidesTable", "Value"),
        "title": translate("SidesTable", "Title"),
        "description": translate("SidesTable", "Description"),
        "channel": translate("SidesTable", "Channel"),
        "level": translate("SidesTable", "Level"),
        "how": translate("SidesTable", "How"),
        "name": translate("SidesTable", "Name"),
        "size": translate("SidesTable", "Bytes"),
        "field_name": translate("SidesTable", "Field"),
        "old": translate("SidesTable", "Before"),
        "new": translate("SidesTable", "After"),
        "old_serial": translate("SidesTable", "Old serial number"),
        "new_serial": translate("SidesTable", "New serial number"),
        "old_mac": translate("SidesTable", "Old MAC"),
        "new_mac": translate("SidesTable", "New MAC"),
    }.get(field, field)
