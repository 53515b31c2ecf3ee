"""``fieldtech diagnose``: what scripts rely on, over the loopback alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fieldtech.diagnostics.document import MOST_EVIDENCE, capped
from fieldtech.diagnostics.registry import PROBES
from fieldtech.diagnostics.verdict_words import PROBE_LINKS

LOOPBACK = "lo" if sys.platform == "linux" else "lo0"


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui", "diagnose", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_probes_are_named() -> None:
    names = [probe.name for probe in PROBES]
    assert _run("--list").stdout.split() == names
    told = json.loads(_run("--list", "--json").stdout)
    assert [each["probe"] for each in told] == names
    assert set(names) == set(PROBE_LINKS)


@pytest.mark.skipif(sys.platform == "win32", reason="its loopback has no fixed name")
def test_one_document_without_an_account_or_a_store(tmp_path: Path) -> None:
    done = _run("--json", "--interface", LOOPBACK, "--probe", "voice", "--probe", "ip_config")
    document = json.loads(done.stdout)
    assert set(document) >= {
        "profile",
        "interface",
        "started_at",
        "seconds",
        "results",
        "verdict",
    }
    assert (document["profile"], document["interface"]) == ("quick", LOOPBACK)
    assert [each["probe"] for each in document["results"]] == ["voice", "ip_config"]
    for result in document["results"]:
        keys = {"probe", "status", "value", "unit", "threshold", "source", "reason", "evidence"}
        assert set(result) >= {*keys, "seconds"}
    assert set(document["verdict"]) >= {"link", "attribution", "text", "next"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="its loopback has no fixed name")
def test_without_targets_whoever_needs_a_host_says_so(tmp_path: Path) -> None:
    targets = tmp_path / "targets.toml"
    targets.write_text("", encoding="utf-8")
    done = _run("--json", "--probe", "wifi", "--interface", LOOPBACK, "--targets", str(targets))
    assert done.returncode == 2, "nothing could be measured"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--probe", "sonar"), "no probe 'sonar'"),
        (("--interface", "no-such0"), "no interface 'no-such0'"),
        (("--targets", "no-such.toml"), "cannot be read"),
        (("--profile-name", "endless"), "invalid choice"),
        (("--sonar",), "unrecognized"),
    ],
)
def test_a_mistake_in_the_command_line_exits_64(words: tuple[str, ...], said: str) -> None:
    done = _run("--json", *words)
    assert done.returncode == 64
    assert said in done.stderr
    assert done.stdout == ""


def test_a_mistake_in_the_targets_names_its_key(tmp_path: Path) -> None:
    file = tmp_path / "targets.toml"
    file.write_text('reflector = "somewhere:0"\n', encoding="utf-8")
    done = _run("--targets", str(file))
    assert done.returncode == 64
    assert "targets.toml" in done.stderr
    assert "reflector" in done.stderr


def test_evidence_is_capped_and_says_so() -> None:
    long = {"raw": "x" * 100_000, "rtt_ms": list(range(50_000)), "kept": "short"}
    cut = capped(long)
    assert isinstance(cut, dict)
    assert len(json.dumps(cut)) <= MOST_EVIDENCE
    assert cut["kept"] == "short"
    assert str(cut["raw"]).endswith("…")
    assert "more" in str(cut["rtt_ms"][-1])
    small = {"a": [1, 2, {"b": None}]}
    assert capped(small) == small
    assert len(json.dumps(capped({str(n): "y" * 50 for n in range(5000)}))) <= MOST_EVIDENCE
    assert isinstance(capped(object()), str)
