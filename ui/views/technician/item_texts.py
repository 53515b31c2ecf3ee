"""An item of a checklist in words: its limit, its values, what is typed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from fieldtech.domain.checklist import Widget
from fieldtech.services.measuring import agreed_limit
from ui.views import formats

if TYPE_CHECKING:
    from fieldtech.domain.checklist import Item, Threshold

translate = QCoreApplication.translate

SIGNS = {"<=": "≤", ">=": "≥"}


def subtitle(item: Item, language: str, agreed_mbps: float | None = None) -> str:
    """The limit an item is judged by with its source, or its choices; else its help.

    ``agreed_mbps`` is the speed of the service: what is measured of it is judged by a share of it.
    """
    if item.widget is Widget.CHOICE:
        return " / ".join(choice.label(language) for choice in item.choices)
    if item.threshold is not None:
        return f"{_limits(item.threshold, item.unit)} · {item.threshold.origin(language)}"
    limit = agreed_limit(item, agreed_mbps)
    if limit is None or not agreed_mbps:
        return item.help(language)
    share = formats.percent(limit / agreed_mbps, 0)
    told = translate("Measure", "{share} of the agreed {speed} Mbps")
    source = told.format(share=share, speed=_number(agreed_mbps))
    return f"≥ {_number(limit)} Mbps · {source}"


def _limits(threshold: Threshold, unit: str) -> str:
    """What passes, and up to where the rest is only a warning."""
    sign = SIGNS.get(threshold.op.value, threshold.op.value)
    passes = f"{sign} {_number(threshold.limit)} {unit}".rstrip()
    if threshold.warn is None:
        return passes
    warned = translate("Measure", "warning {limit}").format(
        limit=f"{sign} {_number(threshold.warn)}"
    )
    return f"{passes} ({warned})"


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


def with_unit(item: Item, value: str, language: str) -> str:
    """A stored value as it is read: choices in words, bare numbers with their unit."""
    if item.widget is Widget.CHOICE:
        return choice_label(item, value, language)
    if item.widget is Widget.NUMBER and value and item.unit and not value.endswith(item.unit):
        return f"{value} {item.unit}"
    return value


def choice_label(item: Item, value: str, language: str) -> str:
    """A choice in words; anything else as it is."""
    return next((c.label(language) for c in item.choices if c.value == value), value)


def typed_value(item: Item, text: str, language: str) -> str:
    """What a typed text is kept as: a choice by its value, however it was written."""
    wanted = text.strip().casefold()
    return next((c.value for c in item.choices if c.label(language).casefold() == wanted), text)
