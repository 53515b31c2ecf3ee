"""``fieldtech diagnose``: the checklist's measurements without a window, an account or a store.

Exit codes: 0 nothing failed, 1 something failed, 2 nothing could be measured, 64 a mistake in the
command line or in the targets file, 130 told to stop (what was found by then is printed).
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from fieldtech.clock import SystemClock
from fieldtech.domain.probe_targets import ProbeTargets, SiteFacts, load_targets
from fieldtech.domain.words import CheckStatus
from fieldtech.errors import DataError

if TYPE_CHECKING:
    import argparse

    from fieldtech.diagnostics.results import ProbeResult, Report

NO_FAIL, A_FAIL, NOTHING, USAGE, INTERRUPTED = 0, 1, 2, 64, 130
_MARKS = {
    CheckStatus.PASS: "ok  ",
    CheckStatus.WARN: "WARN",
    CheckStatus.FAIL: "FAIL",
    CheckStatus.NOT_MEASURABLE: "--  ",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "--profile-name",
        choices=["quick", "full"],
        default="quick",
        help="quick: about 6 s; full: 20 s of voice, and the line filled",
    )
    parser.add_argument("--interface", default="", metavar="IF", help="default: the one in use")
    parser.add_argument("--targets", type=Path, metavar="FILE", help="the hosts to ask (TOML)")
    parser.add_argument(
        "--probe",
        action="append",
        default=[],
        metavar="NAME",
        help="only this one; may be repeated",
    )
    parser.add_argument("--list", action="store_true", help="name the probes and exit")
    parser.add_argument("--series", action="store_true", help="one after the other, to compare")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--verbose", action="store_true", help="tell more on stderr")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Measure, print, and return the exit code."""
    # Imported here: the other subcommands need none of it.
    from fieldtech.diagnostics.context import Depth
    from fieldtech.diagnostics.document import report_document
    from fieldtech.diagnostics.interfaces import read_interfaces
    from fieldtech.diagnostics.prepare import Wish, prepare
    from fieldtech.diagnostics.registry import PROBES, probe_named
    from fieldtech.diagnostics.runner import Run
    from fieldtech.domain.checklist_file import load_template
    from fieldtech.paths import resources_dir

    if asked.list:
        names = [{"probe": each.name, "link": each.link} for each in PROBES]
        print(json.dumps(names) if asked.json else "\n".join(each.name for each in PROBES))
        return NO_FAIL
    try:
        targets, site = load_targets(asked.targets) if asked.targets else _no_targets()
    except DataError as error:
        print(f"fieldtech diagnose: {error}", file=sys.stderr)
        return USAGE
    probes = [probe_named(name) for name in asked.probe]
    if None in probes:
        unknown = asked.probe[probes.index(None)]
        print(f"fieldtech diagnose: there is no probe {unknown!r}; see --list", file=sys.stderr)
        return USAGE
    if asked.interface and asked.interface not in {each.name for each in read_interfaces()}:
        print(f"fieldtech diagnose: there is no interface {asked.interface!r}", file=sys.stderr)
        return USAGE
    cancel = Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: cancel.set())
    template = load_template(resources_dir() / "checklists" / "lan-wifi-router.toml")
    wish = Wish(
        interface=asked.interface, targets=targets, site=site, depth=Depth(asked.profile_name)
    )
    context = prepare(wish, SystemClock(), cancel)
    on_result = (lambda _result: None) if asked.json else _tell
    running = Run(context, template, on_result=on_result, series=asked.series)
    report = running.run([each for each in probes if each is not None] or PROBES)
    if asked.json:
        print(json.dumps(report_document(report)))  # in ASCII, which every code page can print
    else:
        _tell_verdict(report)
    return INTERRUPTED if cancel.is_set() else exit_code(report)


def exit_code(report: Report) -> int:
    """Return what a run is to a script."""
    found = {result.status for result in report.results}
    if CheckStatus.FAIL in found:
        return A_FAIL
    return NO_FAIL if found & {CheckStatus.PASS, CheckStatus.WARN} else NOTHING


def _no_targets() -> tuple[ProbeTargets, SiteFacts]:
    return ProbeTargets(), SiteFacts()


def _tell(result: ProbeResult) -> None:
    measured = [f"{each.item} {each.value} {each.unit}".rstrip() for each in result.readings]
    said = ", ".join(measured) if result.status in _MEASURED else str(result.reason)
    print(f"{_MARKS[result.status]} {result.probe:<15} {result.seconds:5.1f} s  {said}", flush=True)


_MEASURED = frozenset({CheckStatus.PASS, CheckStatus.WARN, CheckStatus.FAIL})


def _tell_verdict(report: Report) -> None:
    from fieldtech.diagnostics.verdict_words import TEXTS

    verdict, words = report.verdict, TEXTS[report.verdict.cause]
    print(f"\n{words.text} {words.next}")
    if verdict.link is not None:
        print(f"link: {verdict.link.value}; suggested attribution: {verdict.attribution}")
