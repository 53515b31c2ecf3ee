from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.geo.folding import fold


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Ciudad Nezahualcóyotl", "ciudad nezahualcoyotl"),
        ("PEÑÓN DE LOS BAÑOS", "penon de los banos"),
        ("Güémez", "guemez"),
        ("Me\u0301rida", "merida"),
        ("1ª de Mayo (norte)", "1a de mayo (norte)"),
        ("Straße", "strasse"),
        ("𝕬", "a"),
        ("日本", ""),
        ("", ""),
    ],
)
def test_letters_lose_their_marks(text: str, bare: str) -> None:
    assert fold(text) == bare


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text(), max_size=5))
def test_lines_fold_each_on_its_own(lines: list[str]) -> None:
    assert fold("\n".join(lines)) == "\n".join(map(fold, lines))
