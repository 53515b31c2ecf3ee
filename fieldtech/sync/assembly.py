"""Putting the parts of a synchronisation together over an open store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.store.session import not_signed_in
from fieldtech.sync.addresses import StoredAddresses
from fieldtech.sync.blobs import BlobSender
from fieldtech.sync.client import CentralClient
from fieldtech.sync.runner import SyncRunner
from fieldtech.sync.tokens import TokenBox
from fieldtech.sync.transport import HttpTransport

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.diagnostics.binding import Binding
    from fieldtech.secrets import SecretStore
    from fieldtech.store.opening import Store
    from fieldtech.sync.backoff import Pace
    from fieldtech.sync.metering import Meter
    from fieldtech.sync.transport import Patience
    from fieldtech.sync.watch import Watch


def open_runner(
    store: Store,
    secrets: SecretStore,
    clock: Clock,
    *,
    verify: bool | str = True,
    patience: Patience | None = None,
    pace: Pace | None = None,
    watch: Watch | None = None,
    bind: Binding | None = None,
) -> SyncRunner:
    """Return the runner for the central this profile is signed in at, through ``bind`` if given.

    Raises ``EnvironmentProblem`` (``not_signed_in``) before the first sign-in.
    """
    transport = _transport(store, clock, verify=verify, watch=watch, bind=bind)
    return SyncRunner(
        store=store,
        feed=store.feed,
        client=CentralClient(transport, clock, patience),
        transport=transport,
        tokens=TokenBox(secrets),
        clock=clock,
        pace=pace,
    )


def open_sender(
    store: Store,
    secrets: SecretStore,
    clock: Clock,
    *,
    meter: Meter,
    verify: bool | str = True,
    patience: Patience | None = None,
    watch: Watch | None = None,
    bind: Binding | None = None,
) -> BlobSender:
    """Return what sends this profile's files, over a connection of its own.

    Raises ``EnvironmentProblem`` (``not_signed_in``) before the first sign-in.
    """
    transport = _transport(store, clock, verify=verify, watch=watch, bind=bind)
    return BlobSender(
        store=store,
        client=CentralClient(transport, clock, patience),
        transport=transport,
        tokens=TokenBox(secrets),
        clock=clock,
        meter=meter,
    )


def _transport(
    store: Store, clock: Clock, *, verify: bool | str, watch: Watch | None, bind: Binding | None
) -> HttpTransport:
    url = store.session.get().central_url
    if not url:
        raise not_signed_in()
    return HttpTransport(
        url,
        clock,
        verify=verify,
        watch=watch,
        bind=bind,
        addresses=StoredAddresses(store.database),
    )
