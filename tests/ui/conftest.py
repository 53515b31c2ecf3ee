"""What every test of the desktop needs: a theme that dresses the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldtech.paths import resources_dir
from ui.theme.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme at 100 %, applied; the application is undressed again afterwards."""
    made = Theme(resources_dir())
    made.apply(qapp)
    yield made
    qapp.setStyleSheet("")
    made.deleteLater()
