"""One plain HTTP request through the interface: no redirection is followed, little is read."""

from __future__ import annotations

import html
import http.client
import re
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fieldtech.diagnostics.deadline import within
from fieldtech.diagnostics.names import NotResolvedError, resolve

if TYPE_CHECKING:
    from fieldtech.diagnostics.context import Context

LARGEST = 64 * 1024
_TITLE = re.compile(rb"<title[^>]*>(.{0,400}?)</title", re.IGNORECASE | re.DOTALL)
_LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What came: status, headers in their order, the beginning of the body, and the time."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    ms: float
    address: str

    def header(self, name: str) -> str:
        """The first value of a header, empty without one; cut, as it may be anything."""
        wanted = name.lower()
        return next((v[:_LONGEST] for k, v in self.headers if k.lower() == wanted), "")

    @property
    def title(self) -> str:
        """The title of an HTML page, empty without one."""
        found = _TITLE.search(self.body)
        if found is None:
            return ""
        text = html.unescape(found[1].decode("utf-8", "replace"))
        return " ".join(text.split())[:_LONGEST]


def fetch(context: Context, url: str, *, limit_s: float) -> Page:
    """Return the answer to one GET; name, connection and answer have one limit together.

    Raises ``NotResolvedError`` for a name without an address, or that took all the time,
    ``OSError`` for everything else.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    begun = perf_counter()
    address = resolve(context, host)
    if (left_s := begun + limit_s - perf_counter()) <= 0:
        raise NotResolvedError(f"{host} was resolved too late")
    connection = http.client.HTTPConnection(host, port)
    connection.sock = context.tcp(address, port, left_s)
    path = parts.path or "/"
    try:
        with within(connection.sock, begun + limit_s - perf_counter(), context.cancel):
            connection.request("GET", f"{path}?{parts.query}" if parts.query else path)
            answer = connection.getresponse()
            body = answer.read(LARGEST)
    except (http.client.HTTPException, ValueError) as error:
        raise OSError(f"no HTTP: {type(error).__name__}") from error
    finally:
        connection.close()
    return Page(
        status=answer.status,
        headers=tuple(answer.getheaders()),
        body=body,
        ms=(perf_counter() - begun) * 1000,
        address=address,
    )
