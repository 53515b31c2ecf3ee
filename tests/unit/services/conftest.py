"""Services over the laptops of ``field_office``, at its fixed moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import field_office
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from field_office import FieldLaptop, Office

    from fieldtech.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """Stands at ``field_office.NOW``."""
    return field_office.new_clock()


@pytest.fixture
def office(tmp_path: Path, clock: FakeClock) -> Iterator[Office]:
    """The central, in this process."""
    made = field_office.new_office(tmp_path / "central", clock)
    yield made
    made.close()


@pytest.fixture
def ana(tmp_path: Path, clock: FakeClock) -> Iterator[FieldLaptop]:
    """The technician's laptop."""
    yield from field_office.opened("ana", tmp_path / "ana", clock)


@pytest.fixture
def dora(tmp_path: Path, clock: FakeClock) -> Iterator[FieldLaptop]:
    """The dispatcher's laptop."""
    yield from field_office.opened("dora", tmp_path / "dora", clock)
