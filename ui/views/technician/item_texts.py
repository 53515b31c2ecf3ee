"""An item of a checklist in words: its limit, its values, what is typed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.domain.checklist import Widget

if TYPE_CHECKING:
    from fieldtech.domain.checklist import Item

SIGNS = {"<=": "≤", ">=": "≥"}


def subtitle(item: Item, language: str) -> str:
    """The limit an item is judged by with its source, or its choices; else its help."""
    if item.widget is Widget.CHOICE:
        return " / ".join(choice.label(language) for choice in item.choices)
    if item.threshold is None:
        return item.help(language)
    sign = SIGNS.get(item.threshold.op.value, item.threshold.op.value)
    number = f"{item.threshold.limit:g}".replace("-", "\N{MINUS SIGN}")
    return f"{sign} {number} {item.unit} · {item.threshold.origin(language)}"


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
