"""Types are learned by one thread at a time: the other way, a process ends without a word."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import fieldtech
from fieldtech.shapes import learned, once

if TYPE_CHECKING:
    from collections.abc import Iterator

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
PLAIN = {"dict[str, str]", "dict[str, list[str]]"}
"""They hold no class that anything could be noted on."""


def types_read(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the type of each call that has msgspec read something into one."""
    for node in ast.walk(ast.parse(source)):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and re.fullmatch(
            r"msgspec\.(?:(?:json|msgpack)\.(?:decode|Decoder)|convert)", called
        ):
            given = [each.value for each in node.keywords if each.arg == "type"]
            given += node.args[0 if called.endswith("Decoder") else 1 :]
            yield from ((node.lineno, ast.unparse(each)) for each in given)


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
        for number, kind in types_read(path.read_text(encoding="utf-8"))
        if not kind.startswith("learned(") and kind not in PLAIN
    ]
    assert forgotten == []


def test_the_guard_sees_every_way_of_reading() -> None:
    source = """
msgspec.json.decode(
    raw,
    type=A,
)
msgspec.msgpack.decode(raw, type=B)
msgspec.json.Decoder(C)
msgspec.convert(raw, D, from_attributes=True)
msgspec.json.decode(raw)
"""
    assert sorted(kind for _, kind in types_read(source)) == ["A", "B", "C", "D"]


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
