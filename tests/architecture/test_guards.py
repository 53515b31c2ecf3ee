"""The guards of the test suite bite: each is shown a test that does what it forbids."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SUPPORT = Path(__file__).parents[1] / "support"


def outcome(folder: Path, body: str) -> tuple[int, str]:
    """Run one test with the guards and nothing else of this project."""
    file = folder / "test_it.py"
    file.write_text(body, encoding="utf-8")
    plugins = [word for name in ("logfail", "loopback", "leftovers") for word in ("-p", name)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, *plugins, file],
        env=os.environ | {"PYTHONPATH": str(SUPPORT)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


FORBIDDEN = {
    "unexpected log records": """
import logging
def test_it():
    logging.getLogger("x").warning("careful")
""",
    "expected log records did not come": """
import pytest
@pytest.mark.expects_log("careful")
def test_it():
    pass
""",
    "a test tried to reach": """
import socket
def test_it():
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    except Exception:
        pass
""",
    "a test tried to resolve": """
import socket
def test_it():
    socket.getaddrinfo("central.example", 443)
""",
    "left running after the test:\\nthread": """
import threading
import leftovers
leftovers._GRACE_SECONDS = 0.01
def test_it():
    threading.Thread(target=threading.Event().wait, daemon=True).start()
""",
    "left running after the test:\\ntimer": """
from PySide6.QtCore import QTimer
kept = []
def test_it(qapp):
    timer = QTimer()
    timer.start(10)
    kept.append(timer)
""",
}

ALLOWED = {
    "a log line that was announced": """
import logging, pytest
@pytest.mark.expects_log("careful")
def test_it(expect_log):
    expect_log("ano.her")
    logging.getLogger("x").warning("careful")
    logging.getLogger("x").error("another")
""",
    "a server on this machine": """
import socket
def test_it():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
""",
    "a name that can never resolve": """
import pytest, socket
def test_it():
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("central.invalid", 443)
""",
    "a thread that ends and a widget that is closed": """
import threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
def test_it(qtbot):
    threading.Thread(target=lambda: None).start()
    widget = QWidget()
    qtbot.addWidget(widget)
    QTimer(widget).start(10)
""",
}


@pytest.mark.parametrize("complaint", FORBIDDEN)
def test_a_guard_bites(tmp_path: Path, complaint: str) -> None:
    code, output = outcome(tmp_path, FORBIDDEN[complaint])
    assert code == 1, output
    assert complaint.replace("\\n", "\n") in output


@pytest.mark.parametrize("name", ALLOWED)
def test_a_guard_lets_honest_work_pass(tmp_path: Path, name: str) -> None:
    code, output = outcome(tmp_path, ALLOWED[name])
    assert code == 0, output
