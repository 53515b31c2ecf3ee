"""The demonstration for a person: the application signed in, and a bar that is the network.

The bar is a window of the demo's own; the application knows nothing of it. "Switch the central
off" really ends the central's process, so what is seen is the product's own offline behaviour.
"""

from __future__ import annotations

import locale
import os
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QWidget

from demo.central_process import CentralProcess, make_sample
from fieldtech.paths import Profile
from fieldtech.secrets import open_secret_store

if TYPE_CHECKING:
    from pathlib import Path

    from demo.central_process import SampleUser

SEED = 1
LOOK_EVERY_MS = 500
TEXTS = {
    "es": ("Central encendida", "Central apagada", "Apagar la central", "Encender la central"),
    "en": ("Central on", "Central off", "Switch the central off", "Switch the central on"),
}


def run_demo(work: Path, users: tuple[str, ...], incidents: int) -> int:
    """Start everything, serve the bar until the last application is closed."""
    print("Preparing the sample…", flush=True)
    known = {user.login: user for user in make_sample(work / "central", incidents, SEED)}
    central = CentralProcess(work / "central", work / "central.log")
    url = central.start()
    windows: list[subprocess.Popen[bytes]] = []
    try:
        for login in users:
            profile = work / login
            sign_in(profile, url, known[login])
            windows.append(open_window(profile))
        print(f"Central at {url}. Users and passwords:", flush=True)
        for user in known.values():
            print(f"  {user.role:11s} {user.login:11s} {user.password}", flush=True)
        return serve_bar(central, windows)
    finally:
        for window in windows:
            window.terminate()
            window.wait()
        central.stop()


def sign_in(profile: Path, url: str, user: SampleUser) -> None:
    """Sign in and pull once through the product's own command line."""
    # A demonstration leaves nothing behind in the person's own keyring.
    open_secret_store(Profile.open(profile), prefer="file")
    command = [sys.executable, "-m", "ui"]
    place = ["--profile", str(profile)]
    subprocess.run(
        [*command, "signin", "--central", url, "--user", user.login, "--password-stdin", *place],
        input=user.password + "\n",
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    subprocess.run([*command, "sync", "--once", *place], check=False, stdout=subprocess.DEVNULL)


def open_window(profile: Path) -> subprocess.Popen[bytes]:
    """The application, as its own entry point starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "ui", "--profile", str(profile)],
        env={**os.environ, "PYTHONUTF8": "1"},
    )


def serve_bar(central: CentralProcess, windows: list[subprocess.Popen[bytes]]) -> int:
    """Show the bar until every application window is closed."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    bar = Bar(central)
    bar.show()
    watch = QTimer()
    watch.timeout.connect(partial(_quit_when_closed, windows))
    watch.start(LOOK_EVERY_MS)
    return app.exec()


def _quit_when_closed(windows: list[subprocess.Popen[bytes]]) -> None:
    if all(window.poll() is not None for window in windows):
        QApplication.quit()


class Bar(QWidget):
    """One line and one button, above everything."""

    def __init__(self, central: CentralProcess) -> None:
        super().__init__(None, Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint)
        self._central = central
        language = "es" if (locale.getlocale()[0] or "es").startswith("es") else "en"
        self._on, self._off, self._switch_off, self._switch_on = TEXTS[language]
        self.setWindowTitle("fieldtech demo")
        self._state = QLabel()
        self._button = QPushButton()
        self._button.clicked.connect(self._switch)
        row = QHBoxLayout(self)
        row.addWidget(self._state, 1)
        row.addWidget(self._button)
        self._show()

    def _switch(self) -> None:
        if self._central.running:
            self._central.stop()
        else:
            self._central.start()
        self._show()

    def _show(self) -> None:
        running = self._central.running
        self._state.setText(f"● {self._on}" if running else f"○ {self._off}")
        self._button.setText(self._switch_off if running else self._switch_on)
