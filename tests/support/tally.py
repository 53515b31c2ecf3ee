"""What the attacks on synchronisation did, counted over the whole run and told at its end.

A test counts what it did (``tally.count``): rounds, faults by name, commands that were acknowledged
to a person, and of those how many were lost or done twice. The run fails if any was, whatever the
tests themselves say. Workers of a parallel run hand their counts to the main process.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

ROUNDS, ACKNOWLEDGED, LOST, DUPLICATED = "rounds", "acknowledged", "lost", "duplicated"
_FAULT = "fault "
_KEY = "fieldtech-tally"

_counted: Counter[str] = Counter()


def count(
    *,
    rounds: int = 0,
    faults: Mapping[str, int] | None = None,
    acknowledged: int = 0,
    lost: int = 0,
    duplicated: int = 0,
) -> None:
    """Add to the run's counts."""
    _counted.update({ROUNDS: rounds, ACKNOWLEDGED: acknowledged})
    _counted.update({LOST: lost, DUPLICATED: duplicated})
    _counted.update({_FAULT + name: number for name, number in (faults or {}).items()})


def is_clean(counts: Mapping[str, int]) -> bool:
    """Nothing that was acknowledged is missing or there twice."""
    return not counts.get(LOST) and not counts.get(DUPLICATED)


def lines(counts: Mapping[str, int]) -> list[str]:
    """The counts as they are told, the faults by name."""
    faults = {name.removeprefix(_FAULT): n for name, n in counts.items() if name.startswith(_FAULT)}
    return [
        f"rounds                 {counts.get(ROUNDS, 0):>8,}",
        f"faults injected        {sum(faults.values()):>8,}",
        *(f"  {name:<21}{number:>8,}" for name, number in sorted(faults.items())),
        f"commands acknowledged  {counts.get(ACKNOWLEDGED, 0):>8,}",
        f"lost (must be 0)       {counts.get(LOST, 0):>8,}",
        f"duplicated (must be 0) {counts.get(DUPLICATED, 0):>8,}",
    ]


class TallyPlugin:
    """Collects from the workers, tells at the end, and fails a run in which work was lost."""

    def __init__(self) -> None:
        self.total: Counter[str] = Counter()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker has ended: take its counts over."""
        self.total.update(getattr(node, "workeroutput", {}).get(_KEY, {}))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand the counts on, or judge them."""
        worker: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if worker is not None:
            worker[_KEY] = dict(_counted)
            return
        self.total.update(_counted)
        if not is_clean(self.total) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell what was counted, if anything was."""
        if any(self.total.values()):
            terminalreporter.section("synchronisation under attack")
            for line in lines(self.total):
                terminalreporter.line(line)


def pytest_configure(config: pytest.Config) -> None:
    """Count for this run."""
    config.pluginmanager.register(TallyPlugin(), _KEY)
