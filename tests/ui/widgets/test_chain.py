"""The chain is read with the keyboard: one stop, and each link says how it is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from fieldtech.domain.words import CheckStatus
from fieldtech.paths import resources_dir
from ui.theme.theme import Theme
from ui.widgets.chain import ChainNode, ChainView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

NAMES = (
    ("Cable/WiFi", "Cable"),
    ("IP", "IP"),
    ("LAN", "LAN"),
    ("Router", "Router"),
    ("WAN", "WAN"),
    ("Proveedor", "ISP"),
    ("DNS", "DNS"),
    ("Internet", "Web"),
    ("SIP", "SIP"),
)
NODES = (
    ChainNode("Cable", "Cable", "cable", "Pass", CheckStatus.PASS),
    ChainNode("Router", "Router", "router", "Warning, something is odd here", odd=True),
    ChainNode("DNS", "DNS", "server", "Fail", CheckStatus.FAIL),
)


@pytest.fixture
def bare(theme: Theme, qtbot: QtBot) -> ChainView:
    """Nothing yet, and not shown."""
    made = ChainView(theme)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def view(bare: ChainView, qtbot: QtBot) -> ChainView:
    """Three links on the screen."""
    bare.show_nodes(NODES)
    with qtbot.waitActive(bare):
        bare.show()
        bare.activateWindow()
    return bare


def test_the_description_tells_every_link(view: ChainView) -> None:
    assert view.accessibleDescription() == (
        "Cable: Pass. Router: Warning, something is odd here. DNS: Fail"
    )
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_arrows_go_from_link_to_link_beginning_where_something_is(
    view: ChainView, qtbot: QtBot
) -> None:
    view.setFocus()
    met = [view.accessibleName()]
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home):
        qtbot.keyClick(view, key)
        met.append(view.accessibleName())
    assert [name.split(". ")[1].split(":")[0] for name in met] == [
        "Router",
        "DNS",
        "DNS",
        "Router",
        "Cable",
    ]
    assert not view.grab().isNull()


def test_what_happens_meanwhile_changes_the_name_as_well(view: ChainView, qtbot: QtBot) -> None:
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_End)
    view.show_nodes((*NODES[:2], ChainNode("DNS", "DNS", "server", "Pass", CheckStatus.PASS)))
    assert view.accessibleName().endswith("DNS: Pass")
    view.show_nodes(NODES[:1])
    assert view.accessibleName().endswith("Cable: Pass")


def test_only_a_break_is_dotted_and_what_is_odd_is_named_all_the_same() -> None:
    assert NODES[1].is_named
    assert not NODES[1].broken
    assert not NODES[2].is_named


@pytest.mark.parametrize("width", [304, 360, 390, 480, 900])
def test_no_label_runs_into_another(bare: ChainView, width: int) -> None:
    for named in range(len(NAMES)):
        gaps = gaps_with(bare, named, width)
        assert min(gaps) >= 0, NAMES[named]
        beside = gaps[max(named - 1, 0) : named + 1]
        assert width < 390 or min(beside) >= 2, "the bold one stands apart"


def gaps_with(view: ChainView, named: int, width: int) -> list[float]:
    """What is free between the labels where one of them is named by the verdict."""
    view.show_nodes(
        [
            ChainNode(label, short, "cable", "Fail", CheckStatus.FAIL, broken=place == named)
            for place, (label, short) in enumerate(NAMES)
        ]
    )
    view.resize(width, view.sizeHint().height())
    areas = [view.label(place)[1] for place in range(len(NAMES))]
    return [after.left() - before.right() for before, after in pairwise(areas)]


def test_the_one_that_is_named_says_its_whole_name_where_there_is_room(bare: ChainView) -> None:
    nodes = [
        ChainNode(label, short, "cable", "", broken=label == "Proveedor") for label, short in NAMES
    ]
    bare.show_nodes(nodes)
    place = [label for label, _ in NAMES].index("Proveedor")
    told = []
    for width in (390, 440):
        bare.resize(width, bare.sizeHint().height())
        told.append(bare.label(place)[0])
    assert told == ["ISP", "Proveedor"]


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
def test_every_name_can_be_read_in_the_narrow_column_of_a_small_screen(
    qtbot: QtBot, scale: float
) -> None:
    view = ChainView(Theme(resources_dir(), dark=False, scale=scale))
    qtbot.addWidget(view)
    view.show_nodes([ChainNode(label, short, "cable", "") for label, short in NAMES])
    for width in range(310, 480):
        view.resize(round(width * scale), view.sizeHint().height())
        told = [view.label(place)[0] for place in range(len(NAMES))]
        assert "Router" in told
        assert not [text for text in told if text.endswith("…")], width
