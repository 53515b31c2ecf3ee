"""A link that cuts, drips, lies or outlasts a token: nothing half believed, nothing lost.

The real client and a real central, with a proxy between them that misbehaves.
"""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import field_office
import pytest
from fault_proxy import Fault
from field_office import FieldLaptop, InProcess
from sqlalchemy import update

from fieldtech.central import tables
from fieldtech.central.database import Database
from fieldtech.domain.commands import AddNote
from fieldtech.sync.client import CentralClient
from fieldtech.sync.failures import Failure, Kind, SyncFailure
from fieldtech.sync.runner import SyncRunner
from fieldtech.sync.tokens import TokenBox
from fieldtech.sync.transport import Patience, Reply
from fieldtech.sync.watch import Watch

if TYPE_CHECKING:
    from pathlib import Path

    from central_process import CentralProcess
    from fault_proxy import FaultProxy
    from field_office import Office
    from laptops import CentralRecords, Laptop, Sign

    from fieldtech.sync.runner import SyncReport

PUSH = "/v1/sync/push"
PULL = "/v1/sync/pull"
REFRESH = "/v1/session/refresh"
DAY = 86_400


def on_site(sign: Sign, technician: Laptop) -> tuple[str, str]:
    """A fault is registered, assigned and known to the technician: incident and visit."""
    dispatcher = sign("dora")
    dispatcher.sync_clean()
    incident_id = dispatcher.register()
    visit_id = dispatcher.assign(incident_id, technician.user)
    dispatcher.sync_settled()
    technician.sync_clean()
    return incident_id, visit_id


def with_note(sign: Sign, url: str) -> tuple[Laptop, str]:
    """A technician with one note that waits."""
    ana = sign("ana", url)
    incident_id, _ = on_site(sign, ana)
    ana.queue("incident.note", f"incident:{incident_id}", AddNote(text="pendiente"))
    return ana, incident_id


def notes(records: CentralRecords, incident_id: str) -> list[str]:
    return [note["text"] for note in records.body("incident", incident_id).get("notes", [])]


def test_truncated_body(sign: Sign, proxy: FaultProxy) -> None:
    """A page that was cut is discarded whole, however plausible what arrived looks."""
    ana = sign("ana", proxy.url)
    incident_id, _ = on_site(sign, ana)
    before = ana.store.feed.cursors()
    dispatcher = sign("dora")
    dispatcher.sync_clean()
    dispatcher.queue("incident.note", f"incident:{incident_id}", AddNote(text="x" * 4000))
    dispatcher.sync_clean()

    proxy.always(Fault.CUT_BODY)
    report = ana.sync()
    assert report.problem is not None
    assert report.problem.code in {"truncated", "unreachable"}
    assert ana.store.feed.cursors() == before
    assert not ana.case(incident_id).incident.notes

    proxy.heal()
    proxy.plan(PULL, Fault.CUT_CLEANLY)
    report = ana.sync_clean()
    assert proxy.count(PULL) >= 2
    assert len(ana.case(incident_id).incident.notes) == 1


def test_captive_portal_200_html(sign: Sign, proxy: FaultProxy) -> None:
    """A web page in the central's place changes nothing and is called what it is."""
    ana = sign("ana", proxy.url)
    incident_id, _ = on_site(sign, ana)
    ana.queue("incident.note", f"incident:{incident_id}", AddNote(text="espera"))
    before = ana.store.feed.cursors()

    proxy.always(Fault.PORTAL)
    report = ana.sync()
    assert report.problem is not None
    assert report.problem.code == "captive_portal"
    assert not report.reached
    assert report.waiting == 1
    assert ana.store.feed.cursors() == before

    proxy.heal()
    assert ana.sync_clean().waiting == 0


SHORT_OF = {
    Fault.STALL: Patience(connect_s=5, stall_s=0.3, total_s=60),
    Fault.DRIP: Patience(connect_s=5, stall_s=5, total_s=0.5),
}
"""What has no patience left with each of them; the other kind would last."""


@pytest.fixture
def overdue(monkeypatch: pytest.MonkeyPatch) -> list[Watch]:
    """Fills with whatever the hard deadline cut."""
    cut: list[Watch] = []
    plain = Watch._expire

    def expire(watch: Watch) -> None:
        cut.append(watch)
        plain(watch)

    monkeypatch.setattr(Watch, "_expire", expire)
    return cut


@pytest.mark.parametrize("fault", SHORT_OF, ids=["stall", "drip"])
def test_slow_drip_stall(
    sign: Sign, proxy: FaultProxy, records: CentralRecords, fault: Fault, overdue: list[Watch]
) -> None:
    """A reply that stops, or comes by the byte for ever: given up in time, sent again, done once.

    The watchdog ends the one, the hard deadline the other; each byte of that one comes in time.
    """
    ana, incident_id = with_note(sign, proxy.url)
    ana.restart_sync()
    ana.patience = SHORT_OF[fault]
    before = ana.store.feed.cursors()
    proxy.always(fault)
    report = ana.sync()
    assert report.problem is not None
    assert (report.problem.code, report.waiting) == ("timeout", 1)
    assert bool(overdue) == (fault is Fault.DRIP)
    assert ana.store.feed.cursors() == before

    proxy.heal()
    proxy.plan(PUSH, fault)  # the central has done it, and its answer never ends
    ana.sync()
    ana.restart_sync()
    ana.patience = Patience()
    assert ana.sync_clean().waiting == 0
    assert notes(records, incident_id) == ["pendiente"]


def test_a_run_over_a_dead_line_is_stopped_at_once_and_goes_on_later(
    sign: Sign, proxy: FaultProxy, records: CentralRecords
) -> None:
    """The person need not wait for the watchdog; what the central had done is not done twice."""
    ana, incident_id = with_note(sign, proxy.url)
    ana.restart_sync()
    ana.patience = Patience()  # of a minute and a half
    proxy.plan(PUSH, Fault.STALL)
    reports: list[SyncReport] = []
    runner = ana.runner
    run = threading.Thread(target=lambda: reports.append(runner.run_once()))
    run.start()
    while not notes(records, incident_id):  # until the central has done it, and says nothing
        assert run.is_alive()
        run.join(0.01)
    runner.stop()
    run.join(10)
    assert not run.is_alive(), "long before any time-out"
    (report,) = reports
    assert report.problem is not None
    assert (report.problem.code, report.waiting) == ("cancelled", 1)

    assert ana.sync_clean().waiting == 0
    assert notes(records, incident_id) == ["pendiente"]


def expire_tokens(data: Path) -> None:
    """Let every access token of the central run out now."""
    database = Database.in_folder(data)
    table = tables.access_token
    with database.write() as connection:
        connection.execute(update(table).values(expires_at=datetime(2020, 1, 1, tzinfo=UTC)))
    database.close()


def test_token_expired_mid_sync(
    sign: Sign, proxy: FaultProxy, central: CentralProcess, records: CentralRecords
) -> None:
    """The token runs out between hello and push: refreshed once, nothing is lost or doubled."""
    ana, incident_id = with_note(sign, proxy.url)
    before = TokenBox(ana.secrets).get()
    proxy.plan(PUSH, lambda: expire_tokens(central.data))

    report = ana.sync_clean()

    assert (report.pushed, report.waiting) == (1, 0)
    assert proxy.count(REFRESH) == 1
    assert TokenBox(ana.secrets).get() != before
    assert [n["text"] for n in records.body("incident", incident_id)["notes"]] == ["pendiente"]


def test_refresh_response_lost_then_offline_through_a_bad_link(
    sign: Sign, proxy: FaultProxy, central: CentralProcess, records: CentralRecords
) -> None:
    """The central has turned the token over and nobody heard it: the old one is good once more."""
    ana, incident_id = with_note(sign, proxy.url)
    before = TokenBox(ana.secrets).get()
    expire_tokens(central.data)
    proxy.plan(REFRESH, Fault.LOSE_REPLY)
    report = ana.sync()
    assert report.problem is not None
    assert report.problem.code in {"unreachable", "truncated"}
    assert TokenBox(ana.secrets).get() == before, "what was not heard is not believed"

    ana.close()
    ana.open()
    assert ana.sync_clean().waiting == 0
    assert notes(records, incident_id) == ["pendiente"]
    assert TokenBox(ana.secrets).get() != before


class LosesRefresh(InProcess):
    """Every reply to a refresh is lost on the way, as long as ``lost`` is not empty."""

    lost: list[str]

    def send(self, method: str, path: str, *rest: Any) -> Reply:
        reply = super().send(method, path, *rest)
        if path == REFRESH and self.lost:
            self.lost.pop()
            raise SyncFailure(Failure(kind=Kind.UNREACHABLE))
        return reply


def test_refresh_response_lost_then_offline_for_five_days(tmp_path: Path) -> None:
    """Five days later the technician is still signed in, and her work goes up."""
    clock = field_office.new_clock()
    profile = field_office.new_profile("ana", tmp_path / "ana")
    with (
        closing(field_office.new_office(tmp_path / "central", clock)) as office,
        closing(FieldLaptop(profile, clock)) as ana,
    ):
        ana.do("incident.note", "incident:run", AddNote(text="antes de la sierra"))
        clock.advance(DAY)  # longer than an access token lasts
        lost = ["once"]
        report = synced(ana, office, lost)
        assert report.problem is not None
        assert (report.problem.code, report.waiting, lost) == ("unreachable", 1, [])

        clock.advance(5 * DAY)
        report = synced(ana, office, [])
        assert report.problem is None, report.problem
        assert report.waiting == 0
        # The token in use is the family's newest: the next refresh works as ever.
        clock.advance(DAY)
        assert synced(ana, office, []).problem is None


def synced(laptop: FieldLaptop, office: Office, lost: list[str]) -> SyncReport:
    """Synchronise once, with as many replies to a refresh lost as ``lost`` has entries."""
    transport = LosesRefresh(office.client, laptop.machine)
    transport.lost = lost
    return SyncRunner(
        store=laptop.desk.store,
        feed=laptop.desk.store.feed,
        client=CentralClient(transport, laptop.machine),
        transport=transport,
        tokens=TokenBox(laptop.secrets),
        clock=laptop.machine,
    ).run_once()
