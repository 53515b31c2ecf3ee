"""What scripts read of ``fieldtech``: exit codes, and one JSON document whatever happens."""

from __future__ import annotations

import io
import json
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import central_seed
import field_office
import pytest
from central_process import running_central
from field_office import FieldLaptop

from fieldtech import secrets
from fieldtech.cli import _parser, exit_code, main
from fieldtech.clock import SystemClock
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore, KeyringStore
from fieldtech.services import people
from fieldtech.services.access import SECRET_NAMES, SIGNED_OUT
from fieldtech.services.one_run import FilesReport
from fieldtech.store.lock import ProfileLock
from fieldtech.store.work import Changes
from fieldtech.sync.problems import problem_of
from fieldtech.sync.runner import SyncReport
from fieldtech.unlocking import GuardedSecrets
from ui.__main__ import SUBCOMMANDS

if TYPE_CHECKING:
    from fake_keyring import MemoryKeyring

NO_FILES = FilesReport()
NO_FILES_WAIT = {"files_waiting": 0, "files_aside": 0}
PHRASE = "caballo correcto pila"


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A technician's profile, closed; her central is away. Its name is in no code page."""
    return field_office.new_profile("ana", tmp_path / "año ☂")


def told(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, Any]:
    code = main([*map(str, words), "--json"])
    text = capsys.readouterr().out
    assert text.isascii(), "a code page without that character would stop it half-way"
    return code, json.loads(text)


@pytest.fixture
def refused(tmp_path: Path) -> SyncReport:
    """A clean run after which the technician's step stands refused."""
    clock = field_office.new_clock()
    profile = field_office.new_profile("ana", tmp_path / "refused")
    with (
        closing(field_office.new_office(tmp_path / "central", clock)) as office,
        closing(FieldLaptop(profile, clock)) as laptop,
    ):
        office.desk_of("dora").do("visit.cancel", "visit:v-run", reason="se arregló solo")
        laptop.do_on_visit("run", "visit.accept")
        return laptop.sync(office)


def ended(report: SyncReport, problem: str, *, reached: bool) -> SyncReport:
    return SyncReport(
        reached=reached,
        pushed=0,
        pulled=0,
        waiting=0,
        refused=report.refused,
        problem=problem_of(problem),
        changes=Changes(),
        next_try_s=60.0,
    )


def test_refused_work_is_never_hidden_by_what_came_after(refused: SyncReport) -> None:
    assert exit_code(refused, NO_FILES) == 2
    assert exit_code(ended(refused, "truncated", reached=True), NO_FILES) == 2
    assert exit_code(ended(refused, "unreachable", reached=False), NO_FILES) == 1


def test_a_run_that_broke_off_after_the_central_was_reached_has_its_own_code() -> None:
    nothing = SyncReport(
        reached=True,
        pushed=0,
        pulled=0,
        waiting=0,
        refused=(),
        problem=None,
        changes=Changes(),
        next_try_s=60.0,
    )
    assert exit_code(nothing, NO_FILES) == 0
    assert exit_code(ended(nothing, "truncated", reached=True), NO_FILES) == 3
    assert exit_code(nothing, FilesReport(waiting=1, problem="storage_full")) == 3
    assert exit_code(nothing, FilesReport(waiting=1, problem="metered_cap")) == 0, "as was wished"
    assert exit_code(nothing, FilesReport(aside=1)) == 2
    assert exit_code(ended(nothing, "unreachable", reached=False), NO_FILES) == 1


def test_a_central_that_is_away(capsys: pytest.CaptureFixture[str], profile: Profile) -> None:
    code, document = told(capsys, "sync", "--once", "--profile", profile.dir)
    assert (code, document["reached"], document["waiting"]) == (1, False, 0)
    assert document["problem"]["code"] == "unreachable"


def test_an_interface_that_is_gone_ends_it_by_name(
    capsys: pytest.CaptureFixture[str], profile: Profile
) -> None:
    """Named on the command line or chosen in the settings; the queue is kept either way."""
    with closing(FieldLaptop(profile, field_office.new_clock())) as laptop:
        laptop.do_on_visit("run", "visit.accept")
        session = laptop.desk.store.session
        before = session.get()
        assert before.user is not None
        # The same central at an address that is not this machine's own.
        session.sign_in(
            central_url="https://192.0.2.1",
            device_name="test",
            user=before.user,
            epoch=before.epoch,
        )
    sync = ("sync", "--once", "--profile", profile.dir)
    code, document = told(capsys, *sync, "--interface", "nowhere9")
    assert (code, document["problem"]["code"]) == (1, "interface_gone")
    profile.settings.write_text(json.dumps({"sync_interface": "nowhere9"}))
    code, document = told(capsys, *sync)
    assert (code, document["problem"]["code"]) == (1, "interface_gone")
    assert document["waiting"] == 1


@pytest.mark.parametrize(
    ("spoilt", "problem"),
    [
        ("secrets.json", "key_file_unusable"),
        ("secret-store.json", "profile_unusable"),
        ("lock.db", "store_read_only"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_document(
    capsys: pytest.CaptureFixture[str], profile: Profile, spoilt: str, problem: str
) -> None:
    path = profile.dir / spoilt
    path.unlink(missing_ok=True)
    path.mkdir()
    code, document = told(capsys, "sync", "--once", "--profile", profile.dir)
    assert (code, document["problem"]["code"]) == (1, problem)


@pytest.mark.expects_log("a fault of the program")
def test_a_fault_of_ours_is_told_in_one_document_too(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    profile: Profile,
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("fieldtech.store.opening.open_store", fail)
    code, document = told(capsys, "sync", "--once", "--profile", profile.dir)
    assert (code, document["problem"]["code"]) == (70, "bug")


def test_a_mistyped_folder_is_told_and_nothing_is_made(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    nowhere = tmp_path / "perfli"
    code, document = told(capsys, "sync", "--once", "--profile", nowhere)
    assert (code, document["problem"]["code"]) == (1, "not_signed_in")
    assert not nowhere.exists()


def test_a_database_that_is_gone_is_rebuilt_and_its_work_goes_on(
    capsys: pytest.CaptureFixture[str], profile: Profile
) -> None:
    """As in the window: the black box has the work, and ``sync`` sends it."""
    with closing(FieldLaptop(profile, field_office.new_clock())) as laptop:
        laptop.do_on_visit("run", "visit.accept")
    profile.db.unlink()
    code, document = told(capsys, "sync", "--once", "--profile", profile.dir)
    assert (code, document["waiting"]) == (1, 1)
    assert profile.db.exists()


def test_signing_out_keeps_the_work(capsys: pytest.CaptureFixture[str], profile: Profile) -> None:
    code, document = told(capsys, "signout", "--profile", profile.dir)
    assert (code, document) == (1, {"reached": False, "waiting": 0, **NO_FILES_WAIT}), (
        "the central is away"
    )
    code, document = told(capsys, "sync", "--once", "--profile", profile.dir)
    assert document["problem"]["code"] == "signed_out"
    assert FileStore(profile.key_file).get(SIGNED_OUT), "nor does the window show the work"


def test_signing_in_again_shows_the_work_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    where = ("--profile", tmp_path / "p", "--secrets", "file")
    with running_central(tmp_path / "central") as central:
        signin = ("signin", "--central", central.url, "--user", "ana", "--password-stdin", *where)
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{central_seed.PASSWORD}\n"))
        assert told(capsys, *signin)[0] == 0
        assert told(capsys, "signout", *where) == (
            0,
            {"reached": True, "waiting": 0, **NO_FILES_WAIT},
        )
        secrets_of = FileStore(Profile(tmp_path / "p").key_file)
        monkeypatch.setattr(sys, "stdin", io.StringIO("guess\n"))
        assert told(capsys, *signin)[1]["problem"]["code"] == "bad_credentials"
        assert secrets_of.get(SIGNED_OUT), "nobody is in"
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{central_seed.PASSWORD}\n"))
        assert told(capsys, *signin)[0] == 0
        assert secrets_of.get(SIGNED_OUT) is None


def test_a_laptop_that_was_shut_out_gives_its_sealed_package_and_nothing_else(
    capsys: pytest.CaptureFixture[str], profile: Profile, tmp_path: Path
) -> None:
    with closing(FieldLaptop(profile, field_office.new_clock())) as laptop:
        laptop.do_on_visit("run", "visit.accept")
    profile.revoked.write_text('{"at": "2026-11-04T16:00:00Z", "sealed": true}')
    nobody = ("signin", "--central", "http://127.0.0.1:9", "--user", "ana", "--password-stdin")
    for words in (("sync", "--once"), ("signout",), nobody):
        code, document = told(capsys, *words, "--profile", profile.dir)
        assert (code, document["problem"]["code"]) == (1, "revoked")
    assert "store-key" not in FileStore(profile.key_file).all(), "what a power cut left is gone"
    out = tmp_path / "out.fieldtech"
    code, document = told(capsys, "package", "--out", out, "--profile", profile.dir)
    assert (code, document["commands"], out.exists()) == (0, 1, True)


def test_an_empty_name_of_a_folder_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["sync", "--once", "--profile", ""])
    assert end.value.code == 64
    assert "no folder is named" in capsys.readouterr().err


def test_keys_move_to_the_keyring_unless_the_profile_is_open(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    profile: Profile,
    memory_keyring: MemoryKeyring,
) -> None:
    monkeypatch.setattr(secrets, "_system_keyring", lambda: memory_keyring)
    before = FileStore(profile.key_file).all()
    with ProfileLock.acquire(profile.lock):
        code, document = told(capsys, "keys", "--to-keyring", "--profile", profile.dir)
        assert (code, document["problem"]["code"]) == (1, "profile_in_use")
    code, document = told(capsys, "keys", "--to-keyring", "--profile", profile.dir)
    assert (code, document) == (0, {"kind": "keyring"})
    moved = secrets.open_secret_store(profile, keyring=memory_keyring)
    assert isinstance(moved, KeyringStore)
    assert {name: moved.get(name) for name in before} == before
    code, document = told(capsys, "sync", "--once", "--profile", profile.dir)
    assert document["problem"]["code"] == "unreachable", "the store opens with the moved key"


@pytest.mark.usefixtures("cheap_lock")
def test_a_locked_profile_is_opened_by_a_line_on_stdin(
    profile: Profile, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = FileStore(profile.key_file)
    GuardedSecrets(base, profile, SystemClock(), SECRET_NAMES).put_lock("passphrase", PHRASE)
    words = ("signout", "--profile", profile.dir)
    assert told(capsys, *words)[1]["problem"]["code"] == "locked"
    monkeypatch.setattr(sys, "stdin", io.StringIO("wrong wrong wrong\n"))
    code, document = told(capsys, *words, "--passphrase-stdin")
    assert (code, document["problem"]["code"]) == (1, "wrong_passphrase")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PHRASE}\n"))
    code, document = told(capsys, *words, "--passphrase-stdin")
    assert (code, document["reached"]) == (1, False), "opened; its central is away"
    assert "problem" not in document


def sign_in_on(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> str:
    nowhere = ("--central", "http://127.0.0.1:9", "--user", "ana", "--password-stdin")
    code, document = told(capsys, "signin", *nowhere, "--profile", folder, *words)
    assert code == 1
    return str(document["problem"]["code"])


@pytest.mark.usefixtures("cheap_lock")
def test_without_a_keyring_a_new_profile_wants_a_passphrase_or_to_be_told_not_to(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    assert sign_in_on(capsys, folder) == "passphrase_needed"
    assert not Profile(folder).key_file.exists(), "no key was made"
    monkeypatch.setattr(sys, "stdin", io.StringIO("111111111111\n"))
    assert sign_in_on(capsys, folder, "--passphrase-stdin") == "too_simple"
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PHRASE}\npassword\n"))
    assert sign_in_on(capsys, folder, "--passphrase-stdin") == "unreachable"
    assert Profile(folder).lock_file.exists()
    assert "store-key" not in FileStore(Profile(folder).key_file).all()
    monkeypatch.setattr(sys, "stdin", io.StringIO("password\n"))
    assert sign_in_on(capsys, tmp_path / "bare", "--secrets", "file") == "unreachable"
    assert "store-key" in FileStore(Profile(tmp_path / "bare").key_file).all()


def test_a_profile_made_before_passphrases_goes_on_without(
    capsys: pytest.CaptureFixture[str], profile: Profile
) -> None:
    profile.secret_marker.write_text('{"kind": "file", "name": "x"}')
    code, document = told(capsys, "sync", "--once", "--profile", profile.dir)
    assert (code, document["problem"]["code"]) == (1, "unreachable")


def test_a_run_says_in_the_profile_whose_it_is_and_what_waits(
    capsys: pytest.CaptureFixture[str], profile: Profile
) -> None:
    told(capsys, "sync", "--once", "--profile", profile.dir)
    user = people.read(profile.dir)
    assert user is not None
    assert (user.login, user.name, user.waiting, user.last_used) == ("ana", "Ana", 0, None)


def test_without_a_folder_the_profile_of_whoever_was_here_last_is_meant(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(people, "default_profile_dir", lambda: tmp_path / "data")
    code, document = told(capsys, "sync", "--once")
    assert document["problem"]["code"] == "not_signed_in"
    (tmp_path / "data" / "people").mkdir(parents=True)
    folder = field_office.new_profile("ana", tmp_path / "data" / "people" / "2").dir
    user = people.LaptopUser(
        folder=folder, login="ana", name="Ana", central="", last_used=SystemClock().now()
    )
    people.note(user)
    code, document = told(capsys, "signout")
    assert (code, document) == (1, {"reached": False, "waiting": 0, **NO_FILES_WAIT})


def test_the_entry_point_knows_every_subcommand() -> None:
    with pytest.raises(SystemExit) as end:
        main(["nonsense"])
    assert end.value.code == 64
    actions = _parser()._actions
    (choices,) = [set(each.choices) for each in actions if isinstance(each.choices, dict)]
    assert choices == SUBCOMMANDS, "the others would open the window"
