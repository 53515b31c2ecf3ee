"""Two uplinks, the default route's dead: only what is bound to the other reaches the central.

A real central in one network namespace, the real store and sync in another; see ``namespaces``.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import central_seed
import pytest
from central_process import running_central
from namespaces import CENTRAL, NAME, World, certify, two_uplinks

from demo import central_process as processes

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")

SUPPORT = Path(__file__).resolve().parent.parent / "support"

LAPTOP = """
import json, sys
from contextlib import closing
from fieldtech.clock import SystemClock
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore
from fieldtech.services.networks import NetworkService
from fieldtech.services.syncing import SyncService
from fieldtech.services.central_clock import CentralClock
from fieldtech.store.opening import open_store
from fieldtech.sync.assembly import open_runner
from fieldtech.diagnostics.binding import binding_to
from fieldtech.sync.signin import sign_in
from fieldtech.sync.transport import Patience

sys.path.insert(0, sys.argv.pop())
from laptops import Laptop

folder, interface, url, verify, password = sys.argv[1:]
profile, clock = Profile.open(folder), SystemClock()
secrets = FileStore(profile.key_file)
quick = Patience(connect_s=1.0, stall_s=5.0, total_s=15.0)
bind = binding_to(interface)
with closing(open_store(profile, secrets, clock)) as store:
    if password:
        sign_in(store, secrets, clock, central_url=url, user="dora", password=password,
                device_name="test", verify=verify, patience=quick, bind=bind)
    else:
        Laptop(folder=profile.dir, user="dora", clock=clock, _store=store).register()
    with closing(open_runner(store, secrets, clock, verify=verify, patience=quick, bind=bind)) as r:
        report = r.run_once()
    profile.settings.write_text(json.dumps({"sync_interface": interface}))
    screens = CentralClock(clock)
    with closing(SyncService(store, profile, secrets, clock, screens)) as sync:
        seen = NetworkService(profile, sync, screens).status()
print(json.dumps({
    "reached": report.reached, "problem": report.problem.code if report.problem else "",
    "pulled": report.pulled, "pushed": report.pushed, "waiting": report.waiting,
    "gone": seen.gone, "loose": seen.loose, "choices": [c.name for c in seen.choices],
    "mine": seen.mine.interface, "customer": seen.customer.interface,
    "customer_reach": seen.customer.reach,
}))
"""


@dataclass(frozen=True)
class Field:
    """A laptop in the world of two uplinks, and what it knows of names."""

    world: World
    folder: Path
    certificate: Path
    url: str

    def sync(self, interface: str, *, password: str = "", named: bool = False) -> dict[str, Any]:
        """Synchronise through an interface; ``named`` when names can be looked up."""
        hosts, resolver = self.folder / "hosts", self.folder / "resolv.conf"
        hosts.write_text(f"127.0.0.1 localhost\n{CENTRAL} {NAME}\n" if named else "\n")
        # The resolver of the customer's network: it is asked, and never answers.
        resolver.write_text("nameserver 10.77.1.53\noptions timeout:30 attempts:5\n")
        done = self.world.python(
            LAPTOP,
            *(str(self.folder / "profile"), interface, self.url, str(self.certificate), password),
            str(SUPPORT),
            hosts=hosts,
            resolver=resolver,
        )
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told


@pytest.fixture
def field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Field]:
    """The world with its central up, and a laptop that has signed in once, at the office."""
    certificate, key = certify(tmp_path)
    with two_uplinks() as world:
        words = [*world.words(world.central), *processes.REPO_CLI]
        monkeypatch.setattr(processes, "REPO_CLI", words)
        options = ("--host", CENTRAL, "--tls-cert", str(certificate), "--tls-key", str(key))
        with running_central(tmp_path / "central", options=options) as central:
            url = central.url.replace(CENTRAL, NAME)
            made = Field(world, tmp_path, certificate, url)
            first = made.sync("hot0", password=central_seed.PASSWORD, named=True)
            assert first["problem"] == ""
            assert first["pulled"] > 0
            yield made


def test_only_the_bound_sync_gets_past_a_dead_default_route(field: Field) -> None:
    """The default route swallows packets and questions for names alike; the hotspot is used.

    Each run finds one more incident registered: what waited goes up with the first that gets there.
    """
    unbound = field.sync("")
    assert (unbound["reached"], unbound["problem"]) == (False, "unreachable")
    assert unbound["waiting"] == 1

    bound = field.sync("hot0")
    assert (bound["reached"], bound["problem"]) == (True, "")
    assert (bound["pushed"], bound["waiting"]) == (2, 0)
    assert bound["choices"] == ["lan0", "hot0"]
    assert not bound["gone"]
    assert not bound["loose"], "Linux ties the socket to the device itself"
    assert (bound["mine"], bound["customer"]) == ("hot0", "lan0")

    through_the_dead_one = field.sync("lan0")
    assert (through_the_dead_one["reached"], through_the_dead_one["problem"]) == (
        False,
        "unreachable",
    )


def test_an_unplugged_interface_is_told_and_nothing_else_is_used(field: Field) -> None:
    """Whoever chose the hotspot may pay for nothing else: no other way is taken in silence."""
    field.world.drop_link("hot0")
    gone = field.sync("hot0")
    assert (gone["reached"], gone["problem"], gone["gone"]) == (False, "interface_gone", True)
    assert gone["waiting"] == 1, "the queue is kept"
