"""Cards, regions and technicians are painted so that states can be told apart, on any screen."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING

import field_office
import msgspec
import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fieldtech.domain.clock_view import Clocks, ClockView
from fieldtech.domain.words import ClockState
from fieldtech.paths import resources_dir
from fieldtech.services.values import AgendaPage, AgendaQuery, RegionNode, TechnicianRow
from ui.models.agenda_model import AgendaModel
from ui.models.region_model import RegionModel
from ui.models.technician_model import TechnicianModel
from ui.theme.theme import Theme
from ui.views.dispatcher.board_delegates import RegionDelegate, TechnicianDelegate
from ui.views.visit_card import VisitCardDelegate

if TYPE_CHECKING:
    from field_office import FieldLaptop
    from PySide6.QtCore import QModelIndex
    from PySide6.QtWidgets import QApplication

    from fieldtech.clock import FakeClock
    from fieldtech.services.values import AgendaRow

SIZE = QSize(330, 80)
DUE = field_office.NOW + timedelta(hours=1)
_encode = msgspec.json.Encoder().encode


def clocks(**restoration: object) -> str:
    view = ClockView(target_s=7200, start=DUE - timedelta(hours=2), **restoration)  # type: ignore[arg-type]
    return _encode(Clocks(restoration=view)).decode()


STATES = {
    "running": clocks(state=ClockState.RUNNING, due=DUE, at_risk_at=DUE - timedelta(minutes=30)),
    "at_risk": clocks(
        state=ClockState.RUNNING,
        due=field_office.NOW + timedelta(minutes=9),
        at_risk_at=field_office.NOW,
    ),
    "breached": clocks(
        state=ClockState.RUNNING, due=field_office.NOW - timedelta(minutes=9), at_risk_at=None
    ),
    "paused": clocks(state=ClockState.PAUSED, remaining_s=3600),
    "excluded": clocks(state=ClockState.EXCLUDED),
}


@pytest.fixture
def row(ana: FieldLaptop) -> AgendaRow:
    """A card."""
    return ana.desk.agenda.page(AgendaQuery()).rows[0]


def make_theme(qapp: QApplication, *, dark: bool, scale: float) -> Theme:
    made = Theme(resources_dir(), dark=dark, scale=scale)
    made.apply(qapp)
    return made


def paint(
    delegate: QStyledItemDelegate,
    index: QModelIndex,
    theme: Theme,
    state: QStyle.StateFlag = QStyle.StateFlag.State_Enabled,
) -> QImage:
    """One item on the theme's ground."""
    size = SIZE * theme.scale
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(theme.tokens.background))
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, size.width(), size.height())
    option.state = state
    painter = QPainter(image)
    delegate.paint(painter, option, index)
    painter.end()
    return image


def colours(image: QImage, colour: str) -> int:
    """How many pixels have exactly this colour."""
    wanted = QColor(colour).rgb()
    spots = itertools.product(range(image.width()), range(image.height()))
    return sum(image.pixel(x, y) == wanted for x, y in spots)


def card(model: AgendaModel, row: AgendaRow) -> QModelIndex:
    model.show_flat(AgendaPage(rows=(row,), total=1))
    return model.index(0, 0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.usefixtures("theme")
def test_every_state_of_a_clock_looks_like_no_other(
    qapp: QApplication, clock: FakeClock, row: AgendaRow, *, dark: bool, scale: float
) -> None:
    theme = make_theme(qapp, dark=dark, scale=scale)
    model = AgendaModel()
    delegate = VisitCardDelegate(theme, clock)
    pictures = {
        name: paint(delegate, card(model, row._replace(clocks_json=text)), theme)
        for name, text in STATES.items()
    }
    for one, other in itertools.combinations(pictures, 2):
        assert pictures[one] != pictures[other], (one, other)
    red = theme.tokens.red_tint
    assert colours(pictures["breached"], red) > colours(pictures["running"], red)
    theme.deleteLater()


@pytest.mark.usefixtures("theme")
def test_severity_selection_and_focus_are_seen(
    theme: Theme, clock: FakeClock, row: AgendaRow
) -> None:
    model = AgendaModel()
    delegate = VisitCardDelegate(theme, clock)
    flags = QStyle.StateFlag
    major = card(model, row._replace(severity="major"))
    plain = paint(delegate, major, theme)
    chosen = paint(delegate, major, theme, flags.State_Enabled | flags.State_Selected)
    focused = paint(
        delegate, major, theme, flags.State_Enabled | flags.State_Selected | flags.State_HasFocus
    )
    hovered = paint(delegate, major, theme, flags.State_Enabled | flags.State_MouseOver)
    assert len({_bytes(each) for each in (plain, chosen, focused, hovered)}) == 4
    accent = theme.tokens.accent
    assert colours(focused, accent) > colours(chosen, accent) > colours(plain, accent)
    minor = paint(delegate, card(model, row._replace(severity="minor")), theme)
    assert minor != plain
    red = theme.tokens.red
    assert colours(plain, red) > colours(minor, red)


def _bytes(image: QImage) -> bytes:
    return bytes(image.constBits())


def test_work_to_send_and_refused_work_are_written_on_the_card(
    theme: Theme, clock: FakeClock, row: AgendaRow
) -> None:
    model = AgendaModel()
    delegate = VisitCardDelegate(theme, clock)
    pictures = [
        paint(delegate, card(model, each), theme)
        for each in (row, row._replace(waiting=2), row._replace(waiting=2, refused=1))
    ]
    assert pictures[0] != pictures[1] != pictures[2]


@pytest.mark.usefixtures("spanish")
def test_cards_speak_spanish(theme: Theme, clock: FakeClock, row: AgendaRow) -> None:
    model = AgendaModel()
    here = paint(VisitCardDelegate(theme, clock), card(model, row), theme)
    assert row.visit_state == "on_site"
    other = card(model, row._replace(visit_state="away"))
    assert paint(VisitCardDelegate(theme, clock), other, theme) != here


@pytest.mark.parametrize("width", [200, 330, 700])
def test_a_long_name_never_runs_into_the_clock(
    theme: Theme, clock: FakeClock, row: AgendaRow, width: int
) -> None:
    model = AgendaModel()
    delegate = VisitCardDelegate(theme, clock)
    index = card(model, row._replace(customer="W" * 80, title="M" * 200, number="F" * 60))
    image = QImage(width, 74, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(theme.tokens.background))
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, width, 74)
    painter = QPainter(image)
    delegate.paint(painter, option, index)
    painter.end()
    plain = card(model, row._replace(customer="", title="", number="", visit_state="zz"))
    bare = QImage(width, 74, QImage.Format.Format_ARGB32_Premultiplied)
    bare.fill(QColor(theme.tokens.background))
    painter = QPainter(bare)
    delegate.paint(painter, option, plain)
    painter.end()
    chip = QRect(width - 90, 10, 78, 20)
    assert image.copy(chip) == bare.copy(chip)


def test_headings_are_lower_than_cards_and_grow_with_the_scale(
    theme: Theme, clock: FakeClock, ana: FieldLaptop
) -> None:
    model = AgendaModel()
    model.show_first(ana.desk.agenda.page(AgendaQuery()))
    delegate = VisitCardDelegate(theme, clock)
    option = QStyleOptionViewItem()
    heading, first = model.index(0, 0), model.index(1, 0)
    small = delegate.sizeHint(option, heading).height(), delegate.sizeHint(option, first).height()
    assert small[0] < small[1]
    theme.set_scale(2.0)
    assert delegate.sizeHint(option, first).height() == 2 * small[1]
    ground = QImage(SIZE * 2, QImage.Format.Format_ARGB32_Premultiplied)
    ground.fill(QColor(theme.tokens.background))
    assert paint(delegate, heading, theme) != ground


def node(**changes: object) -> RegionNode:
    values: dict[str, object] = {
        "id": "gdl",
        "parent_id": "",
        "name": "Guadalajara",
        "kind": "municipality",
        "open": 3,
        "unassigned": 0,
        "worst": ClockView(),
        "technicians": 1,
    }
    return RegionNode(**{**values, **changes})  # type: ignore[arg-type]


def worst(minutes: float) -> ClockView:
    due = field_office.NOW + timedelta(minutes=minutes)
    return ClockView(
        state=ClockState.RUNNING, target_s=7200, start=due - timedelta(hours=2), due=due
    )


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.usefixtures("theme")
def test_a_region_shows_what_nobody_is_on_and_its_worst_clock(
    qapp: QApplication, clock: FakeClock, *, dark: bool, scale: float
) -> None:
    theme = make_theme(qapp, dark=dark, scale=scale)
    delegate = RegionDelegate(theme, clock)
    pictures = []
    for each in (
        node(),
        node(unassigned=2),
        node(worst=worst(60)),
        node(worst=worst(-5)),
        node(open=0),
    ):
        model = RegionModel()
        model.show_regions([each])
        pictures.append(_bytes(paint(delegate, model.index(0, 0), theme)))
    assert len(set(pictures)) == len(pictures)
    theme.deleteLater()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.usefixtures("theme")
def test_a_technician_shows_load_and_worst_clock(
    qapp: QApplication, clock: FakeClock, *, dark: bool
) -> None:
    theme = make_theme(qapp, dark=dark, scale=1.0)
    delegate = TechnicianDelegate(theme, clock)
    plain = {
        "id": "ana",
        "name": "Ana",
        "phone": "",
        "skills": ("fibra",),
        "region_names": ("Jalisco",),
        "open_visits": 0,
        "on_site": 0,
        "worst": ClockView(),
    }
    pictures = []
    for changes in ({}, {"open_visits": 3}, {"on_site": 1}, {"worst": worst(-1)}, {"skills": ()}):
        model = TechnicianModel()
        model.show_rows((TechnicianRow(**{**plain, **changes}),))  # type: ignore[arg-type]
        pictures.append(_bytes(paint(delegate, model.index(0, 0), theme)))
    assert len(set(pictures)) == len(pictures)
    theme.deleteLater()


def test_a_desks_card_has_a_line_for_who_is_on_it(
    theme: Theme, clock: FakeClock, row: AgendaRow
) -> None:
    page = AgendaPage(rows=(row,), total=1)
    own, desk = AgendaModel(), AgendaModel()
    own.show_flat(page)
    desk.show_flat(page, {row.technician_id: "Ana Beltrán"})
    delegate, option = VisitCardDelegate(theme, clock), QStyleOptionViewItem()
    plain = delegate.sizeHint(option, own.index(0, 0)).height()
    assert delegate.sizeHint(option, desk.index(0, 0)).height() > plain
    spoken = desk.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith(", Ana Beltrán")
