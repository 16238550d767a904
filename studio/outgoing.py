"""
Sending to addresses that people of the studio typed in: the only place that does.

Such an address may lead anywhere, so it may not lead inside. https only, and only to public addresses: the host is
looked up once, every address is checked, and the connection goes to one that was. No user name in the address, no
redirect, no proxy, no cookies. The whole exchange has seconds, and of the answer a few kilobytes are read and dropped:
its status is all that counts. This machine itself is an exception that a setting has to open.
"""

import re
from collections.abc import Mapping
from functools import cache

import httpx

from studio.recraft import network
from studio.recraft.addresses import is_loopback, is_public
from studio.recraft.fetching import Origin

DEADLINE = 10.0  # seconds, from the look-up of the host to the last byte that is read
TIMEOUTS = httpx.Timeout(DEADLINE).as_dict()
MOST_READ = 4096  # bytes of an answer
MOST_URL = 500
# Printable ASCII without space and backslash: what one parser drops or turns into a slash, another keeps.
PLAIN_URL = re.compile(r"[!-\[\]-~]+")


class OutgoingError(Exception):
    """It could not be delivered. The message is for those who gave the address."""


class NotAllowed(OutgoingError):
    """The address leads where the studio does not send. Trying again changes nothing but what a name server says."""


class NotReached(OutgoingError):
    """Nobody there, no answer in time, or no valid certificate."""


def admit(url: str, *, loopback: bool = False) -> httpx.URL:
    """The address, if it may be sent to as far as its letters show. Raises NotAllowed."""
    if len(url) > MOST_URL or not PLAIN_URL.fullmatch(url):
        raise NotAllowed("The address is too long, or holds characters an address does not have.")
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise NotAllowed("The address can't be read.") from error
    # An empty user name leaves no trace in the parsed address, so the text itself is looked at.
    if parsed.userinfo or "@" in "".join(url.split("/")[:3]):
        raise NotAllowed("The address must not carry a user name.")
    if not parsed.host or parsed.fragment or (parsed.port or 443) > 65535 or parsed.scheme not in ("https", "http"):
        raise NotAllowed("The address must look like https://example.com/path.")
    if parsed.scheme != "https" and not (loopback and Origin.of(parsed).is_loopback):
        raise NotAllowed("The address must begin with https://.")
    return parsed


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    loopback: bool = False,
    resolve: network.Resolver = network.resolve,
) -> int:
    """Send a body of JSON; returns the status of the answer, whatever it is. Raises NotAllowed, NotReached."""
    target = admit(url, loopback=loopback)
    told = {"User-Agent": "atelier", "Content-Type": "application/json", "Accept-Encoding": "identity", **headers}
    request = httpx.Request("POST", target, headers=told, content=body, extensions={"timeout": TIMEOUTS})
    try:
        with network.deadline(DEADLINE):
            # The bare transport and not an httpx client: it follows no redirect and keeps no cookie.
            response = _transport(loopback, resolve).handle_request(request)
            try:
                _drop(response)
            finally:
                response.close()
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise NotReached(f"{target.host} could not be reached: {type(error).__name__}.") from error
    return response.status_code


def _drop(response: httpx.Response) -> None:
    size = 0
    for piece in response.iter_raw():
        size += len(piece)
        if size > MOST_READ:
            return


@cache
def _transport(loopback: bool, resolve: network.Resolver) -> httpx.HTTPTransport:
    def check(host: str, port: int, address: str) -> None:
        # A name that merely points to this machine is not opened by the setting.
        here = loopback and is_loopback(address) and (host == "localhost" or is_loopback(host))
        if not here and not is_public(address):
            raise NotAllowed(f"{host} is at {address}, which is not a public address.")

    # No connection is kept: the next delivery looks the host up and checks it anew.
    return network.transport(network.Backend(resolve, check), connections=8, keep_alive=0.0)
