"""The language the whole program speaks: our translation, Qt's own, dates and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

from fieldtech.paths import resources_dir

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget


class Speech:
    """Puts one language on Qt in place of the one before; English is that of the source.

    Its translators last as long as the program and are loaded anew. One that is deleted later takes
    the program with it now and then: libshiboken 6.11 frees its wrapper while it still unties it
    (``Object::destroy``, then ``releaseWrapper``, seen in a core of the tour).
    """

    def __init__(self, qt: QApplication, window: QWidget) -> None:
        self._qt = qt
        self._window = window
        self.translators = (QTranslator(qt), QTranslator(qt))

    def speak(self, language: str) -> None:
        """Use the language of that code from now on."""
        QLocale.setDefault(QLocale("es_MX" if language == "es" else "en_US"))
        # A window keeps the locale it was born with, and hands it to every field put into it.
        self._window.setLocale(QLocale())
        qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        ours, of_qt = self.translators
        self._load(ours, f"fieldtech_{language}", str(resources_dir() / "i18n"))
        self._load(of_qt, f"qtbase_{language}", qt_folder)

    def _load(self, translator: QTranslator, name: str, folder: str) -> None:
        self._qt.removeTranslator(translator)
        if translator.load(name, folder):
            self._qt.installTranslator(translator)
