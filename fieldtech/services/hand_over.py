"""What a profile that nobody can open still holds for its central; no key is needed to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.errors import EnvironmentProblem
from fieldtech.store.journal import export

if TYPE_CHECKING:
    from fieldtech.paths import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class InTheBox:
    """``commands`` in the black box, of which ``unsealed`` only this laptop's key opens."""

    commands: int
    unsealed: int


def in_the_box(profile: Profile) -> InTheBox:
    """Count by the clear heads; raises ``EnvironmentProblem`` (``store_io``)."""
    try:
        state = export.state_of(profile)
    except OSError as error:
        raise EnvironmentProblem(
            f"The black box cannot be read: {error.strerror or error}",
            code="store_io",
            what_was_kept="Nothing was changed.",
            what_to_do="Check the disk and try again.",
        ) from error
    return InTheBox(commands=state.commands, unsealed=state.unsealed)
