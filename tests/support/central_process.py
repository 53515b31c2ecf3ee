"""A real central process on a free port, over the small world of ``central_seed``.

``with running_central(folder) as central:`` gives its ``url`` and folder; ``stop`` and
``start`` switch it off and on again with the same port and data, as in the offline story.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import central_seed

from demo.central_process import CentralProcess
from fieldtech.central.database import Database
from fieldtech.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["CentralProcess", "running_central"]


@contextmanager
def running_central(
    data: Path,
    *,
    prepare: Callable[[Database], None] | None = None,
    options: tuple[str, ...] = (),
) -> Iterator[CentralProcess]:
    """Run a central over ``data``; ``prepare`` fills its database first (default: the seed).

    ``options`` are further words of its command line. One that does not drain when it is asked to
    fails the test.
    """
    data.mkdir(parents=True, exist_ok=True)
    database = Database.in_folder(data)
    try:
        if prepare is None:
            central_seed.seed(database, SystemClock().now())
        else:
            prepare(database)
    finally:
        database.close()
    central = CentralProcess(data, options=options)
    try:
        central.start()
        yield central
    finally:
        code = central.stop()
    assert code == 0, f"the central ended with {code}:\n{central.stderr()}"
