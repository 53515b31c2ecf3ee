"""Puts a sample set into an empty central through the writer that everything else goes through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.dialect import upsert
from fieldtech.central.feed import Writer
from fieldtech.central.importing.territory import shipped_regions
from fieldtech.central.people import put_person
from fieldtech.central.sample.generate import World, generate
from fieldtech.central.sample.months import Months
from fieldtech.central.sample.people import User
from fieldtech.central.sample.texts import load_texts
from fieldtech.central.shipped import load_channels, load_shipped
from fieldtech.central.sync.ground import Grounds
from fieldtech.errors import EnvironmentProblem
from fieldtech.geo.gazetteer import Gazetteer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fieldtech.central.database import Database
    from fieldtech.central.passwords import Passwords
    from fieldtech.central.sample.generate import Request, Sample

_CASES_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a sample run left in the database, for the report."""

    users: tuple[User, ...]
    incidents: int
    visits: int
    customers: int
    sites: int
    states: Mapping[str, int]


def write_sample(database: Database, request: Request, passwords: Passwords) -> Written:
    """Generate and store a sample set in one transaction.

    Raises ``EnvironmentProblem`` (``not_empty``) where there are incidents already: a sample never
    mixes with real work.
    """
    hashes: dict[str, str] = {}

    def hashed(password: str) -> str:
        # Brigades share a password, and a hash takes 40 ms: one for all of them will do here.
        if password not in hashes:
            hashes[password] = passwords.hash(password)
        return hashes[password]

    def work(connection: Connection) -> Written:
        _refuse_unless_empty(connection)
        writer = Writer(connection, now=request.at)
        load_shipped(connection, writer)
        writer.put_many("region", ((region.id, region) for region in shipped_regions()))
        writer.flush()
        sample = generate(request, _world(connection))
        _put_people(connection, writer, sample, {u.login: hashed(u.password) for u in sample.users})
        return _put_work(connection, writer, sample)

    return database.transact(work)


def _world(connection: Connection) -> World:
    ground = Grounds().of(connection)
    return World(
        texts=load_texts(),
        regions=shipped_regions(),
        gazetteer=Gazetteer(),
        policies=ground.rules.policies,
        default_policy=ground.rules.default_policy_id,
        templates=ground.templates,
        checklist=ground.default_checklist,
    )


def _refuse_unless_empty(connection: Connection) -> None:
    if connection.execute(select(tables.incident.c.id).limit(1)).first() is None:
        return
    raise EnvironmentProblem(
        "This central already holds incidents; a sample is only put into an empty one.",
        code="not_empty",
        what_was_kept="Nothing was changed.",
        what_to_do="Name another --data folder or --database.",
    )


def _put_people(
    connection: Connection, writer: Writer, sample: Sample, hashes: Mapping[str, str]
) -> None:
    """Write the regions and who watches them, so that their buckets fill as the work comes."""
    writer.put_many("region", ((region.id, region) for region in sample.regions))
    writer.flush()
    load_channels(connection, writer)
    writer.flush()
    for user in sample.users:
        put_person(
            connection,
            writer,
            user.person,
            login=user.login,
            password_hash=hashes[user.login],
            now=sample.request.at,
        )
    writer.flush()


def _put_work(connection: Connection, writer: Writer, sample: Sample) -> Written:
    writer.put_many("customer", ((each.id, each) for each in sample.customers))
    writer.put_many("site", ((each.id, each) for each in sample.sites))
    writer.put_many("service", ((each.id, each) for each in sample.services))
    writer.put_many("equipment", ((each.id, each) for each in sample.equipment))
    states: Counter[str] = Counter()
    months = Months(sample)
    visits = 0
    cases = sample.cases()
    while chunk := list(islice(cases, _CASES_AT_ONCE)):
        incidents = [case.incident for case in chunk if case.incident is not None]
        made = [visit for case in chunk for visit in case.visits]
        writer.put_many("incident", ((each.id, each) for each in incidents))
        writer.put_many("visit", ((each.id, each) for each in made))
        states.update(incident.state.value for incident in incidents)
        for incident in incidents:
            months.add(incident)
        visits += len(made)
    found = ((f"{each.service_id}@{each.month}", each) for each in months.result())
    writer.put_many("service_month", found)
    writer.put_many("planned", ((each.id, each) for each in sample.planned))
    writer.flush()
    counters = [{"name": f"folio:{month}", "value": n} for month, n in sample.folios.items()]
    connection.execute(upsert(connection, tables.counter), counters)
    return Written(
        users=sample.users,
        incidents=states.total(),
        visits=visits,
        customers=len(sample.customers),
        sites=len(sample.sites),
        states=dict(states),
    )
