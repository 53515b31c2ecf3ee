"""A person's settings on this laptop: read whole, checked key by key, written whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, get_args, get_type_hints

from fieldtech.errors import DataError
from fieldtech.paths import write_private

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("es", "en")
THEMES = ("system", "light", "dark")
TEXT_SCALE_PERCENT = (100, 200)
METERED = ("auto", "yes", "no")
METERED_MB = (0, 100_000)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person chose; ``dataclasses.replace`` makes the next one."""

    central_url: str = ""
    """Address of the central, without a path; empty before the first sign-in."""
    last_user: str = ""
    """User name that signed in last on this profile."""
    language: str = "es"
    """One of ``LANGUAGES``."""
    theme: str = "system"
    """One of ``THEMES``."""
    text_scale: int = 100
    """Size of text in percent, within ``TEXT_SCALE_PERCENT``."""
    sync_interface: str = ""
    """Network interface that synchronising goes through; empty for the system's choice."""
    metered: str = "auto"
    """Whether the connection costs by the byte: one of ``METERED``; ``auto`` asks the system."""
    metered_mb_per_day: int = 20
    """Most megabytes of files that go out in a day where it does, within ``METERED_MB``."""
    window: str = ""
    """Geometry of the main window as the toolkit wrote it (base64); empty for the default."""
    unknown: Mapping[str, object] = field(default_factory=dict)
    """Keys this version does not know, carried along so that a newer version finds them again."""


def load(path: Path) -> Settings:
    """Read settings; a file that is not there gives the defaults.

    Raises ``DataError`` naming file, key and reason, and ``OSError`` when it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError as error:
        raise DataError(path.name, "", f"not UTF-8 text ({error.reason})") from error
    try:
        found = json.loads(text)
    except ValueError as error:
        raise DataError(path.name, "", f"not JSON ({error})") from error
    if not isinstance(found, dict):
        raise DataError(path.name, "", "not a JSON object")
    return _settings(path.name, found)


def save(settings: Settings, path: Path) -> None:
    """Write settings in place of the old ones, for their owner alone. Raises ``OSError``."""
    document = dict(settings.unknown)
    document |= {name: getattr(settings, name) for name in _known()}
    write_private(path, json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


def _known() -> dict[str, type]:
    hints = get_type_hints(Settings)
    return {
        item.name: hints[item.name] for item in fields(Settings) if not get_args(hints[item.name])
    }


def _settings(source: str, found: Mapping[str, object]) -> Settings:
    known = _known()
    values: dict[str, object] = {}
    for key, expected in known.items():
        if key not in found:
            continue
        value = found[key]
        # bool is an int to Python, and would pass for a text scale.
        if not isinstance(value, expected) or isinstance(value, bool):
            raise DataError(source, key, f"must be {expected.__name__}, not {value!r}")
        values[key] = value
    unknown = {key: value for key, value in found.items() if key not in known}
    settings = Settings(**values, unknown=unknown)  # type: ignore[arg-type]
    _check(source, settings)
    return settings


def _check(source: str, settings: Settings) -> None:
    choices = {
        "language": (settings.language, LANGUAGES),
        "theme": (settings.theme, THEMES),
        "metered": (settings.metered, METERED),
    }
    for key, (value, allowed) in choices.items():
        if value not in allowed:
            raise DataError(source, key, f"{value!r} is none of {', '.join(allowed)}")
    ranges = {
        "text_scale": (settings.text_scale, TEXT_SCALE_PERCENT),
        "metered_mb_per_day": (settings.metered_mb_per_day, METERED_MB),
    }
    for key, (number, (low, high)) in ranges.items():
        if not low <= number <= high:
            raise DataError(source, key, f"{number} is not in {low}-{high}")
