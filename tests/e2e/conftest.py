"""The operator's side of the end-to-end tests: a real central with the sample."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from desk_people import Office

from demo.central_process import CentralProcess, make_sample


@pytest.fixture
def office(tmp_path: Path) -> Generator[Office]:
    """A running central with forty incidents."""
    data = tmp_path / "central"
    users = {user.login: user for user in make_sample(data, 40, seed=1)}
    central = CentralProcess(data, tmp_path / "central.log")
    central.start()
    yield Office(central, users, data)
    central.stop()
