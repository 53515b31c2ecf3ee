"""Reference data that ships with the program: policies, checklists, an installation's settings.

Loaded at every start; a version once stored is never changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.domain import checklist_file, policy_file
from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import resources_dir

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fieldtech.central.feed import Writer

DEFAULT_POLICY = "clever"
SETTINGS_ID = "central"


def load_shipped(connection: Connection, writer: Writer, *, policy: str | None = None) -> None:
    """Store the shipped policies and templates that are not there yet, and the settings.

    ``policy`` chooses the one in force from now on; ``None`` keeps the present choice (at first:
    ``DEFAULT_POLICY``). Raises ``EnvironmentProblem`` when no such policy is known, ``DataError``
    when a file is wrong.
    """
    folder = resources_dir()
    policies = {
        f"{each.id}@{each.version}": each
        for each in map(policy_file.load_policy, sorted((folder / "policy").glob("clever*.toml")))
    }
    templates = {
        each.key: each
        for each in map(
            checklist_file.load_template, sorted((folder / "checklists").glob("*.toml"))
        )
    }
    stored = _stored(connection, "policy")
    for key in sorted(set(policies) - stored):
        writer.put("policy", key, policy_file.to_wire(policies[key]))
    for key in sorted(set(templates) - _stored(connection, "template")):
        writer.put("template", key, checklist_file.to_wire(templates[key]))
    known = {key.rpartition("@")[0] for key in stored | set(policies)}
    if policy is not None and policy not in known:
        raise EnvironmentProblem(
            f"There is no policy {policy!r} here, only {', '.join(sorted(known))}.",
            code="unknown_policy",
            what_to_do="Choose one of these with --policy.",
        )
    before = read_settings(connection)
    newest = max(templates.values(), key=lambda each: each.version)
    settings = {
        "default_policy": policy or before.get("default_policy", DEFAULT_POLICY),
        "default_checklist": before.get("default_checklist", newest.key),
    }
    if settings != before:
        writer.put("settings", SETTINGS_ID, {**before, **settings})


def _stored(connection: Connection, entity: str) -> set[str]:
    text = tables.body.c
    return set(connection.execute(select(text.id).where(text.entity == entity)).scalars())


def read_settings(connection: Connection) -> dict[str, str]:
    """Return the installation's settings, empty before the first start."""
    text = tables.body.c
    query = select(text.text).where(text.entity == "settings", text.id == SETTINGS_ID)
    found = connection.execute(query).scalar()
    return msgspec.json.decode(found, type=dict[str, str]) if found else {}
