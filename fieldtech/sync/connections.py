"""The connection pools of ``requests``, with every socket opened by a ``Dialer``."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

if TYPE_CHECKING:
    from fieldtech.sync.dialing import Dialer
    from fieldtech.sync.watch import Watch


class DialledAdapter(HTTPAdapter):
    """One kept connection, known to a ``Watch`` from its first moment."""

    def __init__(self, watch: Watch, dialer: Dialer) -> None:
        self._watch = watch
        self._dialer = dialer
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as requests has it
        """Make the pools use the dialled connections."""
        super().init_poolmanager(*args, **kwargs)
        plain = _dialled(HTTPConnection, self._watch, self._dialer)
        tls = _dialled(HTTPSConnection, self._watch, self._dialer)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("DialledHttpPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("DialledHttpsPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
        }


def _dialled(kind: type[HTTPConnection], watch: Watch, dialer: Dialer) -> type[HTTPConnection]:
    """Return a connection class that opens its socket by ``dialer``."""

    class Dialled(kind):  # type: ignore[misc, valid-type]  # one body for both schemes
        _handle = 0

        def _new_conn(self) -> socket.socket:
            # The library's own errors, as it would raise them: it sorts failures by them.
            try:
                connection, self._handle = dialer.dial(
                    self._dns_host.strip("[]"), self.port, self.timeout, self.socket_options or ()
                )
            except socket.gaierror as error:
                raise NameResolutionError(self.host, self, error) from error
            except TimeoutError as error:
                raise ConnectTimeoutError(self, f"no connection to {self.host}") from error
            except OSError as error:
                raise NewConnectionError(self, f"no connection: {error}") from error
            return connection

        def close(self) -> None:
            super().close()
            watch.detach(self._handle)

    return Dialled
