"""Arguments of commands as older programs wrote them, told in today's shape.

A laptop may be updated with work pending, and an old laptop may send for months what it did. Both
ends read a command's arguments through ``read_args``, and neither refuses one for its age. Whoever
changes the arguments of a command adds a step here from the last version to the new one; the steps
are run one after the other. What the command's sum covers (``codec.body_bytes``) stays as it was
written: the sum is checked before this.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldtech.protocol.codec import BadMessageError, decode_args

Args = dict[str, Any]
Step = Callable[[Args], Args]

FIRST = 1

STEPS: dict[str, tuple[Step, ...]] = {}
"""By command: the first step makes version 1 into 2, the next 2 into 3. All are at 1 so far."""


def version_of(cmd: str) -> int:
    """The version in which this program writes the arguments of ``cmd``."""
    return FIRST + len(STEPS.get(cmd, ()))


def read_args(cmd: str, v: int, args: Args) -> object:
    """The typed arguments of a command written in version ``v``.

    Raises ``BadMessageError``: for a version of the future, for arguments that no version had, and
    for those that a step cannot read.
    """
    if not FIRST <= v <= version_of(cmd):
        msg = f"{cmd} of version {v}"
        raise BadMessageError(msg)
    for step in STEPS.get(cmd, ())[v - FIRST :]:
        try:
            args = step(dict(args))
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            msg = f"{cmd} of version {v}: {problem!r}"
            raise BadMessageError(msg) from problem
    return decode_args(cmd, args)
