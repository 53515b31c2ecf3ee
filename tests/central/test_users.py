"""``fieldtech-central user add`` on a central that nobody has started yet."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from fieldtech.central.cli import main

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ["--login", "ana", "--name", "Ana Ruiz", "--role", "technician", "--region", "MX-NLE"]


def test_the_shipped_regions_are_there_from_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["user", "add", "--data", str(tmp_path), *WORDS]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["login"] == "ana"
    assert len(told["password"]) >= 12


@pytest.mark.parametrize("password", ["", "\n", "once letras\n"])
def test_a_short_password_is_refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    password: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(password))
    words = ["user", "add", "--data", str(tmp_path), *WORDS]
    assert main([*words, "--password-stdin"]) == 1
    assert "at least 12 characters" in capsys.readouterr().err
    assert main(words) == 0
