"""The theme dresses an application, switches live, and serves fonts and icons."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from ui.theme import stylesheet
from ui.theme.icons import UnknownIconError
from ui.theme.stylesheet import render_stylesheet
from ui.theme.theme import Theme
from ui.theme.tokens import DARK, LIGHT, Tokens

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)


def test_apply_brings_the_bundled_face_in_every_weight(theme: Theme, qapp: QApplication) -> None:
    assert QFontInfo(qapp.font()).family() == "Inter"
    assert qapp.font().pixelSize() == theme.tokens.font_body
    for weight in (QFont.Weight.Medium, QFont.Weight.DemiBold, QFont.Weight.Bold):
        info = QFontInfo(theme.font(12, weight))
        assert (info.family(), info.weight()) == ("Inter", weight)


def test_tabular_figures_have_one_width(theme: Theme) -> None:
    def spread(font: QFont) -> float:
        metrics = QFontMetricsF(font)
        widths = [metrics.horizontalAdvance(digit * 8) for digit in "0123456789"]
        return max(widths) - min(widths)

    assert spread(theme.font(26, QFont.Weight.Bold, tabular=True)) < 0.5, "in pixels, 8 digits"
    assert spread(theme.font(26, QFont.Weight.Bold)) > 10
    assert theme.metrics(26).height() > theme.metrics(12).height()


def test_switching_dresses_before_it_tells(theme: Theme, qapp: QApplication) -> None:
    seen: list[str] = []
    theme.changed.connect(
        lambda: seen.append(qapp.palette().color(QPalette.ColorRole.Window).name())
    )
    theme.set_dark(True)
    assert theme.dark
    assert seen == [DARK.background]
    theme.set_dark(True)
    assert len(seen) == 1, "nothing changed, so nothing is told"
    theme.set_scale(2.0)
    assert qapp.font().pixelSize() == 2 * LIGHT.font_body
    assert theme.tokens.accent == DARK.accent
    theme.set_dark(False)
    assert theme.scale == 2.0
    assert seen[-1] == LIGHT.background


def test_a_theme_without_application_only_answers(qapp: QApplication) -> None:
    before = qapp.styleSheet()
    loose = Theme(Path("nowhere"), dark=True, scale=1.5)
    loose.set_dark(False)
    assert loose.px(10) == 15
    assert qapp.styleSheet() == before


def test_icons_take_the_colour_and_the_pixel_ratio(theme: Theme) -> None:
    pixmap = theme.pixmap("check", "#ff0000", 20, ratio=2.0)
    assert pixmap.width() == 40
    assert pixmap.deviceIndependentSize().width() == 20
    image = pixmap.toImage()
    inked = {
        QColor(image.pixel(x, y)).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert inked == {"#ff0000"}
    assert theme.pixmap("check", "#ff0000", 20, ratio=2.0).cacheKey() == pixmap.cacheKey()


def test_icons_follow_the_scale(theme: Theme) -> None:
    theme.set_scale(1.5)
    assert theme.pixmap("check", size=20, ratio=1.0).width() == 30
    assert not theme.icon("check").isNull()


def test_an_unknown_icon_is_named(theme: Theme) -> None:
    with pytest.raises(UnknownIconError, match="no-such-icon"):
        theme.icon("no-such-icon")


@THEMES
def test_stylesheet_has_no_gap(tokens: Tokens) -> None:
    rendered = render_stylesheet(tokens)
    assert "$" not in rendered
    for file in re.findall(r'url\("([^"]+)"\)', rendered):
        assert Path(file).is_file()


@THEMES
def test_glyphs_are_drawn_in_the_tokens_colours(tokens: Tokens) -> None:
    folder = stylesheet.HERE / "glyphs" / tokens.name
    for name in ("chevron-up", "chevron-down", "chevron-right", "chevron-left"):
        assert f'stroke="{tokens.muted}"' in (folder / f"{name}.svg").read_text("utf-8")
    for name in ("check", "minus", "dot"):
        assert f'stroke="{tokens.on_accent}"' in (folder / f"{name}.svg").read_text("utf-8")


@pytest.mark.parametrize("kind", ["primary", "secondary", "ghost", "danger", "chip"])
def test_corners_are_round_at_every_scale(theme: Theme, qtbot: QtBot, kind: str) -> None:
    for scale in (1.0, 1.5, 2.0):
        theme.set_scale(scale)
        button = QPushButton("Enviar")
        button.setProperty("kind", kind)
        qtbot.addWidget(button)
        button.show()
        ground = button.palette().color(QPalette.ColorRole.Window).name()
        image = button.grab().toImage()
        assert image.pixelColor(0, 0).name() == ground
        expected = theme.tokens.chip_height if kind == "chip" else theme.tokens.control_height
        assert button.height() == expected


@pytest.mark.parametrize("kind", ["primary", "secondary", "ghost", "danger", "chip", "icon"])
@pytest.mark.parametrize("density", ["", "small", "tiny"])
def test_the_focus_ring_moves_nothing(theme: Theme, qtbot: QtBot, kind: str, density: str) -> None:
    button = QPushButton("" if kind == "icon" else "Enviar")
    button.setProperty("kind", kind)
    if density != "tiny" or kind == "icon":
        button.setProperty("density", density)
    qtbot.addWidget(button)
    with qtbot.waitActive(button):
        button.show()
        button.activateWindow()
    button.clearFocus()
    plain, calm = button.sizeHint(), button.grab().toImage()
    button.setFocus()
    assert button.sizeHint() == plain
    assert button.grab().toImage() != calm, "and it can be seen"
    assert theme.scale == 1.0


def test_a_field_shows_that_it_is_wrong(theme: Theme, qtbot: QtBot) -> None:
    field = QLineEdit("x")
    field.setProperty("invalid", "true")
    qtbot.addWidget(field)
    field.show()
    image = field.grab().toImage()
    assert image.pixelColor(image.width() // 2, 0).name() == theme.tokens.red
