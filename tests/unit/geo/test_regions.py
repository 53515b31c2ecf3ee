from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.domain.reference import Region
from fieldtech.domain.words import RegionKind
from fieldtech.errors import DataError
from fieldtech.geo.regions import RegionTree, read_regions


class Node(NamedTuple):
    id: str
    parent_id: str
    kind: str = "region"
    name: str = ""


FAMILY = [
    Node("mty", "nle", "municipality", "Monterrey"),
    Node("apo", "nle", "municipality", "Ápodaca"),
    Node("nle", "ne", "state", "Nuevo León"),
    Node("mx", "", "country", "México"),
    Node("coa", "ne", "state", "Coahuila"),
    Node("ne", "mx", "region", "Noreste"),
    Node("no", "mx", "region", "Noroeste"),
]


@st.composite
def forests(draw: st.DrawFn) -> list[Node]:
    """Any forest: each node hangs under an earlier one or none, then all are shuffled."""
    size = draw(st.integers(0, 25))
    nodes = []
    for number in range(size):
        parent = draw(st.integers(-1, number - 1))
        name = draw(st.sampled_from(["Alfa", "Álamo", "beta", "Ñandú"]))
        nodes.append(Node(f"n{number}", f"n{parent}" if parent >= 0 else "", name=name))
    return list(draw(st.permutations(nodes)))


def ids(nodes: list[Node]) -> list[str]:
    return [node.id for node in nodes]


def test_up_and_down_the_tree() -> None:
    tree = RegionTree(FAMILY)
    assert ids(tree.roots) == ["mx"]
    assert ids(tree.ancestors("mty")) == ["nle", "ne", "mx"]
    assert ids(tree.path("mty")) == ["mx", "ne", "nle", "mty"]
    assert ids(tree.children("ne")) == ["coa", "nle"]
    assert ids(tree.descendants("ne")) == ["coa", "nle", "apo", "mty"]
    assert tree.branch_ids("nle") == {"nle", "mty", "apo"}
    assert tree.node("nle").name == "Nuevo León"
    assert tree.parent("mx") is None
    assert tree.of_kind("mty", "state") == tree.node("nle")
    assert tree.of_kind("nle", "state") == tree.node("nle")
    assert tree.of_kind("ne", "state") is None
    assert [(depth, node.id) for depth, node in tree.depth_first()] == [
        (0, "mx"),
        (1, "ne"),
        (2, "coa"),
        (2, "nle"),
        (3, "apo"),
        (3, "mty"),
        (1, "no"),
    ]


def test_values_are_inherited_from_the_nearest() -> None:
    tree = RegionTree(FAMILY)
    hours = {"mx": 4, "nle": 2}
    assert tree.nearest("mty", hours) == 2
    assert tree.nearest("nle", hours) == 2
    assert tree.nearest("coa", hours) == 4
    assert tree.nearest("mty", {"apo": 1}) is None
    assert tree.nearest("mty", {"mty": None, "mx": 1}) is None


def test_records_of_the_domain_are_nodes() -> None:
    region = Region(
        id="MX", parent_id="", kind=RegionKind.COUNTRY, name="México", timezone="America/Merida"
    )
    assert RegionTree([region]).roots == [region]
    assert RegionTree([region]).of_kind("MX", RegionKind.COUNTRY) is region


def test_a_branch_alone_has_its_top_as_root() -> None:
    tree = RegionTree([node for node in FAMILY if node.id in {"nle", "mty"}])
    assert ids(tree.roots) == ["nle"]
    assert tree.ancestors("nle") == []


@given(forests())
def test_every_node_is_visited_once_after_its_parent(nodes: list[Node]) -> None:
    tree = RegionTree(nodes)
    order = [node.id for _, node in tree.depth_first()]
    assert Counter(order) == Counter(node.id for node in nodes)
    assert len(tree) == len(nodes)
    for depth, node in tree.depth_first():
        assert depth == len(tree.ancestors(node.id))
        if node.parent_id:
            assert order.index(node.parent_id) < order.index(node.id)


@given(forests())
def test_descendants_and_ancestors_agree(nodes: list[Node]) -> None:
    tree = RegionTree(nodes)
    for node in nodes:
        below = ids(tree.descendants(node.id))
        assert tree.branch_ids(node.id) == {node.id, *below}
        for other in nodes:
            assert (other.id in below) == (node in tree.ancestors(other.id))


@given(forests(), st.data())
def test_the_order_of_the_input_does_not_matter(nodes: list[Node], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(nodes))
    assert list(RegionTree(nodes).depth_first()) == list(RegionTree(shuffled).depth_first())


@given(forests(), st.data())
def test_closing_any_circle_is_refused(nodes: list[Node], data: st.DataObject) -> None:
    if not nodes:
        return
    tree = RegionTree(nodes)
    top = data.draw(st.sampled_from(nodes))
    bottom = data.draw(st.sampled_from(sorted(tree.branch_ids(top.id))))
    circular = [node._replace(parent_id=bottom) if node.id == top.id else node for node in nodes]
    with pytest.raises(DataError, match="its own ancestor") as caught:
        RegionTree(circular, source="tree.toml")
    assert caught.value.source == "tree.toml"
    assert caught.value.key in {node.id for node in tree.path(bottom)}


def test_a_circle_is_shown() -> None:
    nodes = [Node("a", "c"), Node("b", "a"), Node("c", "b"), Node("d", "c")]
    with pytest.raises(DataError, match="a > b > c > a"):
        RegionTree(nodes)


def test_an_id_used_twice_is_refused() -> None:
    with pytest.raises(DataError, match="mx: this id is used twice"):
        RegionTree([*FAMILY, Node("mx", "")])


def test_a_deep_tree_does_not_exhaust_the_stack() -> None:
    nodes = [Node(f"{n:05}", f"{n - 1:05}" if n else "") for n in range(5000)]
    assert len(RegionTree(nodes).descendants("00000")) == 4999


def test_the_tree_that_ships_is_mexico() -> None:
    tree = RegionTree(read_regions())
    kinds = Counter(node.kind for _, node in tree.depth_first())
    assert kinds == {"country": 1, "region": 9, "state": 32}
    assert [node.name for node in tree.roots] == ["México"]
    states = [node for _, node in tree.depth_first() if node.kind == "state"]
    assert {state.inegi for state in states} == {f"{n:02}" for n in range(1, 33)}
    assert {state.geonames for state in states} == {f"{n:02}" for n in range(1, 33)}
    assert all(tree.of_kind(state.id, "region") for state in states)
    assert tree.node("MX-CMX").name == "Ciudad de México"
    assert tree.node("MX-ROO").timezone == "America/Cancun"
    assert tree.node("MX-CHH").other_timezones == ("America/Ciudad_Juarez", "America/Ojinaga")


GOOD = """
[[region]]
id = "MX"
parent_id = ""
kind = "country"
name = "México"
timezone = "America/Mexico_City"
"""


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("", "region", "at least one"),
        ("region = 3", "region", "at least one"),
        ("region = [3]", "region[1]", "not a table"),
        ("[[region]\n", "", "Expected"),
        (GOOD.replace('"MX"', "5"), "region[1] 5", "id is not text: 5"),
        (GOOD.replace('"MX"', '""'), "region[1]", "may not be empty"),
        (GOOD.replace('name = "México"\n', ""), "region[1] MX", "'name'"),
        (GOOD + 'colour = "red"\n', "region[1] MX", "'colour'"),
        (GOOD.replace('"country"', '"county"'), "region[1] MX", "'county'"),
        (GOOD.replace("Mexico_City", "Mexiko"), "region[1] MX", "America/Mexiko"),
        (GOOD.replace("America/Mexico_City", "../zone"), "region[1] MX", "no time zone"),
        (GOOD + 'other_timezones = "x"\n', "region[1] MX", "not a list"),
        (GOOD + "other_timezones = [1]\n", "region[1] MX", "other_timezones is not text"),
        (GOOD + GOOD, "MX", "used twice"),
        (GOOD.replace('parent_id = ""', 'parent_id = "EU"'), "MX", "'EU' is not in the file"),
        (GOOD.replace('parent_id = ""', 'parent_id = "MX"'), "MX", "MX > MX"),
    ],
)
def test_a_bad_file_is_refused_by_name(tmp_path: Path, text: str, key: str, reason: str) -> None:
    file = tmp_path / "regiones.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_regions(file)
    assert caught.value.source == str(file)
    assert caught.value.key == key
    assert reason in caught.value.reason


def test_a_missing_file_or_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read_regions(tmp_path / "no.toml")
    (tmp_path / "latin.toml").write_bytes(GOOD.encode("cp1252"))
    with pytest.raises(DataError, match="utf-8"):
        read_regions(tmp_path / "latin.toml")
