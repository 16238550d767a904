"""The limited children: where bytes from outside are decoded, so that nothing else has to be.

A child is a Python of its own with limits on memory, processor time, file size and open files (see `child`), an
empty environment and nothing of the caller but two pipes. It stays warm between pictures, because starting one costs
0.2 s, and is replaced after LIFETIME pictures, because decoders leak and fragment. It ends when its pipe closes,
so it cannot outlive its caller. (PR_SET_PDEATHSIG would not do: that signal comes when the *thread* that started the
child ends, and callers are pools of threads.)

What a child's death means: a picture that uses up its processor time is bad. Any other death says little, since the
picture before may have left a broken heap, or the machine killed a process: so a fresh child is asked once more. Only
when that dies of a crash or for want of memory, too, the picture is bad. A child that is too slow without using up its
processor time is on a busy machine: the same file may be read again, but later.
"""

from __future__ import annotations

import atexit
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from studio.pictures import wire
from studio.pictures.picture import BadPicture, ReaderDied

SECONDS: Final = 8.0  # for one picture, by the wall clock; a 40-megapixel WebP takes about 1.5
START_SECONDS: Final = 20.0  # more for the first one: a start is mostly reading libraries from a cold disk
LIFETIME: Final = 200
MOST: Final = 4  # of 60 MB each; one alone reads ten times as many pictures as Recraft makes

# -I and -S: no environment, no user folder, no .pth files. The folders to import from are passed explicitly, and
# `studio` is made a bare package, because its own `__init__` may pull in what a child must not carry.
_START: Final = (
    "import sys, types; sys.path[:] = sys.argv[2:]; studio = types.ModuleType('studio'); "
    "studio.__path__ = [sys.argv[1]]; sys.modules['studio'] = studio; "
    "from studio.pictures.child import main; main()"
)
_ROOM: Final = Path(__file__).resolve().parents[1]
# One thread per drawing and few memory arenas: both are counted by the limit on address space. Memory once had is kept
# for the next picture: taking 16 MB from the kernel anew, page by page, is a quarter of the time of a decode.
_ENVIRONMENT: Final = {
    "VIPS_CONCURRENCY": "1",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(128 * 2**20),
    "LANG": "C.UTF-8",
}
_CRASHES: Final = frozenset(
    -number
    for number in (
        signal.SIGSEGV,
        signal.SIGABRT,
        signal.SIGBUS,
        signal.SIGILL,
        signal.SIGFPE,
        signal.SIGTRAP,
        signal.SIGSYS,
    )
)

log = logging.getLogger(__name__)


class _Died(Exception):
    """A child ended without an answer; its return code, negative for a signal."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Child:
    """One limited process and the two pipes to it."""

    def __init__(self) -> None:
        command = [sys.executable, "-I", "-S", "-c", _START, str(_ROOM), *filter(None, sys.path)]
        self.process = subprocess.Popen(  # noqa: S603  our own interpreter and our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None,  # for a child that can't start; it closes this one itself
            env=_ENVIRONMENT,
            cwd="/",
            bufsize=0,
            close_fds=True,
            start_new_session=True,
        )
        assert self.process.stdin and self.process.stdout
        self._to, self._from = self.process.stdin, self.process.stdout
        self.served = 0

    def ask(self, request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """One request, one answer. Raises wire.Closed or wire.TooSlow; then the child is no longer usable."""
        wire.send(self._to.fileno(), request)
        allowed = seconds if self.served else seconds + START_SECONDS
        answer = wire.receive(self._from.fileno(), time.monotonic() + allowed)
        self.served += 1
        return answer

    def kill(self) -> None:
        """End it now. There is nothing in it to save."""
        self.process.kill()
        self.end()

    def end(self) -> int:
        """End it, by force if it does not leave within a second; its return code, negative for a signal."""
        self.forget()
        try:
            return self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def forget(self) -> None:
        self._to.close()
        self._from.close()


class Pool:
    """Children shared by threads. At most `size` at once (one per processor, up to MOST), started when first needed."""

    def __init__(self, size: int | None = None, seconds: float = SECONDS, lifetime: int = LIFETIME) -> None:
        self.size = size or min(os.cpu_count() or 1, MOST)
        self.seconds = seconds
        self.lifetime = lifetime
        self._reset()
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self._after_fork)

    def ask(self, request: Mapping[str, Any], seconds: float | None = None) -> dict[str, Any]:
        """The answer to one request; waits for a free child. Raises BadPicture, or OSError when the disk failed.

        `seconds` is how long it may take, for what is more work than a look.
        """
        seconds = seconds or self.seconds
        with self._free:
            try:
                answer = self._try(request, seconds)
            except _Died:
                answer = self._try_again(request, seconds)
        if "bad" in answer:
            if answer.get("detail"):
                log.warning("A picture was refused: %s (%s)", answer["bad"], answer["detail"])
            raise BadPicture(str(answer["bad"]))
        if "errno" in answer:
            raise OSError(int(answer["errno"]), str(answer["strerror"]))
        return answer

    def warm_up(self) -> None:
        """Start all children and wait until they answer. Raises RuntimeError when one can't start at all."""
        missing = self.size - self._idle.qsize()
        for child in [Child() for _ in range(missing)]:  # all of them first: they start side by side
            try:
                child.ask({"do": "nothing"}, self.seconds)
            except (wire.Closed, wire.TooSlow) as error:
                child.kill()
                raise RuntimeError("The program that reads pictures does not start; see its words above.") from error
            self._idle.put(child)

    def close(self) -> None:
        """End every idle child. The pool can be used again."""
        while (child := self._idle_child()) is not None:
            child.kill()

    def _try(self, request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """The answer of one child. Raises BadPicture when it took too long, _Died when it ended in another way."""
        child = self._idle_child() or Child()
        try:
            answer = child.ask(request, seconds)
        except wire.TooSlow as error:
            log.warning("A child took over %s s and is replaced.", seconds)
            child.kill()
            raise ReaderDied("The picture could not be read in time.") from error
        except wire.Closed as error:
            code = child.end()
            log.warning("A child ended with code %s.", code)
            if code == -signal.SIGXCPU:
                raise BadPicture("The picture takes too much time to read.") from error
            raise _Died(code) from error
        self._put_back(child)
        return answer

    def _try_again(self, request: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        try:
            return self._try(request, seconds)
        except _Died as died:
            if died.code == wire.OUT_OF_MEMORY:
                raise BadPicture("The picture needs too much memory.") from died
            if died.code in _CRASHES:
                raise BadPicture("The picture is broken in a way that crashes its reader.") from died
            raise ReaderDied("The picture's reader was ended from outside, twice.") from died

    def _idle_child(self) -> Child | None:
        # The last one used comes first: it is warm, and the others stay asleep.
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return None

    def _put_back(self, child: Child) -> None:
        if child.served >= self.lifetime:
            child.kill()
        else:
            self._idle.put(child)

    def _reset(self) -> None:
        self._free = threading.BoundedSemaphore(self.size)
        self._idle: queue.LifoQueue[Child] = queue.LifoQueue()

    def _after_fork(self) -> None:
        # A forked copy of the caller must neither talk over the same pipes nor hold them open.
        idle = self._idle
        self._reset()
        for child in list(idle.queue):
            child.forget()
