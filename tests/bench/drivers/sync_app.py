"""Synchronises the profile named on the command line each time a line comes on standard input.

Answers each with one line: the seconds of that run, what it brought, and by how many bytes the most
memory it ever used exceeds what it used before. The store is opened and everything imported before
the first.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing

import psutil

from fieldtech.clock import SystemClock
from fieldtech.paths import Profile
from fieldtech.secrets import open_secret_store
from fieldtech.store.opening import open_store
from fieldtech.sync.assembly import open_runner


def peak_memory() -> int:
    """Return the most memory this process ever had resident, in bytes."""
    now = psutil.Process().memory_info()
    if sys.platform == "win32":
        return int(now.peak_wset)
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> int:
    """Serve runs until standard input ends."""
    clock = SystemClock()
    profile = Profile.open(sys.argv[1])
    secrets = open_secret_store(profile)
    with (
        closing(open_store(profile, secrets, clock)) as store,
        closing(open_runner(store, secrets, clock)) as runner,
    ):
        before = psutil.Process().memory_info().rss
        for _ in sys.stdin:
            begun = time.perf_counter()
            report = runner.run_once()
            took = time.perf_counter() - begun
            problem = report.problem.code if report.problem else ""
            answer = {
                "seconds": took,
                "rows": report.pulled,
                "problem": problem,
                "memory": peak_memory() - before,
            }
            print(json.dumps(answer), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
