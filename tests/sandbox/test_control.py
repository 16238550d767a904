"""The control endpoint: the sandbox's own record, and the levers of a test."""

import time

import httpx
import pytest
from starlette.requests import Request

from studio.sandbox.control import is_loopback
from studio.sandbox.faults import TABLE
from tests.sandbox.conftest import Client, Maker
from tests.sandbox_process import SandboxProcess


def control(sandbox: SandboxProcess, method: str, name: str, body: object = None, **headers: str) -> httpx.Response:
    url = f"{sandbox.url}/sandbox/{name}"
    return httpx.request(method, url, json=body, headers=headers, trust_env=False)


def test_the_record_holds_everything_about_a_call(client: Client, sandbox: SandboxProcess) -> None:
    before = time.time()
    answer = client.generate({"prompt": "a red fox", "n": 2, "model": "recraftv4", "random_seed": 9, "extra": None})
    operation = sandbox.operations()[-1]
    images = [image["image_id"] for image in answer.json()["data"]]
    expected = {
        "path": "/v1/images/generations",
        "model": "recraftv4",
        "n": 2,
        "prompt": "a red fox",
        "seed": 9,
        "params": {"prompt": "a red fox", "n": 2, "model": "recraftv4", "random_seed": 9, "extra": None},
        "fault": None,
        "price": 80,
        "charged": 80,
        "state": "done",
        "images": images,
    }
    assert {name: operation[name] for name in expected} == expected
    assert before <= operation["started_at"] <= operation["ended_at"] <= time.time()
    arrival = next(entry for entry in sandbox.log() if entry["id"] == operation["arrival"])
    assert before <= arrival["arrived_at"] <= operation["started_at"]
    assert operation["ended_at"] <= arrival["answered_at"]


def test_the_balance_is_the_sum_of_its_movements(client: Client, sandbox: SandboxProcess) -> None:
    client.generate()
    sandbox.set_balance(5000)
    client.generate(model="recraftv2")
    record = sandbox.record()
    assert record["balance"] == sum(movement["units"] for movement in record["movements"]) == 4978
    charges = [movement for movement in record["movements"] if movement["kind"] == "charge"]
    assert record["charged"] == -sum(movement["units"] for movement in charges)
    assert record["charged"] == sum(operation["charged"] for operation in record["operations"])


def test_no_token_is_kept_anywhere(own_sandbox: Maker) -> None:
    sandbox = own_sandbox()
    secret = "canary-7f3a91"
    httpx.get(f"{sandbox.api}/users/me", headers={"Authorization": f"Bearer {secret}"}, trust_env=False)
    assert len(sandbox.log()[0]["token"]) == 12
    sandbox.terminate()
    assert all(secret.encode() not in path.read_bytes() for path in sandbox.directory.rglob("*") if path.is_file())
    assert secret not in sandbox.output()


def test_pings_and_control_requests_are_not_arrivals(own_sandbox: Maker) -> None:
    sandbox = own_sandbox()
    httpx.get(f"{sandbox.url}/ping", trust_env=False)
    assert sandbox.log() == []


def test_the_known_faults_are_listed_with_what_they_do(sandbox: SandboxProcess) -> None:
    known = control(sandbox, "GET", "faults").json()["known"]
    assert set(known) == set(TABLE)
    assert known["edge"] == {"stage": "instead", "says": "an edge server's HTML page with this status"}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("faults", {}),
        ("faults", {"fault": "nonsense"}),
        ("faults", {"fault": "edge", "count": 0}),
        ("balance", {"balance": "much"}),
        ("latency", {"seconds": -1}),
        ("clock", {}),
        ("clock", 7),
    ],
)
def test_a_lever_pulled_wrongly_says_so(sandbox: SandboxProcess, name: str, body: object) -> None:
    answer = control(sandbox, "PUT", name, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_control")


def test_a_page_that_reaches_loopback_by_a_name_of_its_own_is_turned_away(sandbox: SandboxProcess) -> None:
    assert control(sandbox, "GET", "operations", Host="rebound.example.com").text == "404 page not found"
    assert control(sandbox, "GET", "operations", Host="localhost:1").status_code == 200


@pytest.mark.parametrize(
    ("client", "host", "local"),
    [
        ("127.0.0.1", "127.0.0.1:8210", True),
        ("127.0.0.1", "localhost", True),
        ("::1", "[::1]:8210", True),
        ("192.0.2.2", "127.0.0.1:8210", False),
        ("127.0.0.1", "sandbox:8210", False),
        ("127.0.0.1", "127.rebound.example.com", False),
    ],
)
def test_control_is_for_loopback_clients_that_say_loopback(client: str, host: str, local: bool) -> None:
    headers = [(b"host", host.encode())]
    scope = {"type": "http", "client": (client, 1), "path": "/", "query_string": b"", "headers": headers}
    assert is_loopback(Request(scope | {"scheme": "http", "server": ("127.0.0.1", 8210)})) is local
