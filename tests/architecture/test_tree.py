"""The shape of the house, where no tool looks: the domain's imports, lengths, explanations."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 400
# A migration is a list of tables written once and never changed again.
WRITTEN_ONCE = "migrations"
PRODUCT = ("fieldtech", "ui", "demo", "tools", "packaging")


def product_files() -> Iterator[Path]:
    yield ROOT / "dev.py"
    for folder in PRODUCT:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_the_domain_stands_on_the_standard_library_alone() -> None:
    foreign = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "fieldtech" / "domain").rglob("*.py"))
        for name in imported(path)
        if name.partition(".")[0] not in sys.stdlib_module_names | {"fieldtech"}
    ]
    assert foreign == []


def test_no_file_grows_past_what_a_person_reads_in_one_go() -> None:
    too_long = {
        str(path.relative_to(ROOT)): length
        for path in product_files()
        if WRITTEN_ONCE not in path.parts
        and (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert too_long == {}


def test_no_text_to_translate_stands_inside_another_string() -> None:
    """The tool that collects the texts does not look into f-strings: such a text stays English."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in product_files()
        for string in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", getattr(call.func, "id", "")) in {"tr", "translate"}
    ]
    assert hidden == []


def test_every_package_says_what_it_is_for() -> None:
    silent = [
        str(folder.relative_to(ROOT))
        for package in ("fieldtech", "ui")
        for folder in sorted({path.parent for path in (ROOT / package).rglob("*.py")})
        if not (folder / "__init__.py").exists()
        or not ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_the_packaging_folder_is_no_package() -> None:
    """It would shadow the library of that name, which pip and pytest import."""
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_nothing_is_left_undone_in_silence() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "raise NotImplemented" + "Error", "pragma: no " + "cover")
    found = [
        f"{path.relative_to(ROOT)}: {mark}"
        for path in product_files()
        for mark in marks
        if mark in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_the_lock_names_no_index() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert [
        mark for mark in ("://", "--index", "--extra-index", "--find-links") if mark in text
    ] == []
