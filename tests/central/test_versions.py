"""Laptops of older programs: no state any more, but their work is taken for half a year."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from central_desk import assign, note, notes_of, register

from fieldtech.central.sync.versions import PUSH_KEPT, oldest_to_pull, retire_older
from fieldtech.protocol import upcasting, wire
from fieldtech.protocol.codec import BadMessageError

if TYPE_CHECKING:
    from central_desk import Desk, Laptop

SECOND = {wire.HEADER_PROTOCOL: "2"}


def retire(desk: Desk, oldest: int) -> None:
    with desk.database.write() as connection:
        retire_older(connection, oldest, desk.clock.now())


def pull(laptop: Laptop, **headers: str) -> tuple[int, str]:
    asked = wire.PullRequest(device_id=laptop.device_id, epoch=laptop.epoch, cursor={}, limit=10)
    told = laptop.post("/v1/sync/pull", asked, **headers)
    return told.status_code, "" if told.status_code == 200 else told.json()["code"]


def working(desk: Desk) -> Laptop:
    dora, ana = desk.laptop("dora"), desk.laptop("ana")
    register(dora, "inc-1")
    assign(dora, "inc-1", "w-1", "ana")
    ana.pull()
    return ana


def test_of_an_old_laptop_the_work_is_taken_and_nothing_is_given(desk: Desk) -> None:
    ana = working(desk)
    retire(desk, 2)
    assert pull(ana) == (426, "upgrade_required")
    assert pull(ana, **SECOND) == (200, "")
    hello = ana.hello().json()
    assert (hello["min_push_protocol"], hello["min_pull_protocol"]) == (1, 2)
    assert ana.push(note(ana, "de antes"))[0]["status"] == wire.APPLIED
    assert notes_of(desk) == ["de antes"]


def test_for_half_a_year_and_a_problem_document_from_then_on(desk: Desk) -> None:
    ana = working(desk)
    retire(desk, 2)
    desk.clock.advance((PUSH_KEPT - timedelta(seconds=1)).total_seconds())
    retire(desk, 2)  # another start does not begin the time anew
    ana.sign_in()
    assert ana.push(note(ana, "el último día"))[0]["status"] == wire.APPLIED
    desk.clock.advance(1)
    refused = ana.push_raw(note(ana, "tarde"))
    assert (refused.status_code, refused.json()["code"]) == (426, "upgrade_required")
    assert not refused.json()["retryable"]
    assert ana.hello().json()["min_push_protocol"] == 2
    assert notes_of(desk) == ["el último día"]


def test_each_version_has_its_own_half_year(desk: Desk) -> None:
    retire(desk, 2)
    desk.clock.advance(timedelta(days=100).total_seconds())
    retire(desk, 3)
    desk.clock.advance(timedelta(days=100).total_seconds())
    ana = desk.laptop("ana")
    hello = ana.hello().json()
    assert (hello["min_push_protocol"], hello["min_pull_protocol"]) == (2, 3)


def test_a_version_that_is_taken_back_in_gets_state_again(desk: Desk) -> None:
    ana = working(desk)
    retire(desk, 2)
    retire(desk, 1)
    assert pull(ana) == (200, "")
    with desk.database.read() as connection:
        assert oldest_to_pull(connection) == 1


def test_a_stranger_learns_nothing_of_versions(desk: Desk) -> None:
    ana = working(desk)
    retire(desk, 2)
    ana.access = "somebody"
    ana.refresh_token = "nothing"
    assert pull(ana)[0] == 401


# Commands of older programs.


@pytest.fixture
def _renamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if notes had had a ``body`` once, then ``texto``, and ``text`` today."""
    steps: tuple[upcasting.Step, ...] = (
        lambda args: {"texto": args["body"]},
        lambda args: {"text": args["texto"]},
    )
    monkeypatch.setitem(upcasting.STEPS, "incident.note", steps)


def of_version(laptop: Laptop, v: int, **args: Any) -> dict[str, Any]:
    return laptop.envelope("incident.note", "incident:inc-1", **args) | {"v": v}


@pytest.mark.usefixtures("_renamed")
def test_commands_of_every_version_come_to_the_same(desk: Desk) -> None:
    ana = working(desk)
    told = ana.push(
        of_version(ana, 1, body="uno"),
        of_version(ana, 2, texto="dos"),
        of_version(ana, 3, text="tres"),
    )
    assert [each["status"] for each in told] == [wire.APPLIED] * 3
    assert notes_of(desk) == ["uno", "dos", "tres"]


@pytest.mark.usefixtures("_renamed")
def test_what_no_version_had_is_refused_and_what_comes_later_waits(desk: Desk) -> None:
    ana = working(desk)
    told = ana.push(
        of_version(ana, 1, text="ni una ni otra"),
        of_version(ana, 4, mensaje="del futuro"),
        of_version(ana, 3, text="sigue"),
    )
    assert [(each["status"], each["code"]) for each in told] == [
        (wire.REJECTED, "invalid"),
        (wire.DEFERRED, "newer_version"),
        (wire.APPLIED, ""),
    ]
    assert notes_of(desk) == ["sigue"]


@pytest.mark.usefixtures("_renamed")
@pytest.mark.parametrize(
    ("v", "args"), [(0, {"text": "x"}), (4, {"text": "x"}), (1, {}), (2, {"texto": 7})]
)
def test_arguments_that_cannot_be_read_are_named(v: int, args: dict[str, Any]) -> None:
    with pytest.raises(BadMessageError, match=r"note|str"):
        upcasting.read_args("incident.note", v, args)


def test_nobody_asks_for_a_protocol_that_cannot_be(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from fieldtech.central.cli import main

    assert main(["serve", "--data", str(tmp_path), "--min-pull-protocol", "0"]) == 1
    assert "--min-pull-protocol" in capsys.readouterr().err
