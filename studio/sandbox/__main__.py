"""`python -m studio.sandbox --dir DIR`: run the sandbox until SIGTERM or Ctrl-C, then let running calls end."""

import fcntl
import logging
import signal
import socket
import sys
from types import FrameType
from typing import TextIO

import uvicorn

from studio.sandbox import app, choices, raw
from studio.sandbox.config import Config, read


class Server(uvicorn.Server):
    """uvicorn, which also tells answers that would hang forever that it is time to go."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        sandbox = getattr(self.config.app.state, "sandbox", None)  # type: ignore[union-attr]
        if sandbox is not None:
            sandbox.closing.set()


def main() -> int:
    config = read()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    lock = _lock(config)
    if lock is None:
        return _stop(f"Another sandbox already runs in {config.directory}.")
    try:
        listener = listen(config)
    except OSError as error:
        return _stop(f"The sandbox can't listen on {config.host}:{config.port}: {error.strerror}.")
    # uvicorn raises the signal again when all is done; a stop that was asked for is not a failure.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: sys.exit(0))
    server = _server(config)
    with lock, listener:
        server.run(sockets=[listener])
    return 0 if server.started else 1


def _server(config: Config) -> Server:
    return Server(
        uvicorn.Config(
            app.create(config),
            # One protocol and one loop on every machine: `raw` reaches into the connection.
            http=raw.Protocol,
            loop="asyncio",
            ws="none",
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_keep_alive=choices.KEEP_ALIVE_SECONDS,
        )
    )


def _lock(config: Config) -> TextIO | None:
    """One process per folder. The kernel lets go of the lock when the process dies, however it dies."""
    config.directory.mkdir(parents=True, exist_ok=True)
    lock = (config.directory / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    return lock


def listen(config: Config) -> socket.socket:
    """Bind before anything is started, so that a port in use is one plain sentence."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    # asyncio sends small answers at once only on sockets that say they are TCP; else each waits 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((config.host, config.port))
    logging.getLogger("sandbox").info("sandbox on http://%s:%s", config.host, listener.getsockname()[1])
    return listener


def _stop(sentence: str) -> int:
    logging.getLogger("sandbox").error(sentence)
    return 1


if __name__ == "__main__":
    sys.exit(main())
