"""Fetches a file and puts its lines into SQLite each time its address comes on standard input.

That is as little as a laptop can do with a pull: one request, unpacked by ``requests``, and one
``executemany`` of the raw lines, committed as durably as the product commits a technician's work.
Answers each address with one line: the seconds it took.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import requests

PATIENCE_S = 120


def fetch_and_keep(session: requests.Session, address: str, database: sqlite3.Connection) -> int:
    """Do it once; return the number of lines."""
    lines = session.get(address, timeout=PATIENCE_S).content.splitlines()
    database.execute("BEGIN IMMEDIATE")
    database.executemany("INSERT INTO line (body) VALUES (?)", ((line,) for line in lines))
    database.execute("COMMIT")
    return len(lines)


def main() -> int:
    """Serve addresses until standard input ends."""
    session = requests.Session()
    session.trust_env = False
    with tempfile.TemporaryDirectory() as folder:
        for number, address in enumerate(sys.stdin):
            file = Path(folder) / f"{number}.db"
            with closing(sqlite3.connect(file, isolation_level=None)) as database:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = FULL")
                database.execute("CREATE TABLE line (n INTEGER PRIMARY KEY, body BLOB)")
                begun = time.perf_counter()
                rows = fetch_and_keep(session, address.strip(), database)
                took = time.perf_counter() - begun
            print(json.dumps({"seconds": took, "rows": rows}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
