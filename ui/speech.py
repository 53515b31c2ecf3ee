"""The language the whole program speaks: our translation, Qt's own, dates and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

from fieldtech.paths import resources_dir

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget


class Speech:
    """Puts one language on Qt in place of the one before; English is that of the source."""

    def __init__(self, qt: QApplication, window: QWidget) -> None:
        self._qt = qt
        self._window = window
        self.translators: list[QTranslator] = []

    def speak(self, language: str) -> None:
        """Use the language of that code from now on."""
        for old in self.translators:
            self._qt.removeTranslator(old)
            old.deleteLater()
        self.translators = []
        QLocale.setDefault(QLocale("es_MX" if language == "es" else "en_US"))
        # A window keeps the locale it was born with, and hands it to every field put into it.
        self._window.setLocale(QLocale())
        qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        folders = (
            (f"fieldtech_{language}", str(resources_dir() / "i18n")),
            (f"qtbase_{language}", qt_folder),
        )
        for name, folder in folders:
            translator = QTranslator(self._qt)
            if translator.load(name, folder):
                self._qt.installTranslator(translator)
                self.translators.append(translator)
