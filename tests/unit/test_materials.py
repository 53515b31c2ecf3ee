from __future__ import annotations

import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from fieldtech.paths import resources_dir

ICONS = sorted((resources_dir() / "icons").glob("*.svg"))
FONTS = sorted((resources_dir() / "fonts").glob("*.otf"))
LISTING = Path(__file__).resolve().parents[2] / "tools" / "icons.txt"


@pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.stem)
def test_an_icon_can_be_recoloured(icon: Path) -> None:
    root = ET.fromstring(icon.read_text(encoding="utf-8"))  # our own file
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["viewBox"] == "0 0 24 24"
    assert root.attrib["stroke"] == "currentColor"
    assert root.attrib["fill"] == "none"
    for element in root.iter():
        assert element.attrib.get("fill", "none") in {"none", "currentColor"}


def test_the_icons_are_those_listed() -> None:
    lines = LISTING.read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    assert sorted(names) == sorted(icon.stem for icon in ICONS)


def font_tables(font: bytes) -> dict[bytes, bytes]:
    """Return the tables of an OpenType file by tag."""
    count = struct.unpack_from(">H", font, 4)[0]
    entries = [struct.unpack_from(">4s4xLL", font, 12 + 16 * number) for number in range(count)]
    return {tag: font[start : start + length] for tag, start, length in entries}


def features(gsub: bytes) -> set[bytes]:
    start = struct.unpack_from(">H", gsub, 6)[0]
    count = struct.unpack_from(">H", gsub, start)[0]
    return {struct.unpack_from(">4s", gsub, start + 2 + 6 * n)[0] for n in range(count)}


@pytest.mark.parametrize(
    ("name", "weight"), [("Bold", 700), ("Medium", 500), ("Regular", 400), ("SemiBold", 600)]
)
def test_a_font_has_its_weight_and_tabular_figures(name: str, weight: int) -> None:
    font = (resources_dir() / "fonts" / f"Inter-{name}.otf").read_bytes()
    tables = font_tables(font)
    assert font.startswith(b"OTTO")
    assert struct.unpack_from(">H", tables[b"OS/2"], 4)[0] == weight
    assert b"tnum" in features(tables[b"GSUB"])


def test_every_material_comes_with_its_licence() -> None:
    assert len(FONTS) == 4
    assert "SIL OPEN FONT LICENSE" in (resources_dir() / "fonts" / "OFL.txt").read_text("utf-8")
    assert "ISC License" in (resources_dir() / "icons" / "LICENSE").read_text("utf-8")
    attribution = (resources_dir() / "ATTRIBUTION.md").read_text("utf-8")
    for source in ("Inter", "Lucide", "Natural Earth", "GeoNames", "CC BY 4.0"):
        assert source in attribution
