"""Who is signed in on this profile, at which central, as which device. No tokens: see secrets."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from fieldtech.domain.commands import Actor
from fieldtech.domain.words import Role
from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.codec import decode, encode
from fieldtech.protocol.wire import UserInfo
from fieldtech.store import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fieldtech.store.database import Database

_table = tables.session


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What the store knows of its user. ``user`` is ``None`` before the first sign-in.

    ``next_n`` is the number the next command of ``device_id`` gets; ``epoch`` names the central's
    present life (another one after it was restored from a backup).
    """

    central_url: str
    device_id: str
    device_name: str
    next_n: int
    user: UserInfo | None
    epoch: str
    last_contact: datetime | None

    @property
    def actor(self) -> Actor:
        """The user as the rules see him; raises ``EnvironmentProblem`` before a sign-in."""
        if self.user is None:
            raise not_signed_in()
        return Actor(
            id=self.user.id,
            role=Role(self.user.role),
            region_ids=self.user.region_ids,
            device=self.device_id,
        )


def not_signed_in() -> EnvironmentProblem:
    """The failure of anything that needs a user."""
    return EnvironmentProblem(
        "Nobody has signed in on this profile yet.",
        code="not_signed_in",
        what_to_do="Sign in at the central once; afterwards the program works without it.",
    )


class SessionStore:
    """The one row that says who works here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self) -> Session:
        """Return the session as it is now."""
        with self._database.read() as connection:
            return load(connection)

    def sign_in(self, *, central_url: str, device_name: str, user: UserInfo, epoch: str) -> Session:
        """Remember a successful sign-in.

        Raises ``EnvironmentProblem`` (code ``profile_of_another``) when this profile belongs to
        another user or another central: its work would then go up under the wrong name. The same
        central at another address is told by its epoch, which no two have in common.
        """
        with self._database.write() as connection:
            before = load(connection)
            moved = before.central_url != central_url and before.epoch != epoch
            if before.user is not None and (before.user.id != user.id or moved):
                raise EnvironmentProblem(
                    f"This profile belongs to {before.user.name} at {before.central_url}.",
                    code="profile_of_another",
                    what_was_kept="His work on this laptop is unchanged.",
                    what_to_do="Use another profile folder for another person or central.",
                )
            connection.execute(
                update(_table).values(
                    central_url=central_url,
                    device_name=device_name,
                    user=encode(user).decode(),
                    epoch=before.epoch or epoch,
                )
            )
            return load(connection)


def load(connection: Connection) -> Session:
    """Read the session inside a transaction."""
    row = connection.execute(select(_table)).one_or_none()
    if row is None:
        return Session(
            central_url="",
            device_id="",
            device_name="",
            next_n=1,
            user=None,
            epoch="",
            last_contact=None,
        )
    contact = row.last_contact
    return Session(
        central_url=row.central_url,
        device_id=row.device_id,
        device_name=row.device_name,
        next_n=row.next_n,
        user=decode(row.user, UserInfo) if row.user else None,
        epoch=row.epoch,
        last_contact=None if contact is None else datetime.fromtimestamp(contact, UTC),
    )


def ensure(connection: Connection) -> None:
    """Give a new store its row and its device id."""
    if connection.execute(select(_table.c.id)).one_or_none() is None:
        connection.execute(
            insert(_table).values(
                id=1,
                central_url="",
                device_id=new_device_id(),
                device_name="",
                next_n=1,
                user="",
                epoch="",
                last_contact=None,
            )
        )


def new_device_id() -> str:
    """Return an identity that no other profile has."""
    return str(uuid.uuid4())


def set_contact(connection: Connection, moment: datetime, epoch: str) -> None:
    """The central answered at ``moment`` (its time), in its life ``epoch``."""
    connection.execute(update(_table).values(last_contact=moment.timestamp(), epoch=epoch))


def set_user(connection: Connection, user: UserInfo) -> None:
    """The central says that the user's name, role or regions are now these."""
    connection.execute(update(_table).values(user=encode(user).decode()))


def set_next_n(connection: Connection, next_n: int) -> None:
    """The number of the next command."""
    connection.execute(update(_table).values(next_n=next_n))


def set_device(connection: Connection, device_id: str, next_n: int) -> None:
    """A copy of this profile spoke first under the old identity: go on as another device."""
    connection.execute(update(_table).values(device_id=device_id, next_n=next_n))


def set_epoch(connection: Connection, epoch: str) -> None:
    """The central lives another life than the one this laptop knew."""
    connection.execute(update(_table).values(epoch=epoch))
