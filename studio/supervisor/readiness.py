"""When is the studio up? When each process has shown so, in the way its program says."""

import http.client
import socket
import time
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from studio.supervisor.processes import Process

WAIT: Final = 90.0  # seconds; several interpreters starting on two busy cores take their time
ASK_EVERY: Final = 0.25  # seconds


class Readiness:
    """Which processes are still awaited; one that has been up once is not asked again."""

    def __init__(self, processes: Sequence[Process]) -> None:
        self.awaited = list(processes)
        self.deadline = time.monotonic() + WAIT
        self.next_look = 0.0

    @property
    def names(self) -> list[str]:
        return [process.program.name for process in self.awaited]

    @property
    def took_too_long(self) -> bool:
        return bool(self.awaited) and time.monotonic() > self.deadline

    def look(self) -> bool:
        """Ask those still awaited; True when nobody is."""
        if time.monotonic() >= self.next_look:
            self.awaited = [process for process in self.awaited if not is_up(process)]
            self.next_look = time.monotonic() + ASK_EVERY
        return not self.awaited


def is_up(process: Process) -> bool:
    if process.child is None or not process.is_recorded:
        return False
    ready = process.program.ready
    if ready.line:
        return process.has_said_ready
    if ready.port:
        return listens(ready.port)
    return answers(ready.url) if ready.url else True


def listens(port: int) -> bool:
    """Does a server of this machine listen there?"""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False


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
