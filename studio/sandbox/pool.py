"""Drawing happens in processes of its own, so that pings, balances and files are answered while pictures are made.

The processes hold nothing of value: one that is killed is replaced and its picture drawn again, which costs no one
anything. They leave by themselves when the sandbox dies.
"""

import asyncio
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from studio.sandbox.editing.drawn import loaded

PROCESSES = 2
TRIES = 3
# A drawing process yields to the one that answers requests.
NICENESS = 5
PARENT_CHECK_SECONDS = 0.5
# The largest picture (32 MP out of 16 MP) takes about a gigabyte; what wants much more is an attack or a mistake.
MEMORY_BYTES = 4 * 2**30

P = ParamSpec("P")
R = TypeVar("R")


class DrawingPool:
    """A process pool that outlives the death of its processes."""

    def __init__(self) -> None:
        self._pool = _new_pool()

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `work` returns. Raises what it raises, and BrokenProcessPool if its process dies every time."""
        for _ in range(TRIES - 1):
            pool = self._pool
            try:
                return await asyncio.wrap_future(pool.submit(work, *args, **kwargs))
            except BrokenProcessPool:
                # All calls that shared the broken pool come here; the first one replaces it.
                if self._pool is pool:
                    self._pool = _new_pool()
        return await asyncio.wrap_future(self._pool.submit(work, *args, **kwargs))

    def warm_up(self) -> None:
        """Start the processes now: their first picture shouldn't wait for imports."""
        for _ in range(PROCESSES):
            self._pool.submit(loaded)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _new_pool() -> ProcessPoolExecutor:
    # Spawned, not forked: the sandbox has threads, and a forked copy could hold their locks, its socket and its folder.
    return ProcessPoolExecutor(PROCESSES, get_context("spawn"), initializer=_settle_in, initargs=(os.getpid(),))


def _settle_in(parent: int) -> None:
    """Runs first in each process."""
    # A stop is for the sandbox, which lets calls end and then dismisses us.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os._exit(0)
