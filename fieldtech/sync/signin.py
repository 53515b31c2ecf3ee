"""Signing in and out: the only time a password is needed, and never kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.wire import SessionRequest
from fieldtech.store import central_time
from fieldtech.sync.addresses import StoredAddresses
from fieldtech.sync.client import CentralClient
from fieldtech.sync.failures import Kind, SyncFailure
from fieldtech.sync.problems import problem_of
from fieldtech.sync.tokens import TokenBox, Tokens
from fieldtech.sync.transport import HttpTransport, check_url

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.diagnostics.binding import Binding
    from fieldtech.protocol.wire import UserInfo
    from fieldtech.secrets import SecretStore
    from fieldtech.store.opening import Store
    from fieldtech.sync.failures import Failure
    from fieldtech.sync.transport import Patience
    from fieldtech.sync.watch import Watch

_CODES = {Kind.NOT_CENTRAL: "captive_portal", Kind.NO_INTERFACE: "interface_gone"}
_REFUSALS = {
    "bad_credentials": ("The user or the password is wrong.", "Type them again."),
    "throttled": ("Too many attempts to sign in.", "Wait a little and try again."),
    "device_revoked": ("This laptop was shut out at the central.", "Speak to your administrator."),
    "device_bound": ("This profile's device belongs to another user.", "Use another profile."),
}


def sign_in(
    store: Store,
    secrets: SecretStore,
    clock: Clock,
    *,
    central_url: str,
    user: str,
    password: str,
    device_name: str,
    verify: bool | str = True,
    patience: Patience | None = None,
    watch: Watch | None = None,
    bind: Binding | None = None,
) -> UserInfo:
    """Sign a person in at a central and bind this profile to both.

    Signing in again renews the session and keeps everything. Raises ``EnvironmentProblem``:
    ``bad_credentials``, ``throttled``, ``device_revoked``, ``profile_of_another``,
    ``unreachable``, ``captive_portal``, ``bad_address``, ``insecure_address``…
    """
    url = check_url(central_url)
    device_id = store.session.get().device_id
    transport = HttpTransport(
        url,
        clock,
        verify=verify,
        watch=watch,
        bind=bind,
        addresses=StoredAddresses(store.database),
    )
    try:
        answer = CentralClient(transport, clock, patience).sign_in(
            SessionRequest(
                user=user, password=password, device_id=device_id, device_name=device_name
            )
        )
    except SyncFailure as failed:
        raise _problem(failed.failure) from failed
    finally:
        transport.close()
    told = answer.value
    store.session.sign_in(
        central_url=url, device_name=device_name, user=told.user, epoch=told.epoch
    )
    TokenBox(secrets).put(
        Tokens(access=told.access_token, refresh=told.refresh_token, device_id=device_id)
    )
    with store.database.write() as connection:
        central_time.save(connection, answer.sample)
    return told.user


def sign_out(
    store: Store,
    secrets: SecretStore,
    clock: Clock,
    *,
    verify: bool | str = True,
    patience: Patience | None = None,
    bind: Binding | None = None,
    watch: Watch | None = None,
) -> bool:
    """End the session here, and at the central when it can be reached (returned).

    Nothing in the store is touched: pending work stays, and goes up after the next sign-in.
    ``watch`` ends the wait for the central, never what is done here.
    """
    tokens = TokenBox(secrets)
    held = tokens.get()
    url = store.session.get().central_url
    told = False
    if held is not None and url:
        transport = HttpTransport(
            url,
            clock,
            verify=verify,
            watch=watch,
            bind=bind,
            addresses=StoredAddresses(store.database),
        )
        try:
            CentralClient(transport, clock, patience).sign_out(held.access, held.device_id)
            told = True
        except SyncFailure:
            told = False
        finally:
            transport.close()
    tokens.clear()
    return told


def _problem(failure: Failure) -> EnvironmentProblem:
    if failure.kind is Kind.PROBLEM:
        message, to_do = _REFUSALS.get(
            failure.code, ("The central refused to sign you in.", "Tell support.")
        )
        return EnvironmentProblem(message, code=failure.code, what_to_do=to_do)
    code = _CODES.get(failure.kind, failure.kind.value)
    known = problem_of(code)
    return EnvironmentProblem(
        known.message if known is not None else "Signing in failed.",
        code=code,
        what_to_do=known.what_to_do if known is not None else "",
    )
