"""Contact channels by region from a file: what a customer may ring, write to or open."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from fieldtech.domain.checked import Table, read_toml
from fieldtech.domain.reference import Channel

if TYPE_CHECKING:
    from pathlib import Path


class ChannelKind(StrEnum):
    """How a channel is used: dialled, written to, opened."""

    PHONE = "phone"
    EMAIL = "email"
    WHATSAPP = "whatsapp"
    PORTAL = "portal"


def load_contacts(path: Path) -> tuple[Channel, ...]:
    """Read a contacts file; raises ``DataError`` naming the file, the key and the reason."""
    return parse_contacts(read_toml(path), path.name)


def parse_contacts(data: object, source: str) -> tuple[Channel, ...]:
    """Read contact channels from a plain mapping ``{"channel": [...]}``."""
    root = Table(data, source)
    channels = tuple(_channel(table) for table in root.tables("channel"))
    root.unique("channel", [channel.id for channel in channels])
    root.done()
    return channels


def channels_of(channels: tuple[Channel, ...], region_path: tuple[str, ...]) -> tuple[Channel, ...]:
    """Return the channels that serve a region: those of its nearest node that has one of the kind.

    ``region_path`` is the region, its parent and so on (``Rulebook.path``). The order of the file
    is kept.
    """
    nearest: dict[str, str] = {}
    for region_id in region_path:
        for channel in channels:
            if channel.region_id == region_id:
                nearest.setdefault(channel.kind, region_id)
    return tuple(c for c in channels if nearest.get(c.kind) == c.region_id)


def _channel(table: Table) -> Channel:
    channel = Channel(
        id=table.text("id"),
        region_id=table.text("region"),
        kind=table.choice("kind", ChannelKind).value,
        name=table.text("name"),
        address=table.text("address"),
        hours=table.text("hours", ""),
    )
    table.done()
    return channel
