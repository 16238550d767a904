"""The rules of a test run hold, and the servers it starts are real."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from studio.supervisor import launch
from tests.fixtures import until_tomorrow
from tests.services_for_tests import PostgreSQL, Valkey
from tests.strict import STRICT

ROOT = Path(__file__).resolve().parent.parent
CASES = {
    "skip": "import pytest\n@pytest.mark.skip\ndef test_a(): pass\ndef test_b(): pass",
    "skip inside": "import pytest\ndef test_a(): pytest.skip()\ndef test_b(): pass",
    "skip the file": "import pytest\npytest.skip(allow_module_level=True)\ndef test_a(): pass",
    "expected failure": "import pytest\n@pytest.mark.xfail\ndef test_a(): assert False",
    "unexpected pass": "import pytest\n@pytest.mark.xfail\ndef test_a(): pass",
    "deselection": "def test_a(): pass\ndef test_b(): pass",
}


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., pytest.RunResult]:
    def run(code: str, *options: str, strict: str = "1") -> pytest.RunResult:
        pytester.makepyfile(test_it=code, test_other="def test_other(): pass")
        monkeypatch.setenv(STRICT, strict)
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        return pytester.runpytest_inprocess("-p", "tests.strict", *options)

    return run


@pytest.mark.parametrize("case", CASES)
def test_a_test_that_is_not_run_fails_the_run(run: Callable[..., pytest.RunResult], case: str) -> None:
    options = ("-k", "test_b or test_other") if case == "deselection" else ()
    result = run(CASES[case], *options)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*not run, which is a failure here*", "*test_it.py*"])


def test_a_run_of_everything_passes(run: Callable[..., pytest.RunResult]) -> None:
    assert run("def test_a(): pass").ret == pytest.ExitCode.OK


def test_a_developer_may_pick_tests(run: Callable[..., pytest.RunResult]) -> None:
    assert run(CASES["deselection"], "-k", "test_b", strict="").ret == pytest.ExitCode.OK


def test_no_test_talks_to_another_machine() -> None:
    with socket.socket() as away, pytest.raises(RuntimeError, match=r"tried to talk to 192\.0\.2\.1, port 443"):
        away.connect(("192.0.2.1", 443))


@pytest.mark.parametrize(
    ("at", "seconds"), [("00:00:00", 0), ("12:00:00", 0), ("23:59:39", 0), ("23:59:41", 19), ("23:59:59", 1)]
)
def test_no_test_begins_just_before_midnight(at: str, seconds: int) -> None:
    now = datetime.fromisoformat(f"2028-02-29T{at}+00:00").timestamp()
    assert until_tomorrow(now) == seconds


def test_valkey_keeps_what_it_was_told_through_a_crash() -> None:
    with Valkey() as server:
        with server.client() as client:
            client.set("said", "before")
            time.sleep(1.1)  # its log is brought to the disk once a second
        server.kill()
        server.start()
        with server.client() as client:
            assert client.get("said") == b"before"


def test_postgresql_runs_for_whoever_runs_the_tests() -> None:
    with PostgreSQL() as server:
        with psycopg.connect(server.new_database("fresh")) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert server.process is not None
        folder, pid = server.folder, server.process.pid
    assert not folder.exists()
    assert launch.started(pid) is None


def test_a_server_does_not_outlive_a_killed_test_run() -> None:
    code = (
        "import sys, time\nfrom tests.services_for_tests import Valkey\n"
        "with Valkey() as server:\n    print(server.process.pid, server.folder, flush=True)\n    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid, folder = parent.stdout.readline().split()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 30
    while launch.started(int(pid)) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert launch.started(int(pid)) is None
    shutil.rmtree(folder)
