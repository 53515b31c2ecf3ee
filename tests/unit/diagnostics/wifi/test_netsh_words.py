"""The words of netsh in the spellings that consoles make of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.wifi import netsh_words
from fieldtech.diagnostics.wifi.netsh_words import Field, field_of

LABELS = [
    ("Señal", Field.SIGNAL),
    ("Autenticación", Field.AUTHENTICATION),
    ("Velocidad de transmisión (Mbps)", Field.TRANSMIT),
    ("Verschlüsselung", Field.CIPHER),
    ("Übertragungsrate (MBit/s)", Field.TRANSMIT),
    ("État", Field.STATE),
    ("Taxa de recepção (Mbps)", Field.RECEIVE),
]


@pytest.mark.parametrize(("label", "field"), LABELS)
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("utf-8", "utf-8"),
        ("cp850", "latin-1"),
        ("cp850", "cp1252"),
        ("cp1252", "cp850"),
        ("utf-8", "cp1252"),
        ("utf-8", "latin-1"),
        ("utf-8", "cp850"),
        ("utf-8", "cp437"),
        ("cp850", "utf-8"),
        ("cp850", "ascii"),
    ],
)
def test_a_label_in_a_wrong_code_page(label: str, field: Field, written: str, read: str) -> None:
    assert field_of(label.encode(written).decode(read, "replace")) is field


@pytest.mark.parametrize(("label", "field"), LABELS)
@pytest.mark.parametrize("lost", ["?", "\ufffd", ""])
def test_a_label_that_lost_its_letters(label: str, field: Field, lost: str) -> None:
    assert field_of("".join(c if c.isascii() else lost for c in label)) is field


@pytest.mark.parametrize("label", ["SEÑAL", "  señal ", "Sen\u0303al", "Senal"])
def test_case_spaces_and_accents_do_not_matter(label: str) -> None:
    assert field_of(label) is Field.SIGNAL


@pytest.mark.parametrize(
    "label",
    [
        "",
        "(Mbps)",
        "Estado de la red hospedada",
        "Status des gehosteten Netzwerks",
        "Authentication algorithm",
        "Uso del canal",
        "Nivel de señal",
    ],
)
def test_a_label_is_compared_whole(label: str) -> None:
    assert field_of(label) is None


def test_no_spelling_stands_for_two_things() -> None:
    told = [
        (spelling, field)
        for field, words in netsh_words._LABELS.items()
        for word in words.split("|")
        for spelling in netsh_words.spellings(word)
    ]
    assert len({spelling for spelling, _ in told}) == len(set(told))
    assert set(netsh_words._all(netsh_words._CONNECTED)).isdisjoint(
        netsh_words._all(netsh_words._NOT_CONNECTED)
    )


@given(st.text())
def test_any_label_is_looked_up_without_an_error(label: str) -> None:
    assert field_of(label) in {None, *Field}
