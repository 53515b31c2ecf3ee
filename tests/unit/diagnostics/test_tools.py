"""System tools: what they print, and every way of printing nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.tools import ToolError, console_text, plain, run_tool, system_path


def _python(script: str) -> list[str]:
    return [sys.executable, "-I", "-c", script]


def test_output_comes_whatever_the_exit_code() -> None:
    assert run_tool(_python("print('here'); raise SystemExit(3)")).split() == [b"here"]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["no-such-tool-of-anybody"], "missing"),
        (_python("raise SystemExit(3)"), "failed"),
    ],
)
def test_no_output_has_its_reason(command: list[str], reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        run_tool(command)
    assert caught.value.reason == reason
    assert caught.value.tool == command[0]


def test_a_tool_that_hangs_is_ended() -> None:
    with pytest.raises(ToolError, match="slow"):
        run_tool(_python("import threading; threading.Event().wait()"), limit_s=0.3)


def test_a_tool_is_ended_when_cancelled() -> None:
    cancel = Event()
    cancel.set()
    with pytest.raises(ToolError, match="cancelled"):
        run_tool(_python("import threading; threading.Event().wait()"), limit_s=60, cancel=cancel)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp850"])
def test_text_is_read_in_whatever_page_it_came(encoding: str) -> None:
    assert console_text("Señal  : 81 %".encode(encoding)) == "Señal  : 81 %"


@given(st.binary(max_size=200))
def test_any_bytes_are_text(raw: bytes) -> None:
    assert isinstance(console_text(raw), str)


@given(st.text(max_size=60))
def test_plain_labels_stay_as_they_are(label: str) -> None:
    assert plain(plain(label)) == plain(label)


def test_a_system_tool_is_the_systems_own(tmp_path: Path) -> None:
    (tmp_path / "netsh.exe").touch()
    assert system_path("netsh", [tmp_path]) == str(tmp_path / "netsh.exe")
    assert system_path("other", [tmp_path]) == "other"
    assert system_path("ip") == "ip"


def test_labels_are_compared_without_accents_and_case() -> None:
    assert plain("  Puerta de  Enlace PREDETERMINADA ") == "puerta de enlace predeterminada"
    assert plain("Dirección física") == "direccion fisica"
