"""Reading a push, one command at a time: a bad one is its own loss and nobody else's."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import msgspec

from fieldtech.central.refusal import Refused
from fieldtech.central.texts import is_text
from fieldtech.domain.commands import Actor, Command
from fieldtech.protocol import codec
from fieldtech.protocol.codec import BadMessageError
from fieldtech.protocol.upcasting import read_args
from fieldtech.protocol.wire import MAX_ARGS_BYTES, Envelope
from fieldtech.shapes import learned

VOID = "void"
"""Takes the place of a command that can never be sent: consumes its number and does nothing."""

_OP_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")
_TARGET = re.compile(r"(incident|visit|planned):[A-Za-z0-9._@-]{1,64}")
_NEW_ID = re.compile(r"[A-Za-z0-9._@-]{0,64}")
_NEW_IDS = frozenset({"new_visit_id", "correction_id", "exclusion_id", "attachment_id"})
_KNOWN_ID = re.compile(r"[^\x00-\x1f\x7f]{0,200}")
_ID_ARGS = frozenset({"of", "repeat_of"})
_CMD = re.compile(r"[\x21-\x7e]{1,64}")
_LARGEST_N = 2**53
_BLOB = re.compile(r"[0-9a-f]{64}")
_MOST_BLOBS = 20
"""Files that one command may name."""
_DEEPEST = 100
"""How far a command may nest; the rules' own arguments reach three levels."""

_MARK = re.compile(rb'\\.|["\[\]{}]', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A push whose commands are not looked at yet."""

    device_id: str
    epoch: str
    ops: list[msgspec.Raw]


@dataclass(frozen=True, slots=True, kw_only=True)
class Op:
    """One command as it came: its ``envelope``, or what is wrong with it.

    ``n`` is 0 when not even the number can be read; then the command takes no number and its
    result is only told, not kept.
    """

    n: int
    op_id: str
    text: str
    envelope: Envelope | None = None
    problem: str = ""
    detail: str = ""


def read_push(data: bytes) -> Push:
    """Read the outer message; raises ``Refused`` (400 ``malformed``)."""
    try:
        push = codec.decode(data, Push)
    except BadMessageError as strict:
        # A lone surrogate in one note must not cost the others their turn. The standard library's
        # reader lets it pass; such a command is then refused by itself.
        try:
            loose = json.loads(_flattened(data))
            raws = [msgspec.Raw(json.dumps(each).encode()) for each in loose["ops"]]
            push = Push(device_id=str(loose["device_id"]), epoch=str(loose["epoch"]), ops=raws)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise Refused(400, "malformed", str(strict)) from None
    for name in ("device_id", "epoch"):
        if not is_text(getattr(push, name)):
            raise Refused(400, "malformed", name)
    return push


def _flattened(data: bytes) -> bytes:
    """The message with ``null`` for whatever nests too deep for any reader; never recurses.

    A command loses with it what its own sum covers, so it is refused, and it alone.
    """
    kept: list[bytes] = []
    depth = done = 0
    quoted = False
    for mark in _MARK.finditer(data):
        sign = mark.group()
        if sign == b'"':
            quoted = not quoted
        elif quoted or len(sign) > 1:
            continue
        elif sign in b"[{":
            depth += 1
            if depth == _DEEPEST:
                kept += [data[done : mark.start()], b"null"]
        else:
            if depth == _DEEPEST:
                done = mark.end()
            depth -= 1
    return b"".join([*kept, data[done:]]) if depth < _DEEPEST else data


def read_op(raw: msgspec.Raw) -> Op:
    """Read one command; never raises."""
    text = bytes(raw).decode("utf-8", "replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    plain = _object(raw)
    n, op_id = _number(plain.get("n")), _op_id(plain.get("op_id"))
    if not n or not op_id:
        missing = "op_id" if n else "n"
        return Op(n=n, op_id=op_id, text=text, problem="invalid", detail=missing)
    try:
        envelope = msgspec.convert(plain, learned(Envelope))
        flaw = _flaw(envelope)
    except UnicodeEncodeError:
        return Op(n=n, op_id=op_id, text=text, problem="bad_character")
    except (msgspec.ValidationError, RecursionError, OverflowError) as problem:
        return Op(n=n, op_id=op_id, text=text, problem="invalid", detail=str(problem))
    if flaw:
        return Op(n=n, op_id=op_id, text=text, problem="invalid", detail=flaw)
    return Op(n=n, op_id=op_id, text=text, envelope=envelope)


def _object(raw: msgspec.Raw) -> dict[str, Any]:
    try:
        plain = json.loads(bytes(raw))
    except (ValueError, RecursionError):
        return {}
    return plain if isinstance(plain, dict) else {}


def _number(value: object) -> int:
    return value if type(value) is int and 0 < value < _LARGEST_N else 0


def _op_id(value: object) -> str:
    return value if isinstance(value, str) and _OP_ID.fullmatch(value) else ""


def read_command(envelope: Envelope, actor: Actor) -> Command:
    """Return the command as the rules see it; raises ``BadMessageError`` naming what is wrong."""
    args = read_args(envelope.cmd, envelope.v, envelope.args)
    for name in _NEW_IDS & set(envelope.args):
        if not _NEW_ID.fullmatch(str(envelope.args[name])):
            raise BadMessageError(name)
    return Command(
        op_id=envelope.op_id,
        name=envelope.cmd,
        target=envelope.target,
        actor=actor,
        occurred_at=codec.from_stamp(envelope.occurred_at),
        args=args,
        expect=envelope.expect,
    )


def _flaw(envelope: Envelope) -> str:
    """Name what makes this command impossible to judge, empty when nothing does."""
    # Encoded whole: half a surrogate pair in any text shows here.
    msgspec.json.encode(envelope)
    if envelope.cmd == VOID:
        return "" if is_text(envelope.target) else "target"
    size = len(msgspec.json.encode((envelope.args, envelope.expect)))
    body: dict[str, Any] = envelope.args
    told = codec.body_bytes(envelope.cmd, envelope.target, envelope.occurred_at, body)
    bad_id = _bad_id(body)
    checks = {
        "target": _TARGET.fullmatch(envelope.target),
        "cmd": _CMD.fullmatch(envelope.cmd),
        "v": envelope.v >= 1,
        f"args and expect over {MAX_ARGS_BYTES} bytes": size <= MAX_ARGS_BYTES,
        bad_id: not bad_id,
        "blobs": len(envelope.blobs) <= _MOST_BLOBS and all(map(_BLOB.fullmatch, envelope.blobs)),
        "sha256": codec.digest(told) == envelope.sha256,
    }
    return next((name for name, fits in checks.items() if not fits), "")


def _bad_id(args: dict[str, Any]) -> str:
    """Name the argument whose id cannot be one, empty when all can."""
    for name, value in args.items():
        is_id = name in _ID_ARGS or name.endswith("_id")
        if is_id and isinstance(value, str) and not _KNOWN_ID.fullmatch(value):
            return name
    return ""
