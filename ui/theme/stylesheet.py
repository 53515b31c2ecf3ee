"""Fills the style-sheet template ``app.qss`` with the tokens."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.theme.tokens import Tokens

HERE = Path(__file__).parent


def render_stylesheet(tokens: Tokens) -> str:
    """The application style sheet; ``$name`` is a token, ``${half}`` a measure derived here.

    Raises ``KeyError`` when the template names a token that does not exist.
    """
    values = {name: str(value) for name, value in tokens._asdict().items()}
    values |= {
        "glyphs": (HERE / "glyphs" / tokens.name).as_posix(),
        "icon_tiny": str(tokens.px(12)),
        "indicator": str(tokens.px(16)),
        "indicator_radius": str(tokens.px(4)),
        "chip_radius": str(tokens.chip_height // 2),
        "inner_height": str(tokens.control_height - 2),
        "chip_inner_height": str(tokens.chip_height - 2),
        "focus_height": str(tokens.control_height - 4),
        "chip_focus_height": str(tokens.chip_height - 4),
        "focus_xs": str(tokens.space_xs - 1),
        "focus_s": str(tokens.space_s - 1),
        "focus_m": str(tokens.space_m - 1),
        "radio_radius": str(tokens.px(16) // 2),
        "scroll": str(tokens.px(10)),
        "scroll_handle": str(tokens.px(4) // 2),
        "handle_length": str(tokens.px(36)),
        "arrow_room": str(tokens.px(28)),
        "row": str(tokens.px(30)),
        "tab_line": str(tokens.px(2)),
        "progress": str(tokens.px(6)),
        "progress_radius": str(tokens.px(6) // 2),
    }
    template = (HERE / "app.qss").read_text(encoding="utf-8")
    return Template(template).substitute(values)
