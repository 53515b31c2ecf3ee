"""Between a transaction and its commit: what it acknowledges goes into the journal first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.protocol.black_box import KeptSession
from fieldtech.store import meta, session
from fieldtech.store.profile_keys import SEAL_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from fieldtech.protocol.black_box import KeptCommand
    from fieldtech.store.journal.journal import Journal


class Keeper:
    """Collects what one write transaction does; one at a time, under the store's writer lock."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._commands: list[KeptCommand] = []
        self._settled: list[str] = []
        self._told: tuple[str, ...] = ()
        self._device_id = ""

    def keep(self, command: KeptCommand) -> None:
        """This command will be called saved when the transaction has committed."""
        self._commands.append(command)

    def settle(self, op_ids: Iterable[str]) -> None:
        """Nobody will need these commands any more when the transaction has committed."""
        self._settled.extend(op_ids)

    def reseal(self, connection: Connection) -> bool:
        """Within a write transaction: seal for the central what only this laptop can open.

        Returns ``False`` when the central's key is not known: then nothing is sealed for it.
        """
        seal_key = meta.get(connection, SEAL_KEY) or ""
        unsealed = self.journal.unsealed()
        if unsealed and seal_key:
            self.journal.append(unsealed, kept_session(connection), seal_key)
        return bool(seal_key) or not unsealed

    def before_commit(self, connection: Connection) -> None:
        """Journal what was collected, durably; raises ``EnvironmentProblem``."""
        who = kept_session(connection)
        self._device_id = who.device_id
        seal_key = meta.get(connection, SEAL_KEY) or ""
        self.journal.mark()
        if self._commands or (who.user is not None and self.journal.is_news(who, seal_key)):
            self.journal.append(self._commands, who, seal_key)
            self._told = tuple(command.envelope.op_id for command in self._commands)
        self.journal.settled(self._settled, who.device_id)

    def committed(self) -> None:
        """The database took it."""
        self._commands, self._settled, self._told = [], [], ()

    def undone(self) -> None:
        """The transaction was rolled back."""
        told = self._told
        self.committed()
        if told:
            self.journal.abort(told, self._device_id)


def kept_session(connection: Connection) -> KeptSession:
    """Return whose profile this is, as the journal keeps it."""
    who = session.load(connection)
    return KeptSession(
        central_url=who.central_url,
        device_id=who.device_id,
        device_name=who.device_name,
        epoch=who.epoch,
        next_n=who.next_n,
        user=who.user,
    )
