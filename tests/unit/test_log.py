from __future__ import annotations

import io
import logging
import os
import stat
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech import log


@pytest.fixture(autouse=True)
def logging_restored() -> Generator[None]:
    level = logging.getLogger().level
    yield
    log.shutdown()
    logging.getLogger().setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: Bearer s3cret",
        '{"authorization": "Bearer s3cret"}',
        '{"access_token": "s3cret", "expires_in": 900}',
        "{'refresh_token': 's3cret'}",
        "POST /v1/session user=ana&password=s3cret&device_id=7",
        "https://ana:s3cret@central.example/v1",
        "PRAGMA key = \"x's3cret'\"",
        "raw_key=s3cret",
        "X-Api-Key: s3cret",
        "Cookie: s3cret",
        "passphrase: 's3cret'",
        "Authorization: Basic s3cret==",
    ],
)
def test_secrets_are_hidden(line: str) -> None:
    assert "s3cret" not in log.redact(line)


@pytest.mark.parametrize(
    "line",
    [
        "pulled 40 rows in 12 ms from https://central.example:8443/v1/sync/pull",
        "visit 01ab key moment: arrival",
        "the person dismissed the dialog",
    ],
)
def test_other_lines_stay_as_they_are(line: str) -> None:
    assert log.redact(line) == line


@given(st.text(), st.from_regex(r"[A-Za-z0-9._~+/=-]{8,40}", fullmatch=True))
def test_a_bearer_token_never_survives_whatever_surrounds_it(around: str, token: str) -> None:
    assert f"Bearer {token}" not in log.redact(f"{around} Authorization: Bearer {token}\n{around}")


def test_a_tracebacks_text_is_hidden_too() -> None:
    stream = io.StringIO()
    log.setup(stream=stream)
    try:
        int("password=s3cret")
    except ValueError:
        logging.getLogger("x").info("it failed", exc_info=True)
    assert "it failed" in stream.getvalue()
    assert "Traceback" in stream.getvalue()
    assert "s3cret" not in stream.getvalue()


def test_lines_are_in_utc_with_their_source() -> None:
    stream = io.StringIO()
    log.setup(stream=stream)
    logging.getLogger("fieldtech.sync").info("pulled %d", 4)
    assert "Z INFO    fieldtech.sync: pulled 4\n" in stream.getvalue()


def test_the_file_is_private_and_stays_so_when_it_rotates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "_FILE_BYTES", 200)
    path = tmp_path / "log" / "fieldtech.log"
    log.setup(file=path, stream=io.StringIO())
    for number in range(20):
        logging.getLogger("x").info("line %d", number)
    files = sorted(path.parent.iterdir())
    assert len(files) > 1
    if os.name == "posix":
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert "line 19" in path.read_text(encoding="utf-8")


def test_setting_up_twice_writes_each_line_once() -> None:
    first, second = io.StringIO(), io.StringIO()
    log.setup(stream=first)
    log.setup(stream=second)
    logging.getLogger("x").info("once")
    assert first.getvalue() == ""
    assert second.getvalue().count("once") == 1
