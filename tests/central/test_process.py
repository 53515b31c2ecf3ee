"""The real process: how it starts, what it says, how it ends, what a second one is told."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import central_seed
import pytest
import requests
from central_process import CentralProcess, running_central
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.cli import main
from fieldtech.central.database import Database
from fieldtech.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEADLINE_S = 30


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentralProcess]:
    """One process for the tests that only ask it something."""
    with running_central(tmp_path_factory.mktemp("central")) as process:
        yield process


def sign_in(central: CentralProcess, user: str = "ana") -> requests.Response:
    return requests.post(
        f"{central.url}/v1/session",
        json={
            "user": user,
            "password": central_seed.PASSWORD,
            "device_id": "device-real",
            "device_name": "laptop",
        },
        timeout=DEADLINE_S,
    )


def test_its_first_line_says_where_it_is_and_it_answers(central: CentralProcess) -> None:
    assert central.url.startswith("http://127.0.0.1:")
    for path in ("/livez", "/readyz", "/openapi.json"):
        assert requests.get(central.url + path, timeout=DEADLINE_S).status_code == 200
    told = requests.get(central.url + "/readyz", timeout=DEADLINE_S).json()
    assert told["epoch"]
    assert told["server_time"].endswith("Z")


def test_what_does_not_exist_is_a_problem_document_too(central: CentralProcess) -> None:
    for method, path, status in (("GET", "/nothing", 404), ("DELETE", "/v1/me", 405)):
        told = requests.request(method, central.url + path, timeout=DEADLINE_S)
        assert told.status_code == status
        assert told.headers["content-type"] == "application/problem+json"
        assert {"code", "retryable", "epoch", "server_time"} <= set(told.json())


def test_hello_carries_the_seal_key_and_the_limits(central: CentralProcess) -> None:
    token = sign_in(central).json()["access_token"]
    told = requests.post(
        f"{central.url}/v1/sync/hello",
        json={"device_id": "device-real", "app": "test 1", "schema": 1, "next_n": 1},
        headers={"Authorization": f"Bearer {token}"},
        timeout=DEADLINE_S,
    ).json()
    assert len(told["seal_key"]) == 44
    assert told["limits"]["push_ops"] == 100
    assert (told["last_n"], told["min_push_protocol"], told["min_pull_protocol"]) == (0, 1, 1)
    assert "seal.key" in {path.name for path in central.data.iterdir()}
    assert (central.data / "seal.key").stat().st_mode & 0o777 == 0o600


def guess(central: CentralProcess, times: int) -> list[int]:
    """The answers to wrong passwords of one account, each said to come from another address."""
    asked = {"user": "beto", "password": "wrong", "device_id": "device-thief", "device_name": ""}
    return [
        requests.post(
            f"{central.url}/v1/session",
            json=asked,
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
            timeout=DEADLINE_S,
        ).status_code
        for number in range(times)
    ]


def test_nobody_gets_round_the_brake_by_naming_another_address(central: CentralProcess) -> None:
    assert guess(central, 6) == [401] * 5 + [429]


def test_a_proxy_that_is_trusted_says_whom_it_speaks_for(tmp_path: Path) -> None:
    options = ("--trusted-proxy", "127.0.0.1")
    with running_central(tmp_path / "central", options=options) as central:
        assert guess(central, 7) == [401] * 7


def test_a_second_process_on_the_same_folder_is_refused(
    central: CentralProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--data", str(central.data)]) == 1
    assert "already serves" in capsys.readouterr().err


def test_a_users_command_works_while_it_serves(
    central: CentralProcess,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("una frase larga\n"))
    words = ["--login", "eva", "--name", "Eva", "--role", "dispatcher", "--region", "nl"]
    where = ["--data", str(central.data)]
    assert main(["user", "add", *words, "--password-stdin", *where]) == 0
    assert json.loads(capsys.readouterr().out)["login"] == "eva"
    told = requests.post(
        f"{central.url}/v1/session",
        json={
            "user": "eva",
            "password": "una frase larga",
            "device_id": "device-eva",
            "device_name": "",
        },
        timeout=DEADLINE_S,
    )
    assert told.json()["user"]["region_ids"] == ["nl"]
    assert main(["user", "add", *words, *where]) == 1
    assert "already" in capsys.readouterr().err
    lost = [word.replace("nl", "atlantis").replace("eva", "leo") for word in words]
    assert main(["user", "add", *lost, *where]) == 1
    assert "atlantis" in capsys.readouterr().err


def test_it_drains_on_sigterm_and_comes_back_with_the_same_world(tmp_path: Path) -> None:
    with running_central(tmp_path / "a place with ñ") as central:
        token = sign_in(central).json()["access_token"]
        epoch = requests.get(f"{central.url}/readyz", timeout=DEADLINE_S).json()["epoch"]
        assert central.stop() == 0
        with pytest.raises(requests.ConnectionError):
            requests.get(central.url, timeout=DEADLINE_S)
        central.start()
        assert requests.get(f"{central.url}/readyz", timeout=DEADLINE_S).json()["epoch"] == epoch
        central.kill()
        central.start()
        told = requests.get(
            f"{central.url}/v1/me",
            headers={"Authorization": f"Bearer {token}"},
            timeout=DEADLINE_S,
        )
        assert told.json()["id"] == "ana"
        assert central.stop() == 0
        assert central_seed.PASSWORD not in central.stderr()
        assert token not in central.stderr()
        assert "POST /v1/session 200" in central.stderr()


def test_an_empty_folder_starts_with_an_administrator_told_once(tmp_path: Path) -> None:
    central = CentralProcess(data=tmp_path)
    central.start()
    try:
        first = central.stderr()
        password = first.partition("'admin' with ")[2].split()[0]
        told = requests.post(
            f"{central.url}/v1/session",
            json={
                "user": "admin",
                "password": password,
                "device_id": "device-admin",
                "device_name": "",
            },
            timeout=DEADLINE_S,
        )
        assert told.json()["user"]["role"] == "admin"
        central.stop()
        central.start()
        assert central.stderr().count("First start") == 1
    finally:
        central.stop()


def test_a_lost_seal_key_is_not_quietly_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_central(tmp_path) as central:
        central.stop()
    (tmp_path / "seal.key").unlink()
    assert main(["serve", "--data", str(tmp_path)]) == 1
    assert "seal key" in capsys.readouterr().err


def test_the_policy_in_force_is_a_setting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--data", str(tmp_path), "--policy", "clever-typo"]) == 1
    assert "clever-literal" in capsys.readouterr().err


def test_new_epoch_after_a_restore(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = Database.in_folder(tmp_path)
    central_seed.seed(database, SystemClock().now(), people=("ana",))
    with database.read() as connection:
        meta = tables.meta.c
        before = connection.execute(select(meta.value).where(meta.key == "epoch")).scalar_one()
    database.close()
    assert main(["new-epoch", "--data", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["epoch"] != before
