"""Contact channels by region: the shipped file and the nearest channel of each kind."""

from __future__ import annotations

import tomllib

import pytest

from fieldtech.domain.contacts_file import channels_of, load_contacts, parse_contacts
from fieldtech.errors import DataError
from fieldtech.paths import resources_dir

CHANNEL = {"id": "a", "region": "MX", "kind": "phone", "name": "n", "address": "1"}


def test_every_shipped_channel_hangs_on_a_node_of_the_shipped_tree() -> None:
    tree = tomllib.loads((resources_dir() / "geo" / "regions_mx.toml").read_text(encoding="utf-8"))
    regions = {node["id"]: node["kind"] for node in tree["region"]}
    channels = load_contacts(resources_dir() / "policy" / "contacts_mx.toml")
    assert {channel.region_id for channel in channels} == {
        region_id for region_id, kind in regions.items() if kind in {"country", "region"}
    }


def test_a_region_uses_its_nearest_channel_of_each_kind() -> None:
    channels = load_contacts(resources_dir() / "policy" / "contacts_mx.toml")
    found = channels_of(channels, ("MX-BCN", "MX-noroeste", "MX"))
    assert {(channel.kind, channel.region_id) for channel in found} == {
        ("email", "MX"),
        ("portal", "MX"),
        ("phone", "MX-noroeste"),
        ("whatsapp", "MX-noroeste"),
    }
    assert channels_of(channels, ("elsewhere",)) == ()


def test_two_channels_of_one_kind_in_one_place_are_both_kept() -> None:
    two = parse_contacts({"channel": [CHANNEL, {**CHANNEL, "id": "b"}]}, "c.toml")
    assert len(channels_of(two, ("MX",))) == 2


@pytest.mark.parametrize(
    ("channels", "message"),
    [
        ([{**CHANNEL, "kind": "fax"}], r"channel\[0\]\.kind: 'fax' is not one of phone"),
        ([{**CHANNEL, "hour": "1"}], r"channel\[0\]\.hour: unknown key"),
        ([{**CHANNEL, "address": " "}], r"channel\[0\]\.address: must not be empty"),
        ([CHANNEL, CHANNEL], "channel: a stands there twice"),
    ],
)
def test_a_bad_file_is_refused(channels: list[dict[str, str]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse_contacts({"channel": channels}, "c.toml")


def test_a_file_without_channels_is_refused() -> None:
    with pytest.raises(DataError, match="channel: is missing"):
        parse_contacts({}, "c.toml")
