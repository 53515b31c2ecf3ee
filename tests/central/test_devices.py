"""Laptops as an administrator sees them, and nobody else; a revoked one has no way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx2
    from central_desk import Desk, Laptop


def get(laptop: Laptop, path: str) -> httpx2.Response:
    return laptop.desk.client.get(path, headers={"Authorization": f"Bearer {laptop.access}"})


def post(laptop: Laptop, path: str) -> httpx2.Response:
    return laptop.desk.client.post(path, headers={"Authorization": f"Bearer {laptop.access}"})


def listed(root: Laptop) -> dict[str, dict[str, Any]]:
    told = get(root, "/v1/admin/devices")
    assert told.status_code == 200
    assert {"epoch", "server_time"} <= told.json().keys()
    return {each["id"]: each for each in told.json()["devices"]}


def test_an_administrator_sees_every_laptop(desk: Desk) -> None:
    ana, root = desk.laptop("ana"), desk.laptop("root")
    rows = listed(root)
    assert {ana.device_id, root.device_id} <= rows.keys()
    assert (rows[ana.device_id]["user"], rows[ana.device_id]["revoked_at"]) == ("ana", "")


@pytest.mark.parametrize("user", ["ana", "dora", "sol"])
def test_nobody_else_may(desk: Desk, user: str) -> None:
    other, root = desk.laptop(user), desk.laptop("root")
    for told in (
        get(other, "/v1/admin/devices"),
        post(other, f"/v1/admin/devices/{root.device_id}/revoke"),
    ):
        assert (told.status_code, told.json()["code"]) == (403, "not_authorised")
    assert listed(root)[root.device_id]["revoked_at"] == ""


def test_without_a_token_nobody_may(desk: Desk) -> None:
    assert desk.client.get("/v1/admin/devices").status_code == 401
    assert desk.client.post("/v1/admin/devices/x/revoke").status_code == 401


def test_a_revoked_laptop_is_out_of_everything(desk: Desk) -> None:
    ana, root = desk.laptop("ana"), desk.laptop("root")
    told = post(root, f"/v1/admin/devices/{ana.device_id}/revoke")
    assert told.json()["revoked"] == [ana.device_id]
    assert listed(root)[ana.device_id]["revoked_at"] != ""
    assert ana.hello().json()["code"] == "device_revoked"
    assert ana.refresh().json()["code"] == "device_revoked"
    assert ana.sign_in().json()["code"] == "device_revoked"
    assert ana.push_raw().json()["code"] == "device_revoked"
    assert get(ana, "/v1/me").json()["code"] == "device_revoked"


def test_a_laptop_nobody_has_cannot_be_revoked(desk: Desk) -> None:
    told = post(desk.laptop("root"), "/v1/admin/devices/nowhere/revoke")
    assert (told.status_code, told.json()["code"]) == (404, "unknown_device")


def test_a_key_that_cannot_be_one_is_refused(desk: Desk) -> None:
    ana = desk.laptop("ana")
    told = ana.post(
        "/v1/sync/hello",
        {
            "device_id": ana.device_id,
            "app": "t",
            "schema": 1,
            "next_n": ana.next_n,
            "sign_key": "short",
        },
    )
    assert (told.status_code, told.json()["code"]) == (400, "invalid")
