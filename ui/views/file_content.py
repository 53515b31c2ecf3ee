"""What can be shown of a file's bytes: made ready away from the windows' thread.

The bytes may be anybody's. Only raster formats are decoded, into no more pixels than a screen has
use for; what claims to be larger than any camera's picture is not decoded at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

FORMATS = frozenset({b"png", b"jpeg", b"jpg", b"webp", b"gif", b"bmp", b"tiff", b"tif"})
LONGEST_SIDE = 1600
"""Pixels to which a picture is made smaller while it is read."""
MOST_PIXELS = 120_000_000
LONGEST_TEXT = 200_000
"""Characters of a text that are shown; all of it is in the copy."""


@dataclass(frozen=True, slots=True)
class FileContent:
    """The bytes, with a ``picture`` or a ``text`` of them where there is one."""

    data: bytes
    picture: QImage | None = None
    text: str = ""


def content_of(data: bytes) -> FileContent:
    """Find out what the bytes are, by themselves and not by their name."""
    picture = _picture(data)
    return FileContent(data, picture=picture, text="" if picture is not None else _text(data))


def _picture(data: bytes) -> QImage | None:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    if bytes(reader.format().data()) not in FORMATS:
        return None
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MOST_PIXELS:
        return None
    if max(size.width(), size.height()) > LONGEST_SIDE:
        longest = QSize(LONGEST_SIDE, LONGEST_SIDE)
        reader.setScaledSize(size.scaled(longest, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image


def _text(data: bytes) -> str:
    """The bytes as text, empty when they are none."""
    if not data or b"\x00" in data:
        return ""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    more = "…" if len(text) > LONGEST_TEXT else ""
    return text[:LONGEST_TEXT] + more
