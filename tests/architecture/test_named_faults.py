"""Every named fault of synchronisation has a test by its name."""

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).parents[1]
NAMES = TESTS / "sync" / "faults" / "names.txt"


def test_each_named_fault_has_a_test_of_its_name() -> None:
    names = NAMES.read_text(encoding="utf-8").split()
    assert len(names) == len(set(names)) == 32
    written = {
        node.name
        for path in TESTS.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    missing = [name for name in names if not any(f"_{name}" in test for test in written)]
    assert missing == []
