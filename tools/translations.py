"""Qt's translation files: ``update`` from the code, ``check`` for gaps, ``compile`` to ``.qm``.

Started by ``dev.py strings``, ``dev.py check`` and, when a file is stale, by every ``dev.py``.
Needs the virtual environment's ``pyside6-lupdate`` and ``pyside6-lrelease``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
MARKED = (Path("fieldtech/diagnostics/outcome.py"), Path("fieldtech/diagnostics/verdict_words.py"))
"""Modules of the core whose texts windows show."""
FOLDER = ROOT / "resources" / "i18n"
BIN = Path(sys.executable).parent


def update(files: Sequence[Path]) -> None:
    """Merge the code's strings into translation files; English ones hold only the plurals."""
    windows = (path.relative_to(ROOT) for path in (ROOT / "ui").rglob("*.py"))
    sources = sorted([*windows, *MARKED])
    for file in files:
        plural_only = ["-pluralonly"] if file.stem.endswith("_en") else []
        options = ["-no-obsolete", "-locations", "none", "-silent", *plural_only]
        _tool("pyside6-lupdate", *options, *sources, "-ts", file)


def check(files: Sequence[Path]) -> list[str]:
    """Return a line for every string of the code that a translation file lacks."""
    with tempfile.TemporaryDirectory() as temporary:
        copies = [Path(shutil.copy(file, temporary)) for file in files]
        update(copies)
        return [line for copy in copies for line in gaps(copy)]


def gaps(file: Path) -> list[str]:
    """Return ``file: context: string`` for each message without a finished translation."""
    return [
        f"{file.name}: {context.findtext('name')}: {message.findtext('source')!r} is not translated"
        for context in ET.parse(file).getroot().iter("context")
        for message in context.iter("message")
        if not _is_finished(message.find("translation"))
    ]


def compile_stale(files: Sequence[Path]) -> None:
    """Make a ``.qm`` beside every ``.ts`` that is newer than its own."""
    for source in files:
        target = source.with_suffix(".qm")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            _tool("pyside6-lrelease", "-silent", source, "-qm", target)


def _is_finished(translation: ET.Element | None) -> bool:
    if translation is None or translation.get("type") == "unfinished":
        return False
    forms = translation.findall("numerusform") or [translation]
    return all((form.text or "").strip() for form in forms)


def _tool(name: str, *arguments: str | Path) -> None:
    subprocess.run([BIN / name, *arguments], cwd=ROOT, check=True)


def main(arguments: Sequence[str]) -> int:
    """Do one of the three to every translation file; 1 when a check found gaps."""
    files = sorted(FOLDER.glob("*.ts"))
    if arguments == ["update"]:
        update(files)
    elif arguments == ["compile"]:
        compile_stale(files)
    elif problems := check(files):
        print("\n".join(problems))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
