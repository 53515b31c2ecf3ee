"""What the settings ask about connections that cost by the byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox
from stage import Stage, find

from fieldtech.config import Settings
from fieldtech.services.attachments import AttachmentService
from ui.views.main_window import MainPage
from ui.views.metered_card import MeteredCard

if TYPE_CHECKING:
    import pytest


def test_the_choice_goes_into_the_settings_and_leaves_the_others(stage: Stage) -> None:
    page = MainPage(stage.kit, Settings(language="en", theme="dark"), "Ana", "technician")
    stage.show(page)
    kept: list[Settings] = []
    page.settings_changed.connect(kept.append)
    page.go("settings")
    stage.settle()
    (card,) = page.findChildren(MeteredCard)
    most = find(card, "settings.metered_mb", QSpinBox)
    most.setValue(35)
    metered = find(card, "settings.metered", QComboBox)
    metered.setCurrentIndex(metered.findData("no"))
    metered.activated.emit(metered.currentIndex())
    assert kept[-1] == Settings(language="en", theme="dark", metered="no", metered_mb_per_day=35)
    assert not most.isEnabled(), "no cap is in force"


def test_it_tells_what_went_out_today(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AttachmentService, "sent_today", lambda _: 3_400_000)
    card = MeteredCard(stage.kit, Settings(language="en"))
    stage.show(card)
    stage.settle()
    label = find(card, "settings.metered_sent", QLabel)
    assert label.isVisible()
    assert "3.4 MB" in label.text()
