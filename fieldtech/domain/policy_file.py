"""Policies as files and as plain mappings: one shape, one reader, every mistake named.

The TOML file and the mapping that travels to laptops (``to_wire``) have the same keys, so that
``parse_policy`` is the only judge of both. Durations are whole seconds or texts such as ``15m``.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from fieldtech.domain import probe_targets
from fieldtech.domain.checked import Table, read_toml
from fieldtech.domain.codes import (
    CauseCode,
    EscalationLevel,
    Indicator,
    PauseReason,
    ResolutionCode,
)
from fieldtech.domain.policy import (
    ANY_REGION,
    LockRule,
    MajorWhen,
    Period,
    PlannedRule,
    Policy,
    RestoreNeed,
    Targets,
)
from fieldtech.domain.probe_targets import ProbeTargets
from fieldtech.domain.words import Attribution, Severity
from fieldtech.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NO_NAME = frozenset("/\\:\0")
_MOST_SHARE = 100.0
"""A share of a target above this is a slip of the pen, such as 75 for 75 %."""

_NOTICE_DAYS = 366

_OUTSIDE = frozenset({Attribution.CUSTOMER, Attribution.THIRD_PARTY})
"""What can lie outside own and allied infrastructure: only that is ever excluded."""

_CLOCKS = frozenset({Indicator.RESPONSE, Indicator.RESTORATION})


def load_policy(path: Path, shipped: Path | None = None) -> Policy:
    """Read one policy file.

    ``base = "clever"`` at its top takes every key it does not give itself from ``clever.toml`` in
    the same folder, or in the folder ``shipped`` where there is none. Raises ``DataError`` naming
    the file, the key and the reason.
    """
    data = read_toml(path)
    if "base" not in data:
        return parse_policy(data, path.name)
    base = data.pop("base")
    if not isinstance(base, str):
        raise DataError(path.name, "base", "must be a text")
    if not base.strip() or _NO_NAME.intersection(base):
        raise DataError(path.name, "base", f"{base!r} is not the name of a file beside this one")
    lower = path.with_name(f"{base}.toml")
    if shipped is not None and not lower.exists():
        lower = shipped / lower.name
    below = read_toml(lower)
    if "base" in below:
        raise DataError(path.name, "base", f"{lower.name} itself has a base")
    parse_policy(below, lower.name)  # What is wrong down there is said of that file.
    return parse_policy(_laid_over(below, data), path.name)


def parse_policy(data: object, source: str) -> Policy:
    """Read a policy from a plain mapping; ``source`` names it in a ``DataError``."""
    root = Table(data, source)
    name, note = root.table("name"), root.table("note")
    severity, clocks = root.table("severity"), root.table("clocks")
    exclusions, work = root.table("exclusions"), root.table("work")
    availability = root.table("availability")
    policy = Policy(
        id=root.text("id"),
        version=root.integer("version", least=1),
        name_es=name.text("es"),
        name_en=name.text("en"),
        note_es=note.text("es"),
        note_en=note.text("en"),
        major_when=severity.choice("major_when", MajorWhen),
        major_share=severity.share("major_share"),
        targets_by_region=_targets(root.table("targets")),
        strict=_clock_names(clocks, "strict"),
        at_risk_share=clocks.share("at_risk_share"),
        refail_window_s=clocks.duration("refail_window"),
        alarm_shares=_alarms(clocks),
        external=_external(exclusions),
        external_excluded_from=frozenset(exclusions.choices("excluded_from", Indicator)),
        pauses=_pauses(root),
        escalation=_escalation(root),
        availability_target=availability.share("target"),
        period=availability.choice("period", Period),
        planned_rule=availability.choice("planned_rule", PlannedRule),
        notice_working_days=availability.integer("notice_working_days", least=0, most=_NOTICE_DAYS),
        technicians_may_close=work.boolean("technicians_may_close"),
        restore_needs=frozenset(work.choices("restore_needs", RestoreNeed)),
        offline_lease_s=work.duration("offline_lease"),
        pin=work.choice("pin", LockRule, LockRule.OPTIONAL),
        causes=_causes(root),
        solutions=_solutions(root),
        probes=_probes(root),
    )
    for need, listed in (("cause", policy.causes), ("solution", policy.solutions)):
        if need in policy.restore_needs and not listed:
            raise root.fail(f"{need}s", f"none is listed, but a restoration needs its {need}")
    for table in (root, name, note, severity, clocks, exclusions, work, availability):
        table.done()
    return policy


def from_wire(data: object) -> Policy:
    """Read what ``to_wire`` made; raises ``DataError``."""
    return parse_policy(data, "policy")


def to_wire(policy: Policy) -> dict[str, object]:
    """Return ``policy`` as a plain mapping of JSON values, the same for equal policies."""
    plain: dict[str, object] = {
        "id": policy.id,
        "version": policy.version,
        "name": {"es": policy.name_es, "en": policy.name_en},
        "note": {"es": policy.note_es, "en": policy.note_en},
        "severity": {"major_when": policy.major_when.value, "major_share": policy.major_share},
        "targets": {
            region_id: {
                severity.value: {
                    "response": targets.response_s,
                    "restoration": targets.restoration_s,
                }
                for severity, targets in by_severity.items()
            }
            for region_id, by_severity in policy.targets_by_region.items()
        },
        "clocks": {
            "strict": sorted(policy.strict),
            "at_risk_share": policy.at_risk_share,
            "refail_window": policy.refail_window_s,
            "alarm_shares": list(policy.alarm_shares),
        },
        "exclusions": {
            "external": sorted(policy.external),
            "excluded_from": sorted(policy.external_excluded_from),
        },
        "availability": {
            "target": policy.availability_target,
            "period": policy.period.value,
            "planned_rule": policy.planned_rule.value,
            "notice_working_days": policy.notice_working_days,
        },
        "work": _work_to_wire(policy),
        "pauses": [
            {"code": p.code, "es": p.es, "en": p.en, "stops": sorted(p.stops)}
            for p in policy.pauses
        ],
        "escalation": [
            {"level": s.level, "share": s.share, "es": s.es, "en": s.en, "mail": s.mail}
            for s in policy.escalation
        ],
        "causes": [_cause_to_wire(cause) for cause in policy.causes],
        "solutions": [{"code": s.code, "es": s.es, "en": s.en} for s in policy.solutions],
    }
    if not policy.probes.is_empty:
        # Only then: laptops of the first version refuse a key they do not know.
        plain["probes"] = probe_targets.to_wire(policy.probes)
    return plain


def _probes(root: Table) -> ProbeTargets:
    """Read who may be measured against: the keys of a targets file, under ``[probes]``."""
    if not root.has("probes"):
        return ProbeTargets()
    table = root.table("probes")
    targets = probe_targets.parse_targets(table)
    table.done()
    return targets


def _work_to_wire(policy: Policy) -> dict[str, object]:
    plain: dict[str, object] = {
        "technicians_may_close": policy.technicians_may_close,
        "restore_needs": sorted(policy.restore_needs),
        "offline_lease": policy.offline_lease_s,
    }
    if policy.pin is not LockRule.OPTIONAL:
        # Only then: laptops of the first version refuse a key they do not know.
        plain["pin"] = policy.pin.value
    return plain


def _cause_to_wire(cause: CauseCode) -> dict[str, object]:
    plain: dict[str, object] = {"code": cause.code, "es": cause.es, "en": cause.en}
    if cause.attribution is not None:
        plain["attribution"] = cause.attribution.value
    return plain


def _laid_over(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """Return ``below`` with the keys of ``above`` over it, table by table; lists are replaced."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        if isinstance(value, dict) and isinstance(under, dict):
            merged[key] = _laid_over(under, value)
        else:
            merged[key] = value
    return merged


def _targets(table: Table) -> dict[str, dict[Severity, Targets]]:
    if not table.has(ANY_REGION):
        raise table.fail(ANY_REGION, "is missing: the targets where no region has its own")
    found: dict[str, dict[Severity, Targets]] = {}
    for region_id in table.keys():  # noqa: SIM118  a Table is not a mapping
        region = table.table(region_id)
        times = {severity: _times(region.table(severity)) for severity in Severity}
        major, minor = times[Severity.MAJOR], times[Severity.MINOR]
        if major.response_s > minor.response_s:
            raise region.fail("major.response", "must not be longer than that of minor")
        if major.restoration_s > minor.restoration_s:
            raise region.fail("major.restoration", "must not be longer than that of minor")
        found[region_id] = times
        region.done()
    return found


def _times(table: Table) -> Targets:
    targets = Targets(
        response_s=table.duration("response"), restoration_s=table.duration("restoration")
    )
    table.done()
    return targets


def _clock_names(table: Table, key: str) -> frozenset[Indicator]:
    names = frozenset(table.choices(key, Indicator))
    if not names <= _CLOCKS:
        raise table.fail(key, "only response and restoration are clocks")
    return names


def _external(exclusions: Table) -> frozenset[Attribution]:
    external = frozenset(exclusions.choices("external", Attribution))
    inside = sorted(external - _OUTSIDE)
    if inside:
        reason = f"{inside[0]} does not lie outside own and allied infrastructure"
        raise exclusions.fail("external", reason)
    return external


def _alarms(clocks: Table) -> tuple[float, ...]:
    shares = clocks.numbers("alarm_shares")
    if any(share <= 0 for share in shares):
        raise clocks.fail("alarm_shares", "every share must be above zero")
    if any(later <= earlier for earlier, later in pairwise(shares)):
        raise clocks.fail("alarm_shares", "shares must increase")
    if any(share > _MOST_SHARE for share in shares):
        raise clocks.fail("alarm_shares", f"a share must be at most {_MOST_SHARE:g}")
    return shares


def _escalation(root: Table) -> tuple[EscalationLevel, ...]:
    steps: list[EscalationLevel] = []
    for table in root.tables("escalation"):
        step = EscalationLevel(
            level=table.integer("level", least=1),
            share=table.number("share"),
            es=table.text("es"),
            en=table.text("en"),
            mail=table.text("mail"),
        )
        table.done()
        if step.level != len(steps) + 1:
            raise table.fail("level", f"levels count up from 1; this one must be {len(steps) + 1}")
        if step.share < 0 or (steps and step.share <= steps[-1].share):
            raise table.fail("share", "shares must increase from 0 with the level")
        if step.share > _MOST_SHARE:
            raise table.fail("share", f"must be at most {_MOST_SHARE:g}")
        if "@" not in step.mail:
            raise table.fail("mail", f"{step.mail!r} is not a mail address")
        steps.append(step)
    return tuple(steps)


def _pauses(root: Table) -> tuple[PauseReason, ...]:
    found: list[PauseReason] = []
    for table in root.tables("pauses"):
        code, es, en = _coded(table, [pause.code for pause in found])
        found.append(PauseReason(code=code, es=es, en=en, stops=_clock_names(table, "stops")))
        table.done()
    return tuple(found)


def _causes(root: Table) -> tuple[CauseCode, ...]:
    found: list[CauseCode] = []
    for table in root.tables("causes"):
        code, es, en = _coded(table, [cause.code for cause in found])
        hint = table.choice("attribution", Attribution) if table.has("attribution") else None
        found.append(CauseCode(code=code, es=es, en=en, attribution=hint))
        table.done()
    return tuple(found)


def _solutions(root: Table) -> tuple[ResolutionCode, ...]:
    found: list[ResolutionCode] = []
    for table in root.tables("solutions"):
        code, es, en = _coded(table, [solution.code for solution in found])
        found.append(ResolutionCode(code=code, es=es, en=en))
        table.done()
    return tuple(found)


def _coded(table: Table, earlier: list[str]) -> tuple[str, str, str]:
    code = table.text("code")
    if code in earlier:
        raise table.fail("code", f"{code} stands there twice")
    return code, table.text("es"), table.text("en")
