"""The committed description of the API is the one the program gives.

After a change: ``python tests/central/test_openapi.py`` writes it anew.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from fieldtech.central.app import create_app
from fieldtech.central.database import Database
from fieldtech.clock import SystemClock

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"


def described() -> str:
    """The document as it is committed."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database.in_folder(Path(folder))
        try:
            app = create_app(database, SystemClock(), housekeeping=False)
            return json.dumps(app.openapi(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        finally:
            database.close()


def test_the_committed_description_is_the_present_one() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == described()


def test_every_operation_names_its_problems_and_the_protected_ones_their_token() -> None:
    document: dict[str, Any] = json.loads(described())
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            if path.startswith("/v1/") and not path.startswith("/v1/session"):
                assert operation["security"] == [{"HTTPBearer": []}], path
            if path.startswith("/v1/"):
                problem = operation["responses"]["default"]["content"]
                assert list(problem) == ["application/problem+json"], path


if __name__ == "__main__":
    COMMITTED.parent.mkdir(exist_ok=True)
    COMMITTED.write_text(described(), encoding="utf-8")
