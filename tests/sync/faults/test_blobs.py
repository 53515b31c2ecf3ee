"""Files between a real laptop and a real central: whole or not at all, and in nobody's way."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import laptops
import pytest
from central_process import running_central
from fault_proxy import Fault
from file_work import SIZE, Work, working

from fieldtech.central.database import Database, new_epoch
from fieldtech.clock import SystemClock
from fieldtech.domain.commands import AddNote
from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.sealed_file import SUFFIX
from fieldtech.secrets import FileStore
from fieldtech.services.attachments import AttachmentService
from fieldtech.services.values import Refused, Saved
from fieldtech.store.blobs import queue
from fieldtech.sync import blobs as blobs_module
from fieldtech.sync.client import CentralClient
from fieldtech.sync.failures import Failure, Kind, SyncFailure
from fieldtech.sync.metering import DailyCap
from fieldtech.sync.watch import Watch

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from central_process import CentralProcess
    from fault_proxy import FaultProxy
    from laptops import CentralRecords, Sign


def begin_another_life(data: Path) -> None:
    """What the restore runbook does."""
    database = Database.in_folder(data)
    with database.write() as connection:
        new_epoch(connection, SystemClock().now())
    database.close()


@pytest.fixture
def work(sign: Sign, central: CentralProcess) -> Work:
    return working(sign, central)


def test_a_photo_is_attached_offline_and_sent_after_its_command(
    work: Work, records: CentralRecords
) -> None:
    sha256 = work.attach()
    assert work.state() == [("waiting", "", 0)]
    report = work.send()
    assert report.problem is not None
    assert report.problem.code == "commands_first"
    work.ana.sync_settled()
    assert work.stored(sha256) is None, "the command waits for no bytes"
    assert len(records.body("incident", work.incident_id)["attachments"]) == 1
    report = work.send()
    assert (report.sent, report.left, report.problem) == (1, 0, None)
    assert work.stored(sha256) == work.photo
    assert work.state() == [("sent", "", SIZE)]
    assert work.send().sent == 0


def test_on_the_disk_it_is_sealed(work: Work) -> None:
    text = b"datos del cliente " * 1000
    sha256 = work.attach(text, "hoja.txt")
    path = work.ana.profile.blobs / f"{sha256}{SUFFIX}"
    raw = path.read_bytes()
    assert b"cliente" not in raw
    assert b"hoja" not in raw
    assert path.stat().st_mode & 0o177 == 0
    assert b"".join(work.ana.store.shelf.read(sha256)) == text


def test_the_dispatcher_reads_it_and_a_laptop_without_it_fetches_it(work: Work, sign: Sign) -> None:
    sha256 = work.attach()
    work.ana.sync_settled()
    work.send()
    dora = sign("dora")
    dora.sync_clean()
    reader = AttachmentService(
        dora.store, dora.profile, FileStore(dora.profile.key_file), dora.clock
    )
    (row,) = reader.files(work.incident_id)
    assert (row.state, row.name) == ("there", "fachada.jpg")
    assert reader.fetch(row.attachment_id, row.sha256) == work.photo
    dora.store.shelf.delete(sha256)
    with pytest.raises(EnvironmentProblem) as problem:
        reader.fetch("nowhere", sha256)
    assert problem.value.code == "unknown_attachment"


def test_a_cut_line_costs_a_part_and_no_file(
    sign: Sign, central: CentralProcess, proxy: FaultProxy
) -> None:
    work = working(sign, central, proxy.url)
    sha256 = work.attach()
    work.ana.sync_settled()
    # The beginning arrives; of the first part, the central's answer does not.
    proxy.plan("/v1/uploads", lambda: proxy.plan("/v1/uploads", Fault.LOSE_REPLY))
    report = work.send()
    assert report.problem is not None
    assert report.problem.code == "unreachable"
    work.ana.close()
    work.ana.open()
    again = Work(work.ana, work.incident_id, central.data)
    assert again.send().sent == 1
    assert again.stored(sha256) == work.photo


@pytest.mark.parametrize("believed", [0, 4096, 700_000, SIZE])
def test_blob_resume_wrong_offset(
    work: Work, monkeypatch: pytest.MonkeyPatch, believed: int
) -> None:
    """Whatever offset is believed in, the central's own is gone on from, and the file is whole."""
    sha256 = work.attach()
    work.ana.sync_settled()
    monkeypatch.setattr(blobs_module, "FIRST_PART", 64 * 1024)
    real = CentralClient.begin_upload
    lies = [believed, believed]

    def lie(self: CentralClient, *asked: Any) -> Any:
        answer = real(self, *asked)
        if not lies:
            return answer
        return replace(answer, value=replace(answer.value, offset=lies.pop()))

    monkeypatch.setattr(CentralClient, "begin_upload", lie)
    report = work.send()
    if believed == SIZE:
        # Told that all of it is there, a laptop believes it; the next hello shows it is not.
        assert work.stored(sha256) is None
        work.ana.queue("incident.note", f"incident:{work.incident_id}", AddNote(text="x"))
        monkeypatch.undo()
        _mention_again(work, sha256)
        report = work.send()
    assert (report.sent, report.problem) == (1, None)
    assert work.stored(sha256) == work.photo


def _mention_again(work: Work, sha256: str) -> None:
    """The central is asked about the file once more, and says that it has not got it."""
    work.attach()
    work.ana.sync_settled()
    with work.ana.store.database.read() as connection:
        blob = queue.first_waiting(connection)
    assert blob is not None
    assert blob.sha256 == sha256


def test_blob_hash_mismatch(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that change on the way begin again once; a second time the file is put aside."""
    sha256 = work.attach()
    work.ana.sync_settled()
    real = CentralClient.send_part
    spoiled = [True]

    def spoil(self: CentralClient, upload_id: str, at: int, part: bytes, *who: str) -> Any:
        if spoiled and at == 0:
            spoiled.pop()
            part = bytes(len(part))
        return real(self, upload_id, at, part, *who)

    monkeypatch.setattr(CentralClient, "send_part", spoil)
    assert work.send().sent == 1
    assert work.stored(sha256) == work.photo

    other = work.attach(work.photo[::-1], "otra.jpg")
    work.ana.sync_settled()
    spoiled.extend([True] * 10)
    report = work.send()
    assert (report.sent, report.aside) == (0, 1)
    assert work.state()[-1][:2] == ("aside", "hash_mismatch")
    spoiled.clear()
    work.files.try_again(other)
    assert work.send().sent == 1
    assert work.stored(other) == work.photo[::-1]


def test_a_file_that_rots_on_the_laptop_is_put_aside_and_the_others_go(work: Work) -> None:
    rotten, sound = work.attach(name="a.jpg"), work.attach(work.photo[:5000], "b.jpg")
    work.ana.sync_settled()
    path = work.ana.profile.blobs / f"{rotten}{SUFFIX}"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    report = work.send()
    assert (report.sent, report.aside, report.problem) == (1, 1, None)
    assert work.stored(sound) == work.photo[:5000]
    assert work.stored(rotten) is None
    assert ("aside", "file_damaged") in [row[:2] for row in work.state()]


def test_work_done_meanwhile_goes_first(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.attach()
    work.ana.sync_settled()
    monkeypatch.setattr(blobs_module, "FIRST_PART", 16 * 1024)
    parts: list[int] = []
    real = CentralClient.send_part

    def counted(self: CentralClient, upload_id: str, at: int, part: bytes, *who: str) -> Any:
        parts.append(at)
        if len(parts) == 3:
            target = f"incident:{work.incident_id}"
            work.ana.queue("incident.note", target, AddNote(text="restablecido"))
        return real(self, upload_id, at, part, *who)

    monkeypatch.setattr(CentralClient, "send_part", counted)
    report = work.send()
    assert report.problem is not None
    assert report.problem.code == "commands_first"
    assert len(parts) == 3
    work.ana.sync_settled()
    assert work.send().sent == 1
    assert parts[3] > parts[2], "it went on where it was"


def test_on_a_metered_connection_a_day_has_its_cap(work: Work) -> None:
    sha256 = work.attach()
    work.ana.sync_settled()
    cap = DailyCap(work.ana.store.database, work.ana.clock, 600_000)
    report = work.send(cap)
    assert report.problem is not None
    assert report.problem.code == "metered_cap"
    (row,) = work.files.files(work.incident_id)
    assert row.sent == 600_000
    assert work.send(cap).problem is not None, "remembered"
    assert work.send().sent == 1
    assert work.stored(sha256) == work.photo


def test_a_central_restored_from_a_backup_asks_for_the_files_again(tmp_path: Path) -> None:
    with running_central(tmp_path / "central") as central, ExitStack() as stack:
        dora = stack.enter_context(laptops.laptop(tmp_path, "dora", central.url))
        ana = stack.enter_context(laptops.laptop(tmp_path, "ana", central.url))
        dora.sync_clean()
        incident_id = dora.register()
        dora.assign(incident_id, "ana")
        dora.sync_settled()
        ana.sync_clean()
        work = Work(ana, incident_id, central.data)
        central.stop()
        shutil.copytree(central.data, tmp_path / "backup")
        central.start()
        sha256 = work.attach()
        ana.sync_settled()
        work.send()
        assert work.stored(sha256) == work.photo
        central.stop()
        shutil.rmtree(central.data)
        shutil.copytree(tmp_path / "backup", central.data)
        begin_another_life(central.data)
        central.start()
        assert work.stored(sha256) is None
        ana.sync_clean()
        assert work.send().sent == 1
        assert work.stored(sha256) == work.photo


def test_of_two_files_that_are_fetched_at_once_each_has_its_own_time(
    work: Work, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that has no time left takes no other with it; the end of the program takes all."""
    first = work.attach()
    second = work.attach(b"otra" * 1000, "otra.jpg")
    work.ana.sync_settled()
    assert work.send().sent == 2
    dora = sign("dora")
    dora.sync_clean()
    there = Work(dora, work.incident_id, work.central)
    ids = {row.sha256: row.attachment_id for row in there.files.files(work.incident_id)}
    real = Watch.attach
    meanwhile: list[Callable[[], object]] = []
    watches: list[Watch] = []

    def connected(self: Watch, connection: socket.socket) -> int:
        handle = real(self, connection)
        watches.append(self)
        if meanwhile:
            meanwhile.pop()()
        return handle

    def another_comes_to_its_end() -> None:
        there.files.fetch(ids[second], second)
        watches[-1]._expire()

    monkeypatch.setattr(Watch, "attach", connected)
    meanwhile.append(another_comes_to_its_end)
    assert there.files.fetch(ids[first], first) == work.photo
    assert not meanwhile
    shutil.rmtree(there.ana.profile.blobs)
    meanwhile.append(there.files.cancel)
    for when in ("under way", "not begun"):
        with pytest.raises(EnvironmentProblem) as stopped:
            there.files.fetch(ids[first], first)
        assert stopped.value.code == "cancelled", when
        assert not meanwhile


def test_files_are_not_sent_again_before_the_central_said_so(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its wait is the files' own: the work beside them is taken all the time."""
    sha256 = work.attach()
    work.ana.sync_settled()
    asked: list[str] = []

    def full(_client: CentralClient, request: Any, *_who: str) -> Any:
        asked.append(request.sha256)
        raise SyncFailure(
            Failure(kind=Kind.PROBLEM, status=507, code="storage_full", retry_after_s=600.0)
        )

    with monkeypatch.context() as patch:
        patch.setattr(CentralClient, "begin_upload", full)
        assert work.files.send().problem == "storage_full"
        assert work.files.status().problem == "storage_full"
        work.files.send()
        work.ana.sync_settled()
        restarted = AttachmentService(
            work.ana.store, work.ana.profile, FileStore(work.ana.profile.key_file), work.ana.clock
        )
        assert restarted.send().left == 1
        assert restarted.status().problem == "storage_full"
        assert asked == [sha256], "over a restart, too"
        restarted.send(asked=True)
        assert asked == [sha256] * 2, "a person may"
    assert restarted.send(asked=True).sent == 1
    assert work.stored(sha256) == work.photo
    work.attach(b"x" * 100, "otra.jpg")
    work.ana.sync_settled()
    assert restarted.send().sent == 1, "nothing is left of it after a clean run"


def test_what_is_too_large_for_the_rest_of_the_day_holds_up_nothing_smaller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily = ("--user-mb-per-day", "2")
    with (
        running_central(tmp_path / "central", options=daily) as central,
        laptops.laptop(tmp_path, "dora", central.url) as dora,
    ):
        dora.sync_clean()
        work = Work(dora, dora.register(), central.data)
        begun = work.attach(work.photo + b"x", "empezada.jpg")
        dora.sync_settled()
        cap = DailyCap(dora.store.database, dora.clock, 300_000)
        assert work.send(cap).sent == 0
        large = work.attach(work.photo, "grande.jpg")
        equal = work.attach(work.photo[::-1], "igual.jpg")
        small = work.attach(work.photo[:5000], "chica.jpg")
        dora.sync_settled()
        # It came first to be begun; from now on it waits behind the others.
        with dora.store.database.write() as connection:
            connection.exec_driver_sql("UPDATE blob SET rid = rid + 10 WHERE sha256 = ?", (begun,))
        asked: list[str] = []
        real = CentralClient.begin_upload

        def counted(self: CentralClient, request: Any, *who: str) -> Any:
            asked.append(request.sha256)
            return real(self, request, *who)

        monkeypatch.setattr(CentralClient, "begin_upload", counted)
        report = work.send()
        assert report.problem is not None
        assert (report.sent, report.left, report.problem.code) == (2, 2, "daily_limit")
        assert report.retry_after_s == 3600
        assert asked == [large, small, begun], "nothing that is as large is asked about"
        assert work.stored(begun) == work.photo + b"x", "what was begun goes on"
        assert work.stored(small) == work.photo[:5000]
        assert work.stored(large) is work.stored(equal) is None

        assert work.files.send().problem == "daily_limit"
        later = work.attach(work.photo[:4000], "otra.jpg")
        dora.sync_settled()
        dora.queue("incident.note", f"incident:{work.incident_id}", AddNote(text="antes"))
        assert work.files.send().problem == "commands_first"
        assert work.files.status().problem == "daily_limit", "what keeps the others"
        dora.sync_settled()
        told = work.files.send()
        assert (told.sent, told.left, told.problem) == (1, 2, "daily_limit")
        assert work.stored(later) == work.photo[:4000], "nor what is attached in that hour"
        assert asked.count(large) == 2, "and it is not asked about again before its time"


@pytest.mark.parametrize("lost", ["nothing", "its lines"])
@pytest.mark.parametrize("first", ["at once", "synchronised", "kept aside"])
def test_a_file_survives_a_rebuild_out_of_what_can_be_read(
    work: Work, lost: str, first: str
) -> None:
    """The command is known out of the damaged store, so the journal does not bring it back."""
    sha256 = work.attach()
    if first == "synchronised":
        work.ana.sync_settled()
    if first == "kept aside":  # by the central, which may still do it
        with work.ana.store.database.write() as connection:
            connection.exec_driver_sql("UPDATE outbox SET state = 'quarantined', code = 'failed'")
    if lost == "its lines":
        with work.ana.store.database.write() as connection:
            connection.exec_driver_sql("DELETE FROM blob")
    work.ana.close()
    work.ana.profile.damaged.touch()
    work.ana.open()
    work.ana.sync_settled()
    report = work.send()
    assert (report.sent, report.problem) == (1, None)
    assert work.stored(sha256) == work.photo


def test_of_two_sendings_at_once_only_one_takes_place(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each minute's run begins one, and a large file takes longer than that."""
    work.attach()
    work.ana.sync_settled()
    real = CentralClient.send_part
    others: list[int] = []

    def meanwhile(self: CentralClient, *asked: Any) -> Any:
        others.append(work.files.send(asked=True).sent)
        return real(self, *asked)

    monkeypatch.setattr(CentralClient, "send_part", meanwhile)
    told = work.files.send()
    assert (told.sent, told.problem) == (1, "")
    assert others
    assert set(others) == {0}


def test_a_file_survives_the_loss_of_the_database(work: Work, central: CentralProcess) -> None:
    sha256 = work.attach()
    work.ana.close()
    work.ana.profile.damaged.touch()
    work.ana.profile.db.write_bytes(b"\xa5" * 50_000)
    work.ana.open()
    work.ana.sync_clean()
    work.ana.sync_settled()
    again = Work(work.ana, work.incident_id, central.data)
    assert again.send().sent == 1
    assert again.stored(sha256) == work.photo


@pytest.mark.parametrize(
    ("text", "where"),
    [("a\x00b", "text 1"), ("a\ud800b", "text 1"), ("x" * 70_000 + "\x00", "text 70000")],
)
def test_bad_character_in_note(work: Work, text: str, where: str) -> None:
    """Refused at once, with its place, and the draft is still there."""
    work.ana.store.drafts.put("k", "borrador")
    answer = work.files.add_note(work.incident_id, text, "nota.txt", draft="k")
    assert isinstance(answer, Refused)
    assert answer.code == "bad_character"
    assert where in answer.detail
    assert work.ana.store.drafts.get("k") == "borrador"
    assert work.ana.store.outbox.counts().waiting == 0


def test_bad_character_in_note_of_one_mebibyte_is_none(work: Work) -> None:
    """A long note is kept: its beginning as a note, all of it as a file; emoji and all."""
    text = "Línea 🛠 con todo lo visto en el sitio. " * 25_000
    assert len(text.encode()) > 1024 * 1024
    saved = work.files.add_note(work.incident_id, text, "nota.txt", draft="k")
    assert isinstance(saved, Saved)
    work.ana.sync_settled()
    assert work.send().sent == 1
    (row,) = work.files.files(work.incident_id)
    assert row.kind == "note"
    assert work.stored(row.sha256) == text.encode()
    (note,) = work.ana.case(work.incident_id).incident.notes
    assert note.text.startswith("Línea 🛠 con todo")
    assert note.text.endswith("… (nota.txt)")


def test_what_cannot_be_attached_is_said(work: Work, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as missing:
        work.files.attach(work.incident_id, [str(tmp_path / "nowhere.jpg")])
    assert missing.value.code == "file_unreadable"
    large = tmp_path / "large.mp4"
    with large.open("wb") as file:
        file.truncate(25 * 1024 * 1024 + 1)
    with pytest.raises(EnvironmentProblem) as too_large:
        work.files.attach(work.incident_id, [str(large)])
    assert too_large.value.code == "file_too_large"
    assert work.files.files(work.incident_id) == ()
    assert list(work.ana.profile.dir.glob("blobs/*")) == []


def test_a_rotten_file_that_is_attached_again_is_whole_again(work: Work) -> None:
    """What the message asks for must help: the same bytes heal the file on the disk."""
    sha256 = work.attach(name="a.jpg")
    work.ana.sync_settled()
    path = work.ana.profile.blobs / f"{sha256}{SUFFIX}"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert work.send().aside == 1
    work.attach(name="a.jpg")
    work.ana.sync_settled()
    report = work.send()
    assert (report.sent, report.aside, report.problem) == (1, 0, None)
    assert work.stored(sha256) == work.photo
    assert b"".join(work.ana.store.shelf.read(sha256)) == work.photo


def test_an_empty_file_whose_answer_got_lost_stands_in_nobodys_way(
    sign: Sign, central: CentralProcess, proxy: FaultProxy
) -> None:
    work = working(sign, central, proxy.url)
    work.files.attach_bytes(work.incident_id, b"", "vacio.txt")
    later = work.attach()
    work.ana.sync_settled()
    proxy.plan("/v1/uploads", lambda: proxy.plan("/v1/uploads", Fault.LOSE_REPLY))
    lost = work.send()
    assert (lost.sent, lost.left) == (0, 2)
    report = work.send()
    assert (report.sent, report.left, report.problem) == (2, 0, None)
    assert work.stored(later) == work.photo


def test_blob_hash_mismatch_costs_one_more_sending_and_no_more(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.attach()
    work.ana.sync_settled()
    real = CentralClient.send_part
    beginnings: list[int] = []

    def spoil(self: CentralClient, upload_id: str, at: int, part: bytes, *who: str) -> Any:
        if at == 0:
            beginnings.append(len(part))
            part = bytes(len(part))
        return real(self, upload_id, at, part, *who)

    monkeypatch.setattr(CentralClient, "send_part", spoil)
    assert work.send().aside == 1
    assert len(beginnings) == 2
    assert work.state()[0][:2] == ("aside", "hash_mismatch")


def test_a_part_that_was_too_large_for_the_line_is_not_tried_again(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that takes 64 KiB in time and no more is filled with such parts."""
    work.attach()
    work.ana.sync_settled()
    real = CentralClient.send_part
    timed_out: list[int] = []

    def slow(self: CentralClient, upload_id: str, at: int, part: bytes, *who: str) -> Any:
        if len(part) > 64 * 1024:
            timed_out.append(len(part))
            raise SyncFailure(Failure(kind=Kind.TIMEOUT))
        return real(self, upload_id, at, part, *who)

    monkeypatch.setattr(CentralClient, "send_part", slow)
    report = work.send()
    assert (report.sent, report.problem) == (1, None)
    assert timed_out == [256 * 1024, 128 * 1024]


def test_what_is_fetched_is_what_was_asked_for(
    work: Work, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = work.attach()
    work.ana.sync_settled()
    work.send()
    dora = sign("dora")
    dora.sync_clean()
    reader = AttachmentService(
        dora.store, dora.profile, FileStore(dora.profile.key_file), dora.clock
    )
    (row,) = reader.files(work.incident_id)
    with monkeypatch.context() as lying:
        lying.setattr(CentralClient, "fetch", lambda *_: b"otra cosa")
        with pytest.raises(EnvironmentProblem) as problem:
            reader.fetch(row.attachment_id, sha256)
    assert problem.value.code == "bad_reply"
    assert list(dora.profile.dir.glob("blobs/*")) == []
    assert reader.fetch(row.attachment_id, sha256) == work.photo
    # Kept sealed, as something that goes again: what is shown of it is still somebody else's file.
    (row,) = reader.files(work.incident_id)
    assert row.state == "there"
    dora.store.forget_old(dora.clock.now() + timedelta(days=1))
    assert not dora.store.shelf.has(sha256)


def test_a_file_of_two_incidents_waits_in_both(work: Work, sign: Sign) -> None:
    dora = sign("dora")
    dora.sync_clean()
    other = dora.register()
    dora.assign(other, "ana")
    dora.sync_settled()
    work.ana.sync_clean()
    work.attach()
    work.files.attach_bytes(other, work.photo, "otra.jpg")
    assert [row.state for row in work.files.files(other)] == ["waiting"]
    work.ana.sync_settled()
    assert work.send().sent == 1
    assert [row.state for row in work.files.files(other)] == ["sent"]


def test_a_file_whose_work_was_refused_does_not_lie_here_for_ever(work: Work) -> None:
    kept = work.attach(b"de un trabajo", "b.jpg")
    refused = work.files.attach_bytes("nowhere", work.photo, "a.jpg")
    assert isinstance(refused, Refused)
    sha256 = hashlib.sha256(work.photo).hexdigest()
    assert work.ana.store.shelf.has(sha256)
    work.ana.store.forget_old(work.ana.clock.now() - timedelta(days=1))
    assert work.ana.store.shelf.has(sha256), "its command may be on the way to the disk"
    work.ana.store.forget_old(work.ana.clock.now() + timedelta(days=1))
    assert not work.ana.store.shelf.has(sha256)
    assert work.ana.store.shelf.has(kept)


def test_while_the_journal_has_work_that_the_database_does_not_know_every_file_stays(
    work: Work,
) -> None:
    """Nobody can tell then whose file it is; the sealed package still takes it along."""
    sha256 = work.attach()
    with work.ana.store.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM outbox")
        connection.exec_driver_sql("DELETE FROM blob")
    work.ana.store.forget_old(work.ana.clock.now() + timedelta(days=1))
    assert work.ana.store.shelf.has(sha256)
    work.ana.close()
    (segment,) = work.ana.profile.journal.glob("*.ftj")
    data = bytearray(segment.read_bytes())
    data[-20] ^= 1
    segment.write_bytes(data)
    work.ana.open()
    work.ana.store.forget_old(work.ana.clock.now() + timedelta(days=1))
    assert work.ana.store.shelf.has(sha256), "damaged: it might be this one's"


def test_a_rotten_file_is_read_from_the_central(work: Work) -> None:
    sha256 = work.attach()
    work.ana.sync_settled()
    work.send()
    path = work.ana.profile.blobs / f"{sha256}{SUFFIX}"
    path.write_bytes(path.read_bytes()[:-1])
    (row,) = work.files.files(work.incident_id)
    assert work.files.fetch(row.attachment_id, sha256) == work.photo
    assert b"".join(work.ana.store.shelf.read(sha256)) == work.photo


def test_a_file_that_was_only_looked_at_is_sent_when_it_is_attached(work: Work, sign: Sign) -> None:
    sha256 = work.attach()
    work.ana.sync_settled()
    work.send()
    dora = sign("dora")
    dora.sync_clean()
    other = Work(dora, work.incident_id, work.central)
    (row,) = other.files.files(work.incident_id)
    other.files.fetch(row.attachment_id, sha256)
    assert other.send().sent == 0
    other.photo = work.photo
    other.attach(name="copia.jpg")
    assert [each.state for each in other.files.files(work.incident_id)] == ["waiting", "waiting"]
    dora.sync_settled()
    assert other.send().sent == 1, "nobody's bytes count as hers but those that she sent"
