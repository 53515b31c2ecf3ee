"""The next page is on its way while the present one is being written.

A pull of many pages then takes as long as the slower of the two ends, not as both together. A page
fetched ahead is used only if the store, after its commit, asks for exactly that one.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldtech.protocol.wire import PullRequest
    from fieldtech.store.page import Page
    from fieldtech.sync.client import Answer


class Prefetch:
    """At most one request ahead; its own thread lives no longer than that request."""

    def __init__(self, fetch: Callable[[PullRequest], Answer[Page]]) -> None:
        self._fetch = fetch
        self._request: PullRequest | None = None
        self._thread: threading.Thread | None = None
        self._answer: Answer[Page] | None = None
        self._failure: BaseException | None = None

    def start(self, request: PullRequest) -> None:
        """Fetch the page of ``request`` in the background."""
        self.drop()
        self._request = request
        self._thread = threading.Thread(target=self._work, name="prefetch", daemon=True)
        self._thread.start()

    def take(self, request: PullRequest) -> Answer[Page]:
        """Return the page of ``request``: the one on its way, or else one fetched now.

        One that was asked for with another limit goes on from the same place and is as good.
        Raises ``SyncFailure`` of whichever request it was.
        """
        ahead = self._request
        if ahead is None or self._thread is None or replace(ahead, limit=request.limit) != request:
            self.drop()
            return self._fetch(request)
        self._thread.join()
        answer, failure = self._answer, self._failure
        self.drop()
        if failure is not None:
            raise failure
        if answer is None:
            return self._fetch(request)
        return answer

    def drop(self) -> None:
        """Wait for what is on its way and forget it: connections carry one request at a time."""
        if self._thread is not None:
            self._thread.join()
        self._thread = self._request = self._answer = self._failure = None

    def _work(self) -> None:
        if self._request is None:
            return
        try:
            self._answer = self._fetch(self._request)
        except Exception as failure:  # noqa: BLE001  raised again by whoever takes the page
            self._failure = failure
