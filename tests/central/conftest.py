"""A seeded central in this process, at a fixed moment, over SQLite and over a real PostgreSQL.

What the two databases could do differently is asked of both in each run (``ON_BOTH``); under
``--soak`` everything is.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import central_seed
import postgres
import pytest
from central_desk import START, Desk, assign, register

from fieldtech.central.database import Database
from fieldtech.clock import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from central_desk import Laptop
    from postgres import Cluster

ON_BOTH = frozenset(
    {
        "test_crossing",
        "test_devices",
        "test_housekeeping",
        "test_ingest",
        "test_late_facts",
        "test_main_job",
        "test_pull",
        "test_push",
        "test_quarantine",
        "test_uploads",
        "test_uploads_at_once",
    }
)
"""The modules whose tests run over both databases."""

ON_POSTGRES = frozenset({"test_fork_and_revoke", "test_interleaved", "test_postgres"})
"""Those about what only a server with many writers can show."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give the modules named above, or all of them, their central twice."""
    if "desk" not in metafunc.fixturenames:
        return
    told = metafunc.definition.iter_markers("parametrize")
    if any(each.args[0] == "desk" for each in told):
        return
    module = metafunc.module.__name__.rpartition(".")[2]
    if module in ON_POSTGRES:
        metafunc.parametrize("desk", ["postgresql"], indirect=True)
    elif module in ON_BOTH or metafunc.config.getoption("--soak"):
        metafunc.parametrize("desk", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One PostgreSQL server for the whole run."""
    if os.name != "posix" or postgres.binaries() is None:
        pytest.skip("there is no PostgreSQL here")
    with postgres.running_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def seeded(cluster: Cluster) -> str:
    """A database on it with the small world, to be copied."""
    url = cluster.fresh()
    database = Database.open(url)
    central_seed.seed(database, START)
    database.close()
    return url


@pytest.fixture(scope="session")
def in_use(cluster: Cluster, seeded: str) -> str:
    """The copy that tests work on, one after the other."""
    url = cluster.copy_of(seeded)
    cluster.keep(url)
    return url


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still at the moment the small world was written."""
    return FakeClock(START)


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    """The central of this test."""
    if getattr(request, "param", "sqlite") == "sqlite":
        desk = Desk(tmp_path / "central", clock)
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        url: str = request.getfixturevalue("in_use")
        cluster.bring_back(url)
        desk = Desk.over(Database.open(url), clock, tmp_path / "central")
    yield desk
    desk.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty central's database."""
    opened = Database.in_folder(tmp_path / "central")
    yield opened
    opened.close()


@pytest.fixture
def ana(desk: Desk) -> Laptop:
    """A technician with an incident of his."""
    dora = desk.laptop("dora")
    register(dora, "inc-1")
    assign(dora, "inc-1", "v-1", "ana")
    laptop = desk.laptop("ana")
    laptop.pull()
    return laptop


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where that central keeps its files."""
    return tmp_path / "central" / "blobs"
