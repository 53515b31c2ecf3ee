"""The whole main job through ``fieldtech sync --once``: no window, real processes, one effect."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import central_seed
import laptops
import pytest
from central_process import running_central

from fieldtech.domain.check_commands import AnswerCheck
from fieldtech.domain.words import CheckStatus, IncidentState, VisitState
from fieldtech.store.agenda import AgendaQuery

if TYPE_CHECKING:
    from pathlib import Path

CLEAN, NOT_REACHED, REFUSED, USAGE = 0, 1, 2, 64


def fieldtech(*arguments: str, stdin: str = "") -> tuple[int, dict[str, Any], str]:
    """Run the command; its exit code, the JSON on stdout, and stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "fieldtech.cli", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


def sync_once(laptop: laptops.Laptop) -> tuple[int, dict[str, Any]]:
    """Synchronise a profile nobody has open."""
    laptop.close()
    code, told, _ = fieldtech("sync", "--once", "--profile", str(laptop.folder), "--json")
    return code, told


def sign_in(laptop: laptops.Laptop, url: str) -> None:
    profile = str(laptop.folder)
    code, told, trouble = fieldtech(
        *("signin", "--central", url, "--user", laptop.user, "--profile", profile),
        *("--secrets", "file"),
        *("--password-stdin", "--json"),
        stdin=central_seed.PASSWORD + "\n",
    )
    assert code == CLEAN, trouble
    assert told["user"] == laptop.user


def test_an_incident_comes_to_the_technician_and_goes_back_resolved_once(tmp_path: Path) -> None:
    with running_central(tmp_path / "central") as central:
        records = laptops.CentralRecords(central.data)
        dora = laptops.Laptop(folder=tmp_path / "dora", user="dora")
        ana = laptops.Laptop(folder=tmp_path / "ana", user="ana")
        for person in (dora, ana):
            sign_in(person, central.url)
            assert sync_once(person)[0] == CLEAN

        # The dispatcher registers a fault and sends a technician.
        dora.open()
        incident_id = dora.register()
        visit_id = dora.assign(incident_id, "ana")
        code, told = sync_once(dora)
        assert (code, told["reached"], told["pushed"], told["waiting"]) == (CLEAN, True, 2, 0)

        # The technician finds it on her agenda.
        assert sync_once(ana)[0] == CLEAN
        ana.open()
        (row,) = ana.store.agenda.page(AgendaQuery()).rows
        assert (row.incident_id, row.visit_id) == (incident_id, visit_id)
        assert row.visit_state == "assigned"
        assert row.number.startswith("INC-")
        assert row.severity == "major"

        # She works with the central switched off.
        central.stop()
        ana.arrive(visit_id)
        ana.queue(
            "check.answer",
            f"visit:{visit_id}",
            AnswerCheck(item="lan.link", status=CheckStatus.PASS, value="1000 Mb/s"),
        )
        ana.answer_checklist(visit_id)
        ana.restore(incident_id)
        code, told = sync_once(ana)
        assert (code, told["reached"], told["problem"]["code"]) == (
            NOT_REACHED,
            False,
            "unreachable",
        )
        ana.open()
        waiting = [item.op_id for item in ana.store.outbox.items(("waiting",))]
        assert told["waiting"] == len(waiting)
        assert ana.case(incident_id).incident.state is IncidentState.RESTORED

        # The central comes back; everything arrives, once.
        central.start()
        code, told = sync_once(ana)
        assert (code, told["pushed"], told["waiting"]) == (CLEAN, len(waiting), 0)
        assert told["refused"] == []
        assert sync_once(ana)[1]["pushed"] == 0
        assert [records.outcomes(op_id) for op_id in waiting] == [["applied"]] * len(waiting)
        incident = records.body("incident", incident_id)
        assert incident["state"] == "restored"
        told_once = [e["subject"] for e in incident["history"] if e["cmd"] == "incident.restore"]
        assert sorted(told_once) == [f"incident:{incident_id}", f"visit:{visit_id}"]

        # The dispatcher sees it.
        assert sync_once(dora)[0] == CLEAN
        dora.open()
        case = dora.case(incident_id)
        assert case.incident.state is IncidentState.RESTORED
        assert case.visit(visit_id).state is VisitState.ON_SITE
        dora.close()
        ana.close()


def test_refused_work_exits_2_and_is_listed(tmp_path: Path) -> None:
    with running_central(tmp_path / "central") as central:
        dora = laptops.Laptop(folder=tmp_path / "dora", user="dora")
        dora.sign_in(central.url)
        dora.sync_clean()
        incident_id = dora.register()
        # Beto does not exist any more at the central; this laptop has not heard of that yet.
        dora.assign(incident_id, "nobody")
        code, told = sync_once(dora)
        assert code == REFUSED
        (refused,) = told["refused"]
        assert (refused["cmd"], refused["code"]) == ("visit.assign", "unknown_target")
        assert sync_once(dora)[0] == REFUSED, "until a person decides"


@pytest.mark.parametrize(
    "arguments", [["sync"], ["sync", "--once", "--what"], ["signin", "--user", "ana"], []]
)
def test_a_mistake_in_the_command_line_exits_64(arguments: list[str]) -> None:
    code, told, trouble = fieldtech(*arguments)
    assert (code, told) == (USAGE, {})
    assert "usage:" in trouble


def test_a_profile_nobody_signed_in_on_says_so(tmp_path: Path) -> None:
    code, told, trouble = fieldtech("sync", "--once", "--profile", str(tmp_path / "p"), "--json")
    assert (code, told["problem"]["code"]) == (NOT_REACHED, "not_signed_in")
    assert "Sign in" in trouble


def test_a_wrong_password_is_told_and_nothing_is_kept(tmp_path: Path) -> None:
    with running_central(tmp_path / "central") as central:
        code, told, _ = fieldtech(
            *("signin", "--central", central.url, "--user", "ana", "--password-stdin", "--json"),
            *("--profile", str(tmp_path / "p"), "--secrets", "file"),
            stdin="guess\n",
        )
    assert (code, told["problem"]["code"]) == (NOT_REACHED, "bad_credentials")
