"""How the caller and a child talk: JSON behind four bytes of length, over pipes. Nothing is ever pickled."""

from __future__ import annotations

import json
import os
import select
import time
from collections.abc import Mapping
from typing import Any, Final

MAX_MESSAGE: Final = 2**20
OUT_OF_MEMORY: Final = 3  # the return code of a child that met its limit: its heap is no longer to be trusted


class Closed(Exception):
    """The other end is gone, or says something that is not a message."""


class TooSlow(Exception):
    """The message was not complete at the deadline."""


def send(fd: int, message: Mapping[str, Any]) -> None:
    """Write one message. Raises Closed."""
    body = json.dumps(message).encode()
    data = memoryview(len(body).to_bytes(4, "big") + body)
    try:
        while data:
            data = data[os.write(fd, data) :]
    except OSError as error:
        raise Closed from error


def receive(fd: int, deadline: float | None = None) -> dict[str, Any]:
    """Read one message; `deadline` is a time of `time.monotonic()`. Raises Closed or TooSlow."""
    length = int.from_bytes(_exactly(fd, 4, deadline), "big")
    if length > MAX_MESSAGE:
        raise Closed(f"a message of {length} bytes")
    try:
        message = json.loads(_exactly(fd, length, deadline))
    except ValueError as error:
        raise Closed from error
    if not isinstance(message, dict):
        raise Closed("not an object")
    return message


def _exactly(fd: int, count: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        if deadline is not None:
            _wait(fd, deadline)
        part = os.read(fd, count - len(parts))
        if not part:
            raise Closed
        parts += part
    return bytes(parts)


def _wait(fd: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(fd, select.POLLIN | select.POLLHUP)
    if not poll.poll(max(deadline - time.monotonic(), 0) * 1000):
        raise TooSlow
