"""Bytes of a delimited file to records, with the line each one starts on.

The standard ``csv`` module is not used here: its limit on the size of a cell is one for the whole
process, a record that breaks it takes the rest of the file along, and it does not say on which
line a quote was opened that nobody closed.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from fieldtech.central.importing.problems import Problem

MAX_FILE_BYTES = 256 * 1024 * 1024
DELIMITERS = (";", ",", "\t")
_UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_SEPARATOR_LINE = re.compile(r"sep=([;,\t])(?:\r\n|\n|\r|\Z)", re.IGNORECASE)
_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row. ``line`` counts from 1 and is where the row starts in the file."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """An empty line, or one of separators alone, as spreadsheets leave at the end."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A file as read: what was detected, its records (the header first), and what was wrong."""

    encoding: str
    delimiter: str
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]


def read_table(raw: bytes) -> Table:
    """Decode and split a file. Never raises: whatever is wrong stands in ``problems``."""
    if len(raw) > MAX_FILE_BYTES:
        size = f"{len(raw)} bytes"
        reason = f"the file is larger than {MAX_FILE_BYTES // 1024 // 1024} MiB; split it"
        return Table("", "", (), (Problem(0, "", size, reason),))
    decoded = decode(raw)
    if isinstance(decoded, Problem):
        return Table("", "", (), (decoded,))
    text, encoding = decoded
    start, delimiter = _announced(text)
    delimiter = delimiter or _detected(text)
    records, problems = split(text, delimiter, start=start)
    kept = tuple(record for record in records if not record.is_blank)
    return Table(encoding, delimiter, kept, problems)


def decode(raw: bytes) -> tuple[str, str] | Problem:
    """Return the text and the name of its encoding: UTF-8, UTF-16 with a mark, else cp1252.

    Bytes that are none of them give a problem with the line of the first bad byte.
    """
    if raw.startswith(codecs.BOM_UTF8):
        return _strictly(raw.removeprefix(codecs.BOM_UTF8), "utf-8", "utf-8-sig")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(raw, "utf-16", "utf-16")
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    bad = _UNDEFINED_IN_CP1252.search(raw)
    if bad is None:
        return raw.decode("cp1252"), "cp1252"
    reason = "the file is neither UTF-8 nor Windows-1252 text"
    return Problem(_line_of(raw, bad.start()), "", f"byte 0x{bad.group()[0]:02x}", reason)


def split(
    text: str, delimiter: str, *, start: int = 0
) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    """Split delimited text (RFC 4180, any line ending) from offset ``start`` on.

    Text after a closing quote spoils its row alone; a quote that is never closed ends the reading.
    """
    escaped = re.escape(delimiter)
    # Possessive: a megabyte between quotes must not be tried again in other ways.
    quoted = re.compile(r'"((?:[^"]++|"")*+)("?+)')
    plain = re.compile(rf"[^{escaped}\r\n]*+")
    records: list[Record] = []
    problems: list[Problem] = []
    line = 1 + len(_BREAK.findall(text, 0, start))
    cells: list[str] = []
    row_line, position, spoilt = line, start, False
    while position < len(text) or cells:
        if text.startswith('"', position):
            found = quoted.match(text, position)
            inner = found[1] if found else ""
            if found is None or not found[2]:
                reason = "the quote opened here is never closed; nothing after it was read"
                problems.append(Problem(line, "", text[position : position + 60], reason))
                break
            line += len(_BREAK.findall(inner))
            position = found.end()
            rest = plain.match(text, position)
            if rest and rest.group():
                reason = "there is text between a closing quote and the separator"
                problems.append(Problem(line, "", rest.group(), reason))
                position, spoilt = rest.end(), True
            cells.append(inner.replace('""', '"'))
        else:
            found = plain.match(text, position)
            position = found.end() if found else position
            cells.append(found.group() if found else "")
        if text.startswith(delimiter, position):
            position += len(delimiter)
            if position == len(text):
                cells.append("")
            else:
                continue
        if not spoilt:
            records.append(Record(row_line, tuple(cells)))
        ending = _BREAK.match(text, position)
        position = ending.end() if ending else position
        line += 1
        cells, row_line, spoilt = [], line, False
    return tuple(records), tuple(problems)


def _announced(text: str) -> tuple[int, str]:
    """Spreadsheets read and write a first line ``sep=;``; it is not the header."""
    found = _SEPARATOR_LINE.match(text)
    return (found.end(), found[1]) if found else (0, "")


def _detected(text: str) -> str:
    """The separator that splits the first line with something in it into the most cells."""
    first = text.lstrip("\r\n")
    first = first[: found.start()] if (found := _BREAK.search(first)) else first
    bare = re.sub(r'"(?:[^"]++|"")*+"?', "", first)
    return max(DELIMITERS, key=bare.count)


def _strictly(raw: bytes, codec: str, name: str) -> tuple[str, str] | Problem:
    try:
        return raw.decode(codec), name
    except UnicodeDecodeError as bad:
        seen = raw[bad.start : bad.start + 4].hex(" ")
        reason = f"the file says that it is {codec}, and these bytes are not"
        return Problem(_line_of(raw, bad.start), "", f"bytes {seen}", reason)


def _line_of(raw: bytes, offset: int) -> int:
    return 1 + raw.count(b"\n", 0, offset)
