"""Looking at a file of an incident, one's own or a colleague's, without leaving it on the disk."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from file_choice import choose, open_dialog
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from stage import Stage, find, shown

from fieldtech.errors import EnvironmentProblem
from fieldtech.services.attachments import AttachmentService
from ui.views.file_content import LONGEST_SIDE, LONGEST_TEXT, content_of
from ui.views.technician.visit_panel import VisitPanel


def picture(width: int = 60, height: int = 40, kind: bytes = b"PNG") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(kind)).write(image)
    return bytes(data.data())


def opened(stage: Stage, panel: VisitPanel, data: bytes, name: str) -> None:
    stage.laptop.desk.files.attach_bytes("onsite", data, name)
    panel.show_incident("onsite", "")
    panel.open_tab(3)
    stage.settle()
    row = next(row for row in stage.laptop.desk.files.files("onsite") if row.name == name)
    stage.click(panel, f"files.open.{row.sha256[:8]}")
    stage.settle()


def test_a_picture_is_shown_and_one_comes_back_to_the_list(stage: Stage, panel: VisitPanel) -> None:
    opened(stage, panel, picture(), "fachada.png")
    label = find(panel, "file.picture", QLabel)
    assert label.isVisible()
    assert not label.pixmap().isNull()
    assert not shown(panel, "file.text")
    stage.click(panel, "file.back")
    assert not label.isVisible()
    assert shown(panel, "files.add")


def test_a_long_note_is_read_here(stage: Stage, panel: VisitPanel) -> None:
    opened(stage, panel, "El módem <b>no</b> enciende.\n".encode() * 40, "nota.txt")
    text = find(panel, "file.text", QPlainTextEdit)
    assert text.isVisible()
    assert text.isReadOnly()
    assert text.toPlainText().startswith("El módem <b>no</b> enciende.")


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\x00",
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>\x00",
        picture()[:50],
        b"\xff\xfe\xfd",
    ],
)
def test_of_anything_else_a_copy_is_saved(
    stage: Stage, panel: VisitPanel, tmp_path: Path, data: bytes
) -> None:
    target = tmp_path / "copia.bin"
    opened(stage, panel, data, "../hoja: 3/4.pdf")
    assert not shown(panel, "file.picture")
    assert not shown(panel, "file.text")
    stage.click(panel, "file.save")
    proposed = Path(open_dialog(panel).selectedFiles()[0])
    assert proposed.name == ".._hoja_ 3_4.pdf", "a name is no path"
    choose(panel, target)
    stage.settle()
    assert target.read_bytes() == data
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    stage.click(panel, "file.save")
    choose(panel, tmp_path / "no" / "hay")
    stage.settle()
    assert shown(panel, "file.told")


def test_a_file_that_is_not_to_be_had_now_is_tried_again(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_: object) -> bytes:
        raise EnvironmentProblem("x", code="unreachable")

    with monkeypatch.context() as offline:
        offline.setattr(AttachmentService, "fetch", nobody)
        opened(stage, panel, picture(), "fachada.png")
        assert shown(panel, "file.told")
        assert not find(panel, "file.picture", QLabel).isVisible()
    stage.click(panel, "file.again")
    stage.settle()
    assert find(panel, "file.picture", QLabel).isVisible()


def test_what_the_bytes_are_is_told_by_themselves() -> None:
    for kind in (b"PNG", b"JPEG", b"WEBP", b"BMP"):
        assert content_of(picture(kind=kind)).picture is not None, kind
    large = content_of(picture(4000, 3000)).picture
    assert large is not None
    assert (large.width(), large.height()) == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)
    assert content_of(b"<svg xmlns='http://www.w3.org/2000/svg'/>").picture is None
    assert len(content_of(b"x" * (LONGEST_TEXT + 5)).text) == LONGEST_TEXT + 1


def test_a_picture_that_claims_to_be_huge_is_not_decoded() -> None:
    """A bitmap's head alone may claim any size."""
    data = bytearray(picture(kind=b"BMP"))
    data[18:26] = (60_000).to_bytes(4, "little") + (60_000).to_bytes(4, "little")
    assert content_of(bytes(data)).picture is None
