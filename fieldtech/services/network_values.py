"""What the screens show of the two networks: values alone, so that they import nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reach(StrEnum):
    """What a light says."""

    REACHABLE = "reachable"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """One network: the interface it is on (empty: none), what is known of it, and since when."""

    interface: str = ""
    reach: Reach = Reach.UNKNOWN
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceChoice:
    """An interface that could be chosen; ``usable`` when something can be sent through it now."""

    name: str
    address: str
    usable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Networks:
    """Both lights and the choice behind them; ``chosen`` is empty for the system's choice.

    ``gone``: the chosen interface cannot be sent through. ``loose``: this system keeps a connection
    to it by its address only, so a route may still lead it elsewhere.
    """

    choices: tuple[InterfaceChoice, ...]
    chosen: str
    gone: bool
    loose: bool
    mine: Light
    customer: Light
