"""What waits, what was refused and why, and where the key lies; decided with a click."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import field_office
import pytest
from file_choice import choose, open_dialog
from PySide6.QtWidgets import QAbstractButton, QLabel
from shiboken6 import isValid
from small_work import settle
from stage import Stage, button, find, shown

from fieldtech.domain.commands import AddNote
from fieldtech.protocol.wire import QUARANTINED
from fieldtech.services.first_values import RunProgress
from fieldtech.services.values import SyncStatus
from ui.theme.tokens import Tone
from ui.views import sync_line
from ui.views.sync_view import PAGE, SyncView
from ui.widgets.badge import Badge
from ui.widgets.confirm import InlineConfirm
from ui.widgets.growing_column import SLICE, GrowingColumn

if TYPE_CHECKING:
    from pathlib import Path

    from field_office import FieldLaptop, Office

    from fieldtech.services.values import Changed

ANHOUR = timedelta(hours=1)


@pytest.fixture
def view(stage: Stage) -> SyncView:
    """The screen of a technician who has nothing to send."""
    return open_view(stage)


def open_view(stage: Stage) -> SyncView:
    made = SyncView(stage.kit)
    made.show_status(stage.laptop.desk.sync.status())
    stage.show(made, 1294)
    return made


def texts(view: SyncView) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.isVisible()]


def refuse(laptop: FieldLaptop, office: Office) -> int:
    """Have the central refuse an acceptance; return the command's number."""
    office.desk_of("dora").do("visit.cancel", "visit:v-run", reason="se arregló solo")
    laptop.do_on_visit("run", "visit.accept")
    laptop.sync(office)
    return laptop.desk.sync.outbox()[0].n


# --- the pill


@pytest.mark.parametrize(
    ("status", "text", "tone"),
    [
        (SyncStatus(), "Not synchronised yet", Tone.NEUTRAL),
        (SyncStatus(last_contact=field_office.NOW), "All sent", Tone.OK),
        (SyncStatus(last_contact=field_office.NOW, waiting=1), "1 change to send", Tone.WARN),
        (SyncStatus(waiting=3), "3 changes to send", Tone.WARN),
        (SyncStatus(problem="unreachable"), "No connection", Tone.WARN),
        (SyncStatus(problem="timeout", waiting=2), "No connection · 2 changes to send", Tone.WARN),
        (SyncStatus(problem="captive_portal"), "Captive portal", Tone.WARN),
        (
            SyncStatus(problem="signed_out", waiting=1),
            "Sign in again · 1 change to send",
            Tone.WARN,
        ),
        (SyncStatus(problem="revoked"), "Laptop revoked", Tone.WARN),
        (SyncStatus(problem="cancelled", waiting=2), "Stopped · 2 changes to send", Tone.WARN),
        (SyncStatus(problem="cancelled"), "Stopped", Tone.WARN),
        (SyncStatus(running=True, refused=1, waiting=2), "Synchronising…", Tone.INFO),
        (SyncStatus(refused=2, waiting=5, problem="unreachable"), "2 refused", Tone.DANGER),
        (SyncStatus(waiting=2, files_waiting=3), "2 changes to send", Tone.WARN),
        (SyncStatus(last_contact=field_office.NOW, files_waiting=1), "1 file to send", Tone.WARN),
        (
            SyncStatus(problem="unreachable", files_waiting=3),
            "No connection · 3 files to send",
            Tone.WARN,
        ),
        (
            SyncStatus(last_contact=field_office.NOW, files_aside=2),
            "2 files put aside",
            Tone.DANGER,
        ),
        (SyncStatus(waiting=1, files_aside=2), "1 change to send", Tone.WARN),
        (SyncStatus(problem="captive_portal", files_aside=2), "Captive portal", Tone.WARN),
    ],
)
@pytest.mark.usefixtures("english")
def test_the_pill_says_the_most_important(status: SyncStatus, text: str, tone: Tone) -> None:
    shown_text, shown_tone, icon = sync_line.line(status)
    assert (shown_text, shown_tone) == (text, tone)
    assert icon.startswith(("refresh",) if status.running else ("cloud", "circle-pause"))


@pytest.mark.usefixtures("spanish")
def test_the_pill_speaks_spanish() -> None:
    assert sync_line.line(SyncStatus(waiting=1))[0] == "1 cambio por enviar"
    assert sync_line.line(SyncStatus(waiting=2))[0] == "2 cambios por enviar"
    assert sync_line.line(SyncStatus(problem="captive_portal"))[0] == "Portal cautivo"


def test_the_last_contact_is_said_with_its_age() -> None:
    status = SyncStatus(last_contact=field_office.NOW - ANHOUR)
    told = sync_line.contact_text(status, field_office.NOW, "America/Mexico_City")
    assert told == "Last contact 4 Nov 09:00 (1 h 0 min ago)"
    never = sync_line.contact_text(SyncStatus(), field_office.NOW, "America/Mexico_City")
    assert never == "The central has not been reached yet."


# --- the screen


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (RunProgress(), "Asking the central…"),
        (RunProgress(phase="push", sent=3, to_send=1200), "Sending: 3 of 1,200"),
        (RunProgress(phase="pull"), "Receiving…"),
        (RunProgress(phase="pull", received=41_200), "Receiving: 41,200 records so far"),
        (RunProgress(phase="finish"), "Bringing the lists up to date…"),
        (RunProgress(phase="pull", stopping=True), "Stopping…"),
    ],
)
@pytest.mark.usefixtures("english")
def test_how_far_a_run_is(stage: Stage, progress: RunProgress, text: str) -> None:
    view = open_view(stage)
    height = find(view, "sync.line", QLabel).parentWidget().height()
    view.show_status(SyncStatus(running=True, progress=progress))
    assert find(view, "sync.progress", QLabel).text() == text
    button = find(view, "sync.run", QAbstractButton)
    assert (button.text(), button.isEnabled()) == ("Stop", not progress.stopping)
    assert find(view, "sync.line", QLabel).parentWidget().height() == height, "nothing moves"


def test_nothing_waits(view: SyncView) -> None:
    assert "Nothing waits" in texts(view)
    assert find(view, "sync.line", QLabel).text() == "All sent"


@pytest.mark.usefixtures("english")
def test_a_file_on_its_way_is_not_nothing(stage: Stage, ana: FieldLaptop, office: Office) -> None:
    ana.desk.files.attach_bytes("run", b"foto", "foto.jpg")
    ana.sync(office)
    view = open_view(stage)
    assert find(view, "sync.line", QLabel).text() == "1 file to send"
    assert "Nothing waits" not in texts(view)


def test_the_file_of_the_key_is_named(view: SyncView, ana: FieldLaptop) -> None:
    told = find(view, "sync.key", QLabel).text()
    assert f"the key of this laptop's data is in {ana.profile.key_file}." in told
    assert "fieldtech keys --to-keyring" in told
    assert told.endswith("Put a passphrase before it: see the settings.")
    assert "private file" not in told
    view.show_status(SyncStatus(key_kind="file", key_place="x", key_locked=True))
    assert find(view, "sync.key", QLabel).text().endswith("A PIN or passphrase stands before it.")
    view.show_status(SyncStatus(key_kind="keyring"))
    assert find(view, "sync.key", QLabel).text() == (
        "The key of this laptop's data is in the system's keyring."
    )


def test_until_when_it_opens_without_a_contact_is_told(view: SyncView) -> None:
    view.show_status(SyncStatus())
    assert find(view, "sync.lease", QLabel).isHidden()
    view.show_status(SyncStatus(lease_until=field_office.NOW))
    told = find(view, "sync.lease", QLabel).text()
    assert told.startswith("Without a contact it stays open until ")
    assert "set back" not in told
    view.show_status(SyncStatus(lease_until=field_office.NOW, clock_behind=True))
    assert "set back" in find(view, "sync.lease", QLabel).text()


def test_waiting_work_is_listed_on_the_sites_clock(stage: Stage, ana: FieldLaptop) -> None:
    ana.do("incident.note", "incident:minor", AddNote(text="x"))
    view = open_view(stage)
    told = texts(view)
    assert "WAITING TO BE SENT" in told
    assert "Note" in told
    assert any(t.endswith("Cliente Tijuana · Sin internet (minor) · 4 Nov 08:00") for t in told)
    assert "Nothing waits" not in told


def test_a_captive_portal_is_explained(view: SyncView) -> None:
    view.show_status(SyncStatus(problem="captive_portal", waiting=1))
    told = find(view, "sync.problem", QLabel)
    assert told.isVisible()
    assert "Open a browser and sign in to the network." in told.text()
    assert "Everything waiting is kept." in told.text()
    view.show_status(SyncStatus())
    assert not told.isVisible()


def test_a_problem_nobody_translated_is_not_silent(view: SyncView) -> None:
    view.show_status(SyncStatus(problem="odd", problem_text="Something odd."))
    assert find(view, "sync.problem", QLabel).text() == "Something odd."


def test_refused_work_shows_both_sides_and_the_ways_out(
    stage: Stage, ana: FieldLaptop, office: Office
) -> None:
    number = refuse(ana, office)
    view = open_view(stage)
    told = texts(view)
    assert "Not possible in the present state." in told
    assert "In force" in told
    assert any("cancelled" in text.casefold() for text in told)
    for decision in ("reissue", "note", "export", "dismiss"):
        assert shown(view, f"sync.{decision}.{number}")


@pytest.mark.usefixtures("english")
def test_what_the_central_holds_is_not_sent_again(stage: Stage, ana: FieldLaptop) -> None:
    ana.do("incident.note", "incident:minor", AddNote(text="x"))
    (row,) = ana.desk.sync.outbox()
    settle(ana.desk.store, row.op_id, QUARANTINED, code="failed")
    view = open_view(stage)
    told = texts(view)
    assert any("it is done once the fault there is mended" in text for text in told)
    assert view.findChildren(QAbstractButton, f"sync.reissue.{row.n}") == []
    for decision in ("note", "export", "dismiss"):
        assert shown(view, f"sync.{decision}.{row.n}")


@pytest.mark.usefixtures("english")
def test_both_versions_stand_side_by_side_and_say_where_they_differ(
    stage: Stage, ana: FieldLaptop, office: Office
) -> None:
    refuse(ana, office)
    view = open_view(stage)
    labels = [label for label in view.findChildren(QLabel) if label.isVisible()]
    (field,) = [label for label in labels if label.text() == "Visit (differs)"]
    (mine,) = [label for label in labels if label.text() == "Accepted"]
    (theirs,) = [label for label in labels if label.text() == "Cancelled"]
    at = [each.mapTo(view, each.rect().topLeft()) for each in (field, mine, theirs)]
    assert at[0].y() == at[1].y() == at[2].y()
    assert at[0].x() < at[1].x() < at[2].x()
    assert field.accessibleName() == "Visit (differs): yours Accepted, in force Cancelled"


@pytest.mark.usefixtures("english")
def test_each_item_says_how_it_stands(stage: Stage, ana: FieldLaptop, office: Office) -> None:
    ana.do("incident.note", "incident:minor", AddNote(text="Ya quedo"))
    ana.sync(office)
    number = refuse(ana, office)
    ana.do("incident.note", "incident:minor", AddNote(text="Falta un conector"))
    view = open_view(stage)
    badges = {each.objectName(): each.text for each in view.findChildren(Badge)}
    badges = {name: text for name, text in badges.items() if not name.startswith("lights.")}
    assert badges == {
        f"sync.state.{number}": "Refused",
        f"sync.state.{number + 1}": "Waiting",
        "sync.state.1": "Accepted 08:00",
        "blackbox.state": "Sealed for the central",
    }
    told = texts(view)
    assert {"Falta un conector", "Ya quedo"} <= set(told)
    assert "ACCEPTED BY THE CENTRAL LAST" in told


def test_giving_up_asks_first_and_then_clears_the_screen(
    stage: Stage, ana: FieldLaptop, office: Office
) -> None:
    number = refuse(ana, office)
    view = open_view(stage)
    stage.click(view, f"sync.dismiss.{number}")
    assert ana.desk.sync.status().refused == 1, "only asked"
    question = find(view, f"sync.confirm.{number}", InlineConfirm)
    assert question.question is not None
    assert question.question.danger
    assert "“Visit accepted”" in question.question.text
    button(question, "Cancel").click()
    stage.settle()
    assert ana.desk.sync.status().refused == 1
    stage.click(view, f"sync.dismiss.{number}")
    button(question, "Give up").click()
    stage.settle()
    assert ana.desk.sync.status().refused == 0
    assert "Nothing waits" in texts(view)


def test_refused_work_becomes_a_note(stage: Stage, ana: FieldLaptop, office: Office) -> None:
    number = refuse(ana, office)
    view = open_view(stage)
    stage.click(view, f"sync.note.{number}")
    assert ana.waiting() == ["incident.note"]
    (row,) = ana.desk.sync.outbox()
    assert row.sides[0].mine.startswith("Visit accepted")


def test_sending_again_in_vain_says_why_and_keeps_it(
    stage: Stage, ana: FieldLaptop, office: Office
) -> None:
    number = refuse(ana, office)
    view = open_view(stage)
    before = texts(view)
    stage.click(view, f"sync.reissue.{number}")
    assert len(texts(view)) == len(before) + 1
    assert ana.desk.sync.status().refused == 1
    assert shown(view, f"sync.reissue.{number}")


def test_an_export_is_written_where_one_says(
    stage: Stage,
    ana: FieldLaptop,
    office: Office,
    tmp_path: Path,
) -> None:
    number = refuse(ana, office)
    view = open_view(stage)
    stage.click(view, f"sync.export.{number}")
    dialog = open_dialog(view)
    assert dialog.selectedFiles()[0].endswith(f"-{number}.json")
    ana.do("incident.note", "incident:minor", AddNote(text="mientras tanto"))
    stage.sync(office)
    assert dialog.isVisible(), "work goes on behind it"
    dialog.reject()
    stage.settle()
    assert ana.desk.sync.status().refused == 1, "the dialog was closed"
    stage.click(view, f"sync.export.{number}")
    card = find(view, f"sync.export.{number}", QAbstractButton).parentWidget()
    assert card is not None
    column = card.parentWidget()
    assert isinstance(column, GrowingColumn)
    column.set_items([])
    stage.settle()
    stage.qtbot.waitUntil(lambda: not isValid(card))
    choose(view, tmp_path / "out.json")
    stage.settle()
    assert json.loads((tmp_path / "out.json").read_text())["command"]["cmd"] == "visit.accept"
    assert ana.desk.sync.status().refused == 0


def test_an_export_that_fails_is_told(
    stage: Stage,
    ana: FieldLaptop,
    office: Office,
    tmp_path: Path,
) -> None:
    number = refuse(ana, office)
    view = open_view(stage)
    stage.click(view, f"sync.export.{number}")
    choose(view, tmp_path / "nowhere" / "out.json")
    stage.settle()
    assert [getattr(error, "code", "") for error in stage.failures] == ["copy_unwritable"]
    stage.failures.clear()
    assert find(view, f"sync.export.{number}", QAbstractButton).isEnabled()
    assert ana.desk.sync.status().refused == 1


def test_the_screen_follows_what_is_sent(stage: Stage, ana: FieldLaptop, office: Office) -> None:
    ana.do("incident.note", "incident:minor", AddNote(text="x"))
    view = open_view(stage)
    stage.sync(office)
    assert "Nothing waits" in texts(view)


def test_much_work_is_shown_a_few_cards_at_a_time_and_one_more_makes_one(
    stage: Stage, ana: FieldLaptop
) -> None:
    def note(text: str) -> Changed:
        return ana.do("incident.note", "incident:minor", AddNote(text=text)).changed

    for number in range(30):
        note(str(number))
    view = open_view(stage)
    stage.qtbot.waitUntil(lambda: view._rows.is_complete)
    before = view._rows.rows
    assert len(before) == 31
    stage.kit.announce(note("one more"))
    stage.settle()
    after = view._rows.rows
    assert after[1:31] == before[1:]
    assert len(after) == 32


def test_many_cards_do_not_come_at_once(stage: Stage, ana: FieldLaptop) -> None:
    for number in range(30):
        ana.do("incident.note", "incident:minor", AddNote(text=str(number)))
    view = SyncView(stage.kit)
    sizes: list[int] = []
    view._rows.grown.connect(lambda: sizes.append(len(view._rows.rows)))
    stage.show(view, 1294)
    stage.qtbot.waitUntil(lambda: view._rows.is_complete)
    steps = [after - before for before, after in zip([0, *sizes], sizes, strict=False)]
    assert max(steps) == SLICE
    assert sizes[-1] == 31


@pytest.mark.usefixtures("english")
def test_of_very_much_work_a_part_is_shown_and_more_on_demand(
    stage: Stage, ana: FieldLaptop
) -> None:
    for number in range(PAGE + 4):
        ana.do("incident.note", "incident:minor", AddNote(text=str(number)))
    view = open_view(stage)
    stage.qtbot.waitUntil(lambda: view._rows.is_complete)
    assert len(view._rows.rows) == PAGE
    more = find(view, "sync.more", QAbstractButton)
    assert more.isVisible()
    assert more.text() == "Show 5 more", "beside the heading a card less was shown"
    stage.click(view, "sync.more")
    stage.qtbot.waitUntil(lambda: view._rows.is_complete)
    assert len(view._rows.rows) == PAGE + 5
    assert not more.isVisible()
