"""Kinto on PostgreSQL, and the client its documentation describes: pages by ``_since``, ETag kept.

Settings: PostgreSQL for records and permissions, memory for the cache, pages of 10,000 records
(its own largest), waitress with four threads. The local side is SQLite as durable as ours, the
records kept as they came. ``KINTO_POSTGRES`` names the cluster.
"""

from __future__ import annotations

import itertools
import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import requests
from talk import free_port, serve, wait_for

PAGE, BATCH = 10_000, 200
REFUSED = 400
RECORDS = "/v1/buckets/bench/collections/documents/records"
INI = """[app:main]
use = egg:kinto
kinto.storage_backend = kinto.core.storage.postgresql
kinto.storage_url = {postgres}
kinto.permission_backend = kinto.core.permission.postgresql
kinto.permission_url = {postgres}
kinto.cache_backend = kinto.core.cache.memory
kinto.userid_hmac_secret = bench
kinto.bucket_create_principals = system.Everyone
kinto.paginate_by = {page}
kinto.batch_max_requests = {batch}
kinto.includes = kinto.plugins.accounts
kinto.account_create_principals = system.Everyone
multiauth.policies = account
multiauth.policy.account.use = \
kinto.plugins.accounts.authentication.AccountsAuthenticationPolicy
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}
threads = 4
[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = plain
[logger_root]
level = ERROR
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain
[formatter_plain]
format = %(message)s
"""


class Kinto:
    """A server and the one laptop that fetches from it."""

    def __init__(self, folder: Path, documents: list[dict[str, object]]) -> None:
        self._folder = folder
        self._documents = documents[::100]
        self._numbers = itertools.count()
        self._local: sqlite3.Connection | None = None
        self._touched = 0
        port = free_port()
        folder.mkdir(parents=True, exist_ok=True)
        ini = folder / "kinto.ini"
        text = INI.format(postgres=os.environ["KINTO_POSTGRES"], page=PAGE, batch=BATCH, port=port)
        ini.write_text(text, encoding="utf-8")
        program = [str(Path(sys.executable).with_name("kinto"))]
        subprocess.run(
            [*program, "migrate", "--ini", str(ini)], check=True, stdout=subprocess.DEVNULL
        )
        self._server = subprocess.Popen(
            [*program, "start", "--ini", str(ini), "--port", str(port)], stdout=subprocess.DEVNULL
        )
        wait_for(port, self._server)
        self.address = f"http://127.0.0.1:{port}"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = ("bench", "bench-password")
        self._put("/v1/accounts/bench", {"data": {"password": "bench-password"}})
        self._put("/v1/buckets/bench", {})
        self._put("/v1/buckets/bench/collections/documents", {})
        self._write(documents)

    def close(self) -> None:
        """End the server."""
        self._server.terminate()
        self._server.wait()

    def first(self, url: str) -> tuple[float, int]:
        """Fetch everything into a new file."""
        if self._local is not None:
            self._local.close()
        file = self._folder / f"local-{next(self._numbers)}.db"
        self._local = sqlite3.connect(file, isolation_level=None)
        self._local.execute("PRAGMA journal_mode = WAL")
        self._local.execute("PRAGMA synchronous = FULL")
        self._local.execute("CREATE TABLE record (id TEXT PRIMARY KEY, at INTEGER, body TEXT)")
        self._local.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT)")
        return self.again(url)

    def change(self) -> int:
        """Change each hundredth record."""
        self._touched += 1
        self._write([document | {"touched": self._touched} for document in self._documents])
        return len(self._documents)

    def again(self, url: str) -> tuple[float, int]:
        """Fetch what changed since the last time."""
        if self._local is None:
            raise LookupError("nothing was fetched yet")
        begun = time.perf_counter()
        found = self._local.execute("SELECT value FROM meta WHERE name = 'etag'").fetchone()
        since = f"&_since={found[0]}" if found else ""
        page: str | None = f"{url}{RECORDS}?_limit={PAGE}&_sort=last_modified{since}"
        rows, etag = 0, None
        self._local.execute("BEGIN IMMEDIATE")
        while page:
            reply = self._session.get(page)
            reply.raise_for_status()
            etag = etag or reply.headers["ETag"]
            records = [each for each in reply.json()["data"] if not each.get("deleted")]
            rows += len(records)
            self._local.executemany(
                "INSERT INTO record VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE"
                " SET at = excluded.at, body = excluded.body",
                ((each["id"], each["last_modified"], json.dumps(each)) for each in records),
            )
            following = reply.headers.get("Next-Page")
            page = following.replace(self.address, url) if following else None
        self._local.execute("INSERT OR REPLACE INTO meta VALUES ('etag', ?)", (etag,))
        self._local.execute("COMMIT")
        return time.perf_counter() - begun, rows

    def _write(self, documents: list[dict[str, object]]) -> None:
        for first in range(0, len(documents), BATCH):
            requests_ = [
                {"path": f"{RECORDS}/{each['id']}", "body": {"data": each}}
                for each in documents[first : first + BATCH]
            ]
            reply = self._session.post(
                f"{self.address}/v1/batch",
                json={"defaults": {"method": "PUT"}, "requests": requests_},
            )
            reply.raise_for_status()
            answers = reply.json()["responses"]
            refused = [each for each in answers if each["status"] >= REFUSED]
            if refused:
                raise RuntimeError(f"a record was refused: {refused[0]}")

    def _put(self, path: str, body: dict[str, object]) -> None:
        self._session.put(f"{self.address}{path}", json=body).raise_for_status()


if __name__ == "__main__":
    sys.exit(serve(Kinto))
