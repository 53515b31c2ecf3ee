"""A laptop takes a new number while somebody shuts it out: whoever is first, it is out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import crossing
import pytest
from central_desk import Desk

from fieldtech.central.auth import devices, sessions

if TYPE_CHECKING:
    import httpx2
    from central_desk import Laptop

WAIT_S = 60
FORK = "device-forked-while"


def revoke(desk: Desk, root: Laptop, device_id: str) -> httpx2.Response:
    return desk.client.post(
        f"/v1/admin/devices/{device_id}/revoke",
        headers={"Authorization": f"Bearer {root.access}"},
    )


def test_the_fork_is_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has its row, not yet committed, when the laptop is revoked."""
    ana, root = desk.laptop("ana"), desk.laptop("root")
    old, ana.device_id = ana.device_id, FORK
    halt, real = crossing.Halt(), sessions.move_family

    def move_family(*args: Any) -> None:
        real(*args)
        halt.here()

    monkeypatch.setattr("fieldtech.central.sync.hello.move_family", move_family)
    with ThreadPoolExecutor(2) as pool:
        forked = pool.submit(ana.hello)
        try:
            assert halt.reached.wait(WAIT_S)
            revoked = pool.submit(revoke, desk, root, old)
            assert crossing.stands_at_a_lock(crossing.address(desk), revoked)
        finally:
            halt.go_on.set()
        assert forked.result(WAIT_S).status_code == 200
        assert revoked.result(WAIT_S).json()["revoked"] == sorted([old, FORK])
    assert ana.hello().json()["code"] == "device_revoked"


def test_the_revocation_is_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The laptop was let in just before it."""
    ana, root = desk.laptop("ana"), desk.laptop("root")
    old, ana.device_id = ana.device_id, FORK
    halt, real = crossing.Halt(), devices.claim

    def claim(*args: Any, **more: Any) -> Any:
        halt.here()
        return real(*args, **more)

    monkeypatch.setattr(devices, "claim", claim)
    with ThreadPoolExecutor(1) as pool:
        forked = pool.submit(ana.hello)
        try:
            assert halt.reached.wait(WAIT_S)
            assert revoke(desk, root, old).json()["revoked"] == [old]
        finally:
            halt.go_on.set()
        told = forked.result(WAIT_S)
    assert (told.status_code, told.json()["code"]) == (403, "device_revoked")
    assert ana.hello().json()["code"] == "device_revoked"
