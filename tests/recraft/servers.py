"""Small real servers on loopback that say exactly what a test wants, byte by byte."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

Answer = Callable[[socket.socket], None]


class Server:
    """One listening socket. `requests` holds the head of each request that arrived, in order."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.requests: list[bytes] = []
        self.connections = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError):
            while head := read_head(peer):
                self.requests.append(head)
                self._answer(peer)

    def stop(self) -> None:
        self._stopped.set()
        # Closing alone does not wake a thread that waits in accept().
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=5)


@contextlib.contextmanager
def serving(answer: Answer) -> Iterator[Server]:
    server = Server(answer)
    try:
        yield server
    finally:
        server.stop()


def read_head(peer: socket.socket) -> bytes:
    """One request's head; its body, if announced, is read and dropped. Empty when the peer has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = peer.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    missing = _length(head) - len(rest)
    while missing > 0:
        missing -= len(peer.recv(65536)) or missing
    return head


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def response(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers]
    if length != -1:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def saying(data: bytes) -> Answer:
    """Answer every request with these bytes."""
    return lambda peer: peer.sendall(data)


def closing(data: bytes) -> Answer:
    """Answer with these bytes and hang up."""

    def answer(peer: socket.socket) -> None:
        peer.sendall(data)
        peer.shutdown(socket.SHUT_RDWR)

    return answer


def dripping(data: bytes, first: bytes = b"", pause: float = 0.05) -> Answer:
    """Say `first` at once, then one byte of `data` after the other."""

    def answer(peer: socket.socket) -> None:
        peer.sendall(first)
        for byte in data:
            time.sleep(pause)
            peer.sendall(bytes([byte]))

    return answer
