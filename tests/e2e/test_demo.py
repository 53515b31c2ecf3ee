"""The demo for a person: its bar, its end by a signal, what its exit code says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import psutil
import pytest
from desk_people import Office
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from demo.bar import Bar
from demo.central_process import CentralProcess
from demo.lines import next_line
from fieldtech import config
from fieldtech.paths import Profile, resources_dir
from ui.theme.theme import Theme

MAIN = Path(__file__).parents[2] / "demo" / "main.py"
LIMIT_S = 60.0


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """Whose settings the bar follows."""
    return Profile.open(tmp_path / "profile")


@pytest.fixture
def theme() -> Iterator[Theme]:
    made = Theme(resources_dir())
    yield made
    made.deleteLater()


def shown(bar: Bar) -> tuple[str, str]:
    """The line of the bar and what its button offers."""
    return bar.findChild(QLabel).text(), bar.findChild(QPushButton).text()


def test_the_bar_switches_a_real_central_off_and_on(
    qtbot: QtBot, office: Office, profile: Profile, theme: Theme
) -> None:
    bar = Bar(office.central, profile, theme)
    qtbot.addWidget(bar)
    url = office.central.url
    assert shown(bar) == ("● Central encendida", "Apagar la central")
    bar.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: shown(bar) == ("○ Central apagada", "Encender la central"))
    assert not office.central.running
    bar.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: office.central.running and "●" in shown(bar)[0], timeout=30_000)
    assert office.central.url == url


class SlowCentral(CentralProcess):
    """A central that drains for as long as the test wants."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.drained = Event()
        self._runs = True

    @property
    def running(self) -> bool:
        return self._runs

    def stop(self) -> int:
        self._runs = False
        assert self.drained.wait(LIMIT_S)
        return 0


def test_the_bar_lives_while_a_central_drains(
    qtbot: QtBot, tmp_path: Path, profile: Profile, theme: Theme
) -> None:
    central = SlowCentral(tmp_path)
    bar = Bar(central, profile, theme)
    qtbot.addWidget(bar)
    bar.findChild(QPushButton).click()
    bar.look()
    assert shown(bar)[0] == "◌ Apagando la central…"
    assert not bar.findChild(QPushButton).isEnabled()
    central.drained.set()
    qtbot.waitUntil(bar.findChild(QPushButton).isEnabled)
    assert shown(bar) == ("○ Central apagada", "Encender la central")


def test_a_central_that_does_not_start_is_told(
    qtbot: QtBot,
    office: Office,
    profile: Profile,
    theme: Theme,
    capsys: pytest.CaptureFixture[str],
) -> None:
    second = CentralProcess(office.data, office.data / "second.log")
    bar = Bar(second, profile, theme)
    qtbot.addWidget(bar)
    bar.findChild(QPushButton).click()
    qtbot.waitUntil(bar.findChild(QPushButton).isEnabled, timeout=30_000)
    assert shown(bar)[0] == "○ La central no encendió; la razón está en la terminal"
    assert "already serves" in capsys.readouterr().err


def test_the_bar_follows_the_language_and_the_colours_of_the_application(
    qtbot: QtBot, tmp_path: Path, profile: Profile, theme: Theme
) -> None:
    bar = Bar(CentralProcess(tmp_path), profile, theme)
    qtbot.addWidget(bar)
    assert shown(bar) == ("○ Central apagada", "Encender la central")
    chosen = replace(config.Settings(), language="en", theme="dark", text_scale=200)
    config.save(chosen, profile.settings)
    bar.look()
    assert shown(bar) == ("○ Central off", "Switch the central on")
    assert theme.dark
    assert theme.scale == 2.0
    profile.settings.write_text("{broken", encoding="utf-8")
    bar.look()
    assert shown(bar)[0] == "○ Central apagada"


@contextmanager
def demo(tmp_path: Path, *arguments: str) -> Generator[subprocess.Popen[str]]:
    """The demo as ``dev.py`` starts it, its temporary files in a folder of their own."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(MAIN), *arguments],
        env={**os.environ, "TMPDIR": str(temporary), "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=LIMIT_S)
    assert list(temporary.iterdir()) == []


def wait_for_line(process: subprocess.Popen[str], part: str) -> None:
    while part not in (line := next_line(process, LIMIT_S)):
        assert line, f"the demo ended before it said {part!r}"


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def living(processes: list[psutil.Process]) -> list[psutil.Process]:
    """One whose parent has ended may wait for the system to take note of its own end."""
    alive = (each for each in processes if each.is_running())
    return [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.slow
def test_a_demo_that_is_terminated_leaves_nothing_behind(tmp_path: Path) -> None:
    with demo(tmp_path, "--as", "both") as process:
        wait_for_line(process, "admin")
        started = children(process)
        assert len(started) == 4, "the reflector, the central and two applications"
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_S) == 130
        assert living(started) == []
        assert "Traceback" not in process.stderr.read()


@pytest.mark.slow
def test_a_demo_whose_application_dies_fails(tmp_path: Path) -> None:
    with demo(tmp_path) as process:
        wait_for_line(process, "admin")
        _reflector, _central, application = sorted(
            children(process), key=psutil.Process.create_time
        )
        application.kill()
        assert process.wait(LIMIT_S) == 1
        assert "the application ended with -9" in process.stderr.read()


@pytest.mark.slow
def test_a_tour_that_is_terminated_says_where_and_leaves_nothing_behind(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with demo(tmp_path, "--tour", str(out)) as process:
        wait_for_line(process, "the central starts with a sample")
        # The central, the reflector, and the dispatcher's window of the second step.
        while len(started := children(process)) < 3:
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_S) == 130
        assert living(started) == []
    steps = json.loads((out / "tour.json").read_text(encoding="utf-8"))["steps"]
    assert [step["result"] for step in steps] == ["ok", "failed"]
    assert steps[1]["detail"] == "interrupted"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--incidents", "0"),
        ("--incidents", "-3"),
        ("--incidents", "many"),
        ("--tour", "out", "--incidents", "39"),
        ("--as", "nobody"),
    ],
)
def test_a_wrong_command_line_ends_with_64(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with demo(tmp_path, *arguments) as process:
        assert process.wait(LIMIT_S) == 64
        assert process.stderr.read().startswith("demo: ")
