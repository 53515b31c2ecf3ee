"""Who may use a route: declared where the route is, shown in its description as ``x-roles``.

A test asks every route as everybody, and finds that it answers whom it declares and nobody else.
"""

from __future__ import annotations

from typing import Any

from fieldtech.domain.words import Role

ROLES = "x-roles"


def open_to(*roles: Role) -> dict[str, Any]:
    """What a route adds to its description: the roles that may use it, signed in."""
    return {ROLES: [role.value for role in roles]}


SIGNED_IN = open_to(*(role for role in Role if role is not Role.SYSTEM))
"""For everybody who has an account; what he gets is then a matter of his regions."""

PUBLIC = open_to()
"""For whoever can reach the central: to sign in, and to watch the process."""
