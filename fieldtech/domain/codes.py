"""Closed lists that a policy ships: causes, solutions, pause reasons, escalation levels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fieldtech.domain.words import Attribution


class Indicator(StrEnum):
    """The three published promises that an exclusion or a pause may touch."""

    AVAILABILITY = "availability"
    RESPONSE = "response"
    RESTORATION = "restoration"


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseCode:
    """Why the service failed. ``attribution`` is only a suggestion for the form."""

    code: str
    es: str
    en: str
    attribution: Attribution | None = None

    def label(self, language: str) -> str:
        """Return the words for ``language`` (``es`` or anything else for English)."""
        return self.es if language.startswith("es") else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionCode:
    """What brought the service back."""

    code: str
    es: str
    en: str

    def label(self, language: str) -> str:
        """Return the words for ``language``."""
        return self.es if language.startswith("es") else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseReason:
    """Why nobody can work. ``stops`` lists the clocks it stops; the published policy: none."""

    code: str
    es: str
    en: str
    stops: frozenset[Indicator] = frozenset()

    def label(self, language: str) -> str:
        """Return the words for ``language``."""
        return self.es if language.startswith("es") else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationLevel:
    """One rung of the ladder, due when the restoration clock has used ``share`` of its target."""

    level: int
    share: float
    es: str
    en: str
    mail: str

    def label(self, language: str) -> str:
        """Return who that is, in ``language``."""
        return self.es if language.startswith("es") else self.en
