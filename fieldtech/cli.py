"""The subcommands of ``fieldtech``: what scripts use, without a window and without Qt.

Exit codes: 0 clean, 1 the central was not reached (or the profile could not be opened), 2 work was
refused, or a file put aside, and waits for a decision, 3 the central was reached but the run broke
off, or files stand still (the rest follows with the next one), 64 a mistake in the command line,
70 a fault of the program. With ``--json`` there is one JSON document on standard output whichever
it is, but for 64.
"""

from __future__ import annotations

import argparse
import getpass
import json
import logging
import platform
import sys
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, NoReturn

from typing_extensions import override

from fieldtech import diagnose_cli, log
from fieldtech.clock import SystemClock
from fieldtech.errors import Bug, EnvironmentProblem, FieldtechError
from fieldtech.paths import Profile, named_folder
from fieldtech.secrets import HeldSecrets, open_secret_store
from fieldtech.services.access import AccessService, guard, mark_signed_in, mark_signed_out
from fieldtech.services.people import OwnProfile, place_to_sign_in, present_profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.secrets import SecretStore
    from fieldtech.services.one_run import FilesReport
    from fieldtech.store.outbox import OutboxItem
    from fieldtech.sync.runner import SyncReport

CLEAN = 0
NOT_REACHED = 1
REFUSED = 2
BROKEN_OFF = 3
USAGE = 64
FAULT = 70

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    asked = _parser().parse_args(arguments)
    log.setup(level=logging.INFO if asked.verbose else logging.WARNING)
    try:
        return int(asked.run(asked))
    except EnvironmentProblem as problem:
        _tell_problem(problem, as_json=asked.json)
        return NOT_REACHED
    except Exception:  # noqa: BLE001  whatever it is, whoever reads the output gets his document
        _log.exception("a fault of the program")
        _tell_problem(Bug("The program made a mistake."), as_json=asked.json)
        return FAULT
    finally:
        log.shutdown()


class _Parser(argparse.ArgumentParser):
    @override
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="fieldtech", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    sync = commands.add_parser("sync", help="push what waits and pull what is new, once")
    sync.add_argument("--once", action="store_true", required=True, help="one run, then exit")
    sync.add_argument(
        "--interface",
        metavar="IF",
        help="the network interface to go through; default: the one in the settings",
    )
    sync.set_defaults(run=_sync)
    signin = commands.add_parser("signin", help="sign a person in on a profile")
    signin.add_argument("--central", required=True, metavar="URL")
    signin.add_argument("--user", required=True)
    signin.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )
    signin.set_defaults(run=_sign_in)
    signout = commands.add_parser("signout", help="end the session; work that waits stays")
    signout.set_defaults(run=_sign_out)
    keys = commands.add_parser("keys", help="move a profile's keys from its file to the keyring")
    keys.add_argument("--to-keyring", action="store_true", required=True)
    keys.set_defaults(run=_move_keys)
    package = commands.add_parser("package", help="write the sealed package of a black box")
    package.add_argument("--out", required=True, metavar="FILE")
    package.set_defaults(run=_package)
    box = commands.add_parser("blackbox", help="tell how the black box stands; opens nothing")
    box.set_defaults(run=_black_box)
    diagnose = commands.add_parser("diagnose", help="measure the network of this interface")
    diagnose_cli.add_arguments(diagnose)
    stream = commands.add_parser(
        "voice-stream", help="(the program's own) a stream of voice packets"
    )
    stream.set_defaults(run=_voice_stream, json=False, verbose=False)
    for command in (sync, signin, signout, keys, package, box):
        command.add_argument(
            "--profile",
            metavar="DIR",
            type=named_folder,
            help="its folder; default: whoever was here last",
        )
        command.add_argument(
            "--secrets",
            default="auto",
            choices=["auto", "file", "keyring"],
            help="where a new profile keeps its keys",
        )
        command.add_argument(
            "--passphrase-stdin",
            action="store_true",
            help="read the PIN or passphrase of the profile as the first line of stdin;"
            " signin locks a new profile by it where there is no keyring",
        )
        command.add_argument("--json", action="store_true", help="one JSON document on stdout")
        command.add_argument("--verbose", action="store_true", help="tell more on stderr")
    return parser


def _voice_stream(_asked: argparse.Namespace) -> int:
    # Imported here for the same reason as below.
    from fieldtech.diagnostics import voice_stream

    return voice_stream.main()


def _sync(asked: argparse.Namespace) -> int:
    # Imported here: a mistake in the command line is told before the store is loaded.
    from fieldtech.services.one_run import run_once
    from fieldtech.store.opening import open_store

    clock = SystemClock()
    _expect_profile(asked)
    profile, secrets = _open_profile(asked)
    with closing(open_store(profile, secrets, clock)) as store:
        report, files = run_once(store, profile, secrets, clock, interface=asked.interface)
    _print_report(report, files, as_json=asked.json)
    return exit_code(report, files)


def exit_code(report: SyncReport, files: FilesReport) -> int:
    """Return what a run's end is to a script."""
    if report.problem is not None and not report.reached:
        return NOT_REACHED
    if report.refused or files.aside:
        return REFUSED
    # The day's share of a metered connection is a person's own wish, and no failure.
    stands_still = files.waiting > 0 and files.problem not in {"", "metered_cap"}
    return BROKEN_OFF if report.problem is not None or stands_still else CLEAN


def _sign_in(asked: argparse.Namespace) -> int:
    # Imported here for the same reason.
    from fieldtech.diagnostics.binding import binding_to
    from fieldtech.services.syncing import chosen_interface
    from fieldtech.store.opening import open_store
    from fieldtech.sync.signin import sign_in

    clock = SystemClock()
    folder = asked.profile or str(place_to_sign_in(asked.user, asked.central))
    profile, secrets = _open_profile(asked, folder)
    password = sys.stdin.readline().rstrip("\n") if asked.password_stdin else getpass.getpass()
    with closing(open_store(profile, secrets, clock)) as store:
        user = sign_in(
            store,
            secrets,
            clock,
            central_url=asked.central,
            user=asked.user,
            password=password,
            device_name=platform.node() or "laptop",
            bind=binding_to(chosen_interface(profile)),
        )
        mark_signed_in(secrets)
        OwnProfile(store, profile.dir).note(used=clock.now())
    if asked.json:
        print(json.dumps({"user": user.login, "name": user.name, "role": user.role}))
    else:
        print(f"{user.name} ({user.role}). {secrets.describe}")
    return CLEAN


def _sign_out(asked: argparse.Namespace) -> int:
    # Imported here for the same reason.
    from fieldtech.diagnostics.binding import binding_to
    from fieldtech.services.syncing import chosen_interface
    from fieldtech.store.blobs import queue
    from fieldtech.store.opening import open_store
    from fieldtech.sync.signin import sign_out

    clock = SystemClock()
    _expect_profile(asked)
    profile, secrets = _open_profile(asked)
    with closing(open_store(profile, secrets, clock)) as store:
        bind = binding_to(chosen_interface(profile))
        # First, as in the window: from here on it does not show the work.
        mark_signed_out(secrets)
        reached = sign_out(store, secrets, clock, bind=bind)
        waiting = store.outbox.counts().waiting
        with store.database.read() as connection:
            files = queue.counts(connection)
        OwnProfile(store, profile.dir).note()
    if asked.json:
        told = {"files_waiting": files.waiting, "files_aside": files.aside}
        print(json.dumps({"reached": reached, "waiting": waiting, **told}))
    else:
        away = "" if reached else "; the central was away"
        print(f"signed out, {waiting} changes and {files.waiting} files waiting{away}")
    return CLEAN if reached else NOT_REACHED


def _move_keys(asked: argparse.Namespace) -> int:
    # Imported here for the same reason.
    from fieldtech.secrets import move_to_keyring
    from fieldtech.store.lock import ProfileLock

    profile = _expect_profile(asked)
    with ProfileLock.acquire(profile.lock):
        secrets = move_to_keyring(profile)
    print(json.dumps({"kind": secrets.kind}) if asked.json else secrets.describe)
    return CLEAN


def _package(asked: argparse.Namespace) -> int:
    # Imported here for the same reason.
    from fieldtech.services.black_box import export_sealed

    written = export_sealed(_expect_black_box(asked), asked.out, SystemClock())
    if asked.json:
        print(json.dumps(asdict(written)))
    else:
        print(f"{written.path}: {written.commands} commands and {written.files} files, sealed")
    return CLEAN


def _black_box(asked: argparse.Namespace) -> int:
    # Imported here for the same reason.
    from fieldtech.store.journal.export import state_of

    state = asdict(state_of(_expect_black_box(asked)))
    print(json.dumps(state) if asked.json else "\n".join(f"{k}: {v}" for k, v in state.items()))
    return CLEAN


def _expect_black_box(asked: argparse.Namespace) -> Profile:
    """Return the profile; its database and its keys may be gone."""
    profile = Profile.at(present_profile(asked.profile))
    if not profile.journal.is_dir():
        raise EnvironmentProblem(
            f"There is no black box in {profile.dir}.",
            code="no_black_box",
            what_to_do="Name the folder of a profile that somebody has worked on.",
        )
    return profile


def _expect_profile(asked: argparse.Namespace) -> Profile:
    """Return the profile, of which nothing is made: a mistyped folder is told and left alone."""
    profile = Profile.at(present_profile(asked.profile))
    if not (profile.db.is_file() or profile.has_work):  # one that is gone is rebuilt
        raise EnvironmentProblem(
            f"There is no profile in {profile.dir}.",
            code="not_signed_in",
            what_to_do="Sign in on it first, or name another folder.",
        )
    return profile


def _open_profile(
    asked: argparse.Namespace, folder: str | None = None
) -> tuple[Profile, SecretStore]:
    """Open the profile asked for, or the one in ``folder``, and its lock where words are given."""
    try:
        profile = Profile.open(folder or present_profile(asked.profile))
        base = open_secret_store(profile, prefer=asked.secrets)
        held = HeldSecrets(guard(profile, base, SystemClock()))
    except OSError as error:
        raise EnvironmentProblem(
            f"The profile folder cannot be used: {error.strerror or error}",
            code="profile_unusable",
            what_to_do="Give yourself permission to write there, or name another folder.",
        ) from error
    if profile.revoked.exists():
        # Imported here: it brings the store with it.
        from fieldtech.services.revocation import refuse

        refuse(profile, held)
    access = AccessService(profile, held, base, SystemClock())
    if asked.passphrase_stdin and (access.is_locked() or access.needs_passphrase()):
        passphrase = sys.stdin.readline().rstrip("\n")
        if access.is_locked():
            access.unlock(passphrase)
        else:
            access.put_lock(passphrase)
    elif access.needs_passphrase():
        raise EnvironmentProblem(
            "There is no keyring on this system, so a passphrase belongs before the keys.",
            code="passphrase_needed",
            what_was_kept="Nothing was changed.",
            what_to_do="Give one with --passphrase-stdin, or ask for a bare file: --secrets file.",
        )
    return profile, held


def _print_report(report: SyncReport, files: FilesReport, *, as_json: bool) -> None:
    problem = report.problem
    if as_json:
        document: dict[str, object] = {
            "reached": report.reached,
            "pushed": report.pushed,
            "pulled": report.pulled,
            "waiting": report.waiting,
            "refused": [_refused(item) for item in report.refused],
            **{f"files_{name}": value for name, value in asdict(files).items()},
            "problem": None if problem is None else _problem(problem.code, problem.message),
        }
        print(json.dumps(document))  # in ASCII, which every code page can print
        return
    print(
        f"pushed {report.pushed}, pulled {report.pulled}, waiting {report.waiting},"
        f" refused {len(report.refused)}; files: sent {files.sent}, waiting {files.waiting},"
        f" put aside {files.aside}"
    )
    if files.problem:
        print(f"files: {files.problem}", file=sys.stderr)
    if problem is not None:
        print(f"{problem.message} {problem.what_to_do}".rstrip(), file=sys.stderr)


def _refused(item: OutboxItem) -> dict[str, object]:
    return {
        "n": item.n,
        "op_id": item.op_id,
        "cmd": item.cmd,
        "target": item.target,
        "number": item.label.number,
        "state": item.state,
        "code": item.code,
        "detail": item.detail,
    }


def _problem(code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message}


def _tell_problem(problem: FieldtechError, *, as_json: bool) -> None:
    if as_json:
        document: dict[str, object] = {
            "reached": False,
            "pushed": 0,
            "pulled": 0,
            "waiting": None,
            "files_sent": 0,
            "files_waiting": None,
            "files_aside": None,
            "files_problem": "",
            "refused": [],
            "problem": _problem(problem.code, problem.message),
        }
        print(json.dumps(document))  # in ASCII, which every code page can print
    print(problem.user_text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
