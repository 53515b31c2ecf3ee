"""The guards of the test suite bite: each is shown a test that does what it forbids."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

SUPPORT = Path(__file__).parents[1] / "support"


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
    "left after the test:\nthread": """
import threading
import leftovers
leftovers._GRACE_SECONDS = 0.01
def test_it():
    threading.Thread(target=threading.Event().wait, daemon=True).start()
""",
    "left after the test:\ntimer": """
from PySide6.QtCore import QTimer
kept = []
def test_it(qapp):
    timer = QTimer()
    timer.start(10)
    kept.append(timer)
""",
    "left after the test:\ntranslation": """
from PySide6.QtCore import QTranslator
class Tongue(QTranslator):
    def translate(self, *of):
        return "Motivo"
kept = Tongue()
def test_it(qapp):
    qapp.installTranslator(kept)
""",
    "left after the test:\nlocale": """
from PySide6.QtCore import QLocale
def test_it(qapp):
    QLocale.setDefault(QLocale("es_MX"))
""",
    "left after the test:\nstyle sheet": """
def test_it(qapp):
    qapp.setStyleSheet("QLabel { color: red }")
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


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run every body as a test of its own, with the guards and nothing else of this project.

    The answer is what pytest complained of in each; empty where the test passed.
    """
    folder = tmp_path_factory.mktemp("guarded")
    bodies = {
        f"test_{number}": body
        for number, body in enumerate([*FORBIDDEN.values(), *ALLOWED.values()])
    }
    for name, body in bodies.items():
        (folder / f"{name}.py").write_text(body, encoding="utf-8")
    plugins = [word for name in ("logfail", "loopback", "leftovers") for word in ("-p", name)]
    subprocess.run(
        [sys.executable, "-m", "pytest", "-c", os.devnull, "--junitxml=out.xml", *plugins, folder],
        env=os.environ | {"PYTHONPATH": str(SUPPORT)},
        cwd=folder,
        capture_output=True,
        check=False,
    )
    complaints = dict.fromkeys(bodies, "")
    for case in ET.parse(folder / "out.xml").iter("testcase"):
        name = case.get("classname", "").rpartition(".")[2]
        complaints[name] += "".join(part.get("message", "") for part in case)
    return dict(zip([*FORBIDDEN, *ALLOWED], complaints.values(), strict=True))


@pytest.mark.parametrize("complaint", FORBIDDEN)
def test_a_guard_bites(outcomes: dict[str, str], complaint: str) -> None:
    assert complaint in outcomes[complaint]


@pytest.mark.parametrize("name", ALLOWED)
def test_a_guard_lets_honest_work_pass(outcomes: dict[str, str], name: str) -> None:
    assert outcomes[name] == ""
