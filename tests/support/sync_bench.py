"""A laptop with a real store, whose central is a script."""

from __future__ import annotations

from typing import Any

from scripted import STAMP, Scripted, answer, page
from small_feed import World
from small_work import note, queue

from fieldtech.clock import FakeClock
from fieldtech.secrets import MemoryStore
from fieldtech.store.opening import Store
from fieldtech.sync.backoff import Pace
from fieldtech.sync.client import CentralClient
from fieldtech.sync.runner import SyncRunner
from fieldtech.sync.tokens import TokenBox, Tokens
from fieldtech.sync.transport import Reply


class Bench:
    """A laptop whose central is a script."""

    def __init__(self, store: Store, clock: FakeClock, world: World) -> None:
        self.store = store
        self.clock = clock
        self.world = world
        self.script = Scripted()
        self.secrets = MemoryStore()
        self.tokens = TokenBox(self.secrets)
        self.tokens.put(Tokens(access="a1", refresh="r1", device_id=store.session.get().device_id))
        self.runner = self.started()

    def started(self) -> SyncRunner:
        """A runner that knows nothing of those before."""
        return SyncRunner(
            store=self.store,
            feed=self.store.feed,
            client=CentralClient(self.script, self.clock),
            transport=self.script,
            tokens=TokenBox(self.secrets),
            clock=self.clock,
            pace=Pace(),
        )

    def note(self, text: str, incident_id: str = "i1") -> str:
        """Queue a note; return its id."""
        return queue(self.store, note(text, incident_id)).op_ids[0]

    def page(self, limit: int = 1000) -> Reply:
        """What the world has to tell this laptop, when it is asked."""
        return page(self.world.page(self.script.asked[-1].body["cursor"], limit=limit))

    def applied(self) -> Reply:
        """Everything that was just sent is applied."""
        ops = self.script.asked[-1].body["ops"]
        return self.results([{"status": "applied", "revs": {}} for _ in ops])

    def results(self, told: list[dict[str, Any]]) -> Reply:
        """What became of each command that was just sent."""
        ops = self.script.asked[-1].body["ops"]
        results = [
            {"n": op["n"], "op_id": op["op_id"], **each} for op, each in zip(ops, told, strict=True)
        ]
        return answer(
            {"epoch": "epoch-1", "server_time": STAMP, "last_n": ops[-1]["n"], "results": results}
        )
