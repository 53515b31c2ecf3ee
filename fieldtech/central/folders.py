"""Folders that the central keeps things in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import PRIVATE_DIR

if TYPE_CHECKING:
    from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder unless it is there; ``EnvironmentProblem`` if nothing can be put there."""
    why = ""
    try:
        folder.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
    except OSError as problem:
        why = problem.strerror or str(problem)
    if why or not os.access(folder, os.W_OK | os.X_OK):
        raise EnvironmentProblem(
            f"The folder {folder} cannot be used: {why or 'it may not be written to'}.",
            code="folder_unusable",
            what_to_do="Name another one, or give permission.",
        )
