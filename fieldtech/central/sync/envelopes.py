"""Reading a push, one command at a time: a bad one is its own loss and nobody else's."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import msgspec

from fieldtech.central.refusal import Refused
from fieldtech.domain.commands import Actor, Command
from fieldtech.protocol import codec
from fieldtech.protocol.codec import BadMessageError
from fieldtech.protocol.wire import MAX_ARGS_BYTES, Envelope

VERSION = 1
"""Newest version of command arguments that is understood here."""

VOID = "void"
"""Takes the place of a command that can never be sent: consumes its number and does nothing."""

_OP_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")
_TARGET = re.compile(r"(incident|visit|planned):[A-Za-z0-9._@-]{1,64}")
_NEW_ID = re.compile(r"[A-Za-z0-9._@-]{0,64}")
_NEW_IDS = frozenset({"new_visit_id", "correction_id", "exclusion_id", "attachment_id"})
_LARGEST_N = 2**53


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
        return codec.decode(data, Push)
    except BadMessageError as strict:
        # A lone surrogate in one note must not cost the others their turn. The standard library's
        # reader lets it pass; such a command is then refused by itself.
        try:
            loose = json.loads(data)
            raws = [msgspec.Raw(json.dumps(each).encode()) for each in loose["ops"]]
            return Push(device_id=str(loose["device_id"]), epoch=str(loose["epoch"]), ops=raws)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise Refused(400, "malformed", str(strict)) from None


def read_op(raw: msgspec.Raw) -> Op:
    """Read one command; never raises."""
    text = bytes(raw).decode("utf-8", "replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    plain = _object(raw)
    n, op_id = _number(plain.get("n")), _op_id(plain.get("op_id"))
    if not n or not op_id:
        missing = "op_id" if n else "n"
        return Op(n=n, op_id=op_id, text=text, problem="invalid", detail=missing)
    try:
        envelope = msgspec.convert(plain, Envelope)
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
    args = codec.decode_args(envelope.cmd, envelope.args)
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
    if envelope.cmd == VOID:
        return ""
    if not _TARGET.fullmatch(envelope.target):
        return "target"
    if len(msgspec.json.encode(envelope.args)) > MAX_ARGS_BYTES:
        return f"args over {MAX_ARGS_BYTES} bytes"
    body: dict[str, Any] = envelope.args
    told = codec.body_bytes(envelope.cmd, envelope.target, envelope.occurred_at, body)
    return "" if codec.digest(told) == envelope.sha256 else "sha256"
