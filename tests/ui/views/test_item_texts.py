"""What an item is judged by, in words."""

from __future__ import annotations

from dataclasses import replace

from diagnosing import shipped_template

from fieldtech.domain.checklist import Item
from fieldtech.services.measuring import agreed_limit
from ui.views.technician.item_texts import subtitle


def item(item_id: str) -> Item:
    """An item of the checklist that ships."""
    found = shipped_template().item(item_id)
    assert found is not None
    return found


def test_a_limit_says_up_to_where_the_rest_is_a_warning() -> None:
    assert subtitle(item("sip.delay"), "en").startswith("≤ 150 ms (warning ≤ 400) · ITU-T G.114")
    assert subtitle(item("sip.rating"), "en").startswith("≥ 80 R (warning ≥ 70) · ITU-T G.107")
    assert subtitle(item("router.gateway_time"), "en").startswith("< 5 ms · Wired average")


def test_a_speed_is_judged_by_a_share_of_what_was_agreed_on() -> None:
    speed = item("internet.speed")
    assert subtitle(speed, "en", 100.0) == "≥ 80 Mbps · 80 % of the agreed 100 Mbps"
    assert subtitle(speed, "en", None) == speed.help("en"), "nothing was agreed on"
    assert subtitle(item("internet.upload"), "en", 100.0) == item("internet.upload").help("en")


def test_a_checklist_with_a_limit_of_its_own_is_judged_by_that() -> None:
    own = replace(item("internet.speed"), threshold=item("sip.delay").threshold)
    assert agreed_limit(own, 100.0) is None
    assert agreed_limit(item("internet.speed"), 250.0) == 200.0
