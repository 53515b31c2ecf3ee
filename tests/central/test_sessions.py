"""Sign-in, tokens that turn over, and the brake on guessing."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import central_seed
import pytest
from central_desk import register
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from fieldtech.central import tables
from fieldtech.central.auth import devices, throttle
from fieldtech.central.passwords import MOST_IN_LINE, Passwords, generated_password

if TYPE_CHECKING:
    import httpx2
    from central_desk import Desk, Laptop

DAY = 86_400


def me(desk: Desk, token: str) -> int:
    return desk.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code


def attempt(desk: Desk, user: str = "ana", typed: str = "wrong") -> httpx2.Response:
    return desk.client.post(
        "/v1/session",
        json={"user": user, "password": typed, "device_id": "device-x1", "device_name": ""},
    )


def test_sign_in_tells_tokens_user_epoch_and_time(desk: Desk) -> None:
    told = desk.laptop("dora").sign_in().json()
    assert told["user"] == {
        "id": "dora",
        "login": "dora",
        "name": "Dora",
        "role": "dispatcher",
        "region_ids": ["jal"],
    }
    assert told["expires_in"] == 900
    assert told["server_time"] == "2026-11-04T15:00:00Z"
    assert told["epoch"]
    assert me(desk, told["access_token"]) == 200


def test_tokens_and_passwords_are_stored_as_hashes_only(desk: Desk) -> None:
    ana = desk.laptop("ana")
    secrets = (ana.access, ana.refresh_token, central_seed.PASSWORD)
    with desk.database.read() as connection:
        for table in tables.metadata.sorted_tables:
            stored = repr(connection.execute(select(table)).all())
            assert not any(secret in stored for secret in secrets), table.name


def test_wrong_password_and_unknown_user_are_told_alike(desk: Desk) -> None:
    wrong, unknown = attempt(desk), attempt(desk, user="nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["code"] == unknown.json()["code"] == "bad_credentials"
    assert wrong.json()["detail"] == unknown.json()["detail"]


def test_an_inactive_user_is_out_everywhere(desk: Desk) -> None:
    ana = desk.laptop("ana")
    with desk.database.write() as connection:
        user = tables.user_account
        connection.execute(update(user).where(user.c.id == "ana").values(active=False))
    assert me(desk, ana.access) == 401
    assert ana.refresh().json()["code"] == "refresh_invalid"
    assert ana.sign_in().json()["code"] == "bad_credentials"


def test_invalid_sign_ins_never_quote_the_password(desk: Desk) -> None:
    told = desk.client.post("/v1/session", json={"user": "ana", "password": ["s3cr3t"]})
    assert (told.status_code, told.json()["code"]) == (422, "invalid")
    assert "s3cr3t" not in told.text
    assert "password" in told.json()["detail"]


# Refresh -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/session", {"user": "ana", "password": "s3cr3t", "device_id": "device-1"}),
        ("/v1/session", {"device_name": "x", "passwort": "s3cr3t"}),
        ("/v1/session/refresh", {"refresh_token": "s3cr3t", "device_id": "device-1", "more": 1}),
        ("/v1/sync/hello", {"device_id": "device-1", "app": "x", "schema": "1", "next_n": 1}),
        ("/v1/sync/hello", {"device_id": "device-1", "app": "x", "schema": 1, "next_n": True}),
        ("/v1/sync/pull", {"device_id": "device-1", "cursors": {}}),
        ("/v1/sync/pull", {"device_id": "device-1", "limit": "5"}),
    ],
)
def test_a_message_is_read_strictly_and_never_quoted(
    desk: Desk, path: str, asked: dict[str, object]
) -> None:
    """A field that is missing, unknown or of another type: each was taken for something else."""
    full = {"user": "ana", "password": "s3cr3t", "device_id": "device-1", "device_name": "x"}
    if "passwort" in asked:
        asked = {**full, **asked}
    told = desk.laptop("ana").post(path, asked)
    assert (told.status_code, told.json()["code"]) in {(422, "invalid"), (400, "malformed")}
    assert "s3cr3t" not in told.text


def test_me_tells_epoch_and_time_as_every_reply_does(desk: Desk) -> None:
    ana = desk.laptop("ana")
    told = desk.client.get("/v1/me", headers={"Authorization": f"Bearer {ana.access}"}).json()
    assert told["id"] == "ana"
    assert told["epoch"] == ana.epoch
    assert told["server_time"] == "2026-11-04T15:00:00Z"


def test_refresh_response_lost_then_offline_does_not_sign_out(desk: Desk) -> None:
    ana = desk.laptop("ana")
    old = ana.refresh_token
    ana.refresh()  # Its response is lost on the way: the laptop still has the old one.
    desk.clock.advance(5 * DAY)
    assert ana.refresh(old).status_code == 200
    assert me(desk, ana.access) == 200


def test_reuse_after_the_successor_was_used_revokes_the_family(desk: Desk) -> None:
    ana = desk.laptop("ana")
    first = ana.refresh_token
    ana.refresh()
    ana.refresh()
    access, newest = ana.access, ana.refresh_token
    told = ana.refresh(first)
    assert (told.status_code, told.json()["code"]) == (401, "refresh_reused")
    assert me(desk, access) == 401
    assert ana.refresh(newest).json()["code"] == "refresh_invalid"
    assert ana.sign_in().status_code == 200


def test_of_two_successors_only_one_lives(desk: Desk) -> None:
    ana = desk.laptop("ana")
    old = ana.refresh_token
    lost = ana.refresh(old).json()["refresh_token"]
    ana.refresh(old)
    assert ana.refresh().status_code == 200
    assert ana.refresh(lost).json()["code"] == "refresh_reused"


def test_a_family_does_not_end_another_devices_session(desk: Desk) -> None:
    ana, other = desk.laptop("ana"), desk.laptop("ana")
    first = ana.refresh_token
    ana.refresh()
    ana.refresh()
    ana.refresh(first)
    assert me(desk, other.access) == 200


def test_a_refresh_token_expires_and_is_bound_to_its_user(desk: Desk) -> None:
    ana, beto = desk.laptop("ana"), desk.laptop("beto")
    assert beto.refresh(ana.refresh_token).json()["code"] == "device_bound"
    desk.clock.advance(61 * DAY)
    assert ana.refresh().json()["code"] == "refresh_invalid"


def test_logout_ends_this_devices_session_only(desk: Desk) -> None:
    ana, other = desk.laptop("ana"), desk.laptop("ana")
    assert ana.post("/v1/session/logout", {}).status_code == 204
    assert me(desk, ana.access) == 401
    assert ana.refresh().json()["code"] == "refresh_invalid"
    assert me(desk, other.access) == 200


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.sampled_from(["use", "lose", "wait"]), max_size=12))
def test_an_honest_laptop_never_loses_its_session(desk: Desk, moves: list[str]) -> None:
    """Whatever is lost on the way, and however long between, its newest received token works."""
    ana = desk.laptop("ana")
    for move in moves:
        if move == "wait":
            desk.clock.advance(5 * DAY)
            continue
        kept = ana.refresh_token
        assert ana.refresh(kept).status_code == 200
        if move == "lose":
            ana.refresh_token = kept
    assert ana.refresh().status_code == 200


# Devices ------------------------------------------------------------------------------------------


def test_a_device_belongs_to_the_first_who_signs_in(desk: Desk) -> None:
    ana = desk.laptop("ana")
    beto = desk.laptop("beto")
    beto.device_id = ana.device_id
    told = beto.sign_in()
    assert (told.status_code, told.json()["code"]) == (403, "device_bound")


def test_a_revoked_device_cannot_fork(desk: Desk) -> None:
    ana = desk.laptop("ana")
    old = ana.device_id
    ana.device_id = "device-fork-1"
    assert ana.hello().status_code == 200
    with desk.database.write() as connection:
        devices.revoke(connection, old, desk.clock.now(), by="root")
    assert ana.hello().json()["code"] == "device_revoked"
    ana.device_id = "device-fork-2"
    assert ana.hello().json()["code"] == "device_revoked"
    assert ana.refresh().status_code == 403


def test_a_stolen_laptop_does_not_outlive_its_revocation_on_another_device(desk: Desk) -> None:
    """A thief has the laptop's tokens and knows the id of the technician's other laptop."""
    stolen, other = desk.laptop("ana"), desk.laptop("ana")
    own = stolen.device_id
    stolen.device_id = other.device_id
    assert stolen.refresh().json()["code"] == "device_bound"
    assert stolen.hello().json()["code"] == "device_bound"
    with desk.database.write() as connection:
        devices.revoke(connection, own, desk.clock.now(), by="root")
    assert stolen.hello().json()["code"] == "device_revoked"
    assert stolen.refresh().json()["code"] == "device_revoked"
    assert other.hello().status_code == 200


def test_a_laptop_is_shut_out_under_every_number_it_had(desk: Desk) -> None:
    ana = desk.laptop("ana")
    first = ana.device_id
    ana.device_id = "device-fork-3"
    assert ana.hello().status_code == 200
    ana.device_id = first
    assert ana.hello().status_code == 200, "the store came back from an old copy"
    with desk.database.write() as connection:
        devices.revoke(connection, "device-fork-3", desk.clock.now(), by="root")
    assert ana.hello().json()["code"] == "device_revoked"
    assert ana.refresh().json()["code"] == "device_revoked"


@pytest.mark.parametrize("device_id", ["", "short", "x" * 65, "with space", "ñandú-ñandú"])
def test_a_device_id_has_a_shape(desk: Desk, device_id: str) -> None:
    told = desk.client.post(
        "/v1/session",
        json={
            "user": "ana",
            "password": central_seed.PASSWORD,
            "device_id": device_id,
            "device_name": "",
        },
    )
    assert (told.status_code, told.json()["code"]) == (400, "invalid")


# The brake ----------------------------------------------------------------------------------------


def test_waits_double_and_end_and_never_lock_out(desk: Desk) -> None:
    for _ in range(throttle.FREE_PER_ACCOUNT):
        assert attempt(desk).status_code == 401
    waits = []
    for _ in range(12):
        told = attempt(desk, typed=central_seed.PASSWORD)
        assert (told.status_code, told.json()["code"]) == (429, "throttled")
        assert told.json()["retryable"] is True
        waits.append(int(told.headers["retry-after"]))
        desk.clock.advance(waits[-1])
        assert attempt(desk).status_code == 401
    assert waits[:4] == [2, 3, 5, 9], "one second for rounding on top of 1, 2, 4, 8"
    assert waits[-1] == throttle.LONGEST_WAIT_S + 1
    desk.clock.advance(waits[-1])
    assert attempt(desk, typed=central_seed.PASSWORD).status_code == 200
    assert attempt(desk).status_code == 401, "forgiven: the next mistake is free again"


def test_guessing_an_account_here_does_not_hinder_it_elsewhere(desk: Desk) -> None:
    now = desk.clock.now()
    for _ in range(throttle.FREE_PER_ACCOUNT):
        with desk.database.write() as connection:
            throttle.count_attempt(connection, "ana", "203.0.113.9", now)
    assert attempt(desk, typed=central_seed.PASSWORD).status_code == 200


def test_many_accounts_from_one_address_are_slowed_too(desk: Desk) -> None:
    codes = [attempt(desk, user=f"user{n}").status_code for n in range(5)]
    assert codes == [401] * 5
    now = desk.clock.now()
    with desk.database.write() as connection:
        for number in range(throttle.FREE_PER_ADDRESS - 5):
            throttle.count_attempt(connection, f"someone{number}", "testclient", now)
    assert attempt(desk, user="another").status_code == 429


def test_a_whole_office_may_sign_in_from_one_address(desk: Desk) -> None:
    now = desk.clock.now()
    with desk.database.write() as connection:
        for number in range(3 * throttle.FREE_PER_ADDRESS):
            throttle.count_attempt(connection, f"colleague{number}", "203.0.113.9", now)
            throttle.forgive(connection, f"colleague{number}", "203.0.113.9")


def test_an_ipv6_household_counts_as_one(desk: Desk) -> None:
    now = desk.clock.now()
    with desk.database.write() as connection:
        for number in range(3):
            throttle.count_attempt(connection, "ana", f"2001:db8::{number}", now)
        rows = connection.execute(select(tables.login_throttle.c.failures)).scalars().all()
    assert rows == [3, 3]


# Passwords, logs, audit ---------------------------------------------------------------------------


def test_passwords_are_argon2id_by_the_owasp_figures() -> None:
    passwords = Passwords()
    stored = passwords.hash("tequila")
    assert stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert passwords.verify(stored, "tequila")
    assert not passwords.verify(stored, "mezcal")
    assert not passwords.verify(None, "tequila")
    assert not passwords.verify("not a hash", "tequila")
    assert generated_password() != generated_password()


def test_a_crowd_of_sign_ins_leaves_threads_for_everybody_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty sign in at once while each password takes for ever; the others are served."""
    ana, go = desk.laptop("ana"), threading.Event()
    statuses: list[int] = []
    sent_away = threading.Semaphore(0)

    def slow(_self: Passwords, _stored: str | None, _password: str) -> bool:
        assert go.wait(60)
        return False

    monkeypatch.setattr(Passwords, "verify", slow)

    def sign_in(number: int) -> None:
        told = attempt(desk, user=f"user{number}")
        statuses.append(told.status_code)
        if told.status_code == 503:
            assert told.headers["retry-after"]
            sent_away.release()

    crowd = [threading.Thread(target=sign_in, args=(number,)) for number in range(60)]
    for each in crowd:
        each.start()
    for _ in range(60 - MOST_IN_LINE):
        assert sent_away.acquire(timeout=60)
    assert desk.client.get("/livez").status_code == 200
    assert ana.pull() == 1
    go.set()
    for each in crowd:
        each.join()
    assert sorted(set(statuses)) == [401, 503]
    assert statuses.count(401) == MOST_IN_LINE
    assert attempt(desk, user="user1").status_code == 401, "who was sent away has not tried"


def test_logs_hold_no_token_and_no_password(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ana = desk.laptop("ana")
    old = ana.refresh_token
    ana.refresh()
    ana.pull()
    text = caplog.text
    assert "POST /v1/sync/pull 200" in text
    for secret in (central_seed.PASSWORD, ana.access, ana.refresh_token, old):
        assert secret not in text


def test_sign_ins_and_devices_leave_a_trail(desk: Desk) -> None:
    dora: Laptop = desk.laptop("dora")
    register(dora, "i1")
    dora.post("/v1/session/logout", {})
    with desk.database.read() as connection:
        audit = tables.audit.c
        query = select(audit.action).where(audit.user_id == "dora").order_by(audit.id)
        actions = set(connection.execute(query).scalars())
    assert {"device_registered", "signed_in", "signed_out"} <= actions
