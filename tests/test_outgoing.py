"""Where the studio sends what somebody typed: outside, over https, or nowhere. Each server counts what reaches it."""

import time

import pytest

from studio import outgoing
from tests.recraft.servers import dripping, response, saying, serving

PUBLIC = "104.18.32.7"
REFUSED_BY_SIGHT = [
    "http://example.com/hook",
    "ftp://example.com/hook",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "example.com/hook",
    "//example.com/hook",
    "https://",
    "https:///hook",
    "https://user@example.com/hook",
    "https://user:secret@example.com/hook",
    "https://@example.com/hook",
    "https://example.com\\@127.0.0.1/hook",
    "https://example.com/ hook",
    "https://example.com/\nhook",
    "https://exаmple.com/hook",  # noqa: RUF001  a Cyrillic letter
    "https://example.com:99999/hook",
    "https://example.com/#fragment",
    "https://example.com/" + "x" * 500,
    "",
]
# What a name may turn out to be, or an address may be written like.
INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fc00::1",
    "fe80::1",
    "ff02::1",
]


@pytest.mark.parametrize("url", REFUSED_BY_SIGHT)
def test_an_address_that_may_not_be_is_refused_by_sight(url: str) -> None:
    for loopback in (False, True):
        with pytest.raises(outgoing.NotAllowed):
            outgoing.admit(url, loopback=loopback)


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused_before_anything_is_connected(address: str) -> None:
    for loopback in (False, True):  # the setting opens what says that it is this machine, and no name that turns out so
        with pytest.raises(outgoing.NotAllowed, match="not a public address"):
            outgoing.post("https://example.com/", b"{}", {}, loopback=loopback, resolve=lambda *_: [address])


def test_one_address_inside_among_good_ones_is_enough() -> None:
    with pytest.raises(outgoing.NotAllowed):
        outgoing.post("https://example.com/", b"{}", {}, resolve=lambda *_: [PUBLIC, "10.0.0.1"])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:7f00:1]"]
)
def test_this_machine_is_closed_however_it_is_written(host: str) -> None:
    with serving(saying(response(b"ok"))) as server:
        for scheme in ("https", "http"):
            with pytest.raises(outgoing.OutgoingError):
                outgoing.post(f"{scheme}://{host}:{server.port}/", b"{}", {})
        assert server.connections == 0


def test_this_machine_is_reached_where_a_setting_opens_it() -> None:
    with serving(saying(response(b"ok", "202 Accepted"))) as server:
        assert outgoing.post(f"{server.origin}/hook?x=1", b'{"a":1}', {"X-A": "b"}, loopback=True) == 202
    (head,) = server.requests
    assert head.startswith(b"POST /hook?x=1 HTTP/1.1\r\n")
    assert b"X-A: b\r\n" in head
    assert b"content-type: application/json" in head.lower()
    assert b"cookie" not in head.lower()


def test_a_redirect_is_an_answer_like_any_other() -> None:
    with serving(saying(response(b"secret"))) as inside:
        moved = response(b"", "307 Temporary Redirect", f"Location: {inside.origin}/")
        with serving(saying(moved)) as server:
            assert outgoing.post(server.origin, b"{}", {}, loopback=True) == 307
        assert inside.connections == 0


def test_an_answer_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "DEADLINE", 0.4)
    began = time.monotonic()
    with serving(saying(response(b"x" * 5000, length=10**9))) as server:
        assert outgoing.post(server.origin, b"{}", {}, loopback=True) == 200
    with (
        serving(dripping(b"x" * 1000, response(b"", length=1000))) as slow,
        pytest.raises(outgoing.NotReached, match="Timeout"),
    ):
        outgoing.post(slow.origin, b"{}", {}, loopback=True)
    assert time.monotonic() - began < 20, "all of it would take fifty seconds"


def test_nobody_there_is_said_without_the_address_of_anybody() -> None:
    with serving(saying(b"")) as server:
        pass
    with pytest.raises(outgoing.NotReached, match=r"127\.0\.0\.1 could not be reached"):
        outgoing.post(server.origin, b"{}", {}, loopback=True)
