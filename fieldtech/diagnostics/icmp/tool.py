"""The system's own ``ping`` and ``traceroute``: their command lines, and what they print.

Labels are never read, as they come in every language; a line is an answer when it has a TTL and a
time. Nothing is answered that a line does not show, and what the tool's own count denies is lost.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fieldtech.diagnostics.icmp.facts import Echo, Hop

if TYPE_CHECKING:
    from collections.abc import Sequence

_SLOWEST_LINUX_S = 0.2
"""What iputils allowed everybody before 2022; shorter intervals were root's."""
_SLOWEST_MACOS_S = 0.1
_WINDOWS_S = 1.0
"""``ping.exe`` sends one a second, whatever is wanted."""
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = re.compile(rf"(?<![\w.:\ufffd-])(?:{_OCTET}\.){{3}}{_OCTET}(?![\w\ufffd-]|\.\d)", re.ASCII)
_TTL = re.compile(r"\bttl=(\d{1,3})\b", re.IGNORECASE)
_TIME = re.compile(
    r"[=<]\s?(?P<value>\d{1,6}(?:[.,]\d{1,4})?)\s?(?:ms|m|мс|毫秒)(?![\w/])", re.IGNORECASE
)
_BELOW = re.compile(r"<\s?1\s?m", re.IGNORECASE)
_SEQUENCE = re.compile(r"(?:icmp_)?seq[= ](\d{1,6})(?=\s|$)")
_UNIX_COUNT = re.compile(r"^\s*(\d+) [^,\d]+, (\d+) [^%]*%", re.MULTILINE)
_WINDOWS_COUNT = re.compile(r"=\s*(\d+)\s*[,，、][^=\n]*=\s*(\d+)\s*[,，、][^=]*=\s*(\d+)\s*\(\d+%")
_HOP = re.compile(r"^\s{0,3}(?P<ttl>\d{1,2})\s+(?P<rest>\S.*)$")
_HOP_TIME = re.compile(r"(?<![\w.,])(?:<\s?)?(\d{1,6}(?:[.,]\d{1,4})?)\s(?:ms|мс|毫秒)(?!\w)")
_TRACE_ERROR = re.compile(r"!(?:[HNPSXFVC]|F-\d+|\d+)\b")


def ping_command(
    platform: str,
    address: str,
    *,
    interface: str,
    source: str,
    count: int,
    interval_s: float,
    wait_s: float,
) -> list[str]:
    """Return the command line; ``source`` is the interface's address, which Windows goes by."""
    if platform == "win32":
        bound = ["-S", source] if source else []
        wait = ["-w", str(max(1, int(wait_s * 1000)))]
        return ["ping", "-4", "-n", str(count), *wait, *bound, address]
    paced = _pace(platform, interval_s)
    if platform == "darwin":
        bound = ["-b", interface] if interface else []
        wait = ["-W", str(max(1, int(wait_s * 1000)))]
        return ["ping", "-n", "-c", str(count), "-i", f"{paced:g}", *wait, *bound, address]
    bound = ["-I", interface] if interface else []
    wait = ["-W", str(max(1, round(wait_s)))]
    return ["ping", "-n", "-c", str(count), "-i", f"{paced:g}", *wait, *bound, address]


def ping_limit_s(platform: str, *, count: int, interval_s: float, wait_s: float) -> float:
    """Return the time in which that ``ping`` is done, with some to start in."""
    each = _pace(platform, interval_s)
    if platform == "win32":
        # Each request waits for its answer, and the second begins when the wait is over.
        each = max(_WINDOWS_S, wait_s)
    return count * each + 2 * wait_s + 2.0


def trace_command(
    platform: str, address: str, *, interface: str, max_ttl: int, wait_s: float
) -> list[str]:
    """Return the command line of ``tracert`` or ``traceroute``, without names."""
    if platform == "win32":
        wait = str(max(1, int(wait_s * 1000)))
        return ["tracert", "-4", "-d", "-h", str(max_ttl), "-w", wait, address]
    bound = ["-i", interface] if interface else []
    wait = str(max(1, round(wait_s)))
    return ["traceroute", "-n", "-m", str(max_ttl), "-q", "1", "-w", wait, *bound, address]


def trace_limit_s(platform: str, *, max_ttl: int, wait_s: float) -> float:
    """Return the time in which that route is told: ``tracert`` asks each hop three times."""
    return max_ttl * max(1.0, wait_s) * (3 if platform == "win32" else 1) + 2.0


def parse_ping(text: str, *, address: str, count: int, interval_s: float = 0.0) -> tuple[Echo, ...]:
    """Return ``count`` echoes, those that no line answers as lost; nothing from no output.

    ``interval_s`` is the pace of the tool, from which the times of sending follow.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]
    told = [found for line in lines if (found := _echo_of(line, address))]
    if told and all(sequence is None for sequence, _ in told):
        told = _unnumbered(lines, address)
    counted = _received(text)
    if count < 1 or (not told and counted is None):
        return ()
    echoes = _in_order(told, count)
    if counted is not None:
        _deny_beyond(echoes, counted)
    return tuple(
        Echo(
            sent_at_s=number * interval_s,
            rtt_ms=echo.rtt_ms,
            source=echo.source,
            ttl=echo.ttl,
            error=echo.error,
        )
        for number, echo in enumerate(echoes)
    )


def parse_trace(text: str, *, address: str, max_ttl: int) -> tuple[Hop, ...]:
    """Return the hops that are shown, the silent ones too; what was not printed is left out."""
    found: list[Hop] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]:
        row = _HOP.match(line)
        # The lines come in order: a number out of turn belongs to something else.
        if row and int(row["ttl"]) == len(found) + 1 <= max_ttl:
            found.append(_hop_of(int(row["ttl"]), row["rest"], address))
            if found[-1].reached:
                break
    return tuple(found)


def tool_interval_s(platform: str, interval_s: float) -> float:
    """Return the pace at which that system's ``ping`` sends when asked for another."""
    return _WINDOWS_S if platform == "win32" else _pace(platform, interval_s)


def _pace(platform: str, interval_s: float) -> float:
    return max(interval_s, _SLOWEST_MACOS_S if platform == "darwin" else _SLOWEST_LINUX_S)


def _echo_of(line: str, address: str) -> tuple[int | None, Echo] | None:
    """Return the sequence number (if any) and the echo of a line; ``None`` for another line."""
    numbered = _SEQUENCE.search(line)
    sequence = int(numbered[1]) if numbered else None
    ttl, time = _TTL.search(line), _TIME.search(line)
    source = _source_of(line)
    if ttl and time and source:
        if source != address:
            return sequence, _lost(source, "other_source")
        return sequence, Echo(
            sent_at_s=0.0,
            rtt_ms=_milliseconds(time["value"], below=bool(_BELOW.search(line))),
            source=source,
            ttl=int(ttl[1]) if 0 < int(ttl[1]) < 256 else None,
        )
    # A report of somebody on the way; ping prints no time with it.
    if source and sequence is not None and not time:
        return sequence, _lost(source, "unreachable")
    return None


def _unnumbered(lines: Sequence[str], address: str) -> list[tuple[int | None, Echo]]:
    """Return an echo for each line of Windows' block: below its title, and up to an empty line."""
    told: list[tuple[int | None, Echo]] = []
    inside = False
    for line in lines:
        answer = _echo_of(line, address)
        if line.rstrip().endswith((":", "：")) and not answer:
            inside = True
        elif not line.strip():
            inside = False
        elif answer:
            told.append(answer)
        elif inside and not line[:1].isspace():
            source = _source_of(line)
            told.append((None, _lost(source, "unreachable" if source else "no_reply")))
    return told


def _lost(source: str = "", error: str = "no_reply") -> Echo:
    return Echo(sent_at_s=0.0, rtt_ms=None, source=source, error=error)


def _in_order(told: Sequence[tuple[int | None, Echo]], count: int) -> list[Echo]:
    """Put each echo in its place: by its number, or as the lines come where there is none.

    Only the first answer of a number counts: the others are duplicates.
    """
    echoes = [_lost() for _ in range(count)]
    numbers = {sequence for sequence, _ in told if sequence is not None}
    first = 0 if 0 in numbers else 1
    for position, (sequence, echo) in enumerate(told):
        if numbers and sequence is None:
            # Among numbered lines, one whose number was lost could be any of them.
            continue
        place = position if sequence is None else sequence - first
        if 0 <= place < count and echoes[place].rtt_ms is None:
            echoes[place] = echo
    return echoes


def _deny_beyond(echoes: list[Echo], counted: int) -> None:
    """Take back answers beyond the number that the tool itself counted."""
    answered = [place for place, echo in enumerate(echoes) if echo.rtt_ms is not None]
    for place in answered[counted:]:
        echoes[place] = _lost()


def _received(text: str) -> int | None:
    """Return the answers that the tool counted, the fewest of several counts."""
    counts = [
        int(received) for sent, received in _UNIX_COUNT.findall(text) if int(received) <= int(sent)
    ]
    for sent, received, lost in _WINDOWS_COUNT.findall(text):
        if int(sent) == int(received) + int(lost):
            counts.append(int(received))
    return min(counts, default=None)


def _source_of(line: str) -> str:
    """Return who a line is from: the address in parentheses behind a name, else the first."""
    named = re.search(rf"\(({_IPV4.pattern})\)", line, re.ASCII)
    found = _IPV4.search(line)
    return named[1] if named else found[0] if found else ""


def _milliseconds(value: str, *, below: bool) -> float:
    """Return a time; "below one" is taken as one: it is no better than that."""
    return 1.0 if below else float(value.replace(",", "."))


def _hop_of(ttl: int, rest: str, address: str) -> Hop:
    found = _IPV4.search(rest)
    times = [float(each.replace(",", ".")) for each in _HOP_TIME.findall(rest)]
    if not found:
        return Hop(ttl=ttl)
    if not times or _TRACE_ERROR.search(rest):
        # "Host unreachable", said by this machine itself, has an address and no time.
        return Hop(ttl=ttl, error="unreachable", reporter=found[0])
    return Hop(ttl=ttl, address=found[0], rtt_ms=min(times), reached=found[0] == address)
