"""What can go wrong, in two branches: the world, or us.

A person is told the same three things each time: what happened, what was kept, what to do. ``code``
is for programs and for translating the text; it never changes once released.
"""

from __future__ import annotations


class FieldtechError(Exception):
    """Any failure this product names.

    ``str()`` gives the message alone (for a log line); ``user_text`` gives everything a person
    needs.
    """

    def __init__(
        self, message: str, *, code: str, what_was_kept: str = "", what_to_do: str = ""
    ) -> None:
        """Take one English sentence for what happened and, where they help, the two others."""
        super().__init__(message)
        self.message = message
        self.code = code
        self.what_was_kept = what_was_kept
        self.what_to_do = what_to_do

    @property
    def user_text(self) -> str:
        """Return the message, what was kept and what to do, each on its own line."""
        return "\n".join(
            part for part in (self.message, self.what_was_kept, self.what_to_do) if part
        )


class EnvironmentProblem(FieldtechError):
    """The world got in the way: a full disk, no network, a corrupt file, a missing keyring."""


class Bug(FieldtechError):
    """We made a mistake: something this program relies on is not so."""

    def __init__(self, message: str, *, code: str = "bug", what_was_kept: str = "") -> None:
        """Take what was expected and what was found."""
        super().__init__(
            message,
            code=code,
            what_was_kept=what_was_kept,
            what_to_do="This is a fault of the program. Please report it with its log file.",
        )


class DataError(EnvironmentProblem):
    """A file somebody may have edited is wrong: ``str()`` reads ``source: key: reason``."""

    def __init__(self, source: str, key: str, reason: str) -> None:
        """Name the file, the key inside it (empty: the whole file) and what is wrong."""
        self.source = source
        self.key = key
        self.reason = reason
        super().__init__(
            ": ".join(part for part in (source, key, reason) if part),
            code="bad_data",
            what_was_kept="The file was not changed.",
            what_to_do="Correct that entry, or put the file that came with the program back.",
        )
