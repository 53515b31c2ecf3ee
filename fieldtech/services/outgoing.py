"""What leaves the profile for a place a person chose: never into the profile itself.

A save dialog offers to replace a file, and the profile's own are the last ones to be replaced.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import write_private

if TYPE_CHECKING:
    from fieldtech.paths import Profile


def outside(profile: Profile, path: str) -> Path:
    """Return the place as a path; raises ``EnvironmentProblem`` (``inside_profile``)."""
    target = Path(path).expanduser()
    if target.resolve().is_relative_to(profile.dir.resolve()):
        raise EnvironmentProblem(
            f"{target} lies in the folder of the profile.",
            code="inside_profile",
            what_was_kept="Nothing was written and nothing was changed.",
            what_to_do="Choose another folder, for instance on a USB stick.",
        )
    return target


def write_out(profile: Profile, path: str, content: str | bytes) -> None:
    """Write a readable copy; raises ``EnvironmentProblem`` (also ``copy_unwritable``)."""
    target = outside(profile, path)
    try:
        write_private(target, content)
    except OSError as error:
        raise EnvironmentProblem(
            f"The copy cannot be written: {error.strerror or error}",
            code="copy_unwritable",
            what_was_kept="What it is a copy of is unchanged.",
            what_to_do="Choose another place with more room.",
        ) from error
