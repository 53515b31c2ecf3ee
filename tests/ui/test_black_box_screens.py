"""The black box on screen: its card, the news of a rebuild, and a laptop that was shut out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from stage import find
from whole_app import Open, choose_in_dialog, settled, signed_in, texts, window

from fieldtech.paths import Profile
from fieldtech.protocol.black_box import open_package
from ui.views import file_texts

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_the_card_tells_how_the_box_stands_and_exports(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    application = launch(signed_in(tmp_path))
    settled(qtbot, application)
    page = application._page
    assert page is not None
    page.go("sync")
    settled(qtbot, application)
    told = find(page, "blackbox.text", QLabel).text()
    assert told.startswith("0 trabajos, sellados")
    out = tmp_path / "trabajo.fieldtech"
    find(page, "blackbox.export", QAbstractButton).click()
    choose_in_dialog(application, out)
    settled(qtbot, application)
    assert str(out) in find(page, "blackbox.told", QLabel).text()
    with open_package(out) as package:
        assert package.manifest.segments == 1
    find(page, "blackbox.export", QAbstractButton).click()
    choose_in_dialog(application, tmp_path / "nowhere" / "x.fieldtech")
    settled(qtbot, application)
    assert str(out) not in find(page, "blackbox.told", QLabel).text()


@pytest.mark.expects_log("the store is damaged and will be rebuilt")
def test_a_damaged_store_opens_rebuilt_and_says_so_once(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = signed_in(tmp_path)
    Profile(folder).db.write_bytes(b"\xa5" * 60_000)
    application = launch(folder)
    settled(qtbot, application)
    page = application._page
    assert page is not None
    qtbot.waitUntil(lambda: any(b.key == "rebuilt" for b in page.banners.waiting))
    page.banners.look_at("rebuilt")
    page.banners._dismiss()
    settled(qtbot, application)
    application.close()

    again = launch(folder)
    settled(qtbot, again)
    assert again._page is not None
    assert all(banner.key != "rebuilt" for banner in again._page.banners.waiting)


def test_a_laptop_that_was_shut_out_shows_nothing_but_the_way_to_hand_its_work_over(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = signed_in(tmp_path)
    profile = Profile(folder)
    profile.revoked.write_text(json.dumps({"at": "2026-11-04T16:00:00Z", "sealed": True}))
    application = launch(folder)
    assert application._page is None
    told = texts(application)
    assert not any("Cliente" in text for text in told)
    out = tmp_path / "trabajo.fieldtech"
    button = find(window(application), "sealed.export", QAbstractButton)
    button.click()
    choose_in_dialog(application, out)
    qtbot.waitUntil(lambda: find(window(application), "sealed.told", QLabel).isVisible())
    assert str(out) in find(window(application), "sealed.told", QLabel).text()
    assert button.isEnabled()
    assert out.exists()


def test_being_shut_out_while_working_takes_the_work_from_the_screen(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    application = launch(signed_in(tmp_path))
    settled(qtbot, application)
    page = application._page
    assert page is not None
    page.shut_out.emit()
    qtbot.waitUntil(
        lambda: bool(window(application).findChildren(QAbstractButton, "sealed.export"))
    )
    assert application._page is None


@pytest.mark.parametrize(("size", "text"), [(10, "1 kB"), (2_400, "2 kB"), (3_600_000, "3.6 MB")])
def test_sizes_are_told_in_words(size: int, text: str) -> None:
    assert file_texts.size_text(size) == text
