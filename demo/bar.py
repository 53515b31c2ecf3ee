"""The demonstration for a person: the application signed in, and a bar that is the network.

The bar is a window of the demo's own; the application knows nothing of it. "Switch the central
off" really ends the central's process, so what is seen is the product's own offline behaviour.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from demo.central_process import CentralError, CentralProcess, make_sample
from demo.endings import INTERRUPTED, on_ending
from demo.reflector import ReflectorProcess
from fieldtech import config
from fieldtech.errors import FieldtechError
from fieldtech.paths import Profile, resources_dir
from fieldtech.secrets import open_secret_store
from ui.theme.theme import Theme
from ui.views import labels

if TYPE_CHECKING:
    from pathlib import Path

    from demo.central_process import SampleUser

SEED = 1
LOOK_EVERY_MS = 500
END_LIMIT_S = 20.0
FAILED = 1


class Texts(NamedTuple):
    """What the bar says in one language; no part of the product, so not in its translations."""

    on: str
    off: str
    switch_on: str
    switch_off: str
    switching_on: str
    switching_off: str
    not_started: str


TEXTS = {
    "es": Texts(
        on="Central encendida",
        off="Central apagada",
        switch_on="Encender la central",
        switch_off="Apagar la central",
        switching_on="Encendiendo la central…",
        switching_off="Apagando la central…",
        not_started="La central no encendió; la razón está en la terminal",
    ),
    "en": Texts(
        on="Central on",
        off="Central off",
        switch_on="Switch the central on",
        switch_off="Switch the central off",
        switching_on="Switching the central on…",
        switching_off="Switching the central off…",
        not_started="The central did not start; the terminal says why",
    ),
}


def run_demo(work: Path, users: tuple[str, ...], incidents: int) -> int:
    """Start everything, serve the bar until the last application is closed.

    Returns 0, 1 when an application ended by a failure, 130 when the demo was interrupted.
    """
    print("Preparing the sample…", flush=True)
    known = {user.login: user for user in make_sample(work / "central", incidents, SEED)}
    reflector = ReflectorProcess()
    central = CentralProcess(work / "central", work / "central.log")
    windows: list[subprocess.Popen[bytes]] = []
    try:
        central.options = reflector.start(work / "policies")
        url = central.start()
        for login in users:
            profile = work / login
            sign_in(profile, url, known[login])
            windows.append(open_window(profile))
        print(f"Central at {url}. Users and passwords:", flush=True)
        for user in known.values():
            print(f"  {user.role:11s} {user.login:11s} {user.password}", flush=True)
        return serve_bar(central, windows, Profile.open(work / users[0]))
    finally:
        for window in windows:
            window.terminate()
        for window in windows:
            _wait_or_kill(window)
        central.stop()
        reflector.stop()


def _wait_or_kill(window: subprocess.Popen[bytes]) -> None:
    try:
        window.wait(END_LIMIT_S)
    except subprocess.TimeoutExpired:
        window.kill()
        window.wait(END_LIMIT_S)


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


def serve_bar(
    central: CentralProcess, windows: list[subprocess.Popen[bytes]], profile: Profile
) -> int:
    """Show the bar, dressed as that profile, until every application window is closed."""
    # What a signal raised would be lost inside Qt: it is only noted, and the watch takes it up.
    interrupted = Event()
    on_ending(interrupted.set)
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    theme = Theme(resources_dir())
    theme.apply(app)
    bar = Bar(central, profile, theme)
    bar.show()
    watch = QTimer()
    watch.timeout.connect(bar.look)
    watch.timeout.connect(partial(_quit_when_over, windows, interrupted))
    watch.start(LOOK_EVERY_MS)
    code = app.exec()
    bar.finish()
    died = [window.returncode for window in windows if window.poll()]
    if died and not code:
        print(f"demo: the application ended with {died[0]}", file=sys.stderr)
        return FAILED
    return code


def _quit_when_over(windows: list[subprocess.Popen[bytes]], interrupted: Event) -> None:
    if interrupted.is_set():
        QApplication.exit(INTERRUPTED)
    elif all(window.poll() is not None for window in windows):
        QApplication.quit()


class Bar(QWidget):
    """One line and one button, above everything, in the language and colours of a profile."""

    _switched = Signal(str)

    def __init__(self, central: CentralProcess, profile: Profile, theme: Theme) -> None:
        super().__init__(None, Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint)
        self._central = central
        self._profile = profile
        self._theme = theme
        self._switching: Thread | None = None
        self._failed = False
        self._on = central.running
        """Whether the central ran when nothing was being switched."""
        self.setWindowTitle("fieldtech demo")
        self._state = labels.text(theme, bold=True, wrap=False)
        self._button = labels.button(theme, "", "bar.switch")
        self._button.clicked.connect(self._switch)
        self._switched.connect(self._done)
        row = labels.line(self, spacing=12, margin=12)
        row.addWidget(self._state, 1)
        row.addWidget(self._button)
        self.look()

    def look(self) -> None:
        """Show how the central is, as the settings of the application are now."""
        settings = _settings_of(self._profile)
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        self._theme.set_dark(dark if settings.theme == "system" else settings.theme == "dark")
        self._theme.set_scale(settings.text_scale / 100)
        texts = TEXTS[settings.language]
        if self._switching is None:
            self._on = self._central.running
        self._button.setText(texts.switch_off if self._on else texts.switch_on)
        self._button.setEnabled(self._switching is None)
        if self._switching is not None:
            state = f"◌ {texts.switching_off if self._on else texts.switching_on}"
        elif self._on:
            state = f"● {texts.on}"
        else:
            state = f"○ {texts.not_started if self._failed else texts.off}"
        self._state.setText(state)

    def finish(self) -> None:
        """Wait for a switch under way, which has its own limit."""
        if self._switching is not None:
            self._switching.join()

    def _switch(self) -> None:
        """In a thread: a central that drains slowly must not make the bar look dead."""
        turn = self._turn_off if self._on else self._turn_on
        self._switching = Thread(target=turn, name="switch")
        self.look()
        self._switching.start()

    def _turn_off(self) -> None:
        self._central.stop()
        self._switched.emit("")

    def _turn_on(self) -> None:
        try:
            self._central.start()
        except (CentralError, OSError) as error:
            self._switched.emit(str(error))
        else:
            self._switched.emit("")

    def _done(self, problem: str) -> None:
        self.finish()
        self._switching = None
        self._failed = bool(problem)
        if problem:
            print(f"demo: {problem}", file=sys.stderr, flush=True)
        self.look()


def _settings_of(profile: Profile) -> config.Settings:
    """As the application itself: settings that cannot be read are the defaults."""
    try:
        return config.load(profile.settings)
    except (FieldtechError, OSError):
        return config.Settings()
