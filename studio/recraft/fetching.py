"""
Downloading results: the one place that follows a link somebody else wrote.

A link is untrusted input even when Recraft sent it. It must name exactly an allowed origin (scheme, host, port); the
host is looked up once, every address must be public, and the connection goes to an address that was checked, so a
second lookup can't swap it. No redirect, no proxy, no credentials, no cookies. The bytes are counted while they
stream; one deadline covers everything.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Self

import httpx

from studio.recraft import network
from studio.recraft.addresses import is_loopback, is_public
from studio.recraft.errors import FetchFailed, FetchGone, FetchRefused, FetchTooLarge

MAX_BYTES = 64 * 2**20
# Seconds for one download as a whole, and for the silence between two pieces of it.
DEADLINE = 120.0
TIMEOUTS = httpx.Timeout(30.0, connect=network.CONNECT_TIMEOUT).as_dict()
MAX_URL = 4096
CONNECTIONS = 64
# Plain bytes: what is hashed, counted and stored is what was sent, and no gzip bomb unfolds.
HEADERS = {"User-Agent": "atelier", "Accept": "*/*", "Accept-Encoding": "identity"}
DEFAULT_PORTS = {"http": 80, "https": 443}
# Printable ASCII without space and backslash: what one parser drops or turns into a slash, another keeps.
PLAIN_URL = re.compile(r"[!-\[\]-~]+")


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port, as an exact triple. IPv6 hosts stand without brackets."""

    scheme: str
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "https://img.recraft.ai" or "http://127.0.0.1:8765". Raises ValueError for anything more than that."""
        try:
            url = httpx.URL(text)
        except httpx.InvalidURL as exc:
            raise ValueError(f"{text!r} is no origin: {exc}") from exc
        if url.scheme not in DEFAULT_PORTS or not url.host or url.raw_path not in (b"", b"/") or "@" in text:
            raise ValueError(f"{text!r} is no origin: it must look like https://host or https://host:port.")
        return cls.of(url)

    @classmethod
    def of(cls, url: httpx.URL) -> Self:
        # The raw host is what gets connected to; `url.host` would show an international name decoded.
        host = url.raw_host.decode("ascii")
        return cls(url.scheme, host, url.port or DEFAULT_PORTS.get(url.scheme, 0))

    @property
    def is_loopback(self) -> bool:
        """Whether the origin names this machine by itself, without asking a name server."""
        return self.host == "localhost" or is_loopback(self.host)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was downloaded: size in bytes, SHA-256 in hex, the Content-Type as sent without its parameters."""

    size: int
    sha256: str
    media_type: str


class Fetcher:
    """Downloads from the allowed origins only. One per process is enough; threads share its connections."""

    def __init__(
        self,
        origins: Collection[Origin],
        *,
        loopback: bool = False,
        max_bytes: int = MAX_BYTES,
        deadline: float = DEADLINE,
        resolve: network.Resolver = network.resolve,
    ) -> None:
        """`loopback` lets origins that name this machine be reached, and plain http for them alone."""
        self._origins = {(origin.host, origin.port): origin for origin in origins}
        self._allowed = frozenset(origins)
        self._loopback = loopback
        self._max_bytes = max_bytes
        self._deadline = deadline
        backend = network.Backend(resolve, self._check_address)
        # The bare transport and not an httpx client: it has no cookie jar to carry something from one download to
        # the next, doesn't read where a redirect points, and writes no signed link into a log.
        self._transport = network.transport(backend, connections=CONNECTIONS, keep_alive=5.0)

    def fetch(self, url: str, to: BinaryIO) -> Fetched:
        """
        Stream what the link points to into `to`.

        Raises FetchRefused (a link or an address that is not allowed, before anything is connected to; a redirect),
        FetchGone, FetchTooLarge or FetchFailed; an error of `to` itself (a full disk) comes through as it is. After
        an error `to` holds a part, to be thrown away.
        """
        target = self._admitted(url)
        try:
            with network.deadline(self._deadline), self._opened(target) as response:
                _check_status(response)
                self._check_length(response)
                return self._save(response, to)
        except (httpx.HTTPError, httpx.StreamError) as exc:
            raise FetchFailed(f"{target.host}: {type(exc).__name__}: {exc}") from exc

    def close(self) -> None:
        self._transport.close()

    @contextmanager
    def _opened(self, target: httpx.URL) -> Iterator[httpx.Response]:
        request = httpx.Request("GET", target, headers=HEADERS, extensions={"timeout": TIMEOUTS})
        response = self._transport.handle_request(request)
        try:
            yield response
        finally:
            response.close()

    def _admitted(self, url: str) -> httpx.URL:
        """The parsed link, by the very parser that connects. Raises FetchRefused."""
        if len(url) > MAX_URL or not PLAIN_URL.fullmatch(url):
            raise FetchRefused("The link is too long or holds characters a link does not have.")
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL as exc:
            raise FetchRefused(f"The link can't be read: {exc}") from exc
        # An empty user name leaves no trace in the parsed link, so the text itself is looked at.
        if parsed.userinfo or "@" in "".join(url.split("/")[:3]):
            raise FetchRefused("The link carries a user name.")
        origin = Origin.of(parsed)
        if origin not in self._allowed:
            raise FetchRefused(f"{origin.scheme}://{origin.host}:{origin.port} is not an allowed origin.")
        if origin.scheme != "https" and not (self._loopback and origin.is_loopback):
            raise FetchRefused("Plain http is for this machine only.")
        return parsed

    def _check_address(self, host: str, port: int, address: str) -> None:
        origin = self._origins.get((host, port))
        if origin is not None and self._loopback and origin.is_loopback and is_loopback(address):
            return
        # Plain http has got here only for an origin on this machine, whose address has just been checked.
        if origin is None or origin.scheme != "https" or not is_public(address):
            raise FetchRefused(f"{host} is at {address}, which is not a public address.")

    def _check_length(self, response: httpx.Response) -> None:
        length = response.headers.get("content-length")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise FetchFailed("The picture came compressed although it was asked for as it is.")
        if length is None and "chunked" not in response.headers.get("transfer-encoding", "").lower():
            raise FetchFailed("The answer does not say where it ends.")
        if length is not None and int(length) > self._max_bytes:
            raise FetchTooLarge(f"{length} bytes are announced; {self._max_bytes} are allowed.")

    def _save(self, response: httpx.Response, to: BinaryIO) -> Fetched:
        size, digest = 0, hashlib.sha256()
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > self._max_bytes:
                raise FetchTooLarge(f"More than the {self._max_bytes} bytes that are allowed.")
            digest.update(chunk)
            to.write(chunk)
        length = response.headers.get("content-length")
        if size == 0 or (length is not None and size != int(length)):
            raise FetchFailed(f"{size} bytes came; {length or 'some'} were expected.")
        media_type = response.headers.get("content-type", "").partition(";")[0].strip()
        return Fetched(size=size, sha256=digest.hexdigest(), media_type=media_type)


def _check_status(response: httpx.Response) -> None:
    status = response.status_code
    if 300 <= status < 400:
        raise FetchRefused(f"{status}: a redirect is not followed.")
    if status in (403, 404, 410):
        raise FetchGone(f"The server answers {status}.")
    if status != 200:
        raise FetchFailed(f"The server answers {status}.")
