"""Synchronisation against its peers and the physical limit, in one run.

* **The documents** are our own: what a new technician's laptop is sent by a central with a sample
  set (incidents with their histories, visits, sites, customers, services, devices, months). Each
  peer holds the very same documents, one record each, as JSON.
* **A first pull** of all of them into a new local database, in turns with every peer and with the
  limit: the very bytes of that pull over the same loopback by one ``requests`` call, and one
  ``executemany`` of the raw lines into SQLite. The product checks, encrypts, indexes and makes
  everything searchable besides.
* **1 %**: a hundredth of the documents changes at the server; **nothing**: one more run.
* **Growth**: the same first pull of more and fewer documents: time, bytes, and the most memory the
  process ever had above what it had before the pull.
* **Stall**: the longest time the window's event loop did not come round during a first pull of
  100,000 documents that the application makes by itself (a beat of 5 ms).

Timed is the run itself, in a process that has everything imported and its databases open.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from measure.children import ChildFailedError, Children
from measure.documents import write_documents
from measure.figures import Aim, Report, figure
from measure.options import read_options
from measure.peers import running_peers
from measure.wire import BareLaptop
from measure.world import TECHNICIAN, make_sample, running_central, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from measure.children import Talk
    from measure.peers import Peer

INCIDENTS = {1_000: 130, 10_000: 3_450, 100_000: 36_300, 300_000: 110_000}
"""How many incidents a sample needs for its one technician to be sent that many documents."""

COMPARED, LARGE = 10_000, 100_000
ROUNDS, QUICK_ROUNDS = 7, 3
GROWTH_ROUNDS = 3
CHANGES, IDLE_RUNS = 9, 40
SETTLING_RUNS = 3
STALL_RUNS = 3
LIMIT = "requests.get of the same bytes and executemany of the raw lines"
FIRST_AIM, LARGE_AIM = Aim("median", 0.6), Aim("median", 4)
BYTES_AIM = Aim("median", 2.4)
CHANGE_AIM, IDLE_AIM = Aim("median", 30), Aim("median", 8)
NOT_SLOWER = Aim("ratio", 1)
FLAT = Aim("ratio", 1.25)
STALL_AIM = Aim("median", 25)


class Ours:
    """The product at a central of one size."""

    def __init__(self, folder: Path, url: str, children: Children) -> None:
        self._folder = folder
        self._url = url
        self._children = children
        self.profile = folder / "profile"

    @contextmanager
    def signed_in(self) -> Iterator[Talk]:
        """Give a laptop that has just signed in and holds nothing yet."""
        sign_in(self.profile, self._url, TECHNICIAN)
        with self._children.talk("sync_app", self.profile) as laptop:
            yield laptop

    def first(self) -> tuple[float, float]:
        """Make one first pull; seconds, and megabytes of memory that it took."""
        with self.signed_in() as laptop:
            answer = _run(laptop)
        return answer[0], answer[1]

    def bare(self) -> BareLaptop:
        """Return a laptop without a store, for the same user."""
        return BareLaptop(self._url, TECHNICIAN)


class Limit:
    """What the machine itself needs for the same bytes."""

    def __init__(self, folder: Path, children: Children, stack: ExitStack) -> None:
        self.folder = folder / "served"
        self.folder.mkdir()
        self._address = stack.enter_context(children.talk("file_server", self.folder)).hear()
        self._talk = stack.enter_context(children.talk("sync_limit"))

    def seconds(self, file: str) -> float:
        """Fetch and keep one file."""
        seconds: float = self._talk.ask(f"{self._address}/{file}")["seconds"]
        return seconds


def compare(report: Report, folder: Path, url: str, *, rounds: int) -> tuple[float, float, float]:
    """Measure us, the limit and every peer on the same documents, in turns.

    Returns seconds, megabytes and memory of our first pull.
    """
    children = Children(folder)
    ours = Ours(folder, url, children)
    documents = folder / "documents.ndjson"
    count, each = write_documents(ours.bare(), documents)
    name = f"{count:,} documents of {each:,.0f} B"
    with ExitStack() as stack:
        limit = Limit(folder, children, stack)
        size = ours.bare().fetch(limit.folder / "first") / 1e6
        peers = stack.enter_context(running_peers(folder / "peers", documents))
        mine: list[tuple[float, float]] = []
        limits: list[float] = []
        theirs: dict[str, list[float]] = {peer.name: [] for peer in peers}
        for _ in range(rounds):
            mine.append(ours.first())
            limits.append(limit.seconds("first"))
            for peer in peers:
                theirs[peer.name].append(peer.first())
        seconds = [one[0] for one in mine]
        what = f"first pull, {name}"
        _add(report, what, "s", seconds, aim=FIRST_AIM, peer=LIMIT, peer_samples=limits)
        for peer in peers:
            aim = NOT_SLOWER if peer.scoped else None
            _add(
                report,
                what,
                "s",
                seconds,
                aim=aim,
                peer=peer.name,
                peer_samples=theirs[peer.name],
            )
        _add(report, f"bytes, {name}", "MB", [size], aim=BYTES_AIM)
        for peer in peers:
            _add(
                report,
                f"bytes, {name}",
                "MB",
                [size],
                peer=peer.name,
                peer_samples=[peer.megabytes_of_first()],
            )
        bare = ours.bare()
        bare.fetch(limit.folder / "before")
        with children.talk("sync_app", ours.profile) as laptop:
            _compare_changes(report, bare, laptop, limit, peers, changed=count // 100)
            _compare_idle(report, bare, laptop, limit, peers)
        memory = sorted(one[1] for one in mine)[len(mine) // 2]
        return sorted(seconds)[len(seconds) // 2], size, memory


def _compare_changes(
    report: Report,
    bare: BareLaptop,
    laptop: Talk,
    limit: Limit,
    peers: list[Peer],
    *,
    changed: int,
) -> None:
    mine: list[float] = []
    limits: list[float] = []
    theirs: dict[str, list[float]] = {peer.name: [] for peer in peers}
    _run(laptop)
    for number in range(SETTLING_RUNS + CHANGES):
        bare.write_notes(changed, f"Nota de medición {number}")
        bare.fetch(limit.folder / f"change-{number}")
        mine.append(_run(laptop)[0] * 1000)
        limits.append(limit.seconds(f"change-{number}") * 1000)
        for peer in peers:
            peer.change()
            theirs[peer.name].append(peer.again() * 1000)
    name = f"1 % changed ({changed} notes or documents)"
    keep = slice(SETTLING_RUNS, None)
    _add(report, name, "ms", mine[keep], aim=CHANGE_AIM, peer=LIMIT, peer_samples=limits[keep])
    for peer in peers:
        other = theirs[peer.name][keep]
        _add(report, name, "ms", mine[keep], peer=peer.name, peer_samples=other)


def _compare_idle(
    report: Report, bare: BareLaptop, laptop: Talk, limit: Limit, peers: list[Peer]
) -> None:
    bare.fetch(limit.folder / "nothing")
    for _ in range(SETTLING_RUNS):
        _run(laptop)
    mine = [_run(laptop)[0] * 1000 for _ in range(IDLE_RUNS)]
    limits = [limit.seconds("nothing") * 1000 for _ in range(IDLE_RUNS)]
    _add(report, "nothing to do", "ms", mine, aim=IDLE_AIM, peer=LIMIT, peer_samples=limits)
    for peer in peers:
        theirs = [peer.again() * 1000 for _ in range(IDLE_RUNS)]
        _add(report, "nothing to do", "ms", mine, peer=peer.name, peer_samples=theirs)


def grow(report: Report, folder: Path, url: str, size: int) -> tuple[float, float, float]:
    """Measure first pulls of one size; return seconds, megabytes and memory in megabytes."""
    ours = Ours(folder, url, Children(folder))
    megabytes = ours.bare().fetch(folder / "first") / 1e6
    rounds = [ours.first() for _ in range(GROWTH_ROUNDS if size <= LARGE else 1)]
    seconds = [one[0] for one in rounds]
    name = f"{size:,} documents"
    aim = LARGE_AIM if size == LARGE else None
    _add(report, f"first pull, {name}", "s", seconds, aim=aim)
    _add(report, f"bytes, {name}", "MB", [megabytes])
    memory = sorted(one[1] for one in rounds)[len(rounds) // 2]
    return sorted(seconds)[len(seconds) // 2], megabytes, memory


def watch_stalls(report: Report, folder: Path, url: str) -> None:
    """Let the application make a large first pull by itself, and watch its event loop."""
    children = Children(folder)
    during: list[float] = []
    after: list[float] = []
    for _ in range(STALL_RUNS):
        profile = sign_in(folder / "profile", url, TECHNICIAN)
        found = children.run(
            "sync_heartbeat",
            "--profile",
            profile,
            surroundings={"QT_QPA_PLATFORM": "offscreen"},
        )
        during.append(found["during"] * 1000)
        after.append(found["after"] * 1000)
    _add(report, f"longest stall during a pull of {LARGE:,}", "ms", during, aim=STALL_AIM)
    _add(report, "longest stall when its list and first visit are shown", "ms", after)


def _add(
    report: Report,
    name: str,
    unit: str,
    samples: list[float],
    *,
    aim: Aim | None = None,
    peer: str = "",
    peer_samples: list[float] | None = None,
) -> None:
    against = f", against {peer.split(maxsplit=1)[0]}" if peer and peer != LIMIT else ""
    report.add(
        figure(name + against, unit, samples, peer=peer, peer_samples=peer_samples or (), aim=aim)
    )


def _run(laptop: Talk) -> tuple[float, float]:
    answer = laptop.ask()
    if answer["problem"]:
        raise ChildFailedError(f"the laptop could not synchronise: {answer['problem']}")
    return answer["seconds"], answer["memory"] / 1e6


def main() -> None:
    """Measure each size."""
    options = read_options(__doc__ or "")
    report = Report("sync")
    memory: dict[int, float] = {}
    sizes = (COMPARED,) if options.quick else tuple(INCIDENTS)
    for size in sizes:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            folder.chmod(0o755)  # a peer's database server runs as somebody else
            make_sample(folder / "central", INCIDENTS[size], one_technician=True)
            with running_central(folder / "central") as url:
                if size == COMPARED:
                    rounds = QUICK_ROUNDS if options.quick else ROUNDS
                    found = compare(report, folder, url, rounds=rounds)
                else:
                    found = grow(report, folder, url, size)
                memory[size] = found[2]
                _add(report, f"memory of a first pull, {size:,} documents", "MB", [found[2]])
                if size == LARGE:
                    watch_stalls(report, folder, url)
    if LARGE in memory:
        report.add(
            figure(
                "memory of the largest first pull",
                "MB",
                [memory[max(memory)]],
                peer=f"that of {LARGE:,} documents",
                peer_samples=[memory[LARGE]],
                aim=FLAT,
            )
        )
    report.finish(options.json)


if __name__ == "__main__":
    main()
