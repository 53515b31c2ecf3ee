"""The chain is read with the keyboard: one stop, and each link says how it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from fieldtech.domain.words import CheckStatus
from ui.widgets.chain import ChainNode, ChainView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.theme.theme import Theme

NODES = (
    ChainNode("Cable", "Cable", "cable", "Pass", CheckStatus.PASS),
    ChainNode("Router", "Router", "router", "Warning, something is odd here", odd=True),
    ChainNode("DNS", "DNS", "server", "Fail", CheckStatus.FAIL),
)


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> ChainView:
    """Three links on the screen."""
    made = ChainView(theme)
    made.show_nodes(NODES)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


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
