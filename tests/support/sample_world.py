"""The sample's generator with what ships, for the tests of the sample."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from fieldtech.central.importing.territory import shipped_regions
from fieldtech.central.sample.generate import Request, Sample, World, generate
from fieldtech.central.sample.texts import load_texts
from fieldtech.domain.checklist_file import load_template
from fieldtech.domain.policy_file import load_policy
from fieldtech.geo.gazetteer import Gazetteer
from fieldtech.paths import resources_dir

AT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
"""The present of the samples; noon in Monterrey."""


@cache
def world(policy: str = "clever") -> World:
    """The world that ships, with one of its policies in force."""
    folder = resources_dir()
    template = load_template(folder / "checklists" / "lan-wifi-router.toml")
    return World(
        texts=load_texts(),
        regions=shipped_regions(),
        gazetteer=Gazetteer(),
        policies=tuple(
            load_policy(folder / "policy" / f"{name}.toml") for name in ("clever", "clever-literal")
        ),
        default_policy=policy,
        templates={template.key: template},
        checklist=template.key,
    )


def sample(
    incidents: int = 40,
    *,
    seed: int = 1,
    at: datetime = AT,
    policy: str = "clever",
    one_technician: bool = False,
) -> Sample:
    """Return a sample set of that size."""
    request = Request(seed=seed, incidents=incidents, at=at, one_technician=one_technician)
    return generate(request, world(policy))
