"""Logging to the console and to a private, rotating file; secrets never get through."""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, TextIO

from fieldtech.paths import PRIVATE_DIR, PRIVATE_FILE

if TYPE_CHECKING:
    from io import TextIOWrapper
    from pathlib import Path

_LINE = "%(asctime)s.%(msecs)03dZ %(levelname)-7s %(name)s: %(message)s"
_MOMENT = "%Y-%m-%dT%H:%M:%S"
_FILE_BYTES = 1_000_000
_OLD_FILES = 3
_HIDDEN = "[hidden]"

_SENSITIVE_NAME = (
    r"[\w-]*(?:password|passwd|passphrase|secret|token|authorization|cookie|(?:api|raw)[_-]?key)"
)
_VALUE = r"""("[^"]*"|'[^']*'|[^\s,;&})\]]+)"""
_REDACTIONS = (
    # Authorization: Bearer abc · "authorization": "Bearer abc"
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+"), rf"\1 {_HIDDEN}"),
    # password=abc · "refresh_token": "abc" · {'password': 'abc'}
    (re.compile(rf"""(?i)(["']?\b{_SENSITIVE_NAME}["']?\s*[:=]\s*){_VALUE}"""), rf"\1{_HIDDEN}"),
    # https://user:password@host
    (re.compile(r"(://[^\s/:@]+:)[^\s/@]+@"), rf"\1{_HIDDEN}@"),
    # PRAGMA key = "x'…'"
    (re.compile(r"(?i)(pragma\s+(?:re)?key\s*=\s*).*"), rf"\1{_HIDDEN}"),
)


def redact(text: str) -> str:
    """Return the text with tokens, passwords, keys and authorization headers replaced."""
    for pattern, replacement in _REDACTIONS:
        text = pattern.sub(replacement, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Formats in UTC and redacts last of all, so that a traceback's text is covered too."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        """Use the one line format of this program."""
        super().__init__(_LINE, _MOMENT)

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line without secrets."""
        return redact(super().format(record))


class _PrivateRotatingFile(RotatingFileHandler):
    """A rotating log file that only its owner can read, from its first byte on."""

    def _open(self) -> TextIOWrapper:
        # "a" truncates nothing, so a file made here first is the one the base class then opens.
        os.close(os.open(self.baseFilename, os.O_CREAT | os.O_WRONLY, PRIVATE_FILE))
        return super()._open()


def setup(
    *, level: int = logging.INFO, file: Path | None = None, stream: TextIO | None = None
) -> None:
    """Send log records to ``stream`` (standard error when ``None``) and, when given, to ``file``.

    Called again, it replaces what its last call set up. Raises ``OSError`` when the file's folder
    cannot be made or written.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(stream or sys.stderr)]
    if file is not None:
        file.parent.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
        handlers.append(
            _PrivateRotatingFile(
                file, maxBytes=_FILE_BYTES, backupCount=_OLD_FILES, encoding="utf-8"
            )
        )
    shutdown()
    root = logging.getLogger()
    root.setLevel(level)
    formatter = RedactingFormatter()
    for handler in handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    logging.captureWarnings(capture=True)


def shutdown() -> None:
    """Close and remove what ``setup`` added; other handlers stay."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler.formatter, RedactingFormatter):
            root.removeHandler(handler)
            handler.close()
