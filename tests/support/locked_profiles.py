"""A profile over several starts, with a lock that costs nothing; crashes at a chosen change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from fieldtech import unlocking
from fieldtech.clock import FakeClock
from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import Profile
from fieldtech.secrets import MemoryStore
from fieldtech.unlocking import GuardedSecrets

if TYPE_CHECKING:
    from pathlib import Path

    from fieldtech.secrets import SecretStore

NAMES = ("store-key", "tokens")
PHRASE = "caballo correcto pila"


@pytest.fixture
def cheap_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least that Argon2id takes: what is tested is not its price."""
    monkeypatch.setattr(unlocking, "_OPS", 1)
    monkeypatch.setattr(unlocking, "_MEM", 8192)


class Profiles:
    """One profile over several starts."""

    def __init__(self, folder: Path, base: SecretStore | None = None) -> None:
        self.profile = Profile.open(folder)
        self.base = base or MemoryStore()
        self.clock = FakeClock(datetime(2026, 11, 4, tzinfo=UTC))

    def start(self) -> GuardedSecrets:
        return GuardedSecrets(self.base, self.profile, self.clock, NAMES)


@pytest.fixture
def kept(tmp_path: Path) -> Profiles:
    """Return a profile with a key and tokens, without a lock."""
    made = Profiles(tmp_path / "profile")
    secrets = made.start()
    secrets.set("store-key", "a" * 64)
    secrets.set("tokens", "t")
    return made


def code_of(secrets: GuardedSecrets, text: str) -> str:
    """Return why that opens nothing."""
    with pytest.raises(EnvironmentProblem) as problem:
        secrets.unlock(text)
    return problem.value.code


class Crash(Exception):
    """The program ends here."""


class Crashing(MemoryStore):
    """Passes everything on until the change of that number, which is never made."""

    def __init__(self, base: SecretStore, crash_at: int) -> None:
        super().__init__()
        self._base, self._left = base, crash_at

    def _count(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise Crash

    def get(self, name: str) -> str | None:
        """Ask the other."""
        return self._base.get(name)

    def set(self, name: str, value: str) -> None:
        """Change the other."""
        self._count()
        self._base.set(name, value)

    def delete(self, name: str) -> None:
        """Change the other."""
        self._count()
        self._base.delete(name)
