"""The peers of ``bench sync``: installed, started with our documents, and asked to synchronise."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from measure.children import ChildFailedError, Talk
from measure.counting import counting
from measure.postgres import NoPostgresError, running_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).resolve().parent.parent / "peers"
INSTALLED = SOURCE.parents[2] / "build" / "bench-peers"
"""Kept from one run to the next, outside of the source."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A peer as it is started. ``scoped``: it can give each user his own part of the data."""

    name: str
    driver: str
    scoped: bool
    postgres: bool = False


KINDS = (
    Kind("Anki sync server (the whole file, no scope)", "anki_peer.py", scoped=False),
    Kind("PouchDB from express-pouchdb, batches of 1,000", "pouch_peer.js", scoped=True),
    Kind("Kinto on PostgreSQL", "kinto_peer.py", scoped=True, postgres=True),
    Kind("WatermelonDB into SQLite", "watermelon_peer.js", scoped=True),
)


class Peer:
    """A running peer that holds the documents."""

    def __init__(self, kind: Kind, talk: Talk, said: Path) -> None:
        """``said`` is the file in which its program leaves what it has to say."""
        self.name = kind.name
        self.scoped = kind.scoped
        self._talk = talk
        self._said = said
        self._address = talk.hear()

    def first(self) -> float:
        """Fetch everything into a new local database; return the seconds."""
        return self._do("first", self._address)

    def change(self) -> None:
        """Change a hundredth of the documents at its server."""
        self._talk.ask(json.dumps({"do": "change"}))

    def again(self) -> float:
        """Fetch what changed; return the seconds."""
        return self._do("again", self._address)

    def megabytes_of_first(self) -> float:
        """Fetch everything once more, through a relay that counts."""
        with counting(self._address) as relay:
            self._do("first", relay.address)
            return relay.received / 1e6

    def _do(self, what: str, url: str) -> float:
        try:
            seconds: float = self._talk.ask(json.dumps({"do": what, "url": url}))["seconds"]
        except ChildFailedError as problem:
            problem.add_note(self._said.read_text()[-2000:])
            raise
        return seconds


@contextmanager
def running_peers(folder: Path, documents: Path) -> Iterator[list[Peer]]:
    """Give every peer that can be had here; what cannot is said and left out."""
    peers: list[Peer] = []
    with ExitStack() as stack:
        for kind in KINDS:
            try:
                peers.append(_start(kind, folder / kind.driver, documents, stack))
            except _CANNOT as problem:
                said = getattr(problem, "stderr", None) or problem
                print(f"left out: {kind.name}: {str(said).strip()[-300:]}", flush=True)
        yield peers


_CANNOT = (OSError, subprocess.CalledProcessError, ChildFailedError, NoPostgresError)


def _start(kind: Kind, folder: Path, documents: Path, stack: ExitStack) -> Peer:
    print(f"preparing {kind.name} …", file=sys.stderr, flush=True)
    folder.mkdir(parents=True)
    program = _python() if kind.driver.endswith(".py") else _node()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if kind.postgres:
        postgres = folder.with_name("postgres")
        environment["KINTO_POSTGRES"] = stack.enter_context(running_postgres(postgres))
    driver = (INSTALLED / "node" if kind.driver.endswith(".js") else SOURCE) / kind.driver
    process = subprocess.Popen(
        [program, driver, folder / "data", documents],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stack.enter_context((folder / "said.txt").open("w")),
        text=True,
    )
    stack.callback(_end, process)
    try:
        return Peer(kind, Talk(kind.driver, process), folder / "said.txt")
    except ChildFailedError as problem:
        raise ChildFailedError((folder / "said.txt").read_text()) from problem


def _end(process: subprocess.Popen[str]) -> None:
    """Close its input, which ends it and its server."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _python() -> Path:
    """The Python of the peers' own environment, made when it is not there or not up to date."""
    folder, wanted = INSTALLED / "python", SOURCE / "requirements.txt"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / wanted.name
    if not done.exists() or done.read_bytes() != wanted.read_bytes():
        venv.create(folder, with_pip=True, clear=True)
        _install([python, "-m", "pip", "install", "--quiet", "--requirement", wanted], folder)
        shutil.copyfile(wanted, done)
    return python


def _node() -> str:
    """The Node program, with the modules installed beside copies of the drivers."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise FileNotFoundError("Node and npm are not installed")
    folder, lock = INSTALLED / "node", SOURCE / "package-lock.json"
    done = folder / "node_modules" / lock.name
    folder.mkdir(parents=True, exist_ok=True)
    for each in (*SOURCE.glob("*.js"), SOURCE / "package.json", lock):
        shutil.copyfile(each, folder / each.name)
    if not done.exists() or done.read_bytes() != lock.read_bytes():
        _install([npm, "ci", "--no-audit", "--no-fund", "--loglevel", "error"], folder)
        shutil.copyfile(lock, done)
    return node


def _install(command: list[str | Path], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
