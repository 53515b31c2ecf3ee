from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.config import LANGUAGES, THEMES, Settings, load, save
from fieldtech.errors import DataError

texts = st.text(st.characters(codec="utf-8"))
any_settings = st.builds(
    Settings,
    central_url=texts,
    last_user=texts,
    language=st.sampled_from(LANGUAGES),
    theme=st.sampled_from(THEMES),
    text_scale=st.integers(100, 200),
    window=texts,
    unknown=st.dictionaries(texts.map("x-{}".format), st.integers() | st.lists(texts)),
)


def test_a_profile_without_settings_has_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "settings.json") == Settings()


@given(any_settings)
def test_what_was_saved_is_what_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    save(settings, path)
    assert load(path) == settings


def test_a_newer_versions_keys_survive_an_older_version(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"language": "en", "sync_interface": "wwan0"}')
    save(replace(load(path), theme="dark"), path)
    written = json.loads(path.read_text())
    assert written["sync_interface"] == "wwan0"
    assert (written["language"], written["theme"]) == ("en", "dark")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"language": "fr"}', "settings.json: language: 'fr' is none of es, en"),
        ('{"theme": 3}', "settings.json: theme: must be str, not 3"),
        ('{"text_scale": true}', "settings.json: text_scale: must be int, not True"),
        ('{"text_scale": 50}', "settings.json: text_scale: 50 is not in 100-200"),
        ("[]", "settings.json: not a JSON object"),
        ("{", "settings.json: not JSON"),
    ],
)
def test_a_bad_file_is_refused_with_file_key_and_reason(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        load(path)
    assert str(caught.value).startswith(complaint)
    assert path.read_text() == text


def test_text_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes('{"last_user": "Muñoz"}'.encode("cp1252"))
    with pytest.raises(DataError, match="not UTF-8"):
        load(path)
