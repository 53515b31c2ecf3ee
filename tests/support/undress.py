"""Takes off Qt what an application has put on it: there is one ``QApplication`` for all tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from ui.app import Application


def undress(qapp: QApplication, application: Application) -> None:
    """Language, locale and style sheet are those of a fresh Qt again."""
    for translator in application._speech.translators:
        qapp.removeTranslator(translator)
    application._theme.deleteLater()
    qapp.setStyleSheet("")
    QLocale.setDefault(QLocale.system())
