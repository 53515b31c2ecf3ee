"""What a power cut or a hand did to the files of a lock: nothing is lost, nothing is opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from locked_profiles import Profiles, code_of

from fieldtech import lock_files
from fieldtech.errors import EnvironmentProblem
from fieldtech.secrets import LOCK_COPY, HeldSecrets
from fieldtech.services.access import AccessService, guard

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("cheap_lock")


def edited(**changes: object) -> Callable[[str], str]:
    return lambda text: json.dumps(json.loads(text) | changes)


DAMAGES: dict[str, Callable[[str], str]] = {
    "empty": lambda _: "",
    "cut": lambda text: text[:40],
    "nulls": lambda text: "\0" * len(text),
    "no object": lambda _: "[]",
    "too deep": lambda _: '{"x":' + "[" * 100_000,
    "without the rest": lambda _: '{"kind": "pin"}',
    "unknown kind": edited(kind="face"),
    "no number": edited(ops="a"),
    "all memory": edited(mem=10**12),
    "for ever": edited(ops=10**9),
    "no base64": edited(salt="x"),
    "short salt": edited(salt="AAAA"),
    "short key": edited(wrapped="AAAA"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_lock_is_put_back_from_its_copy(
    kept: Profiles, damage: Callable[[str], str]
) -> None:
    kept.start().put_lock("pin", "4711")
    whole = kept.profile.lock_file.read_text()
    kept.profile.lock_file.write_text(damage(whole))
    secrets = kept.start()
    assert secrets.is_locked
    assert code_of(secrets, "0000") == "wrong_pin"
    assert kept.profile.lock_file.read_text() == whole
    secrets.unlock("4711")
    assert secrets.get("store-key") == "a" * 64


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("copy", [None, "", '{"kind": "pin"}'])
def test_a_damaged_lock_without_a_copy_is_said_and_destroys_nothing(
    kept: Profiles, damage: Callable[[str], str], copy: str | None
) -> None:
    kept.start().put_lock("pin", "4711")
    whole = kept.profile.lock_file.read_text()
    kept.base.delete(LOCK_COPY)
    if copy is not None:
        kept.base.set(LOCK_COPY, copy)
    kept.profile.lock_file.write_text(damage(whole))
    held = HeldSecrets(guard(kept.profile, kept.base, kept.clock))
    access = AccessService(kept.profile, held, kept.base, kept.clock)
    assert access.is_locked()
    assert access.status().lock
    with pytest.raises(EnvironmentProblem) as refused:
        access.unlock("4711")
    assert refused.value.code == "lock_damaged"
    with pytest.raises(EnvironmentProblem, match="damaged"):
        held.get("tokens")
    with pytest.raises(EnvironmentProblem, match="damaged"):
        held.set("tokens", "x")
    with pytest.raises(EnvironmentProblem) as refused:
        access.put_lock("correcto caballo pila")
    assert refused.value.code == "lock_damaged"
    assert kept.profile.lock_file.read_text() == damage(whole)
    kept.profile.lock_file.write_text(whole)
    access.unlock("4711")
    assert held.get("store-key") == "a" * 64


def test_a_lock_that_cannot_be_read_is_shut(kept: Profiles) -> None:
    kept.start().put_lock("pin", "4711")
    kept.base.delete(LOCK_COPY)
    kept.profile.lock_file.unlink()
    kept.profile.lock_file.mkdir()
    assert kept.start().is_locked
    assert code_of(kept.start(), "4711") == "lock_damaged"


def test_a_lock_that_is_not_ours_to_look_at_is_shut(
    kept: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.start().put_lock("pin", "4711")
    kept.base.delete(LOCK_COPY)

    def refuse(path: Path) -> bool:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "exists", refuse)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    held = HeldSecrets(guard(kept.profile, kept.base, kept.clock))
    access = AccessService(kept.profile, held, kept.base, kept.clock)
    assert access.is_locked()
    with pytest.raises(EnvironmentProblem) as refused:
        access.unlock("4711")
    assert refused.value.code == "lock_damaged"


def test_a_lock_whose_file_is_gone_is_still_a_lock(kept: Profiles) -> None:
    kept.start().put_lock("pin", "4711")
    whole = kept.profile.lock_file.read_text()
    kept.profile.lock_file.unlink()
    held = HeldSecrets(guard(kept.profile, kept.base, kept.clock))
    access = AccessService(kept.profile, held, kept.base, kept.clock)
    assert (access.is_locked(), kept.profile.lock_file.read_text()) == (True, whole)
    access.unlock("4711")
    assert held.get("store-key") == "a" * 64
    access.take_lock_off()
    assert guard(kept.profile, kept.base, kept.clock) is kept.base, "taken off, it stays off"


def test_a_copy_with_nothing_behind_it_is_no_lock(kept: Profiles) -> None:
    kept.start().put_lock("pin", "4711")
    text = kept.profile.lock_file.read_text()
    secrets = kept.start()
    secrets.unlock("4711")
    secrets.take_lock_off()
    kept.base.set(LOCK_COPY, text)
    assert guard(kept.profile, kept.base, kept.clock).get("store-key") == "a" * 64
    assert not kept.profile.lock_file.exists()


def test_a_lock_of_an_earlier_version_gets_its_copy_when_it_is_opened(kept: Profiles) -> None:
    kept.start().put_lock("pin", "4711")
    kept.base.delete(LOCK_COPY)
    secrets = kept.start()
    assert code_of(secrets, "0000") == "wrong_pin"
    assert kept.base.get(LOCK_COPY) is None
    secrets.unlock("4711")
    assert kept.base.get(LOCK_COPY) == kept.profile.lock_file.read_text()


@pytest.mark.parametrize(
    "text",
    [
        "{}[",
        pytest.param('{"x":' + "[" * 100_000, id="too deep"),
        "",
        "[]",
        "3",
        '"3"',
        '{"failed": "3"}',
        '{"failed": -5}',
        '{"failed": 2000}',
        '{"failed": 1000000000000000000000000000000}',
        '{"failed": 4, "boot_s": null, "boot_id": ""}',
        '{"failed": 20, "boot_s": 1e400, "boot_id": ""}',
        '{"failed": 20, "boot_s": 1e300, "boot_id": "same"}',
        b"\xff\xfe",
    ],
)
def test_edited_tries_win_nothing_and_break_nothing(kept: Profiles, text: str | bytes) -> None:
    kept.start().put_lock("pin", "4711")
    data = text if isinstance(text, bytes) else text.replace("same", kept.clock.boot_id()).encode()
    kept.profile.tries_file.write_bytes(data)
    assert 0 < kept.start().wait_s() <= lock_files.LONGEST_WAIT_S
    assert code_of(kept.start(), "4711") == "too_many_tries"
    if b"1e300" not in data:
        kept.clock.advance(lock_files.LONGEST_WAIT_S)
        kept.start().unlock("4711")


def test_tries_that_cannot_be_counted_are_not_made(kept: Profiles) -> None:
    kept.start().put_lock("pin", "4711")
    kept.profile.tries_file.mkdir()
    kept.clock.advance(lock_files.LONGEST_WAIT_S)
    assert code_of(kept.start(), "4711") == "key_file_unusable"
    assert kept.start().is_locked
