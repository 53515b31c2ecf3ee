"""The parts of ``dev.py`` that decide; what it runs is tried by running it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import pytest

import dev
from tools import translations


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Record what would be run, and prepare nothing."""
    found: list[list[str]] = []

    def run(command: list[object]) -> int:
        found.append([str(part) for part in command])
        return 0

    monkeypatch.setattr(dev, "run", run)
    monkeypatch.setattr(dev, "complaint", lambda command: None if run(command) == 0 else "")
    monkeypatch.setattr(dev, "prepare", lambda _command: None)
    return found


def test_the_fingerprint_follows_lock_settings_and_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "LOCK", tmp_path / "requirements.lock")
    (tmp_path / "requirements.lock").write_text("a==1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    seen = {dev.fingerprint()}
    assert dev.fingerprint() in seen
    (tmp_path / "requirements.lock").write_text("a==2\n")
    seen.add(dev.fingerprint())
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    seen.add(dev.fingerprint())
    elsewhere = tmp_path.parent / "moved ñ"
    tmp_path.rename(elsewhere)
    monkeypatch.setattr(dev, "ROOT", elsewhere)
    monkeypatch.setattr(dev, "LOCK", elsewhere / "requirements.lock")
    seen.add(dev.fingerprint())
    elsewhere.rename(tmp_path)
    assert len(seen) == 4


def test_a_bare_linux_names_every_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(dev, "can_load", lambda _library: False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    packages = dev.missing_libraries("test")
    assert packages[0] == "python3-venv"
    assert {"libgl1", "libxcb-cursor0"} < set(packages)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"libpython{version}" in dev.missing_libraries("package")
    installed: list[str] = []
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/x" if name == "apt-get" else None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(dev, "install_system_packages", installed.extend)
    dev.install_programs("test")
    dev.install_programs("package")
    shown = {"xvfb", "xauth", "iproute2", "dbus-daemon", "gnome-keyring", "gcc", "libc6-dev"}
    lab = {"nftables", "dnsmasq-base", "kamailio", "coturn", "udhcpc", "conntrack", "ethtool"}
    tools = {"iputils-ping", "iputils-arping", "sipsak"}
    assert set(installed) == {*shown, *lab, *tools, "binutils"}


def test_tests_alone_do_without_what_may_not_be_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    dev.install_programs("test")
    assert "xvfb xauth" in capsys.readouterr().out
    with pytest.raises(dev.CannotGoOnError):
        dev.install_programs("package")


def test_an_environment_left_half_made_is_not_taken_for_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("STAMP", "UNFINISHED", "PYTHON"):
        monkeypatch.setattr(dev, name, tmp_path / name)
    dev.STAMP.write_text("as wanted")
    dev.PYTHON.touch()
    assert dev.is_whole("as wanted")
    assert not dev.is_whole("of another branch")
    dev.UNFINISHED.touch()
    assert not dev.is_whole("as wanted")


def test_nothing_is_missing_where_everything_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "can_load", lambda _library: True)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert dev.missing_libraries("package") == []


def test_a_person_who_may_not_install_reads_the_exact_line(
    monkeypatch: pytest.MonkeyPatch, commands: list[list[str]]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    line = "sudo apt-get install -y --no-install-recommends libgl1 xvfb"
    with pytest.raises(dev.CannotGoOnError, match=line):
        dev.install_system_packages(["libgl1", "xvfb"])
    assert commands == []


def test_root_installs_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, commands: list[list[str]]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    dev.install_system_packages(["libgl1"])
    assert [command[2:4] for command in commands] == [["apt-get", "update"], ["apt-get", "install"]]
    assert "libgl1" in commands[1]


@pytest.mark.parametrize(
    ("said", "package"),
    [
        ("ERROR: No matching distribution found for alembic==1.20.1\n", "alembic==1.20.1"),
        ("Max retries exceeded with url: /a/b/ruff-0.17-py3.whl (Caused by", "ruff-0.17-py3.whl"),
        ("Max retries exceeded with url: /simple/mypy/ (Caused by", "mypy"),
        ("Killed", "the locked packages"),
    ],
)
def test_without_a_network_it_says_what_it_could_not_fetch(said: str, package: str) -> None:
    assert dev.what_failed(said) == package


@pytest.mark.parametrize(
    "arguments", [[], ["dance"], ["check", "--fast"], ["bench"], ["bench", "a", "b"]]
)
def test_usage_errors_exit_64(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        dev.main(arguments)
    assert caught.value.code == 64


def test_an_unknown_bench_is_a_usage_error(
    commands: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["bench", "nothing-of-that-name"]) == 64
    assert "is none of" in capsys.readouterr().out
    assert commands == []


def test_arguments_of_test_and_demo_are_passed_on(
    monkeypatch: pytest.MonkeyPatch, commands: list[list[str]]
) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    dev.main(["demo", "--as", "dispatcher", "--help"])
    dev.main(["test", "-m", "slow", "-k", "a b"])
    assert commands[0][2:] == ["--as", "dispatcher", "--help"]
    assert commands[-1][-4:] == ["-m", "slow", "-k", "a b"]


def test_the_whole_suite_takes_every_core_and_a_choice_keeps_its_console(
    commands: list[list[str]],
) -> None:
    dev.main(["test", "-x"])
    dev.main(["test", "tests/unit/test_clock.py::test_a_name", "-s"])
    assert commands[0][1:6] == ["-m", "pytest", "-n", str((os.cpu_count() or 1) + 1), "--dist"]
    assert commands[1][1:] == ["-m", "pytest", "tests/unit/test_clock.py::test_a_name", "-s"]


def test_without_a_screen_the_demo_is_the_tour(
    monkeypatch: pytest.MonkeyPatch, commands: list[list[str]]
) -> None:
    monkeypatch.setattr(dev, "has_display", lambda: False)
    dev.main(["demo", "--incidents", "5"])
    dev.main(["demo", "--tour=/tmp/x"])
    assert commands[0][-4:] == ["--incidents", "5", "--tour", str(dev.ROOT / "tour")]
    assert commands[1][2:] == ["--tour=/tmp/x"]


def test_what_this_machine_cannot_run_is_left_out_and_said(
    monkeypatch: pytest.MonkeyPatch,
    commands: list[list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    dev.main(["test", "-x"])
    assert commands[0][-3:] == ["-m", "not xvfb and not keyring", "-x"]
    assert "xvfb" in capsys.readouterr().out


TS = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es_MX"><context><name>Agenda</name>{}</context></TS>
"""


PLAIN = "<message><source>a</source>{}</message>"
PLURAL = '<message numerus="yes"><source>%n</source><translation>{}</translation></message>'
ONE, MANY = "<numerusform>%n uno</numerusform>", "<numerusform>%n varios</numerusform>"


@pytest.mark.parametrize(
    ("message", "complete"),
    [
        (PLAIN.format("<translation>b</translation>"), True),
        (PLAIN.format('<translation type="unfinished">b</translation>'), False),
        (PLAIN.format("<translation></translation>"), False),
        (PLAIN.format(""), False),
        (PLURAL.format(ONE + MANY), True),
        (PLURAL.format(ONE + "<numerusform></numerusform>"), False),
    ],
)
def test_a_string_without_its_translation_is_named(
    tmp_path: Path, message: str, *, complete: bool
) -> None:
    file = tmp_path / "fieldtech_es.ts"
    file.write_text(TS.format(message), encoding="utf-8")
    assert (translations.gaps(file) == []) is complete


def test_new_strings_of_the_code_reach_a_translation_file(tmp_path: Path) -> None:
    file = tmp_path / "fieldtech_es.ts"
    file.write_text(TS.format(""), encoding="utf-8")
    before = file.read_text(encoding="utf-8")
    assert isinstance(translations.check([file]), list)
    assert file.read_text(encoding="utf-8") == before
