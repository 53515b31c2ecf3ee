"""Checklist templates as files and as plain mappings: one shape, one reader."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from fieldtech.domain.checked import Table, read_toml
from fieldtech.domain.checklist import (
    AddressRange,
    AnsweredBy,
    Choice,
    Comparison,
    Item,
    Section,
    Template,
    Threshold,
    Widget,
)
from fieldtech.domain.words import CheckStatus

if TYPE_CHECKING:
    from pathlib import Path

_OTHERWISE = frozenset({CheckStatus.WARN, CheckStatus.FAIL})
"""What a value can be that does not pass."""


def load_template(path: Path) -> Template:
    """Read one template file; raises ``DataError`` naming the file, the key and the reason."""
    return parse_template(read_toml(path), path.name)


def from_wire(data: object) -> Template:
    """Read what ``to_wire`` made; raises ``DataError``."""
    return parse_template(data, "template")


def parse_template(data: object, source: str) -> Template:
    """Read a template from a plain mapping; ``source`` names it in a ``DataError``."""
    root = Table(data, source)
    title_es, title_en = _bilingual(root, "title")
    seen: set[str] = set()
    sections = tuple(_section(table, seen) for table in root.tables("sections"))
    template = Template(
        id=root.text("id"),
        version=root.integer("version", least=1),
        title_es=title_es,
        title_en=title_en,
        sections=sections,
    )
    if "@" in template.id:
        raise root.fail("id", "must not contain @, which separates the version")
    if not sections:
        raise root.fail("sections", "a template needs at least one section")
    root.unique("sections", [section.id for section in sections])
    root.done()
    return template


def to_wire(template: Template) -> dict[str, object]:
    """Return ``template`` as a plain mapping of JSON values."""
    return {
        "id": template.id,
        "version": template.version,
        "title": {"es": template.title_es, "en": template.title_en},
        "sections": [
            {
                "id": section.id,
                "title": {"es": section.title_es, "en": section.title_en},
                "items": [_item_to_wire(item) for item in section.items],
            }
            for section in template.sections
        ],
    }


def _item_to_wire(item: Item) -> dict[str, object]:
    plain: dict[str, object] = {
        "id": item.id,
        "title": {"es": item.title_es, "en": item.title_en},
        "help": {"es": item.help_es, "en": item.help_en},
        "kind": item.kind.value,
        "mandatory": item.mandatory,
        "widget": item.widget.value,
        "unit": item.unit,
        "when": list(item.when),
        "probe": item.probe,
        "choices": [
            {"value": c.value, "es": c.es, "en": c.en, "status": c.status.value}
            for c in item.choices
        ],
        "ranges": [{"network": r.network, "status": r.status.value} for r in item.ranges],
    }
    if item.threshold is not None:
        plain["threshold"] = _threshold_to_wire(item.threshold)
    return plain


def _threshold_to_wire(threshold: Threshold) -> dict[str, object]:
    plain: dict[str, object] = {
        "op": threshold.op.value,
        "value": threshold.limit,
        "otherwise": threshold.otherwise.value,
        "source": threshold.source,
    }
    if threshold.warn is not None:
        plain["warn"] = threshold.warn
    if threshold.source_es:
        plain["source_es"] = threshold.source_es
    return plain


def _section(table: Table, seen: set[str]) -> Section:
    section_id = table.text("id")
    title_es, title_en = _bilingual(table, "title")
    items = tuple(_item(item, section_id, seen) for item in table.tables("items"))
    if not items:
        raise table.fail("items", "a section needs at least one item")
    table.done()
    return Section(id=section_id, title_es=title_es, title_en=title_en, items=items)


def _item(table: Table, section: str, seen: set[str]) -> Item:
    title_es, title_en = _bilingual(table, "title")
    help_es, help_en = _bilingual(table, "help")
    item = Item(
        id=table.text("id"),
        section=section,
        title_es=title_es,
        title_en=title_en,
        help_es=help_es,
        help_en=help_en,
        kind=table.choice("kind", AnsweredBy),
        mandatory=table.boolean("mandatory", default=False),
        widget=table.choice("widget", Widget, Widget.NONE),
        unit=table.text("unit", ""),
        threshold=_threshold(table.table("threshold")) if table.has("threshold") else None,
        choices=tuple(_choice(choice) for choice in table.tables("choices", optional=True)),
        ranges=tuple(_range(entry) for entry in table.tables("ranges", optional=True)),
        when=table.texts("when", optional=True),
        probe=table.text("probe", ""),
    )
    table.done()
    if item.id in seen:
        raise table.fail("id", f"{item.id} stands there twice")
    seen.add(item.id)
    _refuse_contradictions(table, item)
    return item


def _refuse_contradictions(table: Table, item: Item) -> None:
    """Refuse rules that nothing could ever be judged by, and results that no rule can give."""
    if (item.kind is AnsweredBy.PERSON) == bool(item.probe):
        raise table.fail("probe", "goes with kind probe or both, and only with them")
    if item.threshold is not None and item.widget is not Widget.NUMBER:
        raise table.fail("threshold", "needs widget = number")
    if item.ranges and item.widget is not Widget.TEXT:
        raise table.fail("ranges", "need widget = text")
    if bool(item.choices) != (item.widget is Widget.CHOICE):
        raise table.fail("choices", "go with widget = choice, and only with it")
    table.unique("choices", [choice.value for choice in item.choices])
    for place, entry in enumerate(item.ranges):
        hidden_by = _hiding(item.ranges[:place], entry)
        if hidden_by:
            raise table.fail(f"ranges[{place}]", f"{hidden_by} before it leaves nothing to it")


def _hiding(earlier: tuple[AddressRange, ...], entry: AddressRange) -> str:
    """Return the earlier network that holds every address of ``entry``, empty when none does."""
    network = ip_network(entry.network)
    for other in earlier:
        wider = ip_network(other.network)
        if (
            wider.version == network.version
            and wider.prefixlen <= network.prefixlen
            and network.network_address in wider
        ):
            return other.network
    return ""


def _threshold(table: Table) -> Threshold:
    threshold = Threshold(
        op=table.choice("op", Comparison),
        limit=table.number("value"),
        warn=table.number("warn") if table.has("warn") else None,
        otherwise=table.choice("otherwise", CheckStatus, CheckStatus.FAIL),
        source=table.text("source"),
        source_es=table.text("source_es", ""),
    )
    table.done()
    if threshold.otherwise not in _OTHERWISE:
        raise table.fail("otherwise", "must be warn or fail")
    if threshold.warn is not None and not _is_looser(threshold.op, threshold.warn, threshold.limit):
        raise table.fail("warn", f"must lie on the far side of {threshold.limit:g}")
    return threshold


def _is_looser(op: Comparison, warn: float, limit: float) -> bool:
    """Tell whether ``warn`` lets through what ``limit`` does not; an equality has no middle."""
    if op in {Comparison.LESS, Comparison.AT_MOST}:
        return warn > limit
    return op is not Comparison.EQUAL and warn < limit


def _result(table: Table) -> CheckStatus:
    """Read a result that a rule may give: a waiver is a person's, with a reason."""
    status = table.choice("status", CheckStatus)
    if status is CheckStatus.WAIVED:
        raise table.fail("status", "waived is for a person, with a reason")
    return status


def _choice(table: Table) -> Choice:
    choice = Choice(
        value=table.text("value"),
        es=table.text("es"),
        en=table.text("en"),
        status=_result(table),
    )
    table.done()
    return choice


def _range(table: Table) -> AddressRange:
    entry = AddressRange(network=table.text("network"), status=_result(table))
    table.done()
    try:
        ip_network(entry.network)
    except ValueError as error:
        raise table.fail(
            "network", f"{entry.network!r} is not a network such as 10.0.0.0/8"
        ) from error
    return entry


def _bilingual(table: Table, key: str) -> tuple[str, str]:
    words = table.table(key)
    found = words.text("es"), words.text("en")
    words.done()
    return found
