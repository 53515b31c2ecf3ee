"""Pages on their way: in order, no more than a few, and never one that was not asked for."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from fieldtech.protocol.pages import Begin, End
from fieldtech.protocol.wire import PullRequest
from fieldtech.store.central_time import Sample
from fieldtech.store.page import Page
from fieldtech.sync.client import Answer, UnreadPage
from fieldtech.sync.failures import Failure, Kind, SyncFailure
from fieldtech.sync.prefetch import DEPTH, Prefetch

PATIENCE_S = 20
SAMPLE = Sample(central_s=0.0, wall_s=0.0, boot_s=0.0, boot_id="b", rtt_s=0.0)
FIRST = PullRequest(device_id="d", epoch="e", cursor={}, limit=100)


class Central:
    """Answers page ``n`` to cursor ``n``; ``last`` ends the pull.

    ``broken`` fails, ``garbled`` comes and cannot be read, ``unclear`` does not seem to say that
    others follow it. With ``held``, no page but the first is read before that is set.
    """

    def __init__(self, last: int, *, broken: int | None = None) -> None:
        self.last = last
        self.broken = broken
        self.garbled: int | None = None
        self.unclear: int | None = None
        self.held: threading.Event | None = None
        self.asked: list[int] = []
        self.came = threading.Semaphore(0)

    def fetch(self, request: PullRequest) -> UnreadPage:
        at = request.cursor.get("ref", 0)
        self.asked.append(at)
        self.came.release()
        if at == self.broken:
            raise SyncFailure(Failure(kind=Kind.TIMEOUT))
        begin = Begin(epoch="e", server_time="2026-07-01T12:00:00Z")
        end = End(cursor={"ref": at + 1}, more=at < self.last, last_n=0)
        answer = Answer(value=Page(begin=begin, puts=[], dels=[], end=end), sample=SAMPLE)

        def read() -> Answer[Page]:
            if at and self.held is not None:
                assert self.held.wait(PATIENCE_S)
            if at == self.garbled:
                raise SyncFailure(Failure(kind=Kind.TRUNCATED))
            return answer

        seems_last = at == self.unclear or not end.more
        return UnreadPage(following=None if seems_last else end.cursor, read=read)

    def wait_for(self, requests: int) -> None:
        """Wait until so many more were asked for."""
        for _ in range(requests):
            assert self.came.acquire(timeout=PATIENCE_S)


def at(position: int) -> PullRequest:
    return replace(FIRST, cursor={"ref": position})


def reached(answers: list[Answer[Page]]) -> list[int]:
    return [answer.value.end.cursor["ref"] for answer in answers]


def test_all_pages_come_once_and_in_order() -> None:
    central = Central(last=30)
    ahead = Prefetch(central.fetch)
    pages: list[int] = []
    while not pages or pages[-1] <= central.last:
        pages += reached(ahead.take(at(pages[-1]) if pages else FIRST))
    ahead.drop()
    assert pages == list(range(1, 32))
    assert central.asked == list(range(31))


def test_no_more_wait_than_the_memory_was_promised_for() -> None:
    central = Central(last=1000)
    ahead = Prefetch(central.fetch)
    assert reached(ahead.take(FIRST)) == [1]
    central.wait_for(1 + DEPTH)
    # The next is asked for only when some are taken: as many as were waiting come together.
    assert len(central.asked) == 1 + DEPTH
    taken = ahead.take(at(1))
    assert 1 <= len(taken) <= DEPTH
    ahead.drop()
    assert len(central.asked) <= 1 + 2 * DEPTH + 1


def test_another_place_is_asked_for_anew_and_what_was_on_its_way_is_forgotten() -> None:
    central = Central(last=1000)
    ahead = Prefetch(central.fetch)
    ahead.take(FIRST)
    central.wait_for(2)
    assert reached(ahead.take(at(500))) == [501]
    ahead.drop()
    assert 500 in central.asked


def test_a_smaller_limit_goes_on_from_the_same_place() -> None:
    central = Central(last=1)
    ahead = Prefetch(central.fetch)
    ahead.take(FIRST)
    assert reached(ahead.take(replace(at(1), limit=50))) == [2]
    assert central.asked == [0, 1]
    ahead.drop()


def test_a_failure_comes_in_its_turn_and_ends_the_fetching() -> None:
    central = Central(last=1000, broken=3)
    ahead = Prefetch(central.fetch)
    pages = reached(ahead.take(FIRST))
    while pages[-1] < 3:
        pages += reached(ahead.take(at(pages[-1])))
    with pytest.raises(SyncFailure):
        ahead.take(at(3))
    assert pages == [1, 2, 3]
    assert central.asked == [0, 1, 2, 3]
    central.broken = None
    assert reached(ahead.take(at(3))) == [4]
    ahead.drop()


def test_the_next_page_is_asked_for_while_the_one_before_is_still_being_read() -> None:
    central = Central(last=2)
    central.held = threading.Event()
    ahead = Prefetch(central.fetch)
    ahead.take(FIRST)
    central.wait_for(3)
    central.held.set()
    pages = reached(ahead.take(at(1)))
    while pages[-1] < 3:
        pages += reached(ahead.take(at(pages[-1])))
    assert pages == [2, 3]
    ahead.drop()


def test_a_page_that_cannot_be_read_fails_in_its_turn() -> None:
    central = Central(last=1000)
    central.garbled = 2
    ahead = Prefetch(central.fetch)
    pages = reached(ahead.take(FIRST))
    while pages[-1] < 2:
        pages += reached(ahead.take(at(pages[-1])))
    with pytest.raises(SyncFailure):
        ahead.take(at(2))
    assert pages == [1, 2]
    central.garbled = None
    assert reached(ahead.take(at(2))) == [3]
    ahead.drop()


def test_a_first_page_that_cannot_be_read_leaves_nothing_behind() -> None:
    central = Central(last=1000)
    central.garbled = 0
    ahead = Prefetch(central.fetch)
    with pytest.raises(SyncFailure):
        ahead.take(FIRST)
    central.garbled = None
    assert reached(ahead.take(FIRST)) == [1]
    ahead.drop()


def test_a_page_whose_end_was_not_understood_ahead_is_followed_all_the_same() -> None:
    central = Central(last=4)
    central.unclear = 2
    ahead = Prefetch(central.fetch)
    pages: list[int] = []
    while not pages or pages[-1] <= central.last:
        pages += reached(ahead.take(at(pages[-1]) if pages else FIRST))
    ahead.drop()
    assert pages == [1, 2, 3, 4, 5]


def test_nothing_goes_on_after_a_drop() -> None:
    central = Central(last=1000)
    ahead = Prefetch(central.fetch)
    ahead.take(FIRST)
    ahead.drop()
    asked = len(central.asked)
    names = [thread.name for thread in threading.enumerate()]
    assert not any(name.startswith(("prefetch", "pages")) for name in names)
    assert len(central.asked) == asked
