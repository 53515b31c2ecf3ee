"""How much of files is taken: what the command line says and what comes of it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING

import pytest

from fieldtech.central import cli
from fieldtech.central.blobs import options
from fieldtech.central.blobs.uploads import MEGABYTE, BlobLimits

if TYPE_CHECKING:
    from pathlib import Path


def limits(*words: str, daily: bool = True) -> BlobLimits:
    parser = ArgumentParser()
    options.add_arguments(parser)
    if daily:
        options.add_daily_argument(parser)
    return options.limits_of(parser.parse_args(words))


def test_said_nothing_it_is_as_documented() -> None:
    assert limits() == BlobLimits()


def test_each_is_said_in_megabytes() -> None:
    words = "--max-file-mb 1 --user-mb-per-day 2 --total-mb 3 --reserve-mb 0"
    assert limits(*words.split()) == BlobLimits(
        file=MEGABYTE, per_day=2 * MEGABYTE, total=3 * MEGABYTE, reserve=0
    )


def test_a_package_may_hold_the_files_of_weeks() -> None:
    assert limits(daily=False).per_day > 2**50


@pytest.mark.parametrize("command", ["serve", "ingest"])
@pytest.mark.parametrize("name", ["--max-file-mb", "--total-mb", "--reserve-mb"])
@pytest.mark.parametrize("number", ["-1", "x", "1.5", "", "9" * 5000, "٣"])
def test_what_is_no_number_of_megabytes_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, name: str, number: str
) -> None:
    words = [command, "--data", str(tmp_path / "none"), f"{name}={number}"]
    with pytest.raises(SystemExit) as wrong:
        cli.main([*words, "package"] if command == "ingest" else words)
    assert wrong.value.code == cli.USAGE_ERROR
    assert "megabytes" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
