"""One HTTPS request to the central: verified, compressed both ways, and bounded in time."""

from __future__ import annotations

import errno
import gzip
import re
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urlsplit

import requests
import urllib3
from isal import isal_zlib

from fieldtech.errors import EnvironmentProblem
from fieldtech.sync.addresses import Addresses
from fieldtech.sync.connections import DialledAdapter
from fieldtech.sync.dialing import Dialer
from fieldtech.sync.failures import Failure, Kind, SyncFailure
from fieldtech.sync.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldtech.clock import Clock
    from fieldtech.diagnostics.binding import Binding

CHUNK = 256 * 1024
BYTES = "application/octet-stream"
"""Parts of files, which are packed already or should arrive as they are."""
COMPRESS_FROM = 1024
"""Smaller bodies cost more to compress than they save."""
_UNPACKING_FAILED = cast("type[Exception]", isal_zlib.error)  # its types know an instance only
_GZIP_WINDOW = 31  # zlib's number for "a gzip header, the largest window"
MAX_REPLY_BYTES = 64 * 1024 * 1024
"""More than any reply of the central: a guard against endless ones from somebody else."""
_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, in seconds: for a connection, for the next byte, for the whole reply."""

    connect_s: float = 10.0
    stall_s: float = 20.0
    total_s: float = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back, unpacked. ``sent_s``/``answered_s`` are boot-clock readings around it.

    ``answered_s`` is when the head arrived, before the body.
    """

    status: int
    content_type: str
    body: bytes
    sent_s: float
    answered_s: float
    retry_after_s: float | None = None


class Transport(Protocol):
    """Sends one request and returns its reply, or raises ``SyncFailure``."""

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        patience: Patience,
    ) -> Reply:
        """Do one request, without retries and without following redirects."""
        ...

    def cancel(self) -> None:
        """Stop the request another thread waits for, and refuse every later one."""
        ...

    def halt(self) -> None:
        """Stop the request another thread waits for, and refuse others until ``resume``."""
        ...

    def resume(self) -> None:
        """Take requests again after ``halt``."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


_PORTS = {"http": 80, "https": 443}


def check_url(url: str) -> str:
    """Return the address of a central, tidied: one address is always the same text.

    Raises ``EnvironmentProblem`` when it is no address, or when it would send passwords in clear
    text anywhere but to this very machine.
    """
    tidy = url.strip()
    parts = urlsplit(tidy if "://" in tidy else f"https://{tidy}")
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in _PORTS or not parts.hostname or port == -1:
        raise EnvironmentProblem(
            f"{url!r} is not the address of a central.",
            code="bad_address",
            what_to_do="It looks like https://central.example.mx",
        )
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
        raise EnvironmentProblem(
            f"The address {url!r} is not encrypted.",
            code="insecure_address",
            what_to_do="Use the https:// address of the central.",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    place = host if port in {None, _PORTS[parts.scheme]} else f"{host}:{port}"
    return f"{parts.scheme}://{place}{parts.path.rstrip('/')}"


class HttpTransport:
    """``requests`` with watched sockets. One request at a time; ``cancel`` from any thread.

    Proxies, ``.netrc`` and the like of the environment are not used: they would answer in the
    central's place or replace the token.
    """

    def __init__(
        self,
        base_url: str,
        clock: Clock,
        *,
        verify: bool | str = True,
        watch: Watch | None = None,
        bind: Binding | None = None,
        addresses: Addresses | None = None,
    ) -> None:
        """Talk to ``base_url``; ``verify`` may name a file of trusted certificates.

        ``watch`` is the caller's, who can stop with it what he does not hold in his hands.
        ``bind`` is the interface to send through (``None``: the system's choice), ``addresses``
        where the central was reached before.
        """
        self._base_url = check_url(base_url)
        self._host = urlsplit(self._base_url).hostname or ""
        self._proves_itself = self._base_url.startswith("https:") and verify is not False
        self._clock = clock
        self._watch = watch or Watch()
        self._dialer = Dialer(self._watch, addresses or Addresses(), bind)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = verify
        adapter = DialledAdapter(self._watch, self._dialer)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        patience: Patience,
    ) -> Reply:
        """Do one request; raises ``SyncFailure`` for everything but a complete reply."""
        if self._watch.cancelled:
            raise SyncFailure(Failure(kind=Kind.CANCELLED))
        all_headers = dict(headers)
        packs = headers.get("Content-Type") != BYTES
        if body is not None and packs and len(body) >= COMPRESS_FROM:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            all_headers["Content-Encoding"] = "gzip"
        sent_s = self._clock.boot()
        try:
            with self._watch.deadline(patience.total_s):
                response = self._session.request(
                    method,
                    self._base_url + path,
                    data=body,
                    headers=all_headers,
                    stream=True,
                    allow_redirects=False,
                    timeout=(patience.connect_s, patience.stall_s),
                )
                with response:
                    answered_s = self._clock.boot()
                    if self._proves_itself:
                        self._dialer.was_central(self._host)
                    return Reply(
                        status=response.status_code,
                        content_type=_content_type(response),
                        body=_read(response),
                        sent_s=sent_s,
                        answered_s=answered_s,
                        retry_after_s=_retry_after(response),
                    )
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            _UNPACKING_FAILED,
            OSError,
        ) as error:
            raise SyncFailure(self._failure(error)) from error

    def cancel(self) -> None:
        """Stop the present request at once, and refuse every later one."""
        self._watch.cancel()

    def halt(self) -> None:
        """Stop the present request at once, and refuse others until ``resume``."""
        self._watch.halt()

    def resume(self) -> None:
        """Take requests again after ``halt``."""
        self._watch.resume()

    def close(self) -> None:
        """Close every connection."""
        self._session.close()
        self._watch.close()

    def _failure(self, error: Exception) -> Failure:
        detail = _reason(error)
        if self._watch.cancelled:
            return Failure(kind=Kind.CANCELLED)
        if self._watch.overdue:
            return Failure(kind=Kind.TIMEOUT, detail="deadline")
        if self._dialer.interface_gone:
            return Failure(kind=Kind.NO_INTERFACE, detail=detail)
        if isinstance(error, requests.exceptions.SSLError):
            self._dialer.was_stranger(self._host)
        return Failure(kind=_kind(error), detail=detail)


def _reason(error: BaseException) -> str:
    """Name the first error of a chain, and the system's word for it: a log needs no more."""
    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    # Those of TLS and of the resolver have numbers of their own, which mean something else here.
    own = isinstance(error, ssl.SSLError | socket.gaierror)
    number = error.errno if isinstance(error, OSError) and not own else None
    named = errno.errorcode.get(number or 0, "")
    return f"{type(error).__name__} {named}".rstrip()


def _kind(error: Exception) -> Kind:
    # The order matters: requests' connection errors are a family with many wrong cousins.
    if isinstance(error, requests.exceptions.SSLError):
        return Kind.NOT_CENTRAL
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return Kind.UNREACHABLE
    if isinstance(error, requests.exceptions.Timeout | urllib3.exceptions.TimeoutError):
        return Kind.TIMEOUT
    if isinstance(
        error, (urllib3.exceptions.HTTPError, _UNPACKING_FAILED, _TooLongError, _CutError)
    ):
        return Kind.TRUNCATED
    return Kind.UNREACHABLE


class _TooLongError(OSError):
    """The reply is longer than any of the central's."""


class _CutError(OSError):
    """The packed body stops before its own end, or is not packed at all."""


def _read(response: requests.Response) -> bytes:
    """Return the whole body, unpacked here: the library takes half a gzip stream for all of it.

    ISA-L unpacks a page in a third of zlib's time (11.7 MB: 7.4 against 21.6 ms).
    """
    if response.is_redirect:
        return b""  # the library has swallowed it, and no answer of the central's is one
    packed = response.headers.get("Content-Encoding", "identity").lower() == "gzip"
    unpacker = isal_zlib.decompressobj(_GZIP_WINDOW)
    parts: list[bytes] = []
    size = 0
    for part in response.raw.stream(CHUNK, decode_content=False):
        plain = unpacker.decompress(part, MAX_REPLY_BYTES + 1) if packed else part
        parts.append(plain)
        size += len(plain)
        if size > MAX_REPLY_BYTES:
            raise _TooLongError(f"more than {MAX_REPLY_BYTES} bytes")
    if packed and not unpacker.eof:
        raise _CutError("the packed body stops before its end")
    return b"".join(parts)


def _content_type(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _retry_after(response: requests.Response) -> float | None:
    """Return the seconds asked for; the date form of the header is not used by the central."""
    text = response.headers.get("Retry-After", "").strip()
    # Only ASCII digits: others pass for digits too, and no float can be made of them.
    return float(text) if _SECONDS.fullmatch(text) else None
