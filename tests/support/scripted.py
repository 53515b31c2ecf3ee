"""A transport that answers from a script, for what no real central can be brought to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from fieldtech.protocol.wire import NDJSON
from fieldtech.sync.client import JSON, PROBLEM_JSON
from fieldtech.sync.failures import Failure, Kind, SyncFailure
from fieldtech.sync.transport import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldtech.sync.transport import Patience

STAMP = "2026-03-04T15:00:00Z"
Step = Reply | Failure | Callable[[], Reply]


def answer(value: object, *, status: int = 200, kind: str = JSON) -> Reply:
    """A reply of the central's."""
    body = value if isinstance(value, bytes) else msgspec.json.encode(value)
    return Reply(status=status, content_type=kind, body=body, sent_s=0.0, answered_s=0.2)


def page(data: bytes) -> Reply:
    """A pull page."""
    return answer(data, kind=NDJSON)


def refusal(status: int, code: str, *, retry_after_s: float | None = None, **more: object) -> Reply:
    """A problem document."""
    plain = {"code": code, "epoch": "epoch-1", "server_time": STAMP, "status": status, **more}
    reply = answer(plain, status=status, kind=PROBLEM_JSON)
    return Reply(
        status=reply.status,
        content_type=reply.content_type,
        body=reply.body,
        sent_s=0.0,
        answered_s=0.2,
        retry_after_s=retry_after_s,
    )


def hello(**changes: Any) -> Reply:
    """What the central says to a laptop it knows nothing of."""
    plain = {
        "epoch": "epoch-1",
        "server_time": STAMP,
        "last_n": 0,
        "min_push_protocol": 1,
        "min_pull_protocol": 1,
        "limits": {},
        "seal_key": "",
        **changes,
    }
    return answer(plain)


@dataclass(slots=True)
class Asked:
    """One request as it was sent."""

    path: str
    body: Any
    headers: dict[str, str]


@dataclass(slots=True)
class Scripted:
    """Answers the next step to each request; without one left, nobody is there."""

    steps: list[Step] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    cancelled: bool = False
    halted: bool = False

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        patience: Patience,
    ) -> Reply:
        """Take the next step."""
        assert method == "POST"
        assert patience.total_s > 0
        plain = None if body is None else msgspec.json.decode(body)
        self.asked.append(Asked(path, plain, dict(headers)))
        if self.cancelled or self.halted:
            raise SyncFailure(Failure(kind=Kind.CANCELLED))
        step = self.steps.pop(0) if self.steps else Failure(kind=Kind.UNREACHABLE)
        if isinstance(step, Failure):
            raise SyncFailure(step)
        return step if isinstance(step, Reply) else step()

    def cancel(self) -> None:
        """Answer nothing any more."""
        self.cancelled = True

    def halt(self) -> None:
        """Answer nothing for now."""
        self.halted = True

    def resume(self) -> None:
        """Answer again."""
        self.halted = False

    def close(self) -> None:
        """Nothing to close."""

    def paths(self) -> list[str]:
        """The last parts of the paths asked for, in order."""
        return [each.path.rpartition("/")[2] for each in self.asked]
