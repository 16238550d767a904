"""Downloads from real servers on loopback: what arrives, and every way in which a server can lie about it."""

import gzip
import hashlib
import io
import os
import socket
import threading
import time

import pytest

from studio.recraft.errors import FetchError, FetchFailed, FetchGone, FetchTooLarge
from studio.recraft.fetching import Fetcher, Origin
from tests.recraft.servers import closing, dripping, response, saying, serving

PICTURE = os.urandom(200_000)
SHORT = 0.4


def fetch(server, to=None, **options):
    fetcher = Fetcher([Origin.parse(server.origin)], loopback=True, **options)
    try:
        return fetcher.fetch(f"{server.origin}/images/x", io.BytesIO() if to is None else to)
    finally:
        fetcher.close()


def chunked(*pieces):
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def test_a_picture_arrives_byte_for_byte_with_its_hash_and_bare_type():
    target = io.BytesIO()
    with serving(saying(response(PICTURE, "200 OK", "Content-Type: image/webp; charset=x"))) as server:
        fetched = fetch(server, target)
    assert target.getvalue() == PICTURE
    assert (fetched.size, fetched.media_type) == (200_000, "image/webp")
    assert fetched.sha256 == hashlib.sha256(PICTURE).hexdigest()


def test_a_chunked_picture_without_a_length_arrives():
    body = chunked(PICTURE[:70_000], PICTURE[70_000:], b"")
    with serving(saying(response(body, "200 OK", "Transfer-Encoding: chunked", length=-1))) as server:
        assert fetch(server).sha256 == hashlib.sha256(PICTURE).hexdigest()


def test_a_missing_type_is_an_empty_type():
    with serving(saying(response(PICTURE))) as server:
        assert fetch(server).media_type == ""


def test_the_request_carries_no_credentials_and_asks_for_plain_bytes():
    with serving(saying(response(PICTURE))) as server:
        fetch(server)
    head = server.requests[0].lower()
    assert head.startswith(b"get /images/x http/1.1\r\n")
    assert b"accept-encoding: identity" in head
    assert b"authorization" not in head
    assert b"referer" not in head


def test_no_cookie_is_carried_from_one_download_to_the_next():
    with serving(saying(response(PICTURE, "200 OK", "Set-Cookie: a=b; Path=/"))) as server:
        fetcher = Fetcher([Origin.parse(server.origin)], loopback=True)
        for _ in range(2):
            fetcher.fetch(f"{server.origin}/x", io.BytesIO())
    assert len(server.requests) == 2
    assert b"cookie" not in server.requests[1].lower()


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "410 Gone"])
def test_a_dead_link_is_gone(status):
    with serving(saying(response(b"no", status))) as server, pytest.raises(FetchGone):
        fetch(server)


@pytest.mark.parametrize(
    "status", ["500 No", "502 No", "503 No", "429 Slow", "400 Bad", "401 No", "206 Part", "204 None"]
)
def test_any_other_answer_is_a_failure_to_try_again(status):
    with serving(saying(response(b"no", status))) as server, pytest.raises(FetchFailed):
        fetch(server)


def test_more_bytes_than_allowed_are_announced():
    with serving(saying(response(PICTURE))) as server, pytest.raises(FetchTooLarge):
        fetch(server, max_bytes=199_999)


def test_exactly_as_many_bytes_as_allowed_are_fine():
    with serving(saying(response(PICTURE))) as server:
        assert fetch(server, max_bytes=200_000).size == 200_000


def test_an_endless_body_is_cut_at_the_limit():
    written = []

    def endless(peer):
        peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(1_000):
            peer.sendall(chunked(b"x" * 50_000))
            written.append(50_000)

    target = io.BytesIO()
    with serving(endless) as server, pytest.raises(FetchTooLarge):
        fetch(server, target, max_bytes=1_000_000)
    assert len(target.getvalue()) <= 1_000_000
    assert sum(written) < 20_000_000


LIES = [
    response(PICTURE, length=len(PICTURE) + 1),
    response(b"", length=10),
    response(PICTURE, length=0),
    response(b""),
    response(PICTURE, length=-1),
    b"HTTP/1.0 200 OK\r\n\r\n" + PICTURE,
    response(PICTURE, "200 OK", "Content-Length: 5"),
    response(PICTURE, "200 OK", "Content-Length: nine", length=-1),
    response(PICTURE, "200 OK", "Content-Length: -1", length=-1),
    response(PICTURE, "200 OK", "Content-Length: " + "9" * 5000, length=-1),
    response(chunked(PICTURE), "200 OK", "Transfer-Encoding: chunked", length=-1),
    response(chunked(PICTURE, b""), "200 OK", "Transfer-Encoding: gzip, chunked", length=-1),
    response(chunked(PICTURE, b""), "200 OK", "Transfer-Encoding: chunked", length=5),
    response(b"zz\r\n", "200 OK", "Transfer-Encoding: chunked", length=-1),
    response(chunked(b""), "200 OK", "Transfer-Encoding: chunked", length=-1),
    b"",
    b"\x89PNG not HTTP",
    b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000,
]


@pytest.mark.parametrize("data", LIES, ids=lambda data: ascii(data[:60]))
def test_an_answer_that_is_cut_or_contradicts_itself_is_a_failure(data):
    with serving(closing(data)) as server, pytest.raises(FetchFailed):
        fetch(server)


def test_bytes_beyond_the_announced_length_are_not_taken():
    target = io.BytesIO()
    with serving(closing(response(b"picture" + b"<script>", length=7))) as server:
        assert fetch(server, target).size == 7
    assert target.getvalue() == b"picture"


def test_a_gzip_bomb_is_not_unfolded():
    bomb = gzip.compress(bytes(50_000_000))
    target = io.BytesIO()
    with serving(saying(response(bomb, "200 OK", "Content-Encoding: gzip"))) as server, pytest.raises(FetchFailed):
        fetch(server, target)
    assert target.getvalue() == b""


DRIPS = {
    "headers": dripping(response(PICTURE)),
    "body": dripping(PICTURE, first=response(b"", length=len(PICTURE))),
    "chunks": dripping(b"1\r\nx\r\n" * 1000, first=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "silence": lambda peer: time.sleep(30),
    "silence in the body": dripping(b"x", first=response(b"", length=9), pause=30),
}


@pytest.mark.parametrize("drip", DRIPS.values(), ids=DRIPS)
def test_a_slow_server_is_ended_by_the_total_deadline(drip):
    with serving(drip) as server:
        started = time.monotonic()
        with pytest.raises(FetchFailed):
            fetch(server, deadline=SHORT)
        assert time.monotonic() - started < SHORT + 5, "a busy machine may take some seconds, not half a minute"


def test_a_server_that_is_down_is_a_failure_to_try_again():
    with serving(saying(b"")) as server:
        pass
    with pytest.raises(FetchFailed):
        fetch(server)


def test_a_certificate_is_insisted_on():
    with serving(saying(b"")) as server:
        origin = server.origin.replace("http", "https")
        fetcher = Fetcher([Origin.parse(origin)], loopback=True, deadline=1)
        with pytest.raises(FetchFailed):
            fetcher.fetch(f"{origin}/x", io.BytesIO())


def test_a_full_disk_is_not_blamed_on_the_link():
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    with serving(saying(response(PICTURE))) as server, pytest.raises(OSError, match="No space left") as caught:
        fetch(server, Full())
    assert not isinstance(caught.value, FetchError)


def test_the_environments_proxy_is_ignored(monkeypatch):
    with serving(saying(response(PICTURE))) as proxy, serving(saying(response(PICTURE))) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.origin)
        fetch(server)
        assert proxy.connections == 0


def test_sixteen_threads_share_one_fetcher():
    pictures = [os.urandom(50_000) for _ in range(16)]
    lock, order = threading.Lock(), iter(range(1_000))

    def answer(peer: socket.socket) -> None:
        with lock:
            number = next(order)
        peer.sendall(response(pictures[number % 16]))

    found, failed = [], []

    def download(fetcher, url):
        for _ in range(5):
            target = io.BytesIO()
            try:
                fetched = fetcher.fetch(url, target)
            except FetchError as error:
                failed.append(error)
            else:
                assert fetched.sha256 == hashlib.sha256(target.getvalue()).hexdigest()
                found.append(target.getvalue())

    with serving(answer) as server:
        fetcher = Fetcher([Origin.parse(server.origin)], loopback=True)
        threads = [threading.Thread(target=download, args=(fetcher, f"{server.origin}/x")) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert server.connections <= 64
    assert failed == []
    assert sorted(found) == sorted(pictures * 5)
