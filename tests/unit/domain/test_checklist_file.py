"""The shipped checklist, its way over the wire, and every kind of bad template."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import pytest

from fieldtech.domain.checklist import AnsweredBy, Template, Widget
from fieldtech.domain.checklist_file import from_wire, load_template, parse_template, to_wire
from fieldtech.errors import DataError
from fieldtech.paths import resources_dir

CHOICE = {"value": "a", "es": "a", "en": "a", "status": "pass"}
ALL = {"network": "0.0.0.0/0", "status": "pass"}
TENS = {"network": "10.0.0.0/8", "status": "fail"}
LIMIT = {"op": "<=", "value": 1, "source": "x"}


@cache
def shipped() -> Template:
    return load_template(resources_dir() / "checklists" / "lan-wifi-router.toml")


def test_the_shipped_checklist_has_the_five_sections() -> None:
    template = shipped()
    assert [section.id for section in template.sections] == [
        "lan",
        "wifi",
        "router",
        "internet",
        "sip",
    ]
    assert [section.title("es") for section in template.sections][-1] == "SIP y voz"
    assert template.title("en") == "LAN, WiFi and router"
    assert 30 <= len(template.items) <= 42


def test_every_shipped_item_can_be_understood_and_judged() -> None:
    for item in shipped().items:
        assert item.title("es") != item.help("es")
        assert item.title("en")
        assert item.help("en")
        assert item.id.startswith(f"{item.section}.")
        assert (item.kind is AnsweredBy.PERSON) == (not item.probe)
        if item.threshold is not None:
            assert item.threshold.source


def test_a_template_survives_the_wire() -> None:
    assert from_wire(json.loads(json.dumps(to_wire(shipped())))) == shipped()


def minimal() -> dict[str, Any]:
    words = {"es": "x", "en": "x"}
    item = {"id": "lan.a", "title": words, "help": words, "kind": "person"}
    section = {"id": "lan", "title": words, "items": [item]}
    return copy.deepcopy({"id": "t", "version": 1, "title": words, "sections": [section]})


def test_the_least_a_template_needs() -> None:
    (item,) = parse_template(minimal(), "t.toml").items
    assert (item.mandatory, item.widget, item.when, item.unit) == (False, Widget.NONE, (), "")


BAD: list[tuple[dict[str, object], str, str]] = [
    # keys of the item, the key named, words of the reason
    ({"kind": "robot"}, "kind", "'robot'"),
    ({"mandatory": 1}, "mandatory", "true or false"),
    ({"colour": "red"}, "colour", "unknown key"),
    ({"when": "internet"}, "when", "list"),
    ({"when": [""]}, "when", "list of texts"),
    ({"when": ["a", "a"]}, "when", "twice"),
    ({"title": {"es": "x"}}, "title.en", "missing"),
    ({"title": {"es": "x", "en": "x", "fr": "x"}}, "title.fr", "unknown key"),
    ({"kind": "probe"}, "probe", "only with them"),
    ({"probe": "dns"}, "probe", "only with them"),
    ({"threshold": LIMIT}, "threshold", "widget = number"),
    ({"widget": "number", "threshold": {"op": "<="}}, "threshold.value", "missing"),
    ({"widget": "number", "threshold": {**LIMIT, "op": "~"}}, "threshold.op", "'~'"),
    ({"widget": "number", "threshold": {**LIMIT, "max": 1}}, "threshold.max", "unknown key"),
    (
        {"widget": "number", "threshold": {**LIMIT, "otherwise": "pass"}},
        "threshold.otherwise",
        "warn or fail",
    ),
    (
        {"widget": "number", "threshold": {**LIMIT, "otherwise": "waived"}},
        "threshold.otherwise",
        "warn or fail",
    ),
    ({"widget": "number", "threshold": {**LIMIT, "warn": 1}}, "threshold.warn", "far side of 1"),
    ({"widget": "number", "threshold": {**LIMIT, "warn": 0}}, "threshold.warn", "far side of 1"),
    (
        {"widget": "number", "threshold": {**LIMIT, "op": ">", "warn": 2}},
        "threshold.warn",
        "far side",
    ),
    (
        {"widget": "number", "threshold": {**LIMIT, "op": "=", "warn": 2}},
        "threshold.warn",
        "far side",
    ),
    (
        {"widget": "choice", "choices": [{**CHOICE, "status": "waived"}]},
        "choices[0].status",
        "for a person",
    ),
    (
        {"widget": "text", "ranges": [{"network": "10.0.0.0/8", "status": "waived"}]},
        "ranges[0].status",
        "for a person",
    ),
    ({"widget": "text", "ranges": [ALL, TENS]}, "ranges[1]", "0.0.0.0/0 before it"),
    ({"widget": "text", "ranges": [TENS, TENS]}, "ranges[1]", "10.0.0.0/8 before it"),
    ({"widget": "choice"}, "choices", "widget = choice"),
    ({"choices": [CHOICE]}, "choices", "widget = choice"),
    ({"widget": "choice", "choices": [CHOICE, CHOICE]}, "choices", "twice"),
    ({"widget": "choice", "choices": [{**CHOICE, "x": 1}]}, "choices[0].x", "unknown key"),
    ({"ranges": [{"network": "10.0.0.0/8", "status": "pass"}]}, "ranges", "widget = text"),
    (
        {"widget": "text", "ranges": [{"network": "10.0.0.1/8", "status": "pass"}]},
        "ranges[0].network",
        "network such as",
    ),
]


@pytest.mark.parametrize(("keys", "key", "reason"), BAD)
def test_a_bad_item_is_refused_with_file_key_and_reason(
    keys: dict[str, object], key: str, reason: str
) -> None:
    plain = minimal()
    plain["sections"][0]["items"][0].update(keys)
    with pytest.raises(DataError) as caught:
        parse_template(plain, "t.toml")
    assert (caught.value.source, caught.value.key) == ("t.toml", f"sections[0].items[0].{key}")
    assert reason in caught.value.reason


def test_ranges_of_both_kinds_of_address_stand_beside_each_other() -> None:
    plain = minimal()
    six = {"network": "::/0", "status": "pass"}
    plain["sections"][0]["items"][0].update({"widget": "text", "ranges": [TENS, ALL, six]})
    assert len(parse_template(plain, "t.toml").items[0].ranges) == 3


@pytest.mark.parametrize(("op", "warn"), [("<", 2), ("<=", 2), (">", 0), (">=", 0)])
def test_a_warning_reaches_further_than_the_limit(op: str, warn: float) -> None:
    plain = minimal()
    limit = {**LIMIT, "op": op, "warn": warn}
    plain["sections"][0]["items"][0].update({"widget": "number", "threshold": limit})
    threshold = parse_template(plain, "t.toml").items[0].threshold
    assert threshold is not None
    assert threshold.warn == warn


def test_ids_stand_once_in_the_whole_template() -> None:
    plain = minimal()
    section = copy.deepcopy(plain["sections"][0])
    plain["sections"].append(section)
    with pytest.raises(
        DataError, match=r"sections\[1\]\.items\[0\]\.id: lan\.a stands there twice"
    ):
        parse_template(plain, "t.toml")
    section["items"][0]["id"] = "lan.b"
    with pytest.raises(DataError, match="sections: lan stands there twice"):
        parse_template(plain, "t.toml")


def test_an_empty_template_and_a_bad_id_are_refused() -> None:
    with pytest.raises(DataError, match="sections: a template needs at least one section"):
        parse_template({**minimal(), "sections": []}, "t.toml")
    with pytest.raises(DataError, match="sections: is missing"):
        parse_template({k: v for k, v in minimal().items() if k != "sections"}, "t.toml")
    empty = minimal()
    empty["sections"][0]["items"] = []
    with pytest.raises(DataError, match=r"sections\[0\].items: a section needs at least one item"):
        parse_template(empty, "t.toml")
    with pytest.raises(DataError, match="id: must not contain @"):
        parse_template({**minimal(), "id": "a@1"}, "t.toml")
    with pytest.raises(DataError, match="extra: unknown key"):
        parse_template({**minimal(), "extra": 1}, "t.toml")
