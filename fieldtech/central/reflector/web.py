"""The provider's small web server: ``/ip``, ``/generate_204`` and ``/throughput``.

It knows nobody and keeps nothing. Throughput is limited: so many flows at a time, in all and of one
address, each for so long.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

FLOWS, FLOWS_OF_ONE = 64, 8
LONGEST_S = 30.0
"""A flow ends after this, whoever still reads it."""
_BLOCK = os.urandom(1 << 18)
"""Of chance, so that nothing on the way can compress it."""
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


def create_app(now: Callable[[], float]) -> FastAPI:
    """Return the server; ``now`` is a clock in seconds that only grows."""
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
            with flows.one(address):
                end = now() + LONGEST_S
                # Whoever went away takes nothing, so that nothing would ever wait for him.
                while now() < end and not await request.is_disconnected():
                    yield _BLOCK

        address = _address(request)
        with flows.one(address):
            pass  # refused before the answer has begun
        return StreamingResponse(blocks(), media_type="application/octet-stream", headers=_NO_STORE)

    @app.post("/throughput")
    async def up(request: Request) -> dict[str, int]:
        received = 0
        with flows.one(_address(request)):
            end = now() + LONGEST_S
            async for block in request.stream():
                received += len(block)
                if now() > end:
                    raise HTTPException(408, "long enough")
                await asyncio.sleep(0)
        return {"bytes": received}

    return app


def _address(request: Request) -> str:
    host = request.client.host if request.client else ""
    return host.removeprefix("::ffff:")
