"""Several things of one probe at once: all of them, or up to the first that is enough."""

from __future__ import annotations

from threading import Event

import pytest

from fieldtech.diagnostics.parallel import at_once, up_to


def test_all_are_waited_for_and_come_in_their_order() -> None:
    second = Event()

    def first() -> str:
        assert second.wait(20)
        return "first"

    def other() -> str:
        second.set()
        return "second"

    assert at_once([first, other]) == ["first", "second"]


def test_whoever_is_slower_than_the_first_that_is_enough_is_not_waited_for() -> None:
    never = Event()
    try:
        assert up_to([lambda: never.wait(60), lambda: True], bool) == [True]
    finally:
        never.set()


def test_when_none_is_enough_all_are_told() -> None:
    assert sorted(up_to([lambda: 1, lambda: 2, lambda: 3], lambda each: each > 3)) == [1, 2, 3]
    assert up_to([], bool) == []


def test_an_error_is_raised_where_it_is_waited_for() -> None:
    def breaks() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        up_to([breaks], bool)
    with pytest.raises(ZeroDivisionError):
        at_once([breaks, lambda: 1])
