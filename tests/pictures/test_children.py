"""The worst a file can do is end a child; children are limited, replaced, and die with their caller."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from studio.pictures import BadPicture, ReaderDied, children, wire
from studio.pictures.children import Child, Pool
from tests.pictures.hostile_rasters import data
from tests.pictures.making import encoded, gradient

ROOT = Path(__file__).parents[2]


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


def living() -> set[int]:
    """Process ids of this process's running children that are programs of this room."""
    return {int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and is_ours(path)}


def is_ours(path: Path) -> bool:
    try:
        parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        return parent == os.getpid() and b"studio.pictures.child" in (path / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool(size=1)
    yield pool
    pool.close()


@pytest.fixture
def picture(tmp_path: Path) -> dict[str, str]:
    """A request that takes no time."""
    path = tmp_path / "small"
    path.write_bytes(encoded(gradient((32, 16)), "WEBP"))
    return {"do": "verify", "path": str(path), "media_type": "image/webp"}


@pytest.fixture
def awaited(tmp_path: Path) -> dict[str, str]:
    """A request for a file that a child waits for until somebody writes it."""
    os.mkfifo(tmp_path / "awaited")
    return {"do": "verify", "path": str(tmp_path / "awaited"), "media_type": "image/webp"}


def opened_by_a_child(path: str) -> int:
    """The writing end of the awaited file, once a child has opened it: so the child is at work."""
    found: list[int] = []

    def try_to_open() -> bool:
        try:
            found.append(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            return False  # nobody reads yet
        return True

    until(try_to_open)
    return found[0]


def ask_while(pool: Pool, request: dict[str, str], *signals: signal.Signals) -> dict[str, object]:
    """The answer to a request whose first child gets the first signal while at work, the second the second, ..."""
    others = living()

    def disturb() -> None:
        for number in signals:
            writing = opened_by_a_child(request["path"])
            (pid,) = living() - others
            os.kill(pid, number)
            until(lambda pid=pid: not is_running(pid))
            os.close(writing)
        if len(signals) == 1 and signals[0] == signal.SIGKILL:
            writing = opened_by_a_child(request["path"])
            os.write(writing, encoded(gradient((32, 16)), "WEBP"))
            os.close(writing)

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        return pool.ask(request)
    finally:
        thread.join()


def test_a_child_killed_at_work_is_replaced_and_the_picture_is_read(pool: Pool, awaited: dict[str, str]) -> None:
    assert ask_while(pool, awaited, signal.SIGKILL)["width"] == 32


def test_a_picture_whose_two_children_were_killed_may_be_read_again(
    pool: Pool, awaited: dict[str, str], picture: dict[str, str]
) -> None:
    with pytest.raises(ReaderDied) as refusal:
        ask_while(pool, awaited, signal.SIGKILL, signal.SIGKILL)
    assert refusal.value.may_read_again
    assert pool.ask(picture)["width"] == 32


def test_a_picture_that_crashes_two_children_is_bad(pool: Pool, awaited: dict[str, str]) -> None:
    with pytest.raises(BadPicture, match="crashes") as refusal:
        ask_while(pool, awaited, signal.SIGSEGV, signal.SIGSEGV)
    assert not refusal.value.may_read_again


def test_a_picture_that_uses_up_its_processor_time_is_bad_at_once(pool: Pool, awaited: dict[str, str]) -> None:
    with pytest.raises(BadPicture, match="time") as refusal:
        ask_while(pool, awaited, signal.SIGXCPU)  # what the kernel sends at the limit
    assert not refusal.value.may_read_again


def test_a_child_that_hangs_is_killed_at_the_deadline(awaited: dict[str, str], picture: dict[str, str]) -> None:
    pool = Pool(size=1, seconds=0.5)
    pool.warm_up()
    (pid,) = pool_pids(pool)
    start = time.monotonic()
    with pytest.raises(ReaderDied):
        pool.ask(awaited)
    assert 0.4 < time.monotonic() - start < 7
    assert pid not in living()
    pool.seconds = 8
    assert pool.ask(picture)["width"] == 32
    pool.close()


def pool_pids(pool: Pool) -> list[int]:
    return [child.process.pid for child in pool._idle.queue]


def test_a_child_killed_while_idle_is_not_noticed(pool: Pool, picture: dict[str, str]) -> None:
    pool.warm_up()
    os.kill(pool_pids(pool)[0], signal.SIGKILL)
    assert pool.ask(picture)["width"] == 32


def test_a_child_is_warm_for_the_next_picture_and_replaced_after_its_life(picture: dict[str, str]) -> None:
    pool = Pool(size=1, lifetime=3)
    seen = []
    for _ in range(7):
        pool.ask(picture)
        seen.append(pool_pids(pool))
    pool.close()
    assert seen[0] == seen[1] and seen[2] == []
    assert seen[3] == seen[4] != seen[0] and seen[5] == []
    assert not living() & {pid for pids in seen for pid in pids}


def test_eight_threads_with_twenty_pictures_each_get_their_own_answers(tmp_path: Path) -> None:
    pool = Pool(size=2, lifetime=30)  # some children end on the way

    def ask(number: int) -> bool:
        path = tmp_path / f"{number}"
        if number % 5 == 0:
            path.write_bytes(data("half a PNG"))
            with pytest.raises(BadPicture):
                pool.ask({"do": "verify", "path": str(path), "media_type": "image/png"})
            return True
        path.write_bytes(encoded(Image.new("L", (10 + number, 5)), "PNG"))
        return pool.ask({"do": "verify", "path": str(path), "media_type": "image/png"})["width"] == 10 + number

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(160)))
    assert len(pool_pids(pool)) <= 2
    pool.close()


def test_warming_up_starts_every_child_once() -> None:
    pool = Pool(size=2)
    pool.warm_up()
    first = set(pool_pids(pool))
    pool.warm_up()
    assert len(first) == 2 and set(pool_pids(pool)) == first
    pool.close()
    assert not first & living()


def test_a_child_has_limits_and_nothing_of_its_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECRAFT_API_TOKEN", "secret-token")
    with open(os.devnull) as inherited:
        os.set_inheritable(inherited.fileno(), True)
        child = Child()
        child.ask({"do": "nothing"}, 8)
        proc = Path(f"/proc/{child.process.pid}")
        limits = {line[:25].strip(): line[26:].split()[:2] for line in (proc / "limits").read_text().splitlines()}
        assert b"secret-token" not in (proc / "environ").read_bytes()
        assert str(proc / "fd" / str(inherited.fileno())) not in map(str, (proc / "fd").iterdir())
    assert limits["Max address space"] == [str(1536 * 2**20)] * 2
    assert limits["Max open files"] == ["64", "64"]
    assert limits["Max file size"] == [str(64 * 2**20)] * 2
    assert limits["Max core file size"] == ["0", "0"]
    assert int(limits["Max cpu time"][0]) <= 10
    assert os.getsid(child.process.pid) == child.process.pid != os.getsid(0)
    child.kill()


def run_as_child(code: str) -> str:
    """What a program prints that starts as a child does, but does something else."""
    start = children._START.replace("from studio.pictures.child import main; main()", "exec(sys.argv.pop())")
    command = [sys.executable, "-I", "-S", "-c", start, str(ROOT / "studio"), *filter(None, sys.path), code]
    return subprocess.run(command, capture_output=True, text=True, check=True, env={}, timeout=30).stdout


def test_a_child_does_not_load_the_studio() -> None:
    loaded = run_as_child("import studio.pictures.child; print(*sys.modules)").split()
    rooms = {name.split(".")[0] for name in loaded}
    assert "PIL" in rooms and not rooms & {"django", "celery", "httpx", "redis", "numpy"}


REACHING_OUT = {
    "socket.socket": "import socket; socket.socket()",
    "execve": "os.execv('/bin/true', ['true'])",
    "process_vm_readv": "ctypes.CDLL(None, use_errno=True).process_vm_readv(os.getpid(), 0, 0, 0, 0, 0) and fail()",
}


@pytest.mark.parametrize("name", REACHING_OUT)
def test_a_confined_child_reaches_no_network_and_no_other_program(name: str) -> None:
    act = f"""
import ctypes, os, threading
from studio.pictures.confinement import confine
confined = threading.Event()
def fail():
    raise OSError(ctypes.get_errno())
def act():
    confined.wait()  # a thread that was there before
    try:
        {REACHING_OUT[name]}
    except (OSError, AssertionError) as error:
        print(error.args[0])
thread = threading.Thread(target=act)
thread.start()
assert confine()
confined.set()
thread.join()
"""
    assert run_as_child(act).split() == [str(errno.EPERM)]
    assert run_as_child(act.replace("assert confine()", "")).split() != [str(errno.EPERM)]


def test_a_child_is_confined() -> None:
    child = Child()
    child.ask({"do": "nothing"}, 8)
    status = Path(f"/proc/{child.process.pid}/status").read_text()
    assert "NoNewPrivs:\t1" in status and "Seccomp:\t2" in status
    child.kill()


def test_a_child_ends_when_its_caller_is_killed(tmp_path: Path) -> None:
    program = "from studio.pictures.children import Pool; p = Pool(1); p.warm_up();"
    program += "print(p._idle.queue[0].process.pid, flush=True); import time; time.sleep(60)"
    caller = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert caller.stdout
    pid = int(caller.stdout.readline())
    caller.kill()
    caller.wait()
    caller.stdout.close()
    until(lambda: not is_running(pid))


def test_a_forked_caller_does_not_talk_over_the_same_pipes(pool: Pool, picture: dict[str, str]) -> None:
    pool.warm_up()
    mine = pool_pids(pool)
    forked = os.fork()
    if forked == 0:  # no assertion here: this process may only leave
        own = pool.ask(picture)["width"] == 32 and pool_pids(pool) != mine
        pool.close()
        os._exit(0 if own else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 0
    assert pool.ask(picture)["width"] == 32 and pool_pids(pool) == mine


def test_an_answer_that_is_no_message_is_not_taken_for_one() -> None:
    for nonsense in (b"\xff\xff\xff\xff", b"\0\0\0\5hello", b"\0\0\0\2[]", b"\0\0"):
        reading, writing = os.pipe()
        os.write(writing, nonsense)
        os.close(writing)
        with pytest.raises(wire.Closed):
            wire.receive(reading, time.monotonic() + 1)
        os.close(reading)


def test_a_half_sent_answer_does_not_outlast_the_deadline() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"\0\0\0\5hel")
    start = time.monotonic()
    with pytest.raises(wire.TooSlow):
        wire.receive(reading, start + 0.2)
    assert time.monotonic() - start < 5
    os.close(reading)
    os.close(writing)
