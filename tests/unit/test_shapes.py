"""Types are learned by one thread at a time: the other way, a process ends without a word."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import fieldtech
from fieldtech.shapes import learned, once

MANY_THREADS_READ_THEIR_FIRST = """
import sys, threading
from fieldtech.domain.commands import COMMANDS
from fieldtech.protocol import codec
from fieldtech.protocol.entities import ENTITIES
from fieldtech.protocol.lean import lean_json

BODY = b'{"id":"x","notes":[{"text":"x"}],"checks":[{"item":"x"}]}'
sys.setswitchinterval(1e-6)
together = threading.Barrier(8)
failed = []

def read():
    together.wait()
    try:
        for entity in ENTITIES:
            try:
                codec.decode_body(entity, BODY)
            except codec.BadMessageError:
                pass
        for command in COMMANDS:
            try:
                codec.decode_args(command, {})
            except codec.BadMessageError:
                pass
        note = codec.decode_args("incident.note", {"text": "x"})
        assert lean_json(note) == b'{"text":"x"}'
    except BaseException as error:
        failed.append(error)

threads = [threading.Thread(target=read) for _ in range(8)]
for each in threads:
    each.start()
for each in threads:
    each.join()
sys.exit(repr(failed) if failed else 0)
"""
ROOT = Path(fieldtech.__file__).parent
READS = re.compile(
    r"msgspec\.(?:json|msgpack)\.decode\((?=[^\n]*\btype=)|msgspec\.json\.Decoder\(|msgspec\.convert\("
)
PLAIN = re.compile(r"(?:type=|Decoder\()(?:dict\[str, (?:str|list\[str\])\]|list\[str\])\)")


@pytest.mark.parametrize("attempt", range(3))
def test_threads_that_read_their_first_messages_at_once(attempt: int) -> None:
    """Each attempt is a new process: without the lock nine of ten of them end by a signal."""
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", MANY_THREADS_READ_THEIR_FIRST],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (done.returncode, attempt, done.stderr) == (0, attempt, "")


def test_everything_that_is_read_into_a_type_is_learned_first() -> None:
    """Where somebody forgets, this names the place."""
    forgotten = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in ROOT.rglob("*.py")
        if path.name != "shapes.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if READS.search(line) and "learned(" not in line and not PLAIN.search(line)
    ]
    assert forgotten == []


def test_what_is_made_once_is_made_by_one() -> None:
    made: list[type] = []
    inside, go_on = threading.Event(), threading.Event()

    @once
    def make(kind: type) -> object:
        made.append(kind)
        inside.set()
        go_on.wait(10)
        return object()

    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(make(int))) for _ in range(2)]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    go_on.set()
    for each in threads:
        each.join()
    assert made == [int]
    assert found[0] is found[1] is make(int)


def test_a_type_without_a_shape_is_refused() -> None:
    with pytest.raises(TypeError):
        learned(list[int] | set[int])
