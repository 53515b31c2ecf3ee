"""Versioned checklist templates: what is asked, by what a typed value is judged, what is missing.

A template is data (``resources/checklists/*.toml``); a visit keeps the version it was assigned
with. ``domain.checklist_file`` reads both the TOML file and the mapping that travels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_interface, ip_network
from typing import TYPE_CHECKING

from fieldtech.domain.words import CheckStatus

if TYPE_CHECKING:
    from fieldtech.domain.visit import Visit

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_GROUPED = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){1,4}|(?: [0-9]{3}){1,4})(?:\.[0-9]{1,15})?"
)


class AnsweredBy(StrEnum):
    """Who can answer an item."""

    PERSON = "person"
    PROBE = "probe"
    BOTH = "both"


class Widget(StrEnum):
    """What a person types or picks beside the result."""

    NONE = "none"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"


class Comparison(StrEnum):
    """How a threshold compares a typed value."""

    LESS = "<"
    AT_MOST = "<="
    EQUAL = "="
    AT_LEAST = ">="
    MORE = ">"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """``value`` passes when ``value op limit`` holds, else warns within ``warn``, else fails.

    ``warn`` ``None``: there is no middle. ``otherwise`` is the result when neither holds; a
    published "warn" without a fail is ``otherwise = warn``. ``source`` names who set the limit;
    ``source_es`` says it in Spanish where that differs.
    """

    op: Comparison
    limit: float
    warn: float | None
    otherwise: CheckStatus
    source: str
    source_es: str = ""

    def origin(self, language: str) -> str:
        """Return who set the limit, for ``language``."""
        return self.source_es or self.source if language.startswith("es") else self.source


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value to pick and the result it stands for."""

    value: str
    es: str
    en: str
    status: CheckStatus

    def label(self, language: str) -> str:
        """Return the words for ``language``."""
        return self.es if language.startswith("es") else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRange:
    """What a typed IP address inside ``network`` stands for; the first range that fits decides."""

    network: str
    status: CheckStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One point of the checklist.

    ``when`` lists the kinds of service it is asked for (empty: every one). ``probe`` names the
    probe that can answer it, empty for what only a person can. A number is judged by
    ``threshold``, a picked value by ``choices``, a typed address by ``ranges``.
    """

    id: str
    section: str
    title_es: str
    title_en: str
    help_es: str
    help_en: str
    kind: AnsweredBy
    mandatory: bool
    widget: Widget
    unit: str
    threshold: Threshold | None
    choices: tuple[Choice, ...]
    ranges: tuple[AddressRange, ...]
    when: tuple[str, ...]
    probe: str

    def title(self, language: str) -> str:
        """Return the title for ``language``."""
        return self.title_es if language.startswith("es") else self.title_en

    def help(self, language: str) -> str:
        """Return the help text for ``language``."""
        return self.help_es if language.startswith("es") else self.help_en

    def applies_to(self, service_kind: str) -> bool:
        """Tell whether the item is asked for that kind of service ("" : unknown, so asked)."""
        return not self.when or not service_kind or service_kind in self.when


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with its items, in order."""

    id: str
    title_es: str
    title_en: str
    items: tuple[Item, ...]

    def title(self, language: str) -> str:
        """Return the heading for ``language``."""
        return self.title_es if language.startswith("es") else self.title_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One version of a checklist."""

    id: str
    version: int
    title_es: str
    title_en: str
    sections: tuple[Section, ...]

    @property
    def key(self) -> str:
        """Return ``id@version``, as visits and the wire name it."""
        return template_key(self.id, self.version)

    @property
    def items(self) -> tuple[Item, ...]:
        """Return every item of every section, in order."""
        return tuple(item for section in self.sections for item in section.items)

    def item(self, item_id: str) -> Item | None:
        """Return the item of that id, if the template has it."""
        return next((item for item in self.items if item.id == item_id), None)

    def title(self, language: str) -> str:
        """Return the title for ``language``."""
        return self.title_es if language.startswith("es") else self.title_en


def template_key(template_id: str, version: int) -> str:
    """Return ``id@version``."""
    return f"{template_id}@{version}"


def missing_items(template: Template, visit: Visit, service_kind: str = "") -> tuple[str, ...]:
    """Return the ids of the mandatory items without an answer, in the template's order.

    Every result counts as an answer, a waiver too when it gives its reason. Items that do not
    apply to ``service_kind`` are not missed.
    """
    return tuple(
        item.id
        for item in template.items
        if item.mandatory and item.applies_to(service_kind) and not _answered(visit, item.id)
    )


def judge(item: Item, value: str) -> CheckStatus | None:
    """Return the result that a typed or picked ``value`` stands for, ``None`` when it is open.

    Numbers may carry the item's unit. ``None`` means that a person has to
    judge: nothing typed, not a number, no rule, or not one of the choices.
    """
    text = value.strip()
    if item.widget is Widget.CHOICE:
        return next((choice.status for choice in item.choices if choice.value == text), None)
    if item.widget is Widget.TEXT:
        return _judge_address(item, text)
    number = read_number(text, item.unit)
    if item.threshold is None or number is None:
        return None
    return judge_number(item.threshold, number)


def _judge_address(item: Item, text: str) -> CheckStatus | None:
    try:
        # "192.168.1.20/24" and "::ffff:10.0.0.1" are how some tools show an address.
        address: IPv4Address | IPv6Address = ip_interface(text).ip
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    fitting = (entry.status for entry in item.ranges if address in ip_network(entry.network))
    return next(fitting, None)


def judge_number(threshold: Threshold, number: float) -> CheckStatus:
    """Compare one number with a threshold: pass, warn or fail."""
    if _holds(threshold.op, number, threshold.limit):
        return CheckStatus.PASS
    if threshold.warn is not None and _holds(threshold.op, number, threshold.warn):
        return CheckStatus.WARN
    return threshold.otherwise


def read_number(text: str, unit: str) -> float | None:
    """Read ``-67``, ``-67 dBm``, ``0,5 %`` or ``1,000mbps``; ``None`` for anything else.

    As in Mexico, a comma (or a space) before each three digits marks thousands; any other comma
    is a decimal one.
    """
    plain = " ".join(text.replace("\N{MINUS SIGN}", "-").split())
    if unit and plain.casefold().endswith(unit.casefold()):
        plain = plain[: -len(unit)].rstrip()
    if _GROUPED.fullmatch(plain):
        return float(plain.replace(",", "").replace(" ", ""))
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None


def _holds(op: Comparison, number: float, limit: float) -> bool:
    match op:
        case Comparison.LESS:
            return number < limit
        case Comparison.AT_MOST:
            return number <= limit
        case Comparison.EQUAL:
            return number == limit
        case Comparison.AT_LEAST:
            return number >= limit
        case Comparison.MORE:
            return number > limit


def _answered(visit: Visit, item_id: str) -> bool:
    answer = visit.answer(item_id)
    if answer is None:
        return False
    return answer.status is not CheckStatus.WAIVED or bool(answer.reason.strip())
