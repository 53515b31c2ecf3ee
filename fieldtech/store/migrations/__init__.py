"""The store's schema, one numbered step after the other.

A step is plain SQL against a bare connection and never touches live models: what it did when it
was released is what it does for ever. Add the next one as ``vNNNN.py`` with an ``upgrade``
function, and name it in ``STEPS``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.store.migrations import v0001, v0002, v0003

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlcipher3 import dbapi2 as driver

    Step = Callable[[driver.Connection], None]

STEPS: tuple[Step, ...] = (v0001.upgrade, v0002.upgrade, v0003.upgrade)
"""Step *i* takes a store from schema *i* to *i + 1*."""

SCHEMA = len(STEPS)
"""The schema this program writes (``PRAGMA user_version``)."""
