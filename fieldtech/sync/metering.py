"""How many bytes of files may go out today: on a metered connection there is a cap."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Protocol

import msgspec

from fieldtech.shapes import learned
from fieldtech.store import central_time, meta

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldtech.clock import Clock
    from fieldtech.store.database import Database

KEY = "file_traffic"
MEGABYTE = 1_000_000
_ANSWER_S = 2.0
_WORD = re.compile(r"^\s*(yes|no|unknown)", re.MULTILINE | re.IGNORECASE)


class Meter(Protocol):
    """Tells how much may be sent, and is told what was."""

    def left(self, wanted: int) -> int:
        """How many of ``wanted`` bytes may go out now."""
        ...

    def count(self, sent: int) -> None:
        """So many bytes have gone out."""
        ...


class Unmetered:
    """No cap."""

    def left(self, wanted: int) -> int:
        """All of them."""
        return wanted

    def count(self, sent: int) -> None:
        """Nobody counts."""


class _Traffic(msgspec.Struct, frozen=True):
    day: str
    sent: int


class DailyCap:
    """So many bytes a day of the central's time, remembered over restarts."""

    def __init__(self, database: Database, clock: Clock, per_day: int) -> None:
        self._database = database
        self._clock = clock
        self._per_day = per_day

    def left(self, wanted: int) -> int:
        """As many as the day has left."""
        return max(0, min(wanted, self._per_day - sent_today(self._database, self._clock)))

    def count(self, sent: int) -> None:
        """Remember it."""
        now = _today(self._database, self._clock)
        told = msgspec.json.encode(_Traffic(now.day, now.sent + sent)).decode()
        with self._database.write(durable=False) as connection:
            meta.put(connection, KEY, told)


def sent_today(database: Database, clock: Clock) -> int:
    """Bytes that went out today, by the central's time, where a cap was in force."""
    return _today(database, clock).sent


def _today(database: Database, clock: Clock) -> _Traffic:
    with database.read() as connection:
        day = central_time.now(connection, clock).at.date().isoformat()
        text = meta.get(connection, KEY)
    known = msgspec.json.decode(text, type=learned(_Traffic)) if text else _Traffic(day, 0)
    return known if known.day == day else _Traffic(day, 0)


def choose_meter(
    database: Database, clock: Clock, *, metered: str, megabytes_per_day: int, interface: str = ""
) -> Meter:
    """Return the meter for the present connection. ``metered`` is auto, yes or no."""
    counts = metered == "yes" or (metered == "auto" and is_metered(interface))
    return DailyCap(database, clock, megabytes_per_day * MEGABYTE) if counts else Unmetered()


def is_metered(
    interface: str = "", run: Callable[[list[str]], str] | None = None, platform: str = sys.platform
) -> bool:
    """Ask the system whether the connection costs by the byte; ``False`` where it does not tell.

    NetworkManager on Linux (``GENERAL.METERED``: yes, no, each also "guessed", or unknown) and the
    connection profile's cost on Windows (``NetworkCostType``: Fixed and Variable are metered).
    macOS has no interface for it: there the person's own setting decides.
    """
    ask = run or _ask
    if platform.startswith("linux"):
        words = ["nmcli", "-g", "GENERAL.METERED", "device", "show"]
        return read_nmcli(ask([*words, interface] if interface else words))
    if platform == "win32":
        return read_connection_cost(ask(["powershell", "-NoProfile", "-Command", _COST]))
    return False


def read_nmcli(text: str) -> bool:
    """Read the answers of ``nmcli``, one line a device: the first that knows decides."""
    for word in _WORD.findall(text):
        if word.lower() != "unknown":
            return str(word).lower() == "yes"
    return False


def read_connection_cost(text: str) -> bool:
    """Read the name of a ``NetworkCostType``."""
    return text.strip().lower() in {"fixed", "variable"}


_COST = (
    "[void][Windows.Networking.Connectivity.NetworkInformation,Windows,ContentType=WindowsRuntime];"
    "[Windows.Networking.Connectivity.NetworkInformation]::GetInternetConnectionProfile()"
    ".GetConnectionCost().NetworkCostType"
)


def _ask(words: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603  our own words
            words, capture_output=True, text=True, timeout=_ANSWER_S, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
