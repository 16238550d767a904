"""Sandboxes for the tests: one shared by most, and a maker of private ones for those that kill or limit them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox_process import SandboxProcess

# Most tests are not about the rate limits and would run into them.
UNLIMITED = 1_000_000
BALANCE = 1_000_000
AUTHORIZED = {"Authorization": "Bearer a-token"}

Maker = Callable[..., SandboxProcess]


class Client:
    """Requests to one sandbox the way a client sends them."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self.sandbox = sandbox
        self.http = httpx.Client(base_url=sandbox.url, headers=AUTHORIZED, verify=False, trust_env=False, timeout=60)
        self.files = httpx.Client(verify=False, trust_env=False, timeout=60)

    def generate(self, body: Any = None, kind: str = "", fault: str | None = None, **fields: Any) -> httpx.Response:
        """POST a JSON body to /images/generations; `kind` is "/raster" or "/vector"."""
        headers = {"X-Sandbox-Fault": fault} if fault else {}
        given = {"prompt": "a lighthouse"} | fields if body is None else body
        return self.http.post(f"/v1/images/generations{kind}", json=given, headers=headers)

    def sketch(self, **fields: Any) -> httpx.Response:
        """`generate` for tests that only need some picture: an SVG is drawn a hundred times faster. 80 units each."""
        return self.generate(model="recraftv4_1_vector", **fields)

    def fetch(self, answer: httpx.Response, index: int = 0) -> httpx.Response:
        """The file of one result, without any authorization."""
        return self.get(answer.json()["data"][index]["url"])

    def get(self, url: str, **headers: str) -> httpx.Response:
        """GET any URL without authorization."""
        return self.files.get(url, headers=headers)


@pytest.fixture(scope="session")
def shared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    directory = tmp_path_factory.mktemp("shared") / "sandbox"
    options = {"requests_per_second": UNLIMITED, "images_per_minute": UNLIMITED, "balance": BALANCE}
    with SandboxProcess(directory, **options) as process:
        yield process


@pytest.fixture
def sandbox(shared_sandbox: SandboxProcess) -> SandboxProcess:
    """The shared sandbox, without the faults, clock or latency of the test before."""
    shared_sandbox.clear_faults()
    shared_sandbox.set_latency(0)
    shared_sandbox.shift_clock(0)
    shared_sandbox.set_balance(BALANCE)
    return shared_sandbox


@pytest.fixture
def client(sandbox: SandboxProcess) -> Client:
    return Client(sandbox)


@pytest.fixture
def own_sandbox(tmp_path: Path) -> Iterator[Maker]:
    """Makes started sandboxes that belong to this test alone."""
    made: list[SandboxProcess] = []

    def make(name: str = "sandbox", **options: Any) -> SandboxProcess:
        process = SandboxProcess(tmp_path / name, **options)
        made.append(process)
        process.start()
        return process

    yield make
    for process in made:
        process.kill()
