"""One synchronisation without a window: the commands, and behind them the files."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldtech.diagnostics.binding import binding_to
from fieldtech.services.attachments import AttachmentService
from fieldtech.services.people import OwnProfile
from fieldtech.services.revocation import seal_off
from fieldtech.services.syncing import chosen_interface
from fieldtech.sync.assembly import open_runner

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore
    from fieldtech.store.opening import Store
    from fieldtech.sync.runner import SyncReport, SyncRunner


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesReport:
    """What became of the files: how many went, wait and were put aside, and why they wait."""

    sent: int = 0
    waiting: int = 0
    aside: int = 0
    problem: str = ""


def run_once(
    store: Store,
    profile: Profile,
    secrets: SecretStore,
    clock: Clock,
    *,
    interface: str | None = None,
) -> tuple[SyncReport, FilesReport]:
    """Synchronise an open store through ``interface``, by default the one in the settings.

    Raises ``EnvironmentProblem`` before a sign-in, for an interface that is gone, and when the
    store cannot be read or written; never for what the network does.
    """
    chosen = chosen_interface(profile) if interface is None else interface
    files = AttachmentService(store, profile, secrets, clock, interface=chosen)
    with closing(open_runner(store, secrets, clock, bind=binding_to(chosen))) as runner:
        report, sent = _run(runner, files)
    if report.problem is not None and report.problem.code == "revoked":
        seal_off(store, profile, secrets, clock)
    OwnProfile(store, profile.dir).note()
    now = files.status()
    return report, FilesReport(sent=sent, waiting=now.waiting, aside=now.aside, problem=now.problem)


def _run(runner: SyncRunner, files: AttachmentService) -> tuple[SyncReport, int]:
    report = runner.run_once()
    sent, left = 0, -1
    while report.problem is None:
        outcome = files.send(asked=True)
        sent += outcome.sent
        before, left = left, files.status().bytes_left
        # A token may run out under a large file. One that helps nothing is not renewed for ever.
        if not outcome.again or left == before:
            break
        again = runner.run_once()
        report = replace(
            again, pushed=report.pushed + again.pushed, pulled=report.pulled + again.pulled
        )
    return report, sent
