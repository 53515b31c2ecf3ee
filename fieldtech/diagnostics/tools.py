"""Asking the system's own tools: within a time limit, ended when cancelled, and read as text.

What a console prints is in whatever code page that console has. ``console_text`` turns it into text
and never fails; ``plain`` is the form in which labels are compared.
"""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from threading import Event

LIMIT_S = 3.0
"""A system tool that does not answer within this time has no answer."""
LARGEST = 1 << 20
"""More than this of output is read by nobody."""
OEM_PAGES = ("cp850", "cp437")
"""The code pages of a Western console, for where the system does not tell its own."""
_STEP_S = 0.05


class ToolError(Exception):
    """A tool that gave no output; ``reason`` says why: missing, slow, failed or cancelled."""

    def __init__(self, tool: str, reason: str) -> None:
        super().__init__(f"{tool}: {reason}")
        self.tool = tool
        self.reason = reason


def run_tool(
    command: Sequence[str], *, limit_s: float = LIMIT_S, cancel: Event | None = None
) -> bytes:
    """Return what a tool prints, whatever its exit code; raises ``ToolError`` without output."""
    tool = command[0]
    try:
        child = subprocess.Popen(  # noqa: S603  fixed commands; what varies is an interface's name
            [system_path(tool), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise ToolError(tool, "missing") from error
    with child:
        said = _wait_for(child, tool, monotonic() + limit_s, cancel)
    if not said and child.returncode:
        raise ToolError(tool, "failed")
    return said[:LARGEST]


def system_path(tool: str, folders: Sequence[Path] | None = None) -> str:
    """Return Windows' own program of that name: its search would try our folder first.

    ``folders`` are where this system keeps its own; there are none elsewhere.
    """
    known = _system_folders() if folders is None else folders
    own = (folder / f"{tool}.exe" for folder in known)
    return next((str(each) for each in own if each.exists()), tool)


def _system_folders() -> tuple[Path, ...]:
    root = os.environ.get("SYSTEMROOT", "")
    if os.name != "nt" or not root:
        return ()
    own = Path(root) / "System32"
    return own, own / "WindowsPowerShell" / "v1.0"


def _wait_for(
    child: subprocess.Popen[bytes], tool: str, deadline: float, cancel: Event | None
) -> bytes:
    while True:
        try:
            return child.communicate(timeout=_STEP_S)[0]
        except subprocess.TimeoutExpired:
            stopped = cancel is not None and cancel.is_set()
            if stopped or monotonic() > deadline:
                child.kill()
                raise ToolError(tool, "cancelled" if stopped else "slow") from None


def console_text(raw: bytes) -> str:
    """Decode what a console printed: UTF-8, UTF-16 with its mark, else the OEM code page."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode(_oem_page(), "replace")


def plain(label: str) -> str:
    """Return a label to compare: no accents, no case, single spaces.

    ``Se¤al`` is ``Señal`` in a page 850 read as 1252; a letter that was lost stays lost.
    """
    # Twice: what is taken apart may have a case, and without its case be taken apart further.
    folded = unicodedata.normalize("NFKD", label).casefold()
    apart = unicodedata.normalize("NFKD", folded)
    return " ".join("".join(each for each in apart if not unicodedata.combining(each)).split())


def _oem_page() -> str:
    if sys.platform == "win32":
        import ctypes

        page = f"cp{ctypes.windll.kernel32.GetOEMCP()}"
        try:
            "".encode(page)
        except LookupError:
            return OEM_PAGES[0]
        return page
    return OEM_PAGES[0]
