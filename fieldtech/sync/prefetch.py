"""The next pages are on their way while the present ones are being written.

A pull of many pages then takes as long as the slower of the two ends, not as both together, and
what has come meanwhile is written in one transaction (``Feed.apply_all``). Pages fetched ahead are
used only if the store, after its commit, asks for exactly the first of them.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldtech.protocol.wire import PullRequest
    from fieldtech.store.page import Page
    from fieldtech.sync.client import Answer

DEPTH = 4
"""Pages that may wait: with these, memory has the same bound however long a pull is.

Written together, 1, 4 and 8 pages of a first pull of 141,000 rows took 7.3, 6.8 and 6.6 seconds of
the processor; but 8 held the store for three quarters of a second, 4 for less than half of one, and
a technician's own command waits as long.
"""


class _Came:
    """What came of one request: an answer, or the failure that ended the fetching."""

    def __init__(
        self,
        request: PullRequest,
        answer: Answer[Page] | None = None,
        failure: BaseException | None = None,
    ) -> None:
        self.request = request
        self.answer = answer
        self.failure = failure


class Prefetch:
    """Fetches a pull's pages one after the other; its thread lives no longer than the pull."""

    def __init__(self, fetch: Callable[[PullRequest], Answer[Page]]) -> None:
        self._fetch = fetch
        self._changed = threading.Condition()
        self._waiting: deque[_Came] = deque()
        self._thread: threading.Thread | None = None
        self._dropped = False

    def take(self, request: PullRequest) -> list[Answer[Page]]:
        """Return the page of ``request`` and those behind it that have come already.

        The first is waited for, and fetched now unless it is the next one on its way; one that
        was asked for with another limit goes on from the same place and is as good. Raises
        ``SyncFailure`` of its request.
        """
        first = self._first(request)
        if first is None:
            self.drop()
            answer = self._fetch(request)
            self._go_on(request, answer)
            return [answer]
        if first.failure is not None:
            self.drop()
            raise first.failure
        with self._changed:
            taken = [came.answer for came in self._waiting if came.answer is not None]
            for _ in taken:
                self._waiting.popleft()
            self._changed.notify_all()
        return taken

    def drop(self) -> None:
        """Wait for what is on its way and forget it: connections carry one request at a time."""
        with self._changed:
            self._dropped = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        self._thread = None
        self._waiting.clear()
        self._dropped = False

    def _first(self, request: PullRequest) -> _Came | None:
        """Wait for the next page; ``None`` when none comes or it is not what was asked for."""
        if self._thread is None:
            return None
        with self._changed:
            self._changed.wait_for(lambda: self._waiting)
            first = self._waiting[0]
        return first if replace(first.request, limit=request.limit) == request else None

    def _go_on(self, request: PullRequest, answer: Answer[Page]) -> None:
        end = answer.value.end
        if end.more:
            following = replace(request, cursor=end.cursor)
            self._thread = threading.Thread(
                target=self._work, args=(following,), name="prefetch", daemon=True
            )
            self._thread.start()

    def _work(self, request: PullRequest) -> None:
        following: PullRequest | None = request
        while following is not None:
            came = self._one(following)
            end = came.answer.value.end if came.answer is not None else None
            with self._changed:
                self._waiting.append(came)
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._dropped or len(self._waiting) < DEPTH)
                if self._dropped:
                    return
            following = (
                replace(following, cursor=end.cursor) if end is not None and end.more else None
            )

    def _one(self, request: PullRequest) -> _Came:
        try:
            return _Came(request, answer=self._fetch(request))
        except Exception as failure:  # noqa: BLE001  raised again by whoever takes the page
            return _Came(request, failure=failure)
