"""Reference data that ships with the program: policies, checklists, an installation's settings.

Loaded at every start; a version once stored is never changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.feed import bodies, current_body
from fieldtech.domain import checklist_file, policy_file
from fieldtech.domain.contacts_file import load_contacts
from fieldtech.errors import DataError, EnvironmentProblem
from fieldtech.paths import resources_dir
from fieldtech.protocol.codec import decode_body

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from sqlalchemy import Connection

    from fieldtech.central.feed import Writer
    from fieldtech.domain.checklist import Template
    from fieldtech.domain.policy import Policy

DEFAULT_POLICY = "clever"
SETTINGS_ID = "central"


def load_shipped(
    connection: Connection,
    writer: Writer,
    *,
    policy: str | None = None,
    own: Path | None = None,
) -> None:
    """Store the policies and templates of the files that are not there yet, and the settings.

    ``own`` is a folder with policies of the operator, beside those that ship.

    ``policy`` chooses the one in force from now on; ``None`` keeps the present choice (at first:
    ``DEFAULT_POLICY``). The newest version of the chosen checklist is the one that visits begin
    with. Raises ``EnvironmentProblem`` when no such policy is known, ``DataError`` when a file is
    wrong, or was changed without a new version.
    """
    folder = resources_dir()
    own_files = _files(own) if own is not None else []
    files = [f for f in (*_files(folder / "policy"), *own_files) if not _is_contacts(f)]
    policies: dict[str, Policy] = {}
    for file in files:
        each = policy_file.load_policy(file, folder / "policy")
        policies[f"{each.id}@{each.version}"] = each
        known = current_body(connection, "policy", f"{each.id}@{each.version}")
        if known is None:
            writer.put("policy", f"{each.id}@{each.version}", policy_file.to_wire(each))
        elif policy_file.from_wire(msgspec.json.decode(known)) != each:
            raise _changed(file)
    templates: dict[str, Template] = {}
    for file in _files(folder / "checklists"):
        template = checklist_file.load_template(file)
        templates[template.key] = template
        known = current_body(connection, "template", template.key)
        if known is None:
            writer.put("template", template.key, checklist_file.to_wire(template))
        elif checklist_file.from_wire(msgspec.json.decode(known)) != template:
            raise _changed(file)
    ids = {key.rpartition("@")[0] for key in _stored(connection, "policy") | set(policies)}
    if policy is not None and policy not in ids:
        raise EnvironmentProblem(
            f"There is no policy {policy!r} here, only {', '.join(sorted(ids))}.",
            code="unknown_policy",
            what_to_do="Choose one of these with --policy.",
        )
    before = read_settings(connection)
    settings = {
        "default_policy": policy or before.get("default_policy", DEFAULT_POLICY),
        "default_checklist": _newest(
            before.get("default_checklist", ""), _stored(connection, "template") | set(templates)
        ),
    }
    if settings != before:
        writer.put("settings", SETTINGS_ID, {**before, **settings})


def load_channels(connection: Connection, writer: Writer) -> None:
    """Bring the contact channels to what the files say, for the regions that are there.

    Raises ``DataError`` when a file is wrong.
    """
    region = tables.region.c
    known = set(connection.execute(select(region.id)).scalars())
    files = [file for file in _files(resources_dir() / "policy") if _is_contacts(file)]
    wanted = {each.id: each for file in files for each in load_contacts(file)}
    stored = bodies(connection, "channel", _stored(connection, "channel"))
    for channel in wanted.values():
        present = stored.get(channel.id)
        same = present is not None and decode_body("channel", present) == channel
        if channel.region_id in known and not same:
            writer.put("channel", channel.id, channel)
    for channel_id in sorted(set(stored) - set(wanted)):
        writer.remove("channel", channel_id)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))


def _is_contacts(file: Path) -> bool:
    return file.name.startswith("contacts")


def _changed(file: Path) -> DataError:
    return DataError(str(file), "version", "its content changed: give it the next number")


def _newest(chosen: str, keys: Collection[str]) -> str:
    """The newest version of the chosen template; where none is chosen yet, of any."""
    template_id = chosen.rpartition("@")[0]
    same = [key for key in keys if not chosen or key.rpartition("@")[0] == template_id]
    return max(same, key=lambda key: (int(key.rpartition("@")[2]), key))


def _stored(connection: Connection, entity: str) -> set[str]:
    text = tables.body.c
    return set(connection.execute(select(text.id).where(text.entity == entity)).scalars())


def read_settings(connection: Connection) -> dict[str, str]:
    """Return the installation's settings, empty before the first start."""
    text = tables.body.c
    query = select(text.text).where(text.entity == "settings", text.id == SETTINGS_ID)
    found = connection.execute(query).scalar()
    return msgspec.json.decode(found, type=dict[str, str]) if found else {}
