"""SIP OPTIONS over UDP: asking a server whether it is there (RFC 3261, section 11; RFC 3581).

Only what the question needs. The answer's topmost Via shows what the server saw of us: with
``rport`` it tells the address and port the request came from, and a Via that reads otherwise than
it was sent was rewritten on the way by something that meddles with SIP.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PORT = 5060
T1_S = 0.5
"""The round trip that retransmissions are timed by (RFC 3261, section 17.1.1.1)."""
T2_S = 4.0
LARGEST = 65_535
COOKIE = "z9hG4bK"
"""With this a branch says that it is unique (section 8.1.1.7)."""
MOST_HEADERS = 200

_STATUS = re.compile(r"SIP/2\.0 ([1-6]\d\d)(?: (.*))?")
_TOKEN = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+")
_COMPACT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "l": "content-length",
}


class MalformedError(ValueError):
    """Bytes that are no SIP response; the text says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """One hop: where it was sent from by its own word, and what the next one saw of it."""

    transport: str
    host: str
    port: int | None
    branch: str = ""
    received: str = ""
    rport: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A final or provisional answer; ``headers`` as they came, names in lower case."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    via: Via

    @property
    def is_final(self) -> bool:
        """No more than a provisional answer has been said below 200."""
        return self.status >= 200

    def header(self, name: str) -> str:
        """The first value of a header, empty where there is none."""
        return next((value for each, value in self.headers if each == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What makes one OPTIONS unlike every other; ``host`` and ``port`` are this machine's own."""

    server: str
    host: str
    port: int
    branch: str
    tag: str
    call_id: str
    transport: str = "UDP"

    def encode(self) -> bytes:
        """Return the request; repeated, it is the same bytes again."""
        own, server = _bracketed(self.host), _bracketed(self.server)
        lines = (
            f"OPTIONS sip:{server} SIP/2.0",
            f"Via: SIP/2.0/{self.transport} {own}:{self.port};rport;branch={COOKIE}{self.branch}",
            "Max-Forwards: 70",
            f"From: <sip:probe@{own}>;tag={self.tag}",
            f"To: <sip:{server}>",
            f"Call-ID: {self.call_id}",
            "CSeq: 1 OPTIONS",
            f"Contact: <sip:probe@{own}:{self.port}>",
            "Accept: application/sdp",
            "User-Agent: fieldtech",
            "Content-Length: 0",
        )
        return "\r\n".join((*lines, "", "")).encode("ascii")

    def is_answered_by(self, response: Response) -> bool:
        """Tell whether that answers this question: a stray packet never counts.

        By branch, Call-ID and CSeq. A middlebox may rewrite the host in the Via, not these.
        """
        return (
            response.via.branch == COOKIE + self.branch
            and response.header("call-id") == self.call_id
            and response.header("cseq").split() == ["1", "OPTIONS"]
        )


def decode(data: bytes) -> Response:
    """Return the response in a packet; raises ``MalformedError`` for whatever is none."""
    head, found, _ = data.partition(b"\r\n\r\n")
    if not found:
        raise MalformedError("the header has no end")
    first, *rest = head.decode("utf-8", "replace").split("\r\n")
    status = _STATUS.fullmatch(first)
    if status is None:
        raise MalformedError(f"no SIP response: {first[:40]!r}")
    headers = tuple(_headers(rest))
    via = next((value for name, value in headers if name == "via"), None)
    if via is None:
        raise MalformedError("no Via")
    return Response(
        status=int(status[1]), reason=status[2] or "", headers=headers, via=read_via(via)
    )


def read_via(text: str) -> Via:
    """Read the first hop of a Via header; raises ``MalformedError``."""
    hop = _first_hop(text)
    match = re.fullmatch(
        r"\s*SIP\s*/\s*2\.0\s*/\s*([A-Za-z0-9\-]+)\s+(\[[0-9A-Fa-f:.]+\]|[^\s:;]+)"
        r"(?:\s*:\s*(\d{1,5}))?\s*((?:;.*)?)",
        hop,
    )
    if match is None:
        raise MalformedError(f"no Via: {hop[:60]!r}")
    parameters = dict(_parameters(match[4]))
    return Via(
        transport=match[1].upper(),
        host=match[2].strip("[]"),
        port=_port(match[3]),
        branch=parameters.get("branch", ""),
        received=parameters.get("received", "").strip("[]"),
        rport=_port(parameters.get("rport") or None),
    )


def waits() -> tuple[float, ...]:
    """Seconds to wait for an answer after each sending, 32 s in all (Timer E and F, non-INVITE)."""
    found: list[float] = []
    wait = T1_S
    while sum(found) + wait <= 64 * T1_S:
        found.append(wait)
        wait = min(2 * wait, T2_S)
    return tuple(found)


def _headers(lines: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in {" ", "\t"} and found:  # folded (section 7.3.1)
            name, value = found[-1]
            found[-1] = (name, f"{value} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if not colon or not _TOKEN.fullmatch(name):
            raise MalformedError(f"no header: {line[:40]!r}")
        if len(found) == MOST_HEADERS:
            raise MalformedError("too many headers")
        found.append((_COMPACT.get(name, name), value.strip()))
    return found


def _first_hop(text: str) -> str:
    """Cut at the first comma that is in no quotes."""
    quoted = False
    for place, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif letter == "," and not quoted:
            return text[:place]
    return text


def _parameters(text: str) -> list[tuple[str, str]]:
    found = []
    for part in text.split(";")[1:]:
        name, _, value = part.partition("=")
        found.append((name.strip().lower(), value.strip().strip('"')))
    return found


def _port(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdigit()) or int(text) > 65_535:
        return None
    return int(text)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
