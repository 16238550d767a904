"""The sandbox as a process of its own, for every test that needs a provider over real HTTP.

    with SandboxProcess(tmp_path / "provider", latency=0) as sandbox:
        sandbox.fault("edge:504")
        sandbox.operations()

`kill()` is SIGKILL and `start()` brings it back on the same port and folder.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 30.0
STOP_SECONDS = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(question: Callable[[], bool], seconds: float = 30) -> None:
    """Ask again and again; fails when the answer is still no after `seconds`."""
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


class SandboxProcess:
    """Options are those of the command line with underscores: latency, time_scale, balance, token,
    requests_per_second, images_per_minute, public_url, host, port. Latency is 0 unless given."""

    def __init__(self, directory: Path, **options: Any) -> None:
        self.directory = Path(directory)
        self.options: dict[str, Any] = {"port": free_port(), "latency": 0} | options
        self.process: subprocess.Popen[bytes] | None = None
        # No TLS here, so the machine's certificates needn't be read. No connection outlives its request, since the
        # process at the other end may be killed in between.
        self._http = httpx.Client(
            limits=httpx.Limits(max_keepalive_connections=0), verify=False, trust_env=False, timeout=30
        )
        self._log = self.directory.with_suffix(".log")

    @property
    def url(self) -> str:
        """Scheme, host and port, without /v1."""
        return f"http://127.0.0.1:{self.options['port']}"

    @property
    def api(self) -> str:
        """What a client takes for its base URL."""
        return f"{self.url}/v1"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    # -- Life and death --

    def start(self) -> None:
        """Start and wait until it answers. Its output goes to `<directory>.log`."""
        options = [text for name, value in self.options.items() for text in (f"--{name.replace('_', '-')}", str(value))]
        command = [sys.executable, "-m", "studio.sandbox", "--dir", str(self.directory), *options]
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SANDBOX_")}
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=environment)
        deadline = time.monotonic() + READY_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the sandbox did not start: {self.output()}")
            time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL, as a crash would be."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def terminate(self) -> int:
        """SIGTERM; waits until running calls have ended. Returns the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_SECONDS)
        self.process = None
        return code

    def output(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    def _answers(self) -> bool:
        try:
            answer = self._http.get(f"{self.url}/sandbox/process")
        except httpx.TransportError:
            return False
        # Another process on our port would answer too.
        return self.process is not None and answer.is_success and answer.json()["pid"] == self.process.pid

    # -- The control endpoint --

    def fault(self, fault: str, *, count: int | None = 1, path: str | None = None) -> None:
        """Queue a fault such as "edge:504" for the next `count` requests (None: all until `clear_faults`)."""
        self._control("PUT", "faults", {"fault": fault, "count": count, "path": path})

    def faults_waiting(self) -> list[dict[str, Any]]:
        waiting: list[dict[str, Any]] = self._control("GET", "faults")["waiting"]
        return waiting

    def clear_faults(self) -> None:
        self._control("DELETE", "faults")

    def record(self) -> dict[str, Any]:
        """`balance`, `charged` (units), `movements` and `operations`, by the provider's own books."""
        return self._control("GET", "operations")

    def operations(self) -> list[dict[str, Any]]:
        """Every started call: id, token, path, model, n, prompt, seed, params, price, state, charged, images."""
        operations: list[dict[str, Any]] = self.record()["operations"]
        return operations

    def charged(self) -> int:
        """Units charged so far."""
        return int(self.record()["charged"])

    def balance(self) -> int:
        return int(self.record()["balance"])

    def set_balance(self, units: int) -> None:
        self._control("PUT", "balance", {"balance": units})

    def set_latency(self, seconds: float) -> None:
        self._control("PUT", "latency", {"seconds": seconds})

    def shift_clock(self, seconds: float) -> None:
        """Set the sandbox's clock to the machine's plus `seconds`."""
        self._control("PUT", "clock", {"shift": seconds})

    def log(self) -> list[dict[str, Any]]:
        """Every request but control ones: arrived_at, answered_at, method, path, token, status, fault."""
        arrivals: list[dict[str, Any]] = self._control("GET", "log")["arrivals"]
        return arrivals

    def _control(self, method: str, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        response = self._http.request(method, f"{self.url}/sandbox/{name}", json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer
