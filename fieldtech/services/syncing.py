"""Synchronisation as the screens see it: run it, how it stands, what was refused, the ways out."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from fieldtech import config
from fieldtech.diagnostics.binding import binding_to
from fieldtech.domain.case import Rejection
from fieldtech.errors import DataError
from fieldtech.services.cases import changed_by
from fieldtech.services.first_values import RunProgress
from fieldtech.services.lease import is_lock_wanted, lease_of
from fieldtech.services.outbox_texts import whole_text
from fieldtech.services.outgoing import write_out
from fieldtech.services.revocation import seal_off
from fieldtech.services.sides import Names, sides_of
from fieldtech.services.values import OutboxRow, Refused, SyncOutcome, SyncStatus
from fieldtech.store import central_time
from fieldtech.store.blobs import queue
from fieldtech.sync.assembly import open_runner
from fieldtech.sync.signin import sign_in, sign_out
from fieldtech.sync.transport import Patience
from fieldtech.sync.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldtech.clock import Clock
    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore
    from fieldtech.services.central_clock import CentralClock
    from fieldtech.services.values import Changed
    from fieldtech.store.decisions import Decision
    from fieldtech.store.opening import Store
    from fieldtech.store.outbox import OutboxItem
    from fieldtech.sync.runner import Progress, SyncReport, SyncRunner


MOST_WAITING = 500
"""How many commands that wait are worth listing one by one."""
TOLD_EVERY_S = 0.2
"""Between two words on how far a run is."""
AT_ONCE = Patience(connect_s=2.0, stall_s=2.0, total_s=3.0)
"""Nobody waits longer than this to be signed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The end of a run: when, through which chosen interface, whether the central answered."""

    at: datetime
    interface: str
    reached: bool


def chosen_interface(profile: Profile) -> str:
    """Return the interface a person chose to synchronise through, empty for the system's choice.

    Settings that cannot be read never keep anybody from synchronising: they count as none.
    """
    try:
        return config.load(profile.settings).sync_interface
    except (DataError, OSError):
        return ""


class SyncService:
    """Runs on a network thread (``run``) or the database worker (everything else)."""

    def __init__(
        self,
        store: Store,
        profile: Profile,
        secrets: SecretStore,
        machine: Clock,
        clock: CentralClock,
    ) -> None:
        self._store = store
        self._profile = profile
        self._secrets = secrets
        self._machine = machine
        self._clock = clock
        self._lock = threading.Lock()
        self._runner: SyncRunner | None = None
        self._interface = chosen_interface(profile)
        self._last_run: LastRun | None = None
        self._stopped = self._ended = False
        self._watch = Watch()
        self._farewell: Watch | None = None
        self._problem: tuple[str, str] = ("", "")
        self._take_sample()

    def run(
        self,
        tell: Callable[[RunProgress], object] | None = None,
        stopping: threading.Event | None = None,
    ) -> SyncOutcome:
        """Synchronise once. Never raises for what the network does.

        ``tell`` hears how far it is, at each new phase and else a few times a second. ``stopping``
        is what ``stop_run`` is called with.
        """
        self._follow_choice()
        runner = self._open_runner()
        teller = None if tell is None else _Teller(tell, self._machine)
        report = runner.run_once(teller, stopping)
        self._take_sample()
        self._remember(report)
        if report.problem is not None and report.problem.code == "revoked":
            seal_off(self._store, self._profile, self._secrets, self._machine)
        failed = report.problem is not None and report.problem.code != "running"
        return SyncOutcome(
            status=self.status(),
            changed=changed_by(report.changes),
            wait_s=report.next_try_s if failed else None,
            reached=report.reached,
            hold_s=runner.seconds_held(),
            stopped=report.problem is not None and report.problem.code == "cancelled",
        )

    def stop_run(self, stopping: threading.Event) -> None:
        """End the run that was given ``stopping`` within a moment; from any thread.

        One that still waits for its thread asks nobody when its turn comes. Nothing is lost or half
        done, and the next run goes on where this one ended.
        """
        stopping.set()
        with self._lock:
            runner = self._runner
        if runner is not None:
            runner.stop()

    def hold_s(self) -> float:
        """For how long the central asked to be left alone, as remembered over a restart.

        0 before the first sign-in.
        """
        signed_in = bool(self._store.session.get().central_url)
        return self._open_runner().seconds_held() if signed_in else 0.0

    def sign_in(self, central: str, user: str, password: str, device_name: str) -> None:
        """Sign in at a central; raises ``EnvironmentProblem`` with what is wrong."""
        sign_in(
            self._store,
            self._secrets,
            self._machine,
            central_url=central,
            user=user,
            password=password,
            device_name=device_name,
            watch=self._watch,
            bind=binding_to(chosen_interface(self._profile)),
        )
        # Another central, another address: the next run opens its own connections.
        self._drop_runner()

    def sign_out(self) -> None:
        """Forget the tokens; the central is told if it can be reached at once.

        It goes on after ``cancel``, which comes before it, and waits for nobody after ``end``.
        """
        with self._lock:
            farewell = self._farewell = Watch()
            if self._ended:
                farewell.cancel()
        sign_out(
            self._store,
            self._secrets,
            self._machine,
            patience=AT_ONCE,
            bind=binding_to(chosen_interface(self._profile)),
            watch=farewell,
        )

    def end(self) -> None:
        """``cancel`` for the end of the program: a sign-out waits no longer either."""
        self.cancel()
        with self._lock:
            self._ended = True
            if self._farewell is not None:
                self._farewell.cancel()

    def cancel(self) -> None:
        """Stop a run or a sign-in under way within milliseconds, and let none begin any more.

        For the end of the program, before it waits for its threads; from any thread. Everything
        else goes on working, so what was just typed can still be kept.
        """
        with self._lock:
            self._stopped = True
            self._watch.cancel()
            runner = self._runner
        if runner is not None:
            runner.cancel()

    def close(self) -> None:
        """Stop what is under way and close the connections; a second call does nothing."""
        self.cancel()
        self._drop_runner()

    def _drop_runner(self) -> None:
        with self._lock:
            runner, self._runner = self._runner, None
            if not self._stopped:
                self._watch = Watch()
        if runner is not None:
            runner.cancel()
            runner.close()

    @property
    def last_run(self) -> LastRun | None:
        """How the last run of this program ended, ``None`` before the first."""
        with self._lock:
            return self._last_run

    def _follow_choice(self) -> None:
        """Open new connections where a person has chosen another interface meanwhile."""
        chosen = chosen_interface(self._profile)
        if chosen != self._interface:
            self._drop_runner()
            self._interface = chosen

    def _open_runner(self) -> SyncRunner:
        with self._lock:
            if self._runner is None:
                self._runner = open_runner(
                    self._store,
                    self._secrets,
                    self._machine,
                    watch=self._watch,
                    bind=binding_to(self._interface),
                )
            if self._stopped:
                self._runner.cancel()
            return self._runner

    def _take_sample(self) -> None:
        database = self._store.database
        with database.read() as connection:
            settled = central_time.is_settled(connection, self._machine)
        if not settled:  # with the central away too: a restart may come at any time
            with database.write() as connection:
                central_time.settle(connection, self._machine)
        with database.read() as connection:
            self._clock.set_sample(central_time.load(connection))

    def _remember(self, report: SyncReport) -> None:
        problem = report.problem
        ran = problem is None or problem.code not in {"running", "cancelled", "not_signed_in"}
        with self._lock:
            if ran:
                self._last_run = LastRun(
                    at=self._clock.now(), interface=self._interface, reached=report.reached
                )
            if problem is None:
                self._problem = ("", "")
            elif problem.code != "running":
                self._problem = (problem.code, f"{problem.message} {problem.what_to_do}".strip())

    def status(self) -> SyncStatus:
        """How things stand now."""
        counts = self._store.outbox.counts()
        with self._store.database.read() as connection:
            files = queue.counts(connection)
        now = self._store.session.get()
        moment = self._clock.moment()
        lease = lease_of(self._store, moment.at)
        is_locked = self._profile.lock_file.exists()
        with self._lock:
            code, text = self._problem
        return SyncStatus(
            waiting=counts.waiting,
            refused=counts.refused,
            files_waiting=files.waiting,
            files_aside=files.aside,
            last_contact=now.last_contact,
            problem=code,
            problem_text=text,
            central_url=now.central_url,
            user_name=now.user.name if now.user else "",
            key_kind=self._secrets.kind,
            key_place=self._secrets.place,
            offset_s=moment.offset_s,
            uncertainty_s=moment.uncertainty_s,
            compared=moment.compared,
            rebooted=moment.rebooted,
            key_locked=is_locked,
            lease_over=lease.is_over,
            lease_until=lease.until,
            clock_behind=lease.clock_behind,
            lock_wanted=not is_locked and is_lock_wanted(self._store),
        )

    def outbox(self, language: str = "en", *, accepted: int = 0) -> tuple[OutboxRow, ...]:
        """Work that waits or was refused, and as many that the central ``accepted`` last.

        The incident touched last comes first, its steps in order: a refused chain stands together,
        the step that broke it on top. Of long queues the newest are shown, of refusals all.
        ``language`` is that of the names which reference data brings along.
        """
        items = _chained(
            self._store.outbox.to_show(most_pending=MOST_WAITING, most_accepted=accepted)
        )
        about = {item.incident_id for item in items}
        zones = {row.incident_id: row.timezone for row in self._store.agenda.rows(about)}
        names = Names.of(self._store, language)
        return tuple(self._row(item, zones.get(item.incident_id, ""), names) for item in items)

    def _row(self, item: OutboxItem, timezone: str, names: Names) -> OutboxRow:
        return OutboxRow(
            n=item.n,
            op_id=item.op_id,
            cmd=item.cmd,
            number=item.label.number,
            incident_id=item.incident_id,
            made_at=item.made_at,
            state=item.state,
            code=item.code,
            detail=item.detail,
            text=" · ".join(part for part in (item.label.customer, item.label.title) if part),
            timezone=timezone,
            sides=sides_of(item, names),
            settled_at=item.settled_at,
        )

    def decide(self, op_id: str, decision: str, heading: str) -> Changed | Refused:
        """Settle refused work: ``reissue``, ``note``, ``dismiss``.

        A note says everything the command said, under ``heading``, in as many parts as it takes.
        """
        item = self._store.outbox.item(op_id) if decision == "note" else None
        said = whole_text(item) if item is not None else ""
        text = f"{heading}: {said}" if said else heading
        outcome = self._store.decisions.decide(op_id, cast("Decision", decision), text=text)
        if isinstance(outcome, Rejection):
            return Refused(code=outcome.code, detail=outcome.detail)
        return changed_by(outcome)

    def export(self, op_id: str, path: str) -> Changed:
        """Write refused work to a file and count it as decided.

        Raises ``EnvironmentProblem`` as ``write_out`` does, ``LookupError`` when it is gone.
        """
        document = self._store.decisions.export(op_id)
        if document is None:
            raise LookupError(op_id)
        write_out(self._profile, path, document)
        outcome = self._store.decisions.decide(op_id, "export")
        if isinstance(outcome, Rejection):
            message = f"{outcome.code}: {op_id}"
            raise LookupError(message)  # noqa: TRY004  gone meanwhile, not a wrong type
        return changed_by(outcome)


class _Teller:
    """Passes on how far a run is, no more often than anybody can read."""

    def __init__(self, tell: Callable[[RunProgress], object], machine: Clock) -> None:
        self._tell = tell
        self._machine = machine
        self._told_s = 0.0
        self._phase = ""

    def __call__(self, progress: Progress) -> None:
        now_s = self._machine.boot()
        if progress.phase == self._phase and now_s - self._told_s < TOLD_EVERY_S:
            return
        self._phase, self._told_s = progress.phase, now_s
        self._tell(
            RunProgress(
                phase=progress.phase,
                sent=min(progress.pushed, progress.to_push),
                to_send=progress.to_push,
                received=progress.pulled,
            )
        )


def _chained(newest_first: list[OutboxItem]) -> list[OutboxItem]:
    """Put the commands of one incident together, the oldest first, without moving the incidents."""
    chains: dict[str, list[OutboxItem]] = {}
    for item in newest_first:
        chains.setdefault(item.incident_id or item.op_id, []).insert(0, item)
    return [item for chain in chains.values() for item in chain]
