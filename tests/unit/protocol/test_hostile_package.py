"""A package made to hurt whoever takes it in."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from fieldtech.protocol.black_box import FORMAT, MANIFEST, Manifest, PackageError, open_package
from fieldtech.protocol.codec import encode

if TYPE_CHECKING:
    from pathlib import Path


def test_one_segment_under_many_names_is_not_read_again_and_again(tmp_path: Path) -> None:
    manifest = Manifest(
        format=FORMAT,
        app="test",
        made_at="2026-11-04T15:00:00Z",
        device_ids=(),
        records=0,
        segments=51,
        blobs=0,
    )
    target = tmp_path / "p.fieldtech"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(MANIFEST, encode(manifest))
        archive.writestr("journal/000001.ftj", b"x" * 10_000)
        archive.filelist += [archive.getinfo("journal/000001.ftj")] * 50
    with open_package(target) as opened, pytest.raises(PackageError, match="whole file"):
        next(opened.segments())
