"""Times, durations and figures as the reader's language writes them, in the site's zone."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime, QTimeZone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

translate = QCoreApplication.translate

FALLBACK_ZONE = "America/Mexico_City"
MINUTE = 60
HOUR = 3600
LEAST_UNCERTAINTY_S = 1.0
_IN_MINUTES_FROM_S = 120.0


def zone(name: str) -> tzinfo:
    """The IANA zone, or the country's capital's when a record names one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(FALLBACK_ZONE)


def zone_of_work(zones: Iterable[str]) -> str:
    """Where somebody works: the commonest zone of his sites, this machine's while he has none."""
    counted = Counter(name for name in zones if name)
    if counted:
        return counted.most_common(1)[0][0]
    return QTimeZone.systemTimeZoneId().toStdString()


def clock_time(moment: datetime, timezone: str) -> str:
    """Hours and minutes at the site."""
    local = moment.astimezone(zone(timezone))
    return QLocale().toString(QTime(local.hour, local.minute), "HH:mm")


def day_and_time(moment: datetime, timezone: str) -> str:
    """Short date and time at the site."""
    local = moment.astimezone(zone(timezone))
    day = QLocale().toString(QDate(local.year, local.month, local.day), "d MMM")
    return f"{day} {local:%H:%M}"


def long_day(moment: datetime, timezone: str) -> str:
    """Weekday and date, first letter large, as a heading."""
    local = moment.astimezone(zone(timezone))
    text = QLocale().toString(
        QDate(local.year, local.month, local.day), QLocale.FormatType.LongFormat
    )
    return text[:1].upper() + text[1:]


def due_text(moment: datetime, now: datetime, timezone: str) -> str:
    """A deadline: the hour alone today, with the date on another day."""
    local_zone = zone(timezone)
    if moment.astimezone(local_zone).date() == now.astimezone(local_zone).date():
        return clock_time(moment, timezone)
    return day_and_time(moment, timezone)


def duration(seconds: float) -> str:
    """A length of time in words: minutes below an hour, hours and minutes above."""
    whole = round(abs(seconds) / MINUTE)
    hours, minutes = divmod(whole, MINUTE)
    if not hours:
        return translate("Formats", "%1 min").replace("%1", str(minutes))
    text = translate("Formats", "%1 h %2 min")
    return text.replace("%1", str(hours)).replace("%2", str(minutes))


def plus_minus(seconds: float) -> str:
    """How far off a time can be, with a space before it; empty where nobody could see it.

    Screens count in seconds, so an uncertainty below one cannot be told from none.
    """
    if seconds < LEAST_UNCERTAINTY_S:
        return ""
    if seconds < _IN_MINUTES_FROM_S:
        return f" ± {number(math.ceil(seconds))} s"
    return f" ± {duration(math.ceil(seconds / MINUTE) * MINUTE)}"


def percent(share: float, decimals: int = 2) -> str:
    """A share as a percentage."""
    return f"{QLocale().toString(share * 100, 'f', decimals)} %"


def number(value: float) -> str:
    """A whole number with the language's group marks."""
    return QLocale().toString(round(value))


def decimal(value: float) -> str:
    """A number with one decimal, as the language writes it."""
    return QLocale().toString(value, "f", 1)


def read_count(text: str) -> int | None:
    """A count as somebody typed it; ``None`` for anything but digits."""
    stripped = text.strip()
    return int(stripped) if stripped.isascii() and stripped.isdigit() else None
