"""
How bytes leave and arrive: every wait ends with the deadline of the work it belongs to, and a connection goes to the
addresses that were looked at, not to whatever a second lookup says.

httpx has timeouts per read, so a server that sends one byte now and then keeps a call alive for ever. Here each read
and write is given only what is left of the deadline, while waiting for headers as well as for the body.
"""

import contextlib
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

# Numeric addresses of a host and port; raises OSError when there are none.
Resolver = Callable[[str, int], Sequence[str]]
# Raises when a connection to this host and port may not go to this address.
Check = Callable[[str, int, str], None]

CONNECT_TIMEOUT = 10.0
# Bytes given to a socket at once.
PIECE = 8192

# A context variable and not an argument: httpx and httpcore stand between the caller and the socket. Each thread
# has its own context, so calls running beside each other on one client don't share a deadline.
_ends_at: ContextVar[float] = ContextVar("ends_at", default=float("inf"))


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """All network waits inside end at the latest after `seconds`, together."""
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


def _left(timeout: float | None, overdue: type[httpcore.TimeoutException]) -> float:
    """What is left for one wait, in seconds. Raises `overdue` when nothing is."""
    left = _ends_at.get() - time.monotonic()
    if left <= 0:
        raise overdue("The total deadline has passed.")
    return left if timeout is None else min(left, timeout)


def resolve(host: str, port: int) -> tuple[str, ...]:
    """The numeric addresses of a host, in the system's order of preference, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class _Stream(httpcore.NetworkStream):
    """A socket whose every wait is cut to what is left of the deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # In small pieces: the socket below counts its timeout anew for every part of a buffer the peer accepts, so a
        # peer that reads slowly could stretch one large write for ever.
        for start in range(0, len(buffer), PIECE):
            self._stream.write(buffer[start : start + PIECE], _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """Looks a host up once, checks every address, then connects to those very addresses."""

    def __init__(self, resolve: Resolver = resolve, check: Check | None = None) -> None:
        self._resolve = resolve
        self._check = check
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError(f"{host} has no address.")
        for address in self._addresses(host, port):
            try:
                left = _left(timeout, httpcore.ConnectTimeout)
                return _Stream(self._sockets.connect_tcp(address, port, left, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
        raise failure

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as exc:
            raise httpcore.ConnectError(f"{host} can't be looked up: {exc}") from exc
        # All of them, before the first connection: one bad address among good ones is a rebinding attempt.
        for address in addresses:
            if self._check:
                self._check(host, port, address)
        return addresses


def transport(backend: Backend, *, connections: int, keep_alive: float) -> httpx.HTTPTransport:
    """An httpx transport on this backend; `keep_alive` is in seconds. It never retries and knows no proxy."""
    limits = httpx.Limits(
        max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=keep_alive
    )
    made = httpx.HTTPTransport(trust_env=False, retries=0, limits=limits)
    # httpx has no public way to pass a network backend; its version is pinned, and a test sees the backend at work.
    made._pool._network_backend = backend
    return made
