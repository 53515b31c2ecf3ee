"""Changes reach the screens whole, on their thread, and together."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ui.tasks.announcer import ChangeAnnouncer, Changes

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_changes_add_up() -> None:
    both = Changes(incidents=frozenset({"a"}), outbox=True) | Changes(
        incidents=frozenset({"b"}), visits=frozenset({"v"}), sync=True
    )
    assert both == Changes(frozenset({"a", "b"}), frozenset({"v"}), outbox=True, sync=True)
    assert both
    assert not Changes()
    assert Changes(reference=True)


def test_one_burst_is_told_once(qtbot: QtBot) -> None:
    announcer = ChangeAnnouncer()
    told: list[Changes] = []
    announcer.changed.connect(told.append)
    for number in range(100):
        announcer.announce(Changes(incidents=frozenset({str(number)})))
    announcer.announce(Changes())
    qtbot.waitUntil(lambda: bool(told))
    assert told == [Changes(incidents=frozenset(str(number) for number in range(100)))]


def test_nothing_is_lost_from_several_threads(qtbot: QtBot) -> None:
    announcer = ChangeAnnouncer()
    told: list[Changes] = []
    threads_told: set[int] = set()
    announcer.changed.connect(told.append)
    announcer.changed.connect(lambda _: threads_told.add(threading.get_ident()))

    def announce(name: str) -> None:
        for number in range(200):
            announcer.announce(Changes(visits=frozenset({f"{name}{number}"})))

    threads = [threading.Thread(target=announce, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    expected = {f"{name}{number}" for name in "abc" for number in range(200)}
    qtbot.waitUntil(lambda: set().union(*(changes.visits for changes in told)) == expected)
    for thread in threads:
        thread.join()
    assert threads_told == {threading.get_ident()}


def test_an_empty_announcement_is_not_told(qtbot: QtBot) -> None:
    announcer = ChangeAnnouncer()
    with qtbot.assertNotEmitted(announcer.changed, wait=20):
        announcer.announce(Changes())
