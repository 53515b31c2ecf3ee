"""A central process for the whole folder, a proxy in front of it, and laptops for each test."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import central_process
import fault_proxy
import laptops
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[central_process.CentralProcess]:
    """A real central with the small world, for tests that leave it running."""
    with central_process.running_central(tmp_path_factory.mktemp("central")) as running:
        yield running


@pytest.fixture
def records(central: central_process.CentralProcess) -> laptops.CentralRecords:
    """What stands in the central's database."""
    return laptops.CentralRecords(central.data)


@pytest.fixture
def proxy(central: central_process.CentralProcess) -> Iterator[fault_proxy.FaultProxy]:
    """A proxy that misbehaves on request, in front of the central."""
    with fault_proxy.fault_proxy(central.url) as running:
        yield running


@pytest.fixture
def sign(central: central_process.CentralProcess, tmp_path: Path) -> Iterator[laptops.Sign]:
    """Makes laptops and closes them at the end."""
    with ExitStack() as stack:

        def make(user: str, url: str = "", **settings: Any) -> laptops.Laptop:
            made = laptops.laptop(tmp_path, user, url or central.url, **settings)
            return stack.enter_context(made)

        yield make
