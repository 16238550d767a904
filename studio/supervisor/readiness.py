"""When is the studio up? When each process has shown so, in the way its program says."""

import http.client
from collections.abc import Iterable
from urllib.parse import urlsplit

from studio.supervisor.processes import Process

WAIT = 90.0  # seconds; several interpreters starting on two busy cores take their time


def waiting_for(processes: Iterable[Process]) -> list[str]:
    """The names of those that are not up yet."""
    return [process.program.name for process in processes if not is_up(process)]


def is_up(process: Process) -> bool:
    if process.child is None:
        return False
    ready = process.program.ready
    if ready.line and not process.has_said_ready:
        return False
    return answers(ready.url) if ready.url else process.is_recorded


def answers(url: str) -> bool:
    """Does a server answer there with 200?"""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
