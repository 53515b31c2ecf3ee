"""The provider's small web server: ``/ip``, ``/generate_204`` and ``/throughput``.

It knows nobody and keeps nothing. Throughput is limited: so many flows at a time, in all and of one
address, each for so long.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from starlette.requests import ClientDisconnect
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.types import Receive, Scope, Send

FLOWS, FLOWS_OF_ONE = 64, 8
LONGEST_S = 30.0
"""A flow ends after this, whoever still reads it."""
_BLOCK = os.urandom(1 << 18)
"""Of chance, so that nothing on the way can compress it."""
_MAPPED = "::ffff:"
"""Before an address of version 4 where one socket listens for both."""
_NO_STORE = {"Cache-Control": "no-store"}


class Flows:
    """How many measure at this moment; of the one event loop."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()

    @contextmanager
    def one(self, address: str) -> Iterator[None]:
        """Hold a place for one flow; raises ``HTTPException`` 503 where there is none."""
        if self._of.total() >= FLOWS or self._of[address] >= FLOWS_OF_ONE:
            raise HTTPException(503, "too many measurements at a time", {"Retry-After": "5"})
        self._of[address] += 1
        try:
            yield
        finally:
            self._of[address] -= 1
            self._of += Counter()  # drops who is at zero


class Limited(StreamingResponse):
    """An answer that ends after ``LONGEST_S``, also where nobody reads it."""

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_S):
                await super().__call__(scope, receive, send)


def create_app() -> FastAPI:
    """Return the server."""
    app = FastAPI(title="fieldtech reflector", docs_url=None, redoc_url=None, openapi_url=None)
    flows = Flows()

    @app.get("/generate_204")
    async def check() -> Response:
        return Response(status_code=204, headers=_NO_STORE)

    @app.get("/ip")
    async def my_ip(request: Request) -> Response:
        return PlainTextResponse(_address(request) + "\n", headers=_NO_STORE)

    @app.get("/throughput")
    async def down(request: Request) -> Response:
        async def blocks() -> AsyncIterator[bytes]:
            with flows.one(network):
                # Whoever went away takes nothing, so that nothing would ever wait for him.
                while not await request.is_disconnected():
                    yield _BLOCK

        network = network_of(_address(request))
        with flows.one(network):
            pass  # refused before the answer has begun
        return Limited(blocks(), media_type="application/octet-stream", headers=_NO_STORE)

    @app.post("/throughput")
    async def up(request: Request) -> dict[str, int]:
        received = 0
        with flows.one(network_of(_address(request))), contextlib.suppress(ClientDisconnect):
            try:
                async with asyncio.timeout(LONGEST_S):
                    async for block in request.stream():
                        received += len(block)
            except TimeoutError:
                raise HTTPException(408, "long enough") from None
        return {"bytes": received}

    return app


def network_of(address: str) -> str:
    """Return whom a limit counts: an address of version 4, the 64 bits of a site in version 6."""
    address = address.removeprefix(_MAPPED)
    try:
        own = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(own, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((own, 64), strict=False))
    return address


def _address(request: Request) -> str:
    host = request.client.host if request.client else ""
    return host.removeprefix(_MAPPED)
