"""What is wrong on the command line is said in a sentence, and nothing is made by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldtech.central.cli import FAILED, USAGE_ERROR, main

if TYPE_CHECKING:
    from pathlib import Path

USER = ["user", "add", "--role", "technician"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["serve"],
        ["serve", "--data", "a", "--database", "b"],
        ["serve", "--data", ""],
        ["serve", "--data", "a", "--keys", ""],
        ["serve", "--data", "a", "--blobs", ""],
        ["ingest", "p", "--data", "a", "--keys", ""],
        ["serve", "--data", "a", "--port", "65536"],
        ["serve", "--data", "a", "--port=-1"],
        ["serve", "--data", "a", "--port", "9" * 5000],
        ["serve", "--data", "a", "--trusted-proxy", "proxy.example"],
        ["user", "add", "--data", "a"],
        [*USER, "--data", "a", "--name", "Ana", "--login", " "],
        [*USER, "--data", "a", "--name", "Ana", "--login", "a\x01b"],
        [*USER, "--data", "a", "--name", "", "--login", "ana"],
        [*USER, "--data", "a", "--name", "a\nb", "--login", "ana"],
        ["fly", "--data", "a"],
    ],
    ids=lambda words: " ".join(words)[:60].encode("unicode_escape").decode(),
)
def test_wrong_usage_exits_64(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as wrong:
        main(words)
    assert wrong.value.code == USAGE_ERROR
    assert "usage:" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_login_is_kept_as_it_is_typed_at_the_sign_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*USER, "--data", str(tmp_path), "--name", " Ana ", "--login", " ana "]) == 0
    assert '"login": "ana"' in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["new-epoch"],
        ["device", "list"],
        ["quarantine", "list"],
        ["review", "list"],
        ["ingest", "package"],
    ],
    ids=lambda words: words[0],
)
def test_a_folder_that_was_mistyped_is_no_new_central(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """Whoever restores one must not be told that all is done."""
    elsewhere = tmp_path / "elsewhere"
    assert main([*words, "--data", str(elsewhere)]) == FAILED
    assert "There is no central in" in capsys.readouterr().err
    assert not elsewhere.exists()


@pytest.mark.parametrize("name", ["--data", "--keys", "--blobs"])
def test_a_folder_that_is_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    words = ["serve"] if name == "--data" else ["serve", "--data", str(tmp_path / "central")]
    assert main([*words, name, str(file)]) == FAILED
    assert f"The folder {file} cannot be used" in capsys.readouterr().err
    assert file.read_text() == "x"


def test_a_database_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "central.db"
    file.write_text("x" * 1000)
    assert main(["serve", "--data", str(tmp_path)]) == FAILED
    assert "The database cannot be opened: file is not a database" in capsys.readouterr().err
    assert file.read_text() == "x" * 1000


@pytest.mark.parametrize("url", ["secret", "postgresql://u:secret@host:port/x", ""])
def test_a_database_that_has_no_address(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--database", url]) == FAILED
    told = capsys.readouterr().err
    assert "The database cannot be opened" in told
    assert "secret" not in told


@pytest.mark.parametrize("words", [["--tls-cert"], ["--tls-key"], ["--tls-cert", "--tls-key"]])
@pytest.mark.parametrize("content", [None, "junk"])
def test_a_certificate_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], content: str | None
) -> None:
    file = tmp_path / "cert.pem"
    if content is not None:
        file.write_text(content)
    given = [part for word in words for part in (word, str(file))]
    assert main(["serve", "--data", str(tmp_path / "central"), *given]) == FAILED
    told = capsys.readouterr()
    assert "cert" in told.err
    assert told.out == ""
