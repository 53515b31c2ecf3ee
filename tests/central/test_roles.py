"""Every route declares who may use it, and holds to that for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from fastapi import FastAPI

from fieldtech.central.api.access import ROLES
from fieldtech.domain.words import Role

if TYPE_CHECKING:
    from central_desk import Desk

WHO = {
    Role.TECHNICIAN: "ana",
    Role.DISPATCHER: "dora",
    Role.SUPERVISOR: "sol",
    Role.ADMIN: "root",
}


class Place(NamedTuple):
    """One operation of the API, and whom it is for."""

    method: str
    path: str
    roles: frozenset[str]


def places(desk: Desk) -> list[Place]:
    app = desk.client.app
    assert isinstance(app, FastAPI)
    return [
        Place(method.upper(), path, frozenset(operation[ROLES]))
        for path, operations in app.openapi()["paths"].items()
        for method, operation in operations.items()
    ]


def asked(desk: Desk, place: Place, token: str = "") -> int:
    """The status that a request without any content gets."""
    path = place.path.replace("{", "").replace("}", "")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    told = desk.client.request(place.method, path, headers=headers, content=b"{}")
    assert told.status_code < 500
    return told.status_code


def test_every_role_is_asked_for() -> None:
    assert set(WHO) == set(Role) - {Role.SYSTEM}


@pytest.mark.parametrize("role", WHO)
def test_a_route_answers_whom_it_declares_and_nobody_else(desk: Desk, role: Role) -> None:
    laptop = desk.laptop(WHO[role])
    for place in places(desk):
        laptop.sign_in()  # one of them signs him out
        refused = asked(desk, place, laptop.access) == 403
        declared = not place.roles or role.value in place.roles
        assert refused is not declared, place


def test_without_a_token_only_the_public_ones_answer(desk: Desk) -> None:
    public = {place.path for place in places(desk) if not place.roles}
    assert public == {"/v1/session", "/v1/session/refresh", "/livez", "/readyz"}
    for place in places(desk):
        unknown = asked(desk, place) == 401
        assert unknown is bool(place.roles), place
        if place.roles:
            assert asked(desk, place, "made up") == 401, place


def test_of_a_revoked_laptop_everything_is_refused_as_such(desk: Desk) -> None:
    root, ana = desk.laptop("root"), desk.laptop("ana")
    told = root.post(f"/v1/admin/devices/{ana.device_id}/revoke", {})
    assert told.status_code == 200
    for place in places(desk):
        if place.roles:
            assert asked(desk, place, ana.access) == 403, place
