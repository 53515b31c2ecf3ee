"""Between a transaction and its commit: what it acknowledges goes into the journal first."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.black_box import KeptSession
from fieldtech.store import meta, session
from fieldtech.store.profile_keys import SEAL_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from fieldtech.protocol.black_box import KeptCommand
    from fieldtech.store.journal.journal import Journal

_log = logging.getLogger(__name__)


class Keeper:
    """Collects what one write transaction does; one at a time, under the store's writer lock."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._commands: list[KeptCommand] = []
        self._settled: list[str] = []
        self._settled_after: list[str] = []
        self._told: tuple[str, ...] = ()
        self._device_id = ""

    def keep(self, command: KeptCommand) -> None:
        """This command will be called saved when the transaction has committed."""
        self._commands.append(command)

    def settle(self, op_ids: Iterable[str]) -> None:
        """Nobody needs these commands any more, whether the transaction commits or not.

        Said before it commits: a crash between the two brings nothing back.
        """
        self._settled.extend(op_ids)

    def settle_after(self, op_ids: Iterable[str]) -> None:
        """Nobody will need these commands any more once the transaction has committed.

        Said after it: as long as the database may still lose the decision, the journal keeps what
        was decided on.
        """
        self._settled_after.extend(op_ids)

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
        self.journal.mark(who.device_id)
        if self._commands or (who.user is not None and self.journal.is_news(who, seal_key)):
            # Before it is tried: what a failing disk took all the same has to be taken back too.
            self._told = tuple(command.envelope.op_id for command in self._commands)
            self.journal.append(self._commands, who, seal_key)
        self.journal.settled(self._settled, who.device_id)

    def committed(self) -> None:
        """The database took it."""
        after = self._settled_after
        self._forget()
        try:
            self.journal.settled(after, self._device_id)
        except EnvironmentProblem as problem:
            # The database knows. Should it be lost too, they come back as what they were: refused.
            _log.warning("what was decided could not be journaled: %s", problem)

    def undone(self) -> None:
        """The transaction was rolled back."""
        told = self._told
        self._forget()
        if told:
            self.journal.abort(told, self._device_id)

    def _forget(self) -> None:
        self._commands, self._settled, self._settled_after, self._told = [], [], [], ()


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
