"""The visit: what comes next, what was refused and why, and who can be reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

import field_office
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)
from stage import Stage, button, double_click, find, pick, shown

from fieldtech.domain.check_commands import AnswerCheck
from fieldtech.domain.clock_view import ClockView
from fieldtech.domain.commands import (
    FieldTime,
    LogEscalation,
    Reason,
)
from fieldtech.domain.reference import ServiceMonth
from fieldtech.domain.words import CheckStatus, ClockState
from fieldtech.errors import EnvironmentProblem
from fieldtech.store.work import Work
from ui.tasks.announcer import Changes
from ui.views.technician.actions_bar import ActionsBar
from ui.views.technician.summary_tab import SummaryTab
from ui.views.technician.visit_header import VisitHeader
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.badge import Badge
from ui.widgets.countdown_label import CountdownLabel

if TYPE_CHECKING:
    from field_office import FieldLaptop, Office

    from ui.theme.theme import Theme


@pytest.fixture
def panel(stage: Stage) -> VisitPanel:
    """The visit that has just been assigned."""
    made = VisitPanel(stage.kit)
    made.show_incident("run", "")
    stage.show(made, 420)
    return made


def primary(panel: VisitPanel) -> str:
    """The object name of the large button."""
    found = [
        b.objectName()
        for b in panel.findChildren(QAbstractButton)
        if b.objectName().startswith("action.")
        and b.isVisible()
        and b.property("kind") == "primary"
    ]
    assert len(found) == 1, found
    return found[0]


def entries(panel: VisitPanel) -> list[str]:
    """What the menu of further actions offers."""
    return [action.text() for action in find(panel, "", QMenu).actions()]


def trigger(stage: Stage, panel: VisitPanel, text: str) -> None:
    """Choose from the menu of further actions."""
    next(a for a in find(panel, "", QMenu).actions() if a.text() == text).trigger()
    stage.settle()


def read(panel: VisitPanel, name: str) -> str:
    label = find(panel, name, QLabel)
    return label.text() if label.isVisible() else ""


def all_text(panel: QWidget) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel))


def test_the_large_button_follows_the_order_of_the_work(stage: Stage, panel: VisitPanel) -> None:
    steps = []
    for _ in range(3):
        steps.append(primary(panel))
        stage.click(panel, steps[-1])
    assert steps == ["action.visit.accept", "action.visit.start_travel", "action.visit.arrive"]
    assert primary(panel) == "action.incident.restore"
    assert stage.laptop.waiting() == ["visit.accept", "visit.start_travel", "visit.arrive"]
    assert has_badge(panel, "On site")


def has_badge(panel: VisitPanel, text: str) -> bool:
    return any(text in badge.accessibleName() for badge in panel.findChildren(Badge))


def test_a_double_click_sends_one_command(stage: Stage, panel: VisitPanel) -> None:
    accept = find(panel, "action.visit.accept", QAbstractButton)
    double_click(accept)
    QTest.mouseClick(accept, Qt.MouseButton.LeftButton)
    stage.settle()
    assert stage.laptop.waiting() == ["visit.accept"]
    assert not read(panel, "action.problem")


def test_the_second_half_of_a_double_click_is_not_the_next_step(
    stage: Stage, panel: VisitPanel
) -> None:
    stage.click(panel, "action.visit.accept")
    following = find(panel, "action.visit.start_travel", QAbstractButton)
    middle = QPointF(following.rect().center())
    for kind in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
        left = Qt.MouseButton.LeftButton
        event = QMouseEvent(
            kind,
            middle,
            following.mapToGlobal(middle),
            left,
            left if kind == QEvent.Type.MouseButtonDblClick else Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(following, event)
    stage.settle()
    assert stage.laptop.waiting() == ["visit.accept"]


def test_a_disk_that_takes_nothing_locks_no_button(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Work, "queue", disk_full)
        stage.click(panel, "action.visit.accept")
        panel.open_tab(2)
        stage.type(panel, "note.text", "se guarda luego")
        stage.click(panel, "note.save")
    assert [str(error) for error in stage.failures] == ["The disk is full."] * 2
    stage.failures.clear()
    stage.click(panel, "action.visit.accept")
    stage.click(panel, "note.save")
    assert stage.laptop.waiting() == ["visit.accept", "incident.note"]


def disk_full(*_: object, **_kw: object) -> NoReturn:
    raise EnvironmentProblem("The disk is full.", code="disk_full")


def test_the_keyboard_alone_walks_through_the_steps(stage: Stage, panel: VisitPanel) -> None:
    find(panel, "action.visit.accept", QAbstractButton).setFocus()
    for name in ("visit.accept", "visit.start_travel", "visit.arrive"):
        here = QApplication.focusWidget()
        assert here is not None
        assert here.objectName() == f"action.{name}"
        QTest.keyClick(here, Qt.Key.Key_Space)
        stage.settle()
    assert stage.laptop.waiting() == ["visit.accept", "visit.start_travel", "visit.arrive"]


def test_a_refusal_is_said_inline_and_the_next_try_is_free(
    stage: Stage, panel: VisitPanel, ana: FieldLaptop
) -> None:
    # Behind the panel's back, as a second window of the same person would.
    ana.do_on_visit("run", "visit.accept")
    stage.click(panel, "action.visit.accept")
    assert read(panel, "action.problem") == "Not possible in the present state."
    stage.kit.announce(ana.do("visit.start_travel", "visit:v-run", FieldTime()).changed)
    stage.settle()
    stage.click(panel, "action.visit.arrive")
    assert read(panel, "action.problem") == ""
    assert ana.waiting()[-1] == "visit.arrive"


def test_an_action_with_a_reason_waits_for_it(stage: Stage, panel: VisitPanel) -> None:
    assert "Decline" in entries(panel)
    trigger(stage, panel, "Decline")
    stage.click(panel, "reason.save")
    assert read(panel, "action.problem") == "A reason is needed."
    stage.type(panel, "reason.text", "vacaciones")
    QTest.keyClick(find(panel, "reason.text", QLineEdit), Qt.Key.Key_Return)
    stage.settle()
    assert stage.laptop.waiting() == ["visit.decline"]
    assert not shown(panel, "reason.text")


def test_a_pause_takes_its_reason_from_the_policy(stage: Stage, panel: VisitPanel) -> None:
    panel.show_incident("onsite", "")
    stage.settle()
    trigger(stage, panel, "Record a pause (the clock goes on)")
    box = find(panel, "reason.choice", QComboBox)
    assert [box.itemData(i) for i in range(box.count())] == [
        "customer_absent",
        "no_access",
        "waiting_customer",
        "waiting_parts",
    ]
    pick(box, "no_access")
    stage.click(panel, "reason.save")
    assert stage.laptop.waiting() == ["incident.pause"]
    assert "No access to the site" in all_text(panel)
    assert primary(panel) == "action.incident.resume"


def test_a_call_to_the_next_level_is_recorded(stage: Stage, panel: VisitPanel) -> None:
    panel.show_incident("breached", "")
    stage.settle()
    trigger(stage, panel, "I escalated by phone")
    pick(find(panel, "reason.choice", QComboBox), 3)
    stage.click(panel, "reason.save")
    assert stage.laptop.waiting() == ["escalation.log"]
    detail = stage.laptop.desk.cases.detail("breached")
    assert detail is not None
    assert [entry.level for entry in detail.incident.escalations][-1] == 3


def test_a_reason_is_a_draft_until_it_is_kept(stage: Stage, panel: VisitPanel) -> None:
    trigger(stage, panel, "Decline")
    stage.type(panel, "reason.text", "vacaciones")
    stage.click(panel, "reason.back")
    trigger(stage, panel, "Decline")
    assert find(panel, "reason.text", QLineEdit).text() == "vacaciones"
    stage.click(panel, "reason.save")
    assert stage.laptop.desk.drafts.load("reason:visit.decline:run") is None


def test_a_refused_reason_stays_on_the_screen(
    stage: Stage, panel: VisitPanel, ana: FieldLaptop
) -> None:
    trigger(stage, panel, "Decline")
    stage.type(panel, "reason.text", "vacaciones")
    ana.do_on_visit("run", "visit.accept", "visit.start_travel")
    stage.click(panel, "reason.save")
    assert read(panel, "action.problem") == "Not possible in the present state."
    assert find(panel, "reason.text", QLineEdit).text() == "vacaciones"
    assert shown(panel, "reason.text")


def test_another_incident_closes_the_question_of_the_first(stage: Stage, panel: VisitPanel) -> None:
    trigger(stage, panel, "Decline")
    assert shown(panel, "reason.text")
    panel.show_incident("minor", "")
    stage.settle()
    assert not shown(panel, "reason.text")


def test_the_head_tells_time_in_the_zone_of_the_site(stage: Stage, panel: VisitPanel) -> None:
    # Reported 15:30 UTC, due four hours later: Tijuana is eight hours behind, Cancún five.
    panel.show_incident("minor", "")
    stage.settle()
    assert "Due 11:30 · report 07:30" in all_text(panel)
    panel.show_incident("onsite", "")
    stage.settle()
    assert "Due 12:40 · report 10:40" in all_text(panel)


def test_the_large_countdown_ticks_into_the_breach(stage: Stage, panel: VisitPanel) -> None:
    panel.show_incident("risk", "")
    stage.settle()
    clock = find(panel, "visit.countdown", CountdownLabel)
    assert clock.figures == "0:20:00"
    assert "About to expire" in clock.accessibleName()
    stage.tick()
    assert clock.figures == "0:19:59"
    stage.tick(20 * 60)
    assert clock.figures == "\N{MINUS SIGN}0:00:01"
    assert "Breached" in clock.accessibleName()


def test_the_summary_holds_what_one_needs_on_the_way(panel: VisitPanel) -> None:
    text = all_text(panel)
    assert "Av. Vallarta 100, Centro, 44100 GDL" in text
    assert "40 user(s)" in text or "40 users" in text
    assert "router of the operator" in text
    assert "1 · Help desk" in text
    assert "4 · General direction" in text


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("reach.phone", "tel:+523312345678"),
        ("reach.email", "mailto:soporte@example.mx"),
    ],
)
def test_a_contact_is_one_click_away(
    panel: VisitPanel, monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    opened: list[str] = []

    def opens(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", opens)
    contacts = panel.findChildren(QAbstractButton, name)
    assert all("," in each.accessibleName() for each in contacts)
    for each in contacts:
        each.click()
    assert url in opened
    if name == "reach.email":
        letter = next(u for u in opened if u.startswith("mailto:ventas@cleverideas.com.mx"))
        assert "?subject=INC" in letter
        assert "&body=" in letter
        assert "to be restored by" in letter.replace("%20", " ")


def test_an_address_that_nothing_opens_is_copied(
    panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    contact = panel.findChildren(QAbstractButton, "reach.phone")[0]
    number = contact.text()
    contact.click()
    assert QGuiApplication.clipboard().text() == number
    assert contact.text() == f"Copied: {number}"


def test_a_response_still_running_is_told_with_its_own_deadline(stage: Stage) -> None:
    """The half hour to acknowledge, and not the hours to restore, stands beside the countdown."""
    detail = stage.laptop.desk.cases.detail("minor")
    assert detail is not None
    start = field_office.NOW - timedelta(minutes=10)
    response = ClockView(
        state=ClockState.RUNNING, target_s=1800, start=start, due=start + timedelta(minutes=30)
    )
    incident = replace(detail.incident, clocks=replace(detail.incident.clocks, response=response))
    header = VisitHeader(stage.kit)
    stage.show(header, 420)
    header.show_case(replace(detail, incident=incident))
    texts = all_text(header)
    assert "to acknowledge" in texts
    # Ten in the morning in Guadalajara is eight in Tijuana.
    assert "Acknowledge by 08:20 · report 07:30" in texts


def test_a_month_over_its_budget_says_by_how_much(stage: Stage) -> None:
    detail = stage.laptop.desk.cases.detail("run")
    assert detail is not None
    month = ServiceMonth(
        service_id=detail.incident.service_id,
        month="2026-11",
        active_s=30 * 86_400.0,
        downtime_s=(3 * 60 + 36 + 50) * 60.0,
        target_share=0.995,
    )
    tab = SummaryTab(stage.kit)
    stage.show(tab, 420)
    tab.show_case(replace(detail, month=month))
    assert "Availability this month 99.38 %, exceeded by 50 min" in all_text(tab)


def test_the_timeline_tells_what_happened_newest_first(
    stage: Stage, panel: VisitPanel, office: Office
) -> None:
    dora = office.desk_of("dora")
    dora.do("incident.note", "incident:run", text="el cliente llamó otra vez")
    stage.sync(office)
    panel.open_tab(2)
    assert find(panel, "visit.tabs", QTabBar).tabText(2) == "Notes 1"
    text = all_text(panel)
    assert "el cliente llamó otra vez" in text
    assert text.index("Note") < text.index("Incident registered")
    assert "10:00" in text
    assert "Dora" in text


def test_the_timeline_says_which_item_and_which_level(
    stage: Stage, panel: VisitPanel, ana: FieldLaptop
) -> None:
    panel.show_incident("onsite", "")
    target = f"visit:{ana.visit_of('onsite')}"
    ana.do(
        "check.answer",
        target,
        AnswerCheck(item="wifi.signal", status=CheckStatus.WARN, value="-71"),
    )
    ana.do("escalation.log", "incident:onsite", LogEscalation(level=2, how="phone"))
    stage.kit.announcer.announce(Changes(incidents=frozenset({"onsite"})))
    stage.settle()
    panel.open_tab(2)
    text = all_text(panel)
    assert "Signal (RSSI) · Warning · -71 dBm" in text
    assert "2 · Technical supervisor" in text


def test_work_that_waits_and_work_that_was_refused_are_marked(
    stage: Stage, panel: VisitPanel, office: Office
) -> None:
    stage.click(panel, "action.visit.accept")
    assert has_badge(panel, "1 to send")
    office.desk_of("dora").do("visit.cancel", "visit:v-run", reason="se arregló solo")
    stage.sync(office)
    assert has_badge(panel, "Refused by the central")


def test_an_incident_that_was_taken_away_is_said_to_be_gone(
    stage: Stage, panel: VisitPanel, office: Office
) -> None:
    told = office.desk_of("dora").do(
        "visit.reassign", "visit:v-run", new_visit_id="v-2", technician_id="beto"
    )
    assert told["status"] == "applied"
    stage.sync(office)
    panel.show_incident("run", "")
    stage.settle()
    assert "This incident is no longer on this laptop." in all_text(panel)
    panel.show_incident("minor", "")
    stage.settle()
    assert primary(panel) == "action.visit.accept"


def test_the_form_never_opens_over_another_incident(stage: Stage, panel: VisitPanel) -> None:
    panel.show_incident("onsite", "")
    stage.settle()
    find(panel, "", ActionsBar).restore_wanted.emit()
    panel.show_incident("run", "")
    stage.settle()
    assert not shown(panel, "restore.submit")
    assert primary(panel) == "action.visit.accept"


def test_a_dispatcher_closes_what_is_restored(board_stage: Stage) -> None:
    made = VisitPanel(board_stage.kit)
    made.show_incident("restored", "")
    board_stage.show(made, 420)
    assert primary(made) == "action.incident.close"
    assert "It failed again" in entries(made)
    board_stage.click(made, "action.incident.close")
    assert board_stage.laptop.waiting() == ["incident.close"]


def test_a_fault_that_came_back_runs_from_the_first_report(board_stage: Stage) -> None:
    made = VisitPanel(board_stage.kit)
    made.show_incident("restored", "")
    board_stage.show(made, 420)
    trigger(board_stage, made, "It failed again")
    detail = board_stage.laptop.desk.cases.detail("restored")
    assert detail is not None
    assert detail.incident.state.value == "in_progress"
    due = detail.incident.clocks.restoration.due
    assert due == field_office.NOW - timedelta(hours=1)


def test_a_visit_that_cannot_be_done_frees_the_incident(
    stage: Stage, panel: VisitPanel, ana: FieldLaptop
) -> None:
    ana.do("visit.unable", "visit:v-onsite", Reason(reason="edificio cerrado"))
    panel.show_incident("onsite", "")
    stage.settle()
    assert has_badge(panel, "Could not be done")
    assert button(panel, "More").isEnabled()


def test_at_double_size_on_a_small_screen_nothing_lies_over_anything(
    stage: Stage, theme: Theme
) -> None:
    theme.set_scale(2.0)
    panel = VisitPanel(stage.kit)
    panel.set_back_visible(True)
    panel.show_incident("onsite", "")
    stage.show(panel, 1222)
    panel.resize(1222, 644)
    stage.settle()
    panel.open_tab(2)
    stage.settle()
    back = find(panel, "visit.back", QAbstractButton)
    field, save = find(panel, "note.text", QPlainTextEdit), find(panel, "note.save", QWidget)
    steps = find(panel, "action.incident.restore", QWidget)

    def area(part: QWidget) -> QRect:
        return QRect(part.mapTo(panel, QPoint(0, 0)), part.size())

    assert back.mapTo(panel, QPoint(0, 0)).y() < theme.px(24)
    assert not area(field).intersects(area(save))
    assert not area(save).intersects(area(steps))
    stage.click(panel, "action.incident.restore")
    cause = find(panel, "restore.cause", QComboBox)
    assert not cause.visibleRegion().isEmpty()
    assert cause.visibleRegion().boundingRect().height() == cause.height()
