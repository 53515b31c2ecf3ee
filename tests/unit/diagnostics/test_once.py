"""What is made once for several: who waits for it can stop waiting."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from fieldtech.diagnostics.once import Once
from fieldtech.diagnostics.tools import ToolError


def test_who_is_cancelled_waits_no_longer_and_the_maker_goes_on() -> None:
    once: Once[str] = Once()
    making, made = Event(), Event()
    got: list[str] = []

    def make() -> str:
        making.set()
        assert made.wait(20)
        return "made"

    maker = Thread(target=lambda: got.append(once.get(make)), daemon=True)
    maker.start()
    assert making.wait(20)
    cancel = Event()
    cancel.set()
    with pytest.raises(ToolError, match="cancelled"):
        once.get(lambda: "another", cancel)
    made.set()
    maker.join(20)
    assert got == ["made"]
    assert once.get(lambda: "another", cancel) == "made", "what is there needs no waiting"


def test_the_next_one_tries_again() -> None:
    once: Once[int] = Once()
    with pytest.raises(ZeroDivisionError):
        once.get(lambda: 1 // 0)
    assert once.get(lambda: 7) == 7
