"""The central composed: a database, a clock and the routes, as one ASGI application."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from fieldtech.central.api import admin, health, problems, sessions, syncing, uploads
from fieldtech.central.api.exchange import RequestIds
from fieldtech.central.api.limits import Limits
from fieldtech.central.api.parts import Parts
from fieldtech.central.blobs.uploads import BlobLimits
from fieldtech.central.housekeeping import Housekeeper
from fieldtech.central.passwords import Passwords
from fieldtech.central.sync.ground import Grounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fieldtech.central.blobs.folder import BlobStore
    from fieldtech.central.database import Database
    from fieldtech.clock import Clock

API_VERSION = "1"
TITLE = "Fieldtech central"


def create_app(
    database: Database,
    clock: Clock,
    *,
    housekeeping: bool = True,
    blobs: BlobStore | None = None,
    blob_limits: BlobLimits | None = None,
) -> FastAPI:
    """Return the application over an opened database, which stays the caller's to close.

    Without ``blobs`` it keeps no files: whoever sends one is told so.

    ``housekeeping`` starts the thread that retires ended work; tests with a clock of their own
    call ``housekeeping.tidy`` instead.
    """
    parts = Parts(
        database=database,
        clock=clock,
        grounds=Grounds(),
        passwords=Passwords(),
        blobs=blobs,
        blob_limits=blob_limits or BlobLimits(),
    )
    keeper = Housekeeper(database, clock, blobs)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if housekeeping:
            keeper.start()
        yield
        if housekeeping:
            await run_in_threadpool(keeper.stop)

    app = _App(
        title=TITLE,
        version=API_VERSION,
        lifespan=lifespan,
        docs_url="/docs",
        redoc_url=None,
        # A laptop follows no redirection: what is not the central's own answer is a captive portal.
        redirect_slashes=False,
        description="Commands come up, state goes down. Errors are problem documents.",
    )
    app.add_middleware(Limits, parts=parts)
    app.add_middleware(RequestIds)
    problems.install(app, parts)
    for part in (sessions, syncing, uploads, admin):
        app.include_router(part.router(parts))
    app.include_router(health.router(parts, keeper))
    return app


class _App(FastAPI):
    """FastAPI describes every answer that has a model as plain JSON; problems are not."""

    def openapi(self) -> dict[str, Any]:
        """The description, made when it is first asked for."""
        if self.openapi_schema is None:
            problems.describe(super().openapi())
        return super().openapi()
