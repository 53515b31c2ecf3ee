"""The map as a person meets it: looked at, dragged, zoomed, clicked, and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton

from fieldtech.services.geography import Geography, Locality, Outline, project
from ui.map.map_canvas import MapCanvas
from ui.map.map_controls import MapControls
from ui.map.map_pin import MapPin

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.theme.theme import Theme

MONTERREY = MapPin("mty", 25.67, -100.31, "danger", "Clínica San Rafael")
TIJUANA = MapPin("tij", 32.5, -117.0, "ok", "Notaría 47")
TOGETHER = [MapPin(name, 25.0, -100.0, "warn", name) for name in "ab"]


def ring(*corners: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """A closed line through (lat, lon) corners, projected."""
    points = [project(lat, lon) for lat, lon in corners]
    return (*points, points[0])


@pytest.fixture(scope="module")
def geography() -> Geography:
    """Two square states and a few towns: what ships is tried elsewhere."""
    west = ring((33, -117), (33, -108), (22, -108), (22, -117))
    east = ring((33, -108), (33, -97), (22, -97), (22, -108))
    return Geography(
        (
            Outline("Poniente", "Pon.", (west,), (west,), project(28, -112)),
            Outline("Oriente", "Ori.", (east,), (east,), project(28, -102)),
        ),
        (
            Locality("Monterrey", *project(25.67, -100.31), 1_100_000, 5),
            Locality("Guadalupe", *project(25.68, -100.26), 640_000, 11),
            Locality("Loma", *project(25.6, -100.2), 2_000, 13),
        ),
    )


@pytest.fixture
def canvas(theme: Theme, geography: Geography, qtbot: QtBot) -> MapCanvas:
    """A map of 800 by 600 with two pins far apart."""
    made = MapCanvas(theme)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.set_geography(geography)
    made.set_pins([MONTERREY, TIJUANA])
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def spot(canvas: MapCanvas, pin: MapPin) -> QPoint:
    """A point on the head of a pin."""
    x, y = canvas.view.to_screen(*project(pin.lat, pin.lon))
    return QPoint(round(x), round(y) - 14)


def wheel(canvas: MapCanvas, notches: float, at: QPoint) -> None:
    """Turn the wheel."""
    event = QWheelEvent(
        QPointF(at),
        QPointF(at),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003  Qt's own order of arguments
    )
    QApplication.sendEvent(canvas, event)


def picture(canvas: MapCanvas) -> QImage:
    """What is on the screen."""
    return canvas.grab().toImage()


def test_it_shows_all_pins_until_somebody_moves_it(canvas: MapCanvas) -> None:
    for pin in (MONTERREY, TIJUANA):
        at = spot(canvas, pin)
        assert canvas.rect().contains(at)
    canvas.set_pins([MONTERREY])
    closer = canvas.view.zoom
    canvas.zoom_out()
    canvas.set_pins([MONTERREY, TIJUANA])
    assert canvas.view.zoom == closer - 1.0
    canvas.fit_to_pins()
    assert canvas.rect().contains(spot(canvas, TIJUANA))


def test_a_click_on_a_pin_selects_and_activates(canvas: MapCanvas, qtbot: QtBot) -> None:
    selected: list[str] = []
    canvas.selection_changed.connect(selected.append)
    with qtbot.waitSignal(canvas.pin_activated) as told:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, MONTERREY))
    assert told.args == ["mty"]
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, MONTERREY))
    assert selected == ["mty"], "told once"
    assert canvas.selected == "mty"


def test_a_click_beside_pins_does_nothing(canvas: MapCanvas, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(canvas.pin_activated):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 590))


def test_selecting_by_program_is_silent_and_reveals(canvas: MapCanvas, qtbot: QtBot) -> None:
    for _ in range(5):
        canvas.zoom_in()
    with qtbot.assertNotEmitted(canvas.selection_changed):
        canvas.set_selected("tij")
    assert canvas.rect().contains(spot(canvas, TIJUANA))
    canvas.set_selected("nobody")
    assert canvas.selected == ""


def test_a_pin_that_goes_takes_its_selection_along(canvas: MapCanvas) -> None:
    canvas.set_selected("tij")
    canvas.set_pins([MONTERREY])
    assert canvas.selected == ""


def test_a_click_on_a_cluster_comes_closer(canvas: MapCanvas, qtbot: QtBot) -> None:
    near = MapPin("near", 25.7, -100.33, "ok", "near")
    canvas.set_pins([MONTERREY, TIJUANA, near])
    before = canvas.view.zoom
    with qtbot.assertNotEmitted(canvas.pin_activated):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, near))
    assert canvas.view.zoom >= before + 1.5
    for pin in (MONTERREY, near):
        assert canvas.rect().contains(spot(canvas, pin))


def test_pins_at_one_place_are_taken_in_turn(canvas: MapCanvas, qtbot: QtBot) -> None:
    canvas.set_pins(TOGETHER)
    told: list[str] = []
    canvas.pin_activated.connect(told.append)
    for _ in range(3):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, TOGETHER[0]))
    assert told == ["a", "b", "a"]


def test_dragging_moves_the_map_and_clicks_nothing(canvas: MapCanvas, qtbot: QtBot) -> None:
    start = spot(canvas, MONTERREY)
    with qtbot.assertNotEmitted(canvas.pin_activated):
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
        for step in (20, 60):
            qtbot.mouseMove(canvas, start - QPoint(step, 0))
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start - QPoint(60, 0))
    assert spot(canvas, MONTERREY).x() == pytest.approx(start.x() - 60, abs=1)


def test_the_wheel_keeps_the_place_under_the_pointer(canvas: MapCanvas, qtbot: QtBot) -> None:
    at = spot(canvas, MONTERREY)
    before = canvas.view.zoom
    wheel(canvas, 2, at)
    assert canvas.view.zoom == before + 1.0
    x, y = canvas.view.to_screen(*project(MONTERREY.lat, MONTERREY.lon))
    assert (x, y) == pytest.approx((at.x(), at.y() + 14), abs=15)
    wheel(canvas, 0.3, at)
    assert canvas.view.zoom == before + 1.0, "small steps of a touchpad are gathered"
    wheel(canvas, 0.3, at)
    assert canvas.view.zoom == before + 1.25
    hasty = picture(canvas)
    qtbot.waitUntil(lambda: picture(canvas) != hasty)


def test_a_double_click_on_the_ground_zooms(canvas: MapCanvas, qtbot: QtBot) -> None:
    before = canvas.view.zoom
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 590))
    assert canvas.view.zoom == before + 1.0


@pytest.mark.parametrize(
    ("key", "dx", "dy"),
    [
        (Qt.Key.Key_Left, 80, 0),
        (Qt.Key.Key_Right, -80, 0),
        (Qt.Key.Key_Up, 0, 80),
        (Qt.Key.Key_Down, 0, -80),
    ],
)
def test_arrows_move_the_map(
    canvas: MapCanvas, qtbot: QtBot, key: Qt.Key, dx: int, dy: int
) -> None:
    before = spot(canvas, MONTERREY)
    qtbot.keyClick(canvas, key)
    moved = spot(canvas, MONTERREY) - before
    assert (moved.x(), moved.y()) == pytest.approx((dx, dy), abs=1)


def test_keys_zoom_fit_and_activate(canvas: MapCanvas, qtbot: QtBot) -> None:
    fitted = canvas.view.zoom
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.view.zoom == fitted + 1.0
    qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.view.zoom < fitted
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    assert canvas.view.zoom == fitted
    with qtbot.assertNotEmitted(canvas.pin_activated):
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    canvas.set_selected("tij")
    with qtbot.waitSignal(canvas.pin_activated) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert told.args == ["tij"]
    qtbot.keyClick(canvas, Qt.Key.Key_F5)


def test_the_buttons_float_inside_and_work(canvas: MapCanvas, qtbot: QtBot) -> None:
    controls = canvas.findChild(MapControls)
    assert isinstance(controls, MapControls)
    assert canvas.rect().adjusted(-20, -20, 20, 20).contains(controls.geometry())
    closer, farther, fit = controls.findChildren(QPushButton)
    assert all(button.accessibleName() for button in (closer, farther, fit))
    fitted = canvas.view.zoom
    qtbot.mouseClick(closer, Qt.MouseButton.LeftButton)
    assert canvas.view.zoom == fitted + 1.0
    qtbot.mouseClick(farther, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(farther, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(fit, Qt.MouseButton.LeftButton)
    assert canvas.view.zoom == fitted


def test_it_says_what_it_holds(canvas: MapCanvas) -> None:
    assert "2" in canvas.accessibleName()
    assert "list" in canvas.accessibleDescription()
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.LanguageChange))
    assert "2" in canvas.accessibleName()


@pytest.mark.qt_log_ignore(r"This plugin does not support raise\(\)")
def test_hovering_names_what_is_there(canvas: MapCanvas, qtbot: QtBot) -> None:
    canvas.set_pins([MONTERREY, TIJUANA, *TOGETHER])
    for at in (spot(canvas, TIJUANA), spot(canvas, TOGETHER[0]), QPoint(400, 590)):
        QApplication.sendEvent(canvas, QHelpEvent(QEvent.Type.ToolTip, at, at))
    qtbot.mouseMove(canvas, spot(canvas, TIJUANA))
    assert canvas.cursor().shape() == Qt.CursorShape.PointingHandCursor
    qtbot.mouseMove(canvas, QPoint(400, 590))
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor


def test_urgencies_differ_without_colour(theme: Theme, qtbot: QtBot) -> None:
    heads = set()
    for urgency in ("danger", "warn", "ok", "info", "neutral"):
        canvas = MapCanvas(theme)
        qtbot.addWidget(canvas)
        canvas.resize(200, 200)
        canvas.show()
        canvas.set_pins([MapPin("x", 25.0, -100.0, urgency, "x")])
        at = spot(canvas, MapPin("x", 25.0, -100.0, urgency, "x"))
        grey = picture(canvas).convertToFormat(QImage.Format.Format_Grayscale8)
        head = grey.copy(at.x() - 7, at.y() - 14, 15, 15)
        values = [head.pixelColor(x, y).value() for x in range(15) for y in range(15)]
        half = (min(values) + max(values)) / 2
        heads.add(bytes(value > half for value in values))
    assert len(heads) == 5


def test_route_selection_and_highlight_are_drawn(canvas: MapCanvas, theme: Theme) -> None:
    plain = picture(canvas)
    canvas.set_route(["mty", "tij", "gone"])
    with_route = picture(canvas)
    assert with_route != plain
    canvas.set_highlight({"Oriente"})
    lit = picture(canvas)
    assert lit != with_route
    canvas.set_selected("mty")
    chosen = picture(canvas)
    assert chosen != lit
    theme.set_dark(True)
    assert picture(canvas) != chosen
    canvas.set_route([])
    canvas.set_pins([])
    canvas.fit_to_pins()
    assert not picture(canvas).isNull()


def test_the_ground_is_painted_at_every_zoom(canvas: MapCanvas) -> None:
    canvas.set_selected("mty")
    seen = []
    for levels in (-2, 1, 1, 2, 3, 3):
        wheel(canvas, 2 * levels, QPoint(400, 300))
        seen.append(picture(canvas).pixelColor(3, 300).name())
    assert len(seen) == 6


def test_without_a_geography_there_are_still_pins(theme: Theme, qtbot: QtBot) -> None:
    canvas = MapCanvas(theme)
    qtbot.addWidget(canvas)
    canvas.resize(300, 300)
    ground = picture(canvas).pixelColor(5, 5).name()
    assert ground == theme.tokens.map_land
    canvas.set_pins([MONTERREY])
    theme.set_scale(2.0)
    assert not picture(canvas).isNull()
    assert canvas.sizeHint().width() == theme.px(520)
