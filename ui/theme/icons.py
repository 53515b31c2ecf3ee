"""Lucide icons recoloured to a token and rendered at the device's pixel ratio, with a cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

if TYPE_CHECKING:
    from pathlib import Path

_RATIOS = (1.0, 2.0)


class UnknownIconError(LookupError):
    """No icon of that name is bundled: a spelling mistake or a file that was not copied in."""


class IconStore:
    """Renders ``<directory>/<name>.svg``, whose strokes are drawn in ``currentColor``."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._sources: dict[str, bytes] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._icons: dict[tuple[str, str, int, int], QIcon] = {}

    def pixmap(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        """A square pixmap of ``size`` device-independent pixels.

        Raises ``UnknownIconError`` when the icon is not bundled.
        """
        key = (name, colour, size, ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._render(name, colour, size, ratio)
            self._pixmaps[key] = found
        return found

    def icon(self, name: str, colour: str, size: int, trailing: int = 0) -> QIcon:
        """The same as a ``QIcon`` that is sharp on ordinary and on double-density screens.

        ``trailing`` pixels of nothing follow the picture, to keep a text away from it.
        """
        key = (name, colour, size, trailing)
        found = self._icons.get(key)
        if found is None:
            found = QIcon()
            for ratio in _RATIOS:
                found.addPixmap(_widened(self.pixmap(name, colour, size, ratio), trailing))
            self._icons[key] = found
        return found

    def _render(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        source = self._source(name).replace(b"currentColor", colour.encode("ascii"))
        renderer = QSvgRenderer(QByteArray(source))
        pixels = round(size * ratio)
        pixmap = QPixmap(QSize(pixels, pixels))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer.render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def _source(self, name: str) -> bytes:
        if name not in self._sources:
            file = self._directory / f"{name}.svg"
            try:
                self._sources[name] = file.read_bytes()
            except OSError as error:
                message = f"icon {name!r} is not in {self._directory}"
                raise UnknownIconError(message) from error
        return self._sources[name]


def _widened(pixmap: QPixmap, trailing: int) -> QPixmap:
    if not trailing:
        return pixmap
    ratio = pixmap.devicePixelRatio()
    wide = QPixmap(pixmap.width() + round(trailing * ratio), pixmap.height())
    wide.setDevicePixelRatio(ratio)
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    painter.drawPixmap(0, 0, pixmap)
    painter.end()
    return wide
