"""The one entry for people: ``python3 dev.py demo | test | check | bench | package``.

Needs nothing but Python 3.11 and, the first time, a network: what is missing is installed into
``.venv`` beside this file, then the tool runs. Interrupted, it starts that over; with nothing to do
it costs some hundredths of a second.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import hashlib
import importlib.util
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "fieldtech-stamp"
UNFINISHED = VENV / "fieldtech-unfinished"
TRANSLATOR = ROOT / "tools" / "translations.py"
LOCK = ROOT / "requirements.lock"

OK, FAILED, USAGE, UNAVAILABLE, INTERRUPTED = 0, 1, 64, 69, 130
OLDEST = (3, 11)

# What Qt opens at run time, by library: Debian's packages change their names (libglib2.0-0t64).
LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
# What only some commands need: programs, and for the bundle the library that it takes along.
# Tests: a screen, a keyring, a compiler, and what the lab of network namespaces is built of.
TOOLS = "Xvfb:xvfb xauth:xauth ip:iproute2 dbus-run-session:dbus-daemon cc:gcc gencat:libc6-dev"
TOOLS += " gnome-keyring-daemon:gnome-keyring nft:nftables dnsmasq:dnsmasq-base ethtool:ethtool"
TOOLS += " kamailio:kamailio turnserver:coturn udhcpc:udhcpc conntrack:conntrack sipsak:sipsak"
TOOLS += " ping:iputils-ping arping:iputils-arping"
PROGRAMS = {
    "test": dict(pair.split(":") for pair in TOOLS.split()),
    "package": {"objdump": "binutils"},
}


class CannotGoOnError(Exception):
    """Something outside this tree is missing; the text says what and how to get it."""


def demo(arguments: Sequence[str]) -> int:
    """Open the app with a central of its own; without a screen, play the tour instead."""
    arguments = list(arguments)
    if not has_display() and not any(item.split("=")[0] == "--tour" for item in arguments):
        print("No screen here: playing the tour into tour/ instead.", flush=True)
        arguments += ["--tour", str(ROOT / "tour")]
    return run([PYTHON, ROOT / "demo" / "main.py", *arguments])


def test(arguments: Sequence[str]) -> int:
    """Run pytest; what this machine cannot run at all is left out, and said."""
    needed = {"xvfb": "Xvfb", "keyring": "gnome-keyring-daemon"}
    left_out = [marker for marker, program in needed.items() if not shutil.which(program)]
    chosen = any(item.startswith("-m") for item in arguments)
    if left_out and not chosen:
        print(f"Left out, impossible on this machine: {', '.join(left_out)} tests.", flush=True)
        arguments = ["-m", " and ".join(f"not {name}" for name in left_out), *arguments]
    if not any((ROOT / item.partition("::")[0]).exists() for item in arguments if item[:1] != "-"):
        # The whole suite takes every core, a file at a time: what its tests share is made once.
        # One worker more than cores: half of the time a test waits for a process or a network.
        # Tests picked out by a path keep their console and debugger.
        workers = str((os.cpu_count() or 1) + 1)
        arguments = ["-n", workers, "--dist", "loadfile", "--max-worker-restart", "0", *arguments]
    if "--soak" in arguments:  # the limits are against what hangs; these may take their time
        arguments = ["-o", "timeout=7200", "-o", "faulthandler_timeout=10000", *arguments]
    return run([PYTHON, "-m", "pytest", *arguments])


def check() -> int:
    """Run every check, also after one has failed."""
    tools: dict[str, list[str | Path]] = {
        "format": [BIN / "ruff", "format", "--check", "."],
        "lint": [BIN / "ruff", "check", "."],
        "types": [PYTHON, "-m", "mypy"],
        "floors": [BIN / "lint-imports", "--no-logo"],
        "translations": [PYTHON, TRANSLATOR, "check"],
    }
    failed = []
    for name, command in tools.items():
        print(f"== {name}", flush=True)
        if run(command):
            failed.append(name)
    print(f"check: {'failed: ' + ', '.join(failed) if failed else 'all clean'}", flush=True)
    return FAILED if failed else OK


def bench(name: str, output: Path | None) -> int:
    """Run one measurement, or all of them one after the other, each in a process of its own."""
    folder = ROOT / "tests" / "bench"
    known = sorted(path.stem for path in folder.glob("[a-z]*.py"))
    chosen = known if name == "all" else [name]
    if not set(chosen) <= set(known):
        print(f"dev.py bench: {name} is none of {', '.join(known) or '(none yet)'}, all")
        return USAGE
    documents, worst = [], OK
    with tempfile.TemporaryDirectory() as temporary:
        for each in chosen:
            figures = Path(temporary) / f"{each}.json"
            worst = max(worst, run([PYTHON, folder / f"{each}.py", "--json", figures]))
            if figures.exists():
                documents.append(json.loads(figures.read_text(encoding="utf-8")))
    if output:
        document = documents if name == "all" else next(iter(documents), None)
        output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return worst


def package() -> int:
    """Build the one-folder bundle and start it as a stranger's machine would."""
    here, dist = ROOT / "packaging", ROOT / "dist"
    build: list[str | Path] = ["--noconfirm", "--log-level", "WARN", "--distpath", dist]
    build += ["--workpath", ROOT / "build" / "pyinstaller", here / "fieldtech.spec"]
    made = run([PYTHON, "-m", "PyInstaller", *build])
    return made or run([PYTHON, here / "smoke.py", dist / "fieldtech"])


def strings() -> int:
    """Bring every translation file up to date with the strings in the code."""
    return run([PYTHON, TRANSLATOR, "update"])


def lock() -> int:
    """Make requirements.lock anew: every platform, every extra and group, no index addresses."""
    oldest = ".".join(map(str, OLDEST))
    asked = f"pip compile pyproject.toml --universal --python-version {oldest} --upgrade --quiet"
    asked += " --generate-hashes --all-extras --group dev --group bench --no-annotate"
    asked += " --no-emit-index-url --no-emit-find-links --custom-compile-command"
    return run([BIN / "uv", *asked.split(), "python3 dev.py lock", "--output-file", LOCK])


def prepare(command: str) -> None:
    """Install what is missing: system packages, the virtual environment, the locked packages."""
    wanted = fingerprint()
    if command in PROGRAMS or not is_whole(wanted):
        install_system_packages(missing_libraries(command))
        install_programs(command)
    if not is_whole(wanted):
        with one_at_a_time():
            if not is_whole(wanted):  # or another run has done it meanwhile
                install_python_packages()
                STAMP.write_text(wanted, encoding="utf-8")
    if any(is_stale(source) for source in (ROOT / "resources" / "i18n").glob("*.ts")):
        run([PYTHON, TRANSLATOR, "compile"])


def is_whole(wanted: str) -> bool:
    """Return whether the environment is the one wanted, and was made to its end."""
    known = STAMP.read_text(encoding="utf-8") if STAMP.exists() else ""
    return known == wanted and PYTHON.exists() and not UNFINISHED.exists()


def is_stale(source: Path) -> bool:
    """Return whether a translation file is newer than what was compiled from it."""
    compiled = source.with_suffix(".qm")
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def fingerprint() -> str:
    """Name everything an installation depends on; a copy of this tree elsewhere needs its own."""
    digest = hashlib.sha256(f"{sys.version}\n{ROOT}\n".encode())
    for file in (LOCK, ROOT / "pyproject.toml"):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def missing_libraries(command: str) -> list[str]:
    """Return the Debian packages of what Qt opens that this Linux lacks; nothing elsewhere."""
    if sys.platform != "linux":
        return []
    libraries = dict(LIBRARIES)
    if command == "package":
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        libraries[f"libpython{version}.so.1.0"] = f"libpython{version}"
    missing = [] if importlib.util.find_spec("ensurepip") else ["python3-venv"]
    return missing + [name for library, name in libraries.items() if not can_load(library)]


def install_programs(command: str) -> None:
    """Install the programs of a command; tests that need one are left out where we may not."""
    programs = PROGRAMS.get(command, {}) if sys.platform == "linux" else {}
    missing = [package for name, package in programs.items() if not shutil.which(name)]
    if command == "test" and not (shutil.which("apt-get") and os.geteuid() == 0):
        if missing:
            print(f"For the tests left out, install: {' '.join(missing)}", flush=True)
        return
    install_system_packages(missing)


def install_system_packages(packages: Sequence[str]) -> None:
    """Install them where we may, else say the exact line and stop."""
    if not packages:
        return
    line = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        names = ", ".join(packages)
        raise CannotGoOnError(f"this system lacks what Debian packages as: {names}. Install them.")
    if os.geteuid() != 0:
        raise CannotGoOnError(f"system packages are missing. Run:\n  sudo {shlex.join(line)}")
    unasked, names = ["env", "DEBIAN_FRONTEND=noninteractive"], " ".join(packages)
    print(f"Installing system packages: {names}", flush=True)
    # Should the lists not come, the packages may still: only their failure counts.
    complaint([*unasked, "apt-get", "update"])
    said = complaint([*unasked, *line])
    if said is not None:
        print(said)
        raise CannotGoOnError(f"could not fetch or install {names}; is there a network?")


def install_python_packages() -> None:
    """Bring ``.venv`` to the locked state, from nothing where it was left half made."""
    if UNFINISHED.exists() or not works([PYTHON, "-m", "pip", "--version"]):
        shutil.rmtree(VENV, ignore_errors=True)
        print("Making .venv", flush=True)
        if run([sys.executable, "-m", "venv", VENV]):
            raise CannotGoOnError("the virtual environment could not be made")
    # pip killed half-way leaves packages that look whole: only starting over is safe after that.
    UNFINISHED.touch()
    pip: list[str | Path] = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install"]
    print("Installing the locked packages; the first time this takes minutes", flush=True)
    said = complaint([*pip, "--require-hashes", "-r", LOCK])
    if said is not None:
        UNFINISHED.unlink()  # pip itself gave up and put back what it had begun
        print(said)
        raise CannotGoOnError(f"could not fetch {what_failed(said)}; is there a network?")
    # Apart from the rest: an editable install has no hash, and isolation would need the network.
    editable: list[str | Path] = ["--no-index", "--no-deps", "--no-build-isolation", "-e", ROOT]
    if run([*pip, "--quiet", *editable]):
        raise CannotGoOnError("the program itself could not be installed")
    # Python reads a .pth file in the locale's encoding, even in UTF-8 mode, and under LC_ALL=C dies
    # of a folder with ñ. A line of ASCII code names the same folder in every locale.
    for path_file in VENV.rglob("_editable_impl_fieldtech.pth"):
        line = f"import sys; sys.path.append({str(ROOT)!a})\n"
        path_file.write_text(line, encoding="ascii")
    UNFINISHED.unlink()


def what_failed(output: str) -> str:
    """Return the package that pip gave up on, from what it said."""
    patterns = (
        r"No matching distribution found for ([^\s;]+)",
        r"url: \S*?/([^/\s]+\.(?:whl|tar\.gz))",
        r"url: /\S*?/([^/\s]+)/? \(",
        r"/([^/\s]+\.(?:whl|tar\.gz))",
    )
    for pattern in patterns:
        if found := re.search(pattern, output):
            return found[1]
    return "the locked packages"


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Keep two runs from making the same environment at once."""
    path = ROOT / "build" / "dev.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def has_display() -> bool:
    """Return whether a window could be shown."""
    return sys.platform != "linux" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def can_load(library: str) -> bool:
    """Return whether the dynamic linker finds a library."""
    with contextlib.suppress(OSError):
        return ctypes.CDLL(library) is not None
    return False


def child_environment() -> dict[str, str]:
    """Return a child's environment: ours, in UTF-8 and without another Python's home."""
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONHOME"}
    return inherited | {"PYTHONUTF8": "1"}


def run(command: Sequence[str | Path]) -> int:
    """Run a child in this tree and return its exit code; a missing program counts as failed."""
    sys.stdout.flush()
    try:
        child = subprocess.Popen(command, cwd=ROOT, env=child_environment())
    except FileNotFoundError:
        print(f"dev.py: {command[0]} is missing", file=sys.stderr)
        return UNAVAILABLE
    # Told to end, so is the child; it closes what it opened before it ends.
    before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        while True:
            with contextlib.suppress(KeyboardInterrupt):  # the child was interrupted too
                return child.wait()
    finally:
        signal.signal(signal.SIGTERM, before)


def works(command: Sequence[str | Path]) -> bool:
    """Return whether a command is there and succeeds."""
    return shutil.which(command[0]) is not None and complaint(command) is None


def complaint(command: Sequence[str | Path]) -> str | None:
    """Run a child in silence; returns all it said if it failed, else ``None``."""
    to, both, env = subprocess.PIPE, subprocess.STDOUT, child_environment()
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=to, stderr=both, check=False)
    return done.stdout.decode("utf-8", "replace") if done.returncode else None


class Parser(argparse.ArgumentParser):
    """Leaves with 64 on a usage error, as everything of this project does."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave."""
        self.exit(USAGE, f"{self.format_usage()}{self.prog}: {message}\n")


def parser() -> Parser:
    """Return the command line; the arguments of ``demo`` and ``test`` are passed on unread."""
    made = Parser(prog="dev.py", description="The one entry for people.")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("demo", help="open the app [--as ROLE] [--incidents N] [--tour DIR]")
    commands.add_parser("test", help="run the tests [pytest arguments] [--soak]")
    commands.add_parser("check", help="formatting, lint, types, floors and translations")
    measure = commands.add_parser("bench", help="measure")
    measure.add_argument("name", help="a file of tests/bench, or `all`")
    measure.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    commands.add_parser("package", help="build the bundle and try it")
    commands.add_parser("strings", help="bring the translation files up to date with the code")
    commands.add_parser("lock", help="make requirements.lock anew")
    return made


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    if sys.version_info < OLDEST:
        print(f"dev.py needs Python {'.'.join(map(str, OLDEST))} or newer; this is {sys.version}")
        return UNAVAILABLE
    passed_on = {"demo": demo, "test": test}
    plain = {"check": check, "package": package, "strings": strings, "lock": lock}
    command = arguments[0] if arguments else ""
    options = None if command in passed_on else parser().parse_args(arguments)
    try:
        prepare(command)
        if options is None:
            return passed_on[command](arguments[1:])
        return bench(options.name, options.json) if command == "bench" else plain[command]()
    except CannotGoOnError as problem:
        print(f"dev.py: {problem}", file=sys.stderr)
        return UNAVAILABLE
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
