"""Answers that no well-behaved server gives: silence, resets, a byte a second, a Content-Length that lies.

They write to the connection directly, past uvicorn, which would correct them.
"""

import asyncio
import socket
import struct
from http import HTTPStatus

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

FOREVER = 10**9


class Protocol(HttpToolsProtocol):
    """uvicorn's own protocol, which also lets the application see its connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class Raw(Response):
    """Write `head` at once and `body` at `bytes_per_second` (None: at once), wait `silence` seconds, then hang up.

    With `reset` the client sees the connection reset, otherwise closed.
    """

    def __init__(
        self,
        head: bytes = b"",
        body: bytes = b"",
        *,
        bytes_per_second: float | None = None,
        silence: float = 0,
        reset: bool = False,
    ) -> None:
        super().__init__()
        self.head, self.content = head, body
        self.bytes_per_second, self.silence, self.reset = bytes_per_second, silence, reset

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport: asyncio.Transport = scope["state"]["transport"]
        closing: asyncio.Event = scope["app"].state.sandbox.closing
        talking = asyncio.create_task(self._talk(transport))
        leaving = [asyncio.create_task(closing.wait()), asyncio.create_task(_gone(receive))]
        await asyncio.wait([talking, *leaving], return_when=asyncio.FIRST_COMPLETED)
        self._hang_up(transport, at_once=self.reset or closing.is_set())
        # Only when uvicorn has seen the end of the connection does it not add an answer of its own.
        await leaving[1]
        talking.cancel()
        leaving[0].cancel()

    async def _talk(self, transport: asyncio.Transport) -> None:
        if self.head:
            transport.write(self.head)
        if self.bytes_per_second is None:
            transport.write(self.content)
        else:
            for byte in self.content:
                await asyncio.sleep(1 / self.bytes_per_second)
                transport.write(bytes([byte]))
        await asyncio.sleep(self.silence)

    def _hang_up(self, transport: asyncio.Transport, at_once: bool) -> None:
        if transport.is_closing():
            return
        if not at_once:
            transport.close()
            return
        connection: socket.socket = transport.get_extra_info("socket")
        # Lingering for zero seconds makes the kernel send RST where it would send FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def head(status: int, length: int, media_type: str) -> bytes:
    """A response head that claims `length` bytes and ends the connection."""
    headers = {"Content-Type": media_type, "Content-Length": str(length), "Connection": "close"}
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
