"""The session's two tokens, kept with the other secrets and never in the store or a log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldtech.protocol.codec import BadMessageError, decode, encode

if TYPE_CHECKING:
    from fieldtech.secrets import SecretStore

NAME = "session-tokens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Opaque texts: ``access`` for some minutes, ``refresh`` to get the next pair.

    ``device_id`` is the device the central knows the session by; a fork of it is unknown there
    until its first hello.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    device_id: str


class TokenBox:
    """Reads the tokens once and writes every new pair before it is used."""

    def __init__(self, secrets: SecretStore) -> None:
        self._secrets = secrets
        self._read = False
        self._tokens: Tokens | None = None

    def get(self) -> Tokens | None:
        """Return the present pair, ``None`` when nobody is signed in."""
        if not self._read:
            text = self._secrets.get(NAME)
            try:
                self._tokens = None if text is None else decode(text, Tokens)
            except BadMessageError:
                self._tokens = None
            self._read = True
        return self._tokens

    def put(self, tokens: Tokens) -> None:
        """Keep a new pair; raises what the secret store raises."""
        self._secrets.set(NAME, encode(tokens).decode())
        self._tokens, self._read = tokens, True

    def reread(self) -> None:
        """Look again at the next ``get``: somebody may have signed in meanwhile."""
        self._read = False

    def clear(self) -> None:
        """Forget both."""
        self._secrets.delete(NAME)
        self._tokens, self._read = None, True
