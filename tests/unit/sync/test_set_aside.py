"""What the central has put aside is asked for again, and keeps nobody else waiting."""

from __future__ import annotations

from scripted import STAMP, answer, hello, refusal
from sync_bench import Bench

from fieldtech.protocol.wire import MAX_OPS
from fieldtech.sync.transport import Reply


class Quarantine:
    """A central that holds up everything on ``i1`` and takes the rest."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._last_n = 0

    def answer(self) -> Reply:
        """Answer whatever was asked."""
        asked = self._bench.script.asked[-1]
        if asked.path.endswith("hello"):
            return hello(last_n=self._last_n)
        return self._push(asked.body["ops"]) if asked.path.endswith("push") else self._bench.page()

    def _push(self, ops: list[dict[str, object]]) -> Reply:
        self._last_n = max(self._last_n, *(int(str(op["n"])) for op in ops))
        results = [
            {"n": op["n"], "op_id": op["op_id"], "revs": {}}
            | (
                {"status": "parked", "code": "behind_quarantined"}
                if op["target"] == "incident:i1"
                else {"status": "applied"}
            )
            for op in ops
        ]
        return answer(
            {
                "epoch": "epoch-1",
                "server_time": STAMP,
                "last_n": self._last_n,
                "results": results,
            }
        )


def test_whatever_is_put_aside_other_work_goes_up_in_the_same_run(bench: Bench) -> None:
    bench.world.incident("tech:ana", "i2", "uno")
    quarantine = Quarantine(bench)
    bench.script.steps = [quarantine.answer] * 20
    assert bench.runner.run_once().problem is None
    for count in range(MAX_OPS + 1):
        bench.note(f"{count}")
    bench.script.steps = [quarantine.answer] * 20
    assert bench.runner.run_once().waiting == MAX_OPS + 1

    urgent = bench.note("en otro incidente", "i2")
    report = bench.runner.run_once()

    item = bench.store.outbox.item(urgent)
    assert item is not None
    assert item.state == "applied"
    assert (report.problem, report.waiting) == (None, MAX_OPS + 1)


def test_what_is_too_large_by_itself_is_the_one_that_was_sent(bench: Bench) -> None:
    bench.world.incident("tech:ana", "i2", "uno")
    quarantine = Quarantine(bench)
    bench.script.steps = [quarantine.answer] * 3
    bench.runner.run_once()
    _, aside = bench.note("primera"), bench.note("segunda")
    bench.script.steps = [quarantine.answer] * 3
    bench.runner.run_once()
    innocent = bench.note("inocente", "i2")
    first = quarantine.answer
    # The limit for one request fell: the second alone is too much, whatever it is.
    bench.script.steps = [
        hello(last_n=2, limits={"push_ops": 1}),
        first,
        refusal(413, "too_large"),
        *[quarantine.answer] * 5,
    ]
    bench.runner = bench.started()

    report = bench.runner.run_once()

    assert [(item.op_id, item.code) for item in report.refused] == [(aside, "too_large")]
    item = bench.store.outbox.item(innocent)
    assert item is not None
    assert item.state == "applied"


def test_what_an_operator_released_meanwhile_is_heard_of(bench: Bench) -> None:
    """A quarantined command shows as refused, and as accepted once the central has mended it."""
    op_id = bench.note("con un carácter raro")
    status = "quarantined"

    def central() -> Reply:
        asked = bench.script.asked[-1]
        if asked.path.endswith("hello"):
            return hello(last_n=1 if bench.script.asked[1:] else 0)
        if not asked.path.endswith("push"):
            return bench.page()
        results = [
            {"n": op["n"], "op_id": op["op_id"], "revs": {}, "status": status}
            for op in asked.body["ops"]
        ]
        document = {"epoch": "epoch-1", "server_time": STAMP, "last_n": 1, "results": results}
        return answer(document)

    def state() -> str:
        item = bench.store.outbox.item(op_id)
        assert item is not None
        return item.state

    bench.script.steps = [central] * 5
    bench.runner.run_once()
    assert state() == "quarantined"
    bench.clock.advance(3600)
    bench.script.steps = [central] * 5
    assert len(bench.runner.run_once().refused) == 1
    assert state() == "quarantined"
    status = "duplicate"
    bench.clock.advance(3600)  # the next hello is due
    bench.script.steps = [central] * 5
    assert bench.runner.run_once().refused == ()
    assert state() == "applied"
