"""The end of the program while the central says nothing: at once, and with the store still open."""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import central_seed
import pytest
from field_office import FieldLaptop

from fieldtech.clock import FakeClock, SystemClock
from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import Profile
from fieldtech.protocol.wire import UserInfo
from fieldtech.services import syncing
from fieldtech.sync.tokens import TokenBox, Tokens
from fieldtech.sync.transport import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class SilentCentral:
    """Takes every request and says nothing."""

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.settimeout(10)
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def wait_for_a_request(self) -> socket.socket:
        """Return once somebody has begun to ask; whoever closes it ends the wait."""
        connection, _ = self._door.accept()
        connection.settimeout(10)
        connection.recv(1)
        return connection

    def nobody_asks(self) -> bool:
        """Tell whether no connection waits at the door."""
        self._door.settimeout(0)
        with pytest.raises(BlockingIOError):
            self._door.accept()
        return True

    def close(self) -> None:
        """Close the door."""
        self._door.close()


@pytest.fixture
def silent() -> Iterator[SilentCentral]:
    """A central that answers nobody."""
    with closing(SilentCentral()) as made:
        yield made


@pytest.fixture
def laptop(tmp_path: Path, silent: SilentCentral) -> Iterator[FieldLaptop]:
    """A laptop signed in there."""
    made = FieldLaptop(Profile.open(tmp_path / "profile"), FakeClock(SystemClock().now()))
    store = made.desk.store
    user = UserInfo(id="ana", login="ana", name="Ana", role="technician", region_ids=("jal",))
    store.session.sign_in(central_url=silent.url, device_name="test", user=user, epoch="e1")
    device_id = store.session.get().device_id
    TokenBox(made.secrets).put(Tokens(access="a", refresh="r", device_id=device_id))
    with closing(made):
        yield made


def stopped_while(laptop: FieldLaptop, silent: SilentCentral, work: Callable[[], object]) -> None:
    """Cancel as soon as the central has the request; the work must end by it."""
    thread = threading.Thread(target=work)
    thread.start()
    with silent.wait_for_a_request():
        laptop.desk.sync.cancel()
        thread.join(5)
    assert not thread.is_alive()


def test_a_run_is_stopped_and_no_other_begins(laptop: FieldLaptop, silent: SilentCentral) -> None:
    problems: list[str] = []
    run = laptop.desk.sync.run
    stopped_while(laptop, silent, lambda: problems.append(run().status.problem))
    assert problems == ["cancelled"]
    laptop.desk.drafts.save("note:1", {"text": "lo último"})
    assert laptop.desk.drafts.load("note:1") == {"text": "lo último"}, "the store is still open"
    assert run().status.problem == "cancelled"
    assert silent.nobody_asks()
    laptop.desk.close()
    with pytest.raises(EnvironmentProblem) as closed:
        run()
    assert closed.value.code == "store_closed"


def test_a_stop_just_before_the_first_run_counts_too(
    laptop: FieldLaptop, silent: SilentCentral
) -> None:
    laptop.desk.sync.cancel()
    assert laptop.desk.sync.run().status.problem == "cancelled"
    assert silent.nobody_asks()


def test_signing_in_is_stopped_too(laptop: FieldLaptop, silent: SilentCentral) -> None:
    codes: list[str] = []

    def sign_in() -> None:
        with pytest.raises(EnvironmentProblem) as stopped:
            laptop.desk.sync.sign_in(silent.url, "ana", central_seed.PASSWORD, "test")
        codes.append(stopped.value.code)

    stopped_while(laptop, silent, sign_in)
    assert codes == ["cancelled"]


def test_signing_out_waits_for_nobody_once_the_program_ends(
    laptop: FieldLaptop, silent: SilentCentral, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "AT_ONCE", Patience(connect_s=60.0, stall_s=60.0, total_s=60.0))
    sync = laptop.desk.sync
    sync.cancel()  # as before a sign-out: it is not what ends one
    thread = threading.Thread(target=sync.sign_out)
    thread.start()
    with silent.wait_for_a_request():
        sync.end()
        thread.join(5)
    assert not thread.is_alive()
    assert TokenBox(laptop.secrets).get() is None, "what is done here is done"
    TokenBox(laptop.secrets).put(Tokens(access="a", refresh="r", device_id="d"))
    sync.sign_out()
    assert silent.nobody_asks()
    assert TokenBox(laptop.secrets).get() is None
