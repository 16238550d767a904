"""Each fault does what it says, on the wire, and costs what it says."""

import io
import json
import struct
import time
import warnings
import zlib
from collections.abc import Callable

import httpx
import pytest
from PIL import Image

from studio.sandbox.faults import TABLE, UnknownFault, parse
from studio.sandbox.raw import FOREVER
from tests.sandbox.conftest import Client
from tests.sandbox_process import SandboxProcess, wait_until

PRICE = 80
Check = Callable[[httpx.Response], object]


def is_edge_page(status: int) -> Check:
    return lambda answer: (
        (answer.status_code, answer.headers["content-type"]) == (status, "text/html")
        and f"Error code {status}" in answer.text
    )


def says(status: int, code: str) -> Check:
    return lambda answer: answer.status_code == status and answer.json()["code"] == code


def host_of(answer: httpx.Response) -> str:
    url = httpx.URL(answer.json()["data"][0]["url"])
    assert "/plain/abs://external/images/" in url.path
    return f"{url.scheme}://{url.netloc.decode()}"


# fault: (units charged for n=2, does the answer look as it should?)
ANSWERED: dict[str, tuple[int, Check]] = {
    "rate-limited": (0, lambda a: says(429, "rate_limit_exceeded")(a) and "retry-after" not in a.headers),
    "rate-limited:30": (0, lambda a: a.status_code == 429 and a.headers["retry-after"] == "30"),
    "error-json": (0, says(500, "internal_error")),
    "error-text": (0, lambda a: (a.status_code, a.headers["content-type"]) == (500, "text/plain")),
    "edge": (0, is_edge_page(502)),
    "edge:503": (0, is_edge_page(503)),
    "edge:524": (0, is_edge_page(524)),
    "no-credits": (0, says(400, "not_enough_credits")),
    "unauthorized": (0, lambda a: (a.status_code, a.text) == (401, "request unauthorized")),
    "forbidden": (0, is_edge_page(403)),
    "html": (160, lambda a: a.status_code == 200 and a.headers["content-type"] == "text/html"),
    "missing-credits": (160, lambda a: set(a.json()) == {"created", "data"}),
    "credits-times": (320, lambda a: a.json()["credits"] == 320),
    "credits-times:3": (480, lambda a: a.json()["credits"] == 480),
    "fewer-images": (160, lambda a: (a.json()["credits"], len(a.json()["data"])) == (160, 1)),
    "no-images": (160, lambda a: a.json()["data"] == []),
    "duplicate-id": (160, lambda a: len({image["image_id"] for image in a.json()["data"]}) == 1),
    "url": (160, lambda a: a.json()["data"][0]["url"] == "http://169.254.169.254/latest/meta-data/"),
    "url:ftp://x/y": (160, lambda a: a.json()["data"][1]["url"] == "ftp://x/y"),
    "url-foreign": (160, lambda a: host_of(a) == "https://images.example.com"),
    "url-http": (160, lambda a: host_of(a) == "http://img.recraft.ai"),
    "url-port:9": (160, lambda a: host_of(a) == "http://127.0.0.1:9"),
}
BROKEN: dict[str, tuple[int, type[httpx.TransportError]]] = {
    "reset-unread": (0, httpx.TransportError),  # the client may meet it while writing or while reading
    "reset": (0, httpx.ReadError),
    "reset-billed": (160, httpx.ReadError),
    "reset-mid-answer": (160, httpx.ReadError),
    "hang": (0, httpx.ReadTimeout),
    "hang-billed": (160, httpx.ReadTimeout),
    "hang:0.1": (0, httpx.RemoteProtocolError),
}
FILES: dict[str, Check] = {
    "file-status": lambda a: a.status_code == 404,
    "file-status:503": lambda a: a.status_code == 503,
    "file-redirect": lambda a: (
        (a.status_code, a.headers["location"]) == (302, "http://169.254.169.254/latest/meta-data/")
    ),
    "file-type": lambda a: a.headers["content-type"] == "image/jpeg" and a.content.startswith(b"<svg"),
    "file-html": lambda a: a.headers["content-type"] == "image/svg+xml" and a.content.startswith(b"<!DOCTYPE html>"),
    "file-empty": lambda a: (a.status_code, a.headers["content-length"], a.content) == (200, "0", b""),
    "file-script": lambda a: a.headers["content-type"] == "image/svg+xml" and b"<script>" in a.content,
    "file-expired": lambda a: (a.status_code, a.content) == (403, b"Forbidden"),
    "file-length:less": lambda a: int(a.headers["content-length"]) == len(a.content),
}
BROKEN_FILES: dict[str, type[httpx.TransportError]] = {
    "file-hang": httpx.ReadTimeout,
    "file-drip": httpx.ReadTimeout,
    "file-reset": httpx.ReadError,
    "file-length": httpx.RemoteProtocolError,
}
ELSEWHERE = {"edge-billed", "truncated-json", "drip", "file-bomb", "file-truncated"}


def test_every_fault_of_the_table_is_tested() -> None:
    tried = {name.partition(":")[0] for name in (*ANSWERED, *BROKEN, *FILES, *BROKEN_FILES)}
    assert tried | ELSEWHERE == set(TABLE)


@pytest.mark.parametrize("fault", ANSWERED)
def test_an_answered_fault_looks_and_costs_as_it_says(client: Client, sandbox: SandboxProcess, fault: str) -> None:
    units, as_it_should = ANSWERED[fault]
    before = sandbox.charged()
    assert as_it_should(client.sketch(n=2, fault=fault))
    assert sandbox.charged() - before == units


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_connection_breaks_and_costs_as_it_says(client: Client, sandbox: SandboxProcess, fault: str) -> None:
    units, error = BROKEN[fault]
    before = sandbox.charged()
    client.http.timeout = httpx.Timeout(2)
    with pytest.raises(error):
        client.sketch(n=2, fault=fault)
    assert sandbox.charged() - before == units


def test_an_edge_that_gives_up_early_leaves_a_call_that_is_charged_later(
    client: Client, sandbox: SandboxProcess
) -> None:
    sandbox.set_latency(0.5)
    before = sandbox.charged()
    assert is_edge_page(504)(client.sketch(fault="edge-billed"))
    assert sandbox.charged() == before
    wait_until(lambda: sandbox.charged() == before + PRICE)


def test_truncated_json_is_the_first_half_of_an_answer(client: Client) -> None:
    answer = client.sketch(fault="truncated-json")
    assert answer.status_code == 200
    assert answer.content.startswith(b'{"created":')
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_a_dripping_answer_comes_byte_by_byte(client: Client) -> None:
    began = time.monotonic()
    with client.http.stream(
        "POST", "/v1/images/generations", json={"prompt": "a"}, headers={"X-Sandbox-Fault": "drip:10"}
    ) as answer:
        assert next(answer.iter_raw(1)) == b"{"
        assert int(answer.headers["content-length"]) > 100
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("fault", FILES)
def test_a_spoilt_file_looks_as_it_says(client: Client, fault: str) -> None:
    answer = client.sketch(n=2, fault=fault)
    assert answer.json()["credits"] == 160
    assert FILES[fault](client.fetch(answer, 1))


@pytest.mark.parametrize("fault", BROKEN_FILES)
def test_a_broken_download_breaks_as_it_says(client: Client, fault: str) -> None:
    client.files.timeout = httpx.Timeout(0.5)
    answer = client.sketch(fault=fault)
    with pytest.raises(BROKEN_FILES[fault]), client.files.stream("GET", answer.json()["data"][0]["url"]) as file:
        file.read()


def test_a_truncated_file_is_announced_as_long_as_it_is(client: Client) -> None:
    asked = {"random_seed": 3}
    whole = client.fetch(client.sketch(**asked)).content
    half = client.fetch(client.sketch(fault="file-truncated", **asked))
    assert half.content == whole[: len(whole) // 2]
    assert half.headers["content-length"] == str(len(half.content))


def test_the_bomb_is_48_kilobytes_that_declare_400_megapixels(client: Client) -> None:
    bomb = client.fetch(client.sketch(fault="file-bomb"))
    assert bomb.headers["content-type"] == "image/png"
    assert 40_000 < len(bomb.content) < 50_000
    assert struct.unpack(">II", bomb.content[16:24]) == (20_000, 20_000)  # three bytes each are 1.2 GB
    with warnings.catch_warnings(), pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(bomb.content))
    start = bomb.content.index(b"IDAT") + 4
    # A real picture, not only a header: it unpacks, checksum included, to every row it declares.
    assert len(zlib.decompress(bomb.content[start:-16])) == 20_000 * 2501


# -- How faults are asked for --


def test_a_file_fault_stays_with_its_pictures_for_as_many_fetches_as_it_says(client: Client) -> None:
    once = client.sketch(n=2, fault="file-status:503; count=2")
    assert [client.fetch(once).status_code for _ in range(4)] == [503, 503, 200, 200]
    assert client.fetch(once, 1).status_code == 503
    always = client.sketch(fault="file-status:403")
    assert [client.fetch(always).status_code for _ in range(5)] == [403] * 5


def test_a_file_fault_outlives_a_kill(client: Client, sandbox: SandboxProcess) -> None:
    answer = client.sketch(fault="file-status:503; count=2")
    assert client.fetch(answer).status_code == 503
    sandbox.kill()
    sandbox.start()
    again = Client(sandbox)
    assert [again.fetch(answer).status_code for _ in range(2)] == [503, 200]


def test_queued_faults_are_met_in_order_as_often_as_they_say(client: Client, sandbox: SandboxProcess) -> None:
    sandbox.fault("rate-limited", count=2)
    sandbox.fault("error-json")
    assert [client.sketch().status_code for _ in range(4)] == [429, 429, 500, 200]


def test_a_fault_without_end_ends_when_the_faults_are_cleared(client: Client, sandbox: SandboxProcess) -> None:
    sandbox.fault("no-credits", count=None)
    assert {client.sketch().status_code for _ in range(5)} == {400}
    sandbox.clear_faults()
    assert client.sketch().status_code == 200


def test_a_fault_waits_for_the_path_it_names(client: Client, sandbox: SandboxProcess) -> None:
    sandbox.fault("unauthorized", path="/users/me")
    sandbox.fault("rate-limited", path="generations/vector")
    assert client.sketch().status_code == 200
    assert client.sketch(kind="/vector").status_code == 429
    assert client.http.get("/v1/users/me").status_code == 401
    assert client.http.get("/v1/users/me").status_code == 200


def test_a_queued_file_fault_meets_the_next_download(client: Client, sandbox: SandboxProcess) -> None:
    answer = client.sketch()
    sandbox.fault("file-status:410")
    assert client.sketch().status_code == 200
    assert [client.fetch(answer).status_code for _ in range(2)] == [410, 200]


def test_a_download_may_name_its_fault_in_the_header(client: Client) -> None:
    url = client.sketch().json()["data"][0]["url"]
    assert client.get(url, **{"X-Sandbox-Fault": "file-empty"}).content == b""
    assert client.get(url, **{"X-Sandbox-Fault": "credits-times"}).json()["code"] == "unknown_fault"


def test_a_fault_is_no_way_around_token_and_limits(client: Client, sandbox: SandboxProcess) -> None:
    answer = httpx.post(f"{sandbox.api}/images/generations", headers={"X-Sandbox-Fault": "error-json"}, trust_env=False)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "said", ["nonsense", "", "edge:two", "edge:200", "drip:0", "credits-times:x", "file-length:odd", "edge; often=2"]
)
def test_a_fault_that_cannot_be_is_refused_when_asked_for(said: str) -> None:
    with pytest.raises(UnknownFault):
        parse(said)


def test_the_log_names_the_fault_that_a_request_met(client: Client, sandbox: SandboxProcess) -> None:
    client.sketch(fault="edge:520")
    last = sandbox.log()[-1]
    assert (last["fault"], last["status"], last["path"]) == ("edge:520", 520, "/v1/images/generations")


def test_a_hang_without_seconds_is_longer_than_any_deadline() -> None:
    assert FOREVER > 10 * 365 * 24 * 3600
