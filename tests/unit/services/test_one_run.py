"""Files interrupted by what only a synchronisation can mend, and for how long that is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from fieldtech.services import one_run
from fieldtech.services.attachments import FilesStatus, SendOutcome
from fieldtech.store.work import Changes
from fieldtech.sync.problems import problem_of
from fieldtech.sync.runner import SyncReport

if TYPE_CHECKING:
    from collections.abc import Sequence


class Line:
    """A runner and a queue of files: each sending leaves so many bytes, and tells why it ended."""

    def __init__(self, sendings: Sequence[tuple[int, str]], problems: Sequence[str] = ()) -> None:
        self._sendings = list(sendings)
        self._problems = list(problems)
        self._left = 0
        self.runs = 0

    def run_once(self) -> SyncReport:
        self.runs += 1
        return SyncReport(
            reached=True,
            pushed=2,
            pulled=3,
            waiting=0,
            refused=(),
            problem=problem_of(self._problems.pop(0) if self._problems else ""),
            changes=Changes(),
            next_try_s=60.0,
        )

    def send(self, *, asked: bool) -> SendOutcome:
        assert asked, "somebody wants it now"
        self._left, problem = self._sendings.pop(0)
        return SendOutcome(sent=1, left=1, problem=problem, again=problem == "token_expired")

    def status(self) -> FilesStatus:
        return FilesStatus(waiting=1, bytes_left=self._left, aside=0, rows=())


def run(line: Line) -> tuple[SyncReport, int]:
    return one_run._run(cast("Any", line), cast("Any", line))


def test_a_token_that_runs_out_under_a_file_is_renewed_and_the_file_goes_on() -> None:
    line = Line([(900, "token_expired"), (400, "token_expired"), (0, "")])
    report, sent = run(line)
    assert (line.runs, report.pushed, report.pulled, sent) == (3, 6, 9, 3)


def test_a_token_that_helps_nothing_is_not_renewed_for_ever() -> None:
    line = Line([(900, "token_expired")] * 5)
    assert run(line)[1] == 2
    assert line.runs == 2


def test_files_wait_for_a_run_that_went_through() -> None:
    line = Line([(900, "token_expired"), (0, "")], ["", "truncated"])
    report, sent = run(line)
    assert report.problem is not None
    assert (report.problem.code, sent, line.runs) == ("truncated", 1, 2)
    assert run(Line([], ["unreachable"]))[1] == 0
