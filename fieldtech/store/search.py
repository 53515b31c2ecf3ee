"""What can be found by typing: the words of a row, and a query out of keystrokes.

FTS5 folds case and accents itself. Folios, telephones and serials are indexed twice, as written
and without what people leave out (zeros in front, blanks, dashes).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import filterfalse

# SQLite knows the letters of Unicode 6.1: what became a letter later parts words for it.
_TOKEN = re.compile(r"[^\W_\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3]+")
_DROPPED = {ord(letter): None for letter in " -_.:/()+#"}
_DIGITS = re.compile(r"\d+")
_MAX_TERMS = 8


def fold(text: str) -> str:
    """Return ``text`` without accents and case, for ordering."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(filterfalse(unicodedata.combining, plain)).casefold()


def code_words(code: str) -> str:
    """Return the ways in which people type a telephone or a serial: as written, and joined up."""
    joined = code.translate(_DROPPED)
    return code if joined == code else f"{code} {joined}"


def folio_words(folio: str) -> str:
    """Return the ways in which people type a folio: joined up too, and without leading zeros."""
    bare = " ".join(digits.lstrip("0") for digits in _DIGITS.findall(folio))
    return f"{code_words(folio)} {bare}"


def words_hash(words: str) -> int:
    """Return a number that says whether a row's words are still the same."""
    digest = hashlib.blake2b(words.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def match(typed: str) -> str | None:
    """Return the FTS5 query for what was typed: every word must begin a word of the row.

    ``None`` when nothing searchable was typed. Digits with dashes or blanks between them are
    looked for joined up as well, as a telephone is written. Accents may come as characters of
    their own, as text copied on a Mac has them.
    """
    whole = unicodedata.normalize("NFC", typed)
    terms = _TOKEN.findall("".join(filterfalse(unicodedata.combining, whole)))[:_MAX_TERMS]
    if not terms:
        return None
    each = " AND ".join(f'"{term}"*' for term in terms)
    joined = "".join(terms)
    if len(terms) > 1 and any(letter.isdigit() for letter in joined):
        return f'({each}) OR "{joined}"*'
    return each
