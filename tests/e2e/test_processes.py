"""The processes that the demo starts: one that hangs or dies is told, and nothing stays behind."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from desk_people import Office, a_laptop

from demo.central_process import CentralError, CentralProcess
from demo.player import NotOnScreenError

Children = Callable[[], list[psutil.Process]]


@pytest.fixture
def children() -> Children:
    """Asks for the processes started since the test began: other tests' may live longer."""
    before = set(psutil.Process().children(recursive=True))

    def look() -> list[psutil.Process]:
        return [each for each in psutil.Process().children(recursive=True) if each not in before]

    return look


def test_an_application_that_hangs_ends_its_order_and_itself(
    tmp_path: Path, children: Children
) -> None:
    with a_laptop(tmp_path / "profile") as hands:
        hands.find_name("signin.submit")
        (application,) = children()
        application.suspend()
        with pytest.raises(NotOnScreenError, match=r"hangs at read .* within 0.2 s"):
            hands.order("read", "signin.submit", limit_s=0.2)
        assert children() == []
        with pytest.raises(NotOnScreenError, match="not open"):
            hands.click("signin.submit")


def test_an_application_that_dies_is_told_with_its_log(tmp_path: Path, children: Children) -> None:
    with a_laptop(tmp_path / "profile") as hands:
        hands.find_name("signin.submit")
        (application,) = children()
        application.kill()
        with pytest.raises(NotOnScreenError, match=r"ended during click .* see .*profile\.log"):
            hands.click("signin.submit")
        assert hands.close() == -signal.SIGKILL


def test_an_application_that_is_closed_ends_by_itself(tmp_path: Path) -> None:
    with a_laptop(tmp_path / "profile") as hands:
        hands.find_name("signin.submit")
        assert hands.close() == 0


def test_a_central_that_says_nothing_is_ended(tmp_path: Path, children: Children) -> None:
    central = CentralProcess(tmp_path, tmp_path / "central.log")
    with pytest.raises(CentralError, match=r"within 0\.01 s"):
        central.start(limit_s=0.01)
    assert not central.running
    assert children() == []


def test_a_central_that_ends_at_once_is_told_with_its_reason(office: Office) -> None:
    second = CentralProcess(office.data, office.data / "second.log")
    with pytest.raises(CentralError, match="already serves"):
        second.start()
    assert not second.running
