"""Links and addresses that must never be connected to. The server of each test counts what reaches it."""

import io
from urllib.parse import urlsplit

import pytest

from studio.recraft.errors import FetchFailed, FetchRefused
from studio.recraft.fetching import Fetcher, Origin
from tests.recraft.servers import response, saying, serving

CDN = Origin.parse("https://img.recraft.ai")
PUBLIC = "104.18.32.7"

# {port} is an allowed loopback origin, {other} another server on this machine that must stay silent.
HOSTILE_URLS = [
    # other hosts
    "https://evil.test/x",
    "https://img.recraft.ai.evil.test/x",
    "https://evil-img.recraft.ai/x",
    "https://sub.img.recraft.ai/x",
    "https://recraft.ai/x",
    "https://external.api.recraft.ai/x",
    "https://imgxrecraft.ai/x",
    "https://img.recraft.ai./x",
    "https://img.recraft.ai../x",
    "https://.img.recraft.ai/x",
    "https://xn--mg-mja.recraft.ai/x",
    "https://img.recraft.\u0430i/x",
    "https://img。recraft。ai/x",
    "https://img%2erecraft.ai/x",
    "https://img.recraft.ai%00.evil.test/x",
    "https://img.recraft.ai%2f@evil.test/x",
    # other ports and schemes
    "https://img.recraft.ai:8443/x",
    "https://img.recraft.ai:80/x",
    "https://img.recraft.ai:99999/x",
    "https://img.recraft.ai:44a3/x",
    "https://img.recraft.ai:-443/x",
    "http://img.recraft.ai/x",
    "http://img.recraft.ai:443/x",
    "ftp://img.recraft.ai/x",
    "file:///etc/passwd",
    "file://img.recraft.ai/etc/passwd",
    "gopher://img.recraft.ai/x",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "ws://img.recraft.ai/x",
    # no host, no scheme
    "",
    "/x",
    "//img.recraft.ai/x",
    "https:/img.recraft.ai/x",
    "https:img.recraft.ai/x",
    "https:///img.recraft.ai/x",
    "https://",
    "img.recraft.ai/x",
    # user names
    "https://user@img.recraft.ai/x",
    "https://user:password@img.recraft.ai/x",
    "https://@img.recraft.ai/x",
    "https://:@img.recraft.ai/x",
    "https://img.recraft.ai@evil.test/x",
    "https://img.recraft.ai:443@evil.test/x",
    "https://evil.test#@img.recraft.ai/x",
    "https://evil.test?@img.recraft.ai/x",
    # what parsers disagree about
    "https://img.recraft.ai\\@evil.test/x",
    "https://evil.test\\@img.recraft.ai/x",
    "https:\\\\img.recraft.ai\\x",
    "https://img.recraft.ai\\.evil.test/x",
    " https://img.recraft.ai/x",
    "https://img.recraft.ai/x ",
    "https://img.recraft.ai/x\r\nHost: evil.test",
    "https://img.recraft.ai\t/x",
    "https://img.recraft.ai/\0",
    "https://img.recraft.ai/ü",
    "https://[img.recraft.ai]/x",
    "https://img.recraft.ai, evil.test/x",
    # this machine and its network
    "http://localhost:{other}/x",
    "http://127.0.0.1:{other}/x",
    "http://127.0.0.1/x",
    "http://localhost:{port}/x",
    "http://127.1:{port}/x",
    "http://127.0.0.2:{port}/x",
    "http://0.0.0.0:{port}/x",
    "http://2130706433:{port}/x",
    "http://0x7f000001:{port}/x",
    "http://0x7f.0.0.1:{port}/x",
    "http://017700000001:{port}/x",
    "http://0177.0.0.1:{port}/x",
    "http://127.0.0.1.:{port}/x",
    "http://１２７.0.0.1:{port}/x",  # noqa: RUF001 - fullwidth digits are the point
    "http://127。0。0。1:{port}/x",
    "http://[::1]:{port}/x",
    "http://[::ffff:127.0.0.1]:{port}/x",
    "http://[::ffff:7f00:1]:{port}/x",
    "http://[::127.0.0.1]:{port}/x",
    "http://[64:ff9b::7f00:1]:{port}/x",
    "http://[fe80::1%25lo]:{port}/x",
    "http://127.0.0.1.nip.io:{port}/x",
    "http://user@127.0.0.1:{port}/x",
    "http://127.0.0.1:{port}@127.0.0.1:{other}/x",
    "http://127.0.0.1:{port}#@127.0.0.1:{other}/x",
    "https://127.0.0.1:{port}/x",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://10.0.0.1/x",
    "https://img.recraft.ai/" + "x" * 5_000,
]
# What a name server may say about an allowed host.
HOSTILE_ADDRESSES = [
    ["127.0.0.1"],
    ["::1"],
    ["0.0.0.0"],
    ["10.1.2.3"],
    ["192.168.0.1"],
    ["172.16.0.1"],
    ["169.254.169.254"],
    ["100.64.0.1"],
    ["224.0.0.1"],
    ["::ffff:127.0.0.1"],
    ["::ffff:169.254.169.254"],
    ["64:ff9b::a9fe:a9fe"],
    ["2002:7f00:1::"],
    ["fe80::1%eth0"],
    ["fec0::1"],
    ["fd00::1"],
    [PUBLIC, "127.0.0.1"],
    ["127.0.0.1", PUBLIC],
    ["localhost"],
    ["2130706433"],
]


def never_asked(host, port):
    raise AssertionError(f"{host} was looked up")


def test_the_table_is_long_enough():
    assert len(set(HOSTILE_URLS)) >= 60


@pytest.fixture(scope="module")
def servers():
    with serving(saying(response(b"secret"))) as allowed, serving(saying(response(b"secret"))) as other:
        yield allowed, other


@pytest.fixture(scope="module")
def fetcher(servers):
    # One for the whole table: making one loads the system's certificates each time.
    return Fetcher([CDN, Origin.parse(servers[0].origin)], loopback=True, resolve=never_asked)


@pytest.mark.parametrize("url", HOSTILE_URLS, ids=lambda url: ascii(url)[:60])
def test_a_hostile_link_is_refused_before_any_name_is_looked_up(url, fetcher, servers):
    allowed, other = servers
    target = io.BytesIO()
    with pytest.raises(FetchRefused):
        fetcher.fetch(url.replace("{port}", str(allowed.port)).replace("{other}", str(other.port)), target)
    assert target.getvalue() == b""
    assert allowed.connections == other.connections == 0


@pytest.mark.parametrize("addresses", HOSTILE_ADDRESSES, ids=str)
@pytest.mark.parametrize("loopback", [False, True])
def test_an_allowed_host_at_a_hostile_address_is_refused(addresses, loopback, servers):
    server = servers[0]
    origin = f"https://img.recraft.ai:{server.port}"
    fetcher = Fetcher([Origin.parse(origin)], loopback=loopback, resolve=lambda host, port: addresses)
    with pytest.raises(FetchRefused):
        fetcher.fetch(f"{origin}/x", io.BytesIO())
    assert server.connections == 0


def test_a_rebinding_name_server_gets_one_question_and_no_connection():
    answers = [[PUBLIC, "127.0.0.1"], ["127.0.0.1"], ["127.0.0.1"]]
    asked = []

    def resolve(host, port):
        asked.append((host, port))
        return answers[len(asked) - 1]

    with serving(saying(response(b"secret"))) as server:
        origin = f"https://rebind.test:{server.port}"
        fetcher = Fetcher([Origin.parse(origin)], loopback=True, resolve=resolve)
        with pytest.raises(FetchRefused):
            fetcher.fetch(f"{origin}/x", io.BytesIO())
        assert asked == [("rebind.test", server.port)]
        assert server.connections == 0


def test_a_second_address_is_tried_when_the_first_does_not_answer():
    with serving(saying(response(b"picture"))) as server:
        origin = f"http://localhost:{server.port}"
        # Nothing listens on ::1 at this port.
        fetcher = Fetcher([Origin.parse(origin)], loopback=True, resolve=lambda host, port: ["::1", "127.0.0.1"])
        assert fetcher.fetch(f"{origin}/x", io.BytesIO()).size == 7


def test_localhost_that_resolves_elsewhere_is_refused():
    for address in ("10.0.0.1", PUBLIC, "0.0.0.0"):
        fetcher = Fetcher([Origin.parse("http://localhost:8765")], loopback=True, resolve=lambda h, p, a=address: [a])
        with pytest.raises(FetchRefused):
            fetcher.fetch("http://localhost:8765/x", io.BytesIO())


def test_loopback_is_refused_unless_it_is_switched_on():
    with serving(saying(response(b"picture"))) as server:
        for origin in (server.origin, server.origin.replace("http", "https")):
            with pytest.raises(FetchRefused):
                Fetcher([Origin.parse(origin)]).fetch(f"{origin}/x", io.BytesIO())
        assert server.connections == 0


def test_plain_http_to_another_machine_is_refused_even_when_it_is_listed():
    fetcher = Fetcher([Origin.parse("http://img.recraft.ai")], loopback=True, resolve=never_asked)
    with pytest.raises(FetchRefused):
        fetcher.fetch("http://img.recraft.ai/x", io.BytesIO())


def test_no_allowed_origin_means_no_link():
    with pytest.raises(FetchRefused):
        Fetcher([], loopback=True, resolve=never_asked).fetch("https://img.recraft.ai/x", io.BytesIO())


def test_a_redirect_chain_is_not_followed_anywhere():
    with serving(saying(response(b"secret"))) as last:
        places = (f"{last.origin}/x", "http://169.254.169.254/", "//evil.test/", "https://[nonsense", "/x")
        for status, location in zip(("301 M", "302 F", "303 S", "307 T", "308 P"), places, strict=True):
            with serving(saying(response(b"", status, f"Location: {location}"))) as server:
                fetcher = Fetcher([Origin.parse(server.origin), Origin.parse(last.origin)], loopback=True)
                with pytest.raises(FetchRefused):
                    fetcher.fetch(f"{server.origin}/x", io.BytesIO())
                assert len(server.requests) == 1
        assert last.connections == 0


def test_a_link_written_in_another_case_or_with_the_default_port_is_the_same_origin():
    fetcher = Fetcher([CDN], resolve=lambda host, port: [])
    for url in (
        "HTTPS://IMG.RECRAFT.AI/x",
        "https://img.recraft.ai:443/x",
        "https://img.recraft.ai?x",
        "https://img.recraft.ai",
    ):
        # Admitted, and then there is no address to go to.
        with pytest.raises(FetchFailed):
            fetcher.fetch(url, io.BytesIO())


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://img.recraft.ai", ("https", "img.recraft.ai", 443)),
        ("https://IMG.recraft.ai/", ("https", "img.recraft.ai", 443)),
        ("http://127.0.0.1:8765", ("http", "127.0.0.1", 8765)),
        ("http://[::1]:8765", ("http", "::1", 8765)),
        ("https://bücher.example", ("https", "xn--bcher-kva.example", 443)),
    ],
)
def test_an_origin_is_read(text, origin):
    parsed = Origin.parse(text)
    assert (parsed.scheme, parsed.host, parsed.port) == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "img.recraft.ai",
        "ftp://img.recraft.ai",
        "https://",
        "https://a/b",
        "https://a?b",
        "https://u@a",
        "https://a:b",
    ],
)
def test_what_is_no_origin_is_refused_loudly(text):
    with pytest.raises(ValueError, match="is no origin"):
        Origin.parse(text)


def test_python_and_the_fetcher_agree_on_the_host_of_every_link_that_is_admitted():
    fetcher = Fetcher([CDN], resolve=never_asked)
    for url in (
        "https://img.recraft.ai/rs:fit:0:0:0/raw:1/plain/abs://external/images/x",
        "https://img.recraft.ai/a@b",
    ):
        with pytest.raises(AssertionError, match=urlsplit(url).hostname):
            fetcher.fetch(url, io.BytesIO())
