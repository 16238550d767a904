"""What all requests of one sandbox share: the store, the drawing processes, the limits, the clock."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from starlette.requests import Request

from studio.sandbox import choices, signing
from studio.sandbox.config import Config
from studio.sandbox.faults import HEADER, Fault, FaultQueue, Stage, UnknownFault, parse
from studio.sandbox.files import sweep
from studio.sandbox.limits import SlidingWindow
from studio.sandbox.pool import DrawingPool
from studio.sandbox.store import Store

P = ParamSpec("P")
R = TypeVar("R")
SECOND, MINUTE = 1.0, 60.0

log = logging.getLogger("sandbox")


class Sandbox:
    """One provider in one folder. Its own clock is the machine's plus `clock_shift` seconds."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.files: Path = config.directory / "files"
        self.files.mkdir(parents=True, exist_ok=True)
        self.key = signing.load_key(config.directory / "signing_key")
        self.store = Store(config.directory / "sandbox.sqlite3", config.balance)
        self.clock_shift = float(self.store.setting("clock_shift", "0"))
        sweep(self.files, self.store.images_since(self.now() - self.url_lifetime))
        self.latency = config.latency
        self.requests = SlidingWindow(config.requests_per_second, SECOND)
        self.images = SlidingWindow(config.images_per_minute, MINUTE)
        self.faults = FaultQueue()
        self.closing = asyncio.Event()
        self._store_thread = ThreadPoolExecutor(1, "store")
        self.drawing = DrawingPool()
        self.drawing.warm_up()
        self._running: set[asyncio.Task[Any]] = set()

    def now(self) -> float:
        """Unix seconds by the sandbox's own clock."""
        return time.time() + self.clock_shift

    @property
    def url_lifetime(self) -> float:
        return choices.URL_LIFETIME_SECONDS / self.config.time_scale

    async def result(self, image_id: str) -> bytes | None:
        """The file of a result whose URL still lives."""
        image = await self.stored(self.store.image, image_id)
        if image is None or self.now() >= image.created_at + self.url_lifetime:
            return None
        try:
            return await asyncio.to_thread((self.files / image.id).read_bytes)
        except FileNotFoundError:
            return None  # swept after it had expired, before the clock was set back

    async def stored(self, method: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a method of the store in its thread."""
        return await asyncio.wrap_future(self._store_thread.submit(method, *args, **kwargs))

    def store_later(self, method: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """As `stored`, in the same order, for those who needn't wait."""
        self._store_thread.submit(method, *args, **kwargs).add_done_callback(_complain)

    def started(self, work: Coroutine[Any, Any, R]) -> "asyncio.Task[R]":
        """Work in a task of its own: it goes on when the client is gone, and a shutdown waits for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def met_fault(self, request: Request, stages: frozenset[Stage]) -> Fault | None:
        """The fault named by the request's header, else the next queued one for its path. Raises UnknownFault."""
        said = request.headers.get(HEADER)
        fault = parse(said) if said else self.faults.meet(request.url.path, stages)
        if fault is None:
            return None
        if fault.kind.stage not in stages:
            raise UnknownFault(f"{fault.name} does not apply to {request.url.path}")
        request.scope["sandbox.fault"] = str(fault)
        return fault

    async def close(self) -> None:
        """Let running calls end, then leave."""
        self.closing.set()
        while self._running:
            await asyncio.wait(self._running)
        self.drawing.close()
        self._store_thread.submit(self.store.close)
        self._store_thread.shutdown()


def _complain(future: "Future[object]") -> None:
    error = future.exception()
    if error is not None:
        log.error("could not write the log of arrivals", exc_info=error)
