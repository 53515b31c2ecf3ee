"""Two versions of the same side by side, field by field (context ``SidesTable``)."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.views import formats, labels, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.services.sides import FieldSides
    from ui.theme.theme import Theme

translate = QCoreApplication.translate

NOTHING = "—"


class SidesTable(QWidget):
    """What this laptop's work says beside what is in force; what differs is marked in words too."""

    def __init__(
        self,
        theme: Theme,
        sides: Sequence[FieldSides],
        timezone: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(4))
        for column, stretch in enumerate((2, 3, 3)):
            self._grid.setColumnStretch(column, stretch)
        heads = ("", translate("SidesTable", "Yours"), translate("SidesTable", "In force"))
        for column, head in enumerate(heads):
            label = labels.text(theme, head, size=11, bold=True, colour="muted")
            self._grid.addWidget(label, 0, column)
        spoken = []
        for row, each in enumerate(sides, start=1):
            spoken.append(self._add(row, each, timezone))
        self.setAccessibleName(". ".join(spoken))

    def _add(self, row: int, each: FieldSides, timezone: str) -> str:
        theme = self._theme
        name = field_text(each.field)
        mine = side_text(each.kind, each.mine, timezone) or NOTHING
        theirs = side_text(each.kind, each.theirs, timezone) or NOTHING
        if each.differs:
            mark = translate("SidesTable", "{field} (differs)")
            name = mark.replace("{field}", name)
        self._grid.addWidget(labels.muted(theme, name), row, 0)
        for column, text in ((1, mine), (2, theirs)):
            label = labels.text(
                theme,
                text,
                size=12,
                bold=each.differs,
                colour="amber_text" if each.differs and column == 2 else "text",  # noqa: PLR2004  the last column
            )
            self._grid.addWidget(label, row, column)
        said = translate("SidesTable", "{field}: yours {mine}, in force {theirs}")
        return said.replace("{field}", name).replace("{mine}", mine).replace("{theirs}", theirs)


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


_READERS = {
    "visit_state": words.visit_state_text,
    "incident_state": words.incident_state_text,
    "severity": words.severity_text,
    "attribution": words.attribution_text,
    "check": words.check_text,
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
