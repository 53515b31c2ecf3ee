"""Files of a visit: attached without a network, and how far each has got."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from file_choice import choose
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from stage import Stage, find, shown

from fieldtech.store.blobs import queue
from ui.tasks.announcer import Changes
from ui.views.sync_view import SyncView
from ui.views.technician.evidence_tab import EvidenceTab
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.badge import Badge
from ui.widgets.confirm import InlineConfirm

if TYPE_CHECKING:
    from pathlib import Path

    from field_office import FieldLaptop, Office


def badges(panel: VisitPanel) -> list[str]:
    (tab,) = panel.findChildren(EvidenceTab)
    return [badge.text for badge in tab.findChildren(Badge)]


@pytest.mark.usefixtures("english")
def test_files_are_chosen_and_kept_without_a_network(
    stage: Stage, panel: VisitPanel, tmp_path: Path
) -> None:
    photo = tmp_path / "fachada.jpg"
    photo.write_bytes(b"jpeg" * 1000)
    stage.click(panel, "files.add")
    choose(panel, photo)
    stage.settle()
    assert badges(panel) == ["Waiting"]
    assert stage.laptop.waiting() == ["attachment.add"]
    stage.click(panel, "files.add")
    choose(panel, tmp_path / "nowhere" / "nowhere.jpg")
    stage.settle()
    assert shown(panel, "files.problem")
    assert stage.laptop.waiting() == ["attachment.add"], "all of them or none"


def test_a_picture_is_pasted_and_an_empty_clipboard_is_said(
    stage: Stage, panel: VisitPanel
) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    stage.click(panel, "files.paste")
    assert shown(panel, "files.problem")
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    clipboard.setImage(image)
    stage.click(panel, "files.paste")
    assert not shown(panel, "files.problem")
    (row,) = stage.laptop.desk.files.files("onsite")
    assert (row.kind, row.name[-4:]) == ("photo", ".png")
    data = stage.laptop.desk.files.fetch(row.attachment_id, row.sha256)
    assert QImage.fromData(data).size() == image.size()


def test_a_file_is_dropped_on_it(stage: Stage, panel: VisitPanel, tmp_path: Path) -> None:
    file = tmp_path / "hoja.pdf"
    file.write_bytes(b"%PDF-1.7")
    (tab,) = panel.findChildren(EvidenceTab)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)), QUrl("https://example.mx/x.jpg")])
    none = Qt.MouseButton.NoButton
    tab.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            none,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    stage.settle()
    (row,) = stage.laptop.desk.files.files("onsite")
    assert (row.name, row.kind) == ("hoja.pdf", "document")


@pytest.mark.usefixtures("english")
def test_how_far_each_is_and_why_it_is_not(
    stage: Stage, panel: VisitPanel, ana: FieldLaptop, office: Office
) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        ana.desk.files.attach_bytes("onsite", name.encode() * 1000, name)
    stage.sync(office)
    rows = ana.desk.files.files("onsite")
    with ana.desk.store.database.write() as connection:
        queue.advance(connection, rows[0].sha256, "u", 2500)
        queue.put_aside(connection, rows[1].sha256, "blob_too_large")
        queue.settle(connection, rows[2].sha256, ana.machine.now())
    stage.kit.announcer.announce(Changes(sync=True))
    stage.settle()
    assert badges(panel) == ["Sending 50 %", "Too large for the central", "At the central"]

    view = SyncView(stage.kit)
    view.show_status(ana.desk.sync.status())
    stage.show(view, 1294)
    assert find(view, "files.queue", QLabel).text() == "1 file to send (2 kB) · 1 put aside"
    stage.click(view, f"files.again.{rows[1].sha256[:8]}")
    assert find(view, "files.queue", QLabel).text() == "2 files to send (8 kB)"


@pytest.mark.usefixtures("english")
def test_a_file_that_can_never_be_sent_is_given_up(
    stage: Stage, ana: FieldLaptop, office: Office
) -> None:
    """Asked first, and then it counts nowhere any more."""
    ana.desk.files.attach_bytes("onsite", b"foto", "a.jpg")
    stage.sync(office)
    (row,) = ana.desk.files.files("onsite")
    with ana.desk.store.database.write() as connection:
        queue.put_aside(connection, row.sha256, "blob_too_large")
    view = SyncView(stage.kit)
    view.show_status(ana.desk.sync.status())
    stage.show(view, 1294)
    assert find(view, "sync.line", QLabel).text() == "1 file put aside"
    stage.click(view, f"files.giveup.{row.sha256[:8]}")
    confirm = find(view, "files.confirm", InlineConfirm)
    assert confirm.question is not None
    assert "“a.jpg” is deleted" in confirm.question.text
    assert ana.desk.sync.status().files_aside == 1
    confirm.confirmed.emit(row.sha256, "")
    stage.settle()
    assert ana.desk.sync.status().files_kept == 0
    assert not any(ana.profile.blobs.glob(f"{row.sha256}*"))
    ana.desk.files.give_up(row.sha256)  # twice does nothing


def test_a_note_of_any_length_is_kept(stage: Stage, ana: FieldLaptop) -> None:
    made = VisitPanel(stage.kit)
    made.show_incident("onsite", "")
    stage.show(made, 460)
    made.open_tab(2)
    field = find(made, "note.text", QPlainTextEdit)
    field.setPlainText("largo " * 20_000)
    stage.click(made, "note.save")
    assert field.toPlainText() == ""
    assert ana.waiting() == ["attachment.add", "incident.note"]
