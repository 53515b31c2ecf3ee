"""Why a synchronisation ended early, as a stable code with a text for a person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncProblem:
    """``code`` never changes once released; the English texts are for logs and scripts."""

    code: str
    message: str
    what_to_do: str = ""


_KEPT = "Everything waiting is kept."

TEXTS: dict[str, tuple[str, str]] = {
    "unreachable": ("The central cannot be reached.", "It is tried again by itself."),
    "interface_gone": (
        "The network interface chosen for synchronising is not there.",
        "Connect it again, or let the system choose.",
    ),
    "timeout": ("The central did not answer in time.", "It is tried again by itself."),
    "truncated": ("The connection breaks off.", "It is tried again by itself."),
    "captive_portal": (
        "Somebody else answers in the central's place: the network may ask for a sign-in.",
        "Open a browser, sign in to the network, and try again.",
    ),
    "bad_reply": ("The central answered something this version does not understand.", "Update."),
    "cancelled": ("The synchronisation was stopped.", ""),
    "busy": ("The central is busy.", "It is tried again by itself."),
    "central_failed": ("The central has a fault.", "It is tried again by itself."),
    "signed_out": ("The session has ended.", "Sign in again."),
    "revoked": ("This laptop was shut out at the central.", "Speak to your administrator."),
    "upgrade_required": ("This version of the program is too old for the central.", "Update."),
    "checksum": ("What was received does not add up.", "It is tried again by itself."),
    "unsettled": ("The central and this laptop do not agree.", "Tell support."),
    "too_large": ("The central takes less than is to be sent.", "Tell support."),
    "not_signed_in": ("Nobody has signed in on this profile yet.", "Sign in at the central."),
    "running": ("A synchronisation is already under way.", ""),
}

FILE_TEXTS: dict[str, tuple[str, str]] = {
    "commands_first": ("Work goes before files.", "They go on by themselves."),
    "metered_cap": ("The day's allowance for files is used up.", "They go on tomorrow."),
    "storage_full": ("The central has no room for files.", "It is tried again by itself."),
    "daily_limit": ("The central takes no more files today.", "They go on tomorrow."),
    "no_blob_store": ("The central keeps no files.", "Tell support."),
    "token_expired": ("The session has to be renewed.", "They go on by themselves."),
}
"""Why only the files stand still."""


def problem_of(code: str) -> SyncProblem | None:
    """Return the problem of an engine's ``Stop``, ``None`` for a clean end."""
    if not code:
        return None
    known = TEXTS | FILE_TEXTS
    message, to_do = known.get(code, ("The central refused the request.", "Tell support."))
    return SyncProblem(code=code, message=f"{message} {_KEPT}", what_to_do=to_do)
