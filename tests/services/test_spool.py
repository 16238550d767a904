"""Locks that die with their holder, reports that survive it, and a call that outlives its parent."""

import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from studio.recraft import errors as recraft_errors
from studio.services import spool
from tests.sandbox_process import ROOT

HOLD = """
import sys, time
from pathlib import Path
import fcntl, os
descriptor = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(descriptor, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


def test_a_lock_is_held_by_one_and_freed_by_death():
    path = spool.lock_path(uuid.uuid4())
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    assert spool.Lock.take(path) is None
    holder.kill()
    holder.wait()
    lock = spool.Lock.take(path)
    assert lock is not None
    lock.end()
    assert not path.exists()


def test_a_lock_on_a_file_that_was_removed_meanwhile_is_none(monkeypatch: pytest.MonkeyPatch):
    path = spool.lock_path(uuid.uuid4())
    really_lock = spool.fcntl.flock

    def removed_in_between(descriptor: int, how: int) -> None:
        path.unlink()
        path.touch()
        really_lock(descriptor, how)

    monkeypatch.setattr(spool.fcntl, "flock", removed_in_between)
    assert spool.Lock.take(path) is None


@pytest.mark.parametrize("body", [None, b"", b'{"credits": 35}', bytes(range(256))])
def test_a_report_is_read_as_it_was_written(body: bytes | None):
    report = spool.Report(uuid.uuid4(), body, "OutcomeUnknown", "the log's text", "the page's text")
    spool.write(report)
    assert spool.read(report.attempt) == report
    assert list(spool.attempts()) == [report.attempt]
    spool.remove(report.attempt)
    assert spool.read(report.attempt) is None


def test_an_error_keeps_the_body_it_came_with():
    attempt = uuid.uuid4()
    report = spool.Report.of_error(attempt, recraft_errors.AnswerUnreadable("truncated", b"half an ans"))
    assert (report.error, report.body) == ("AnswerUnreadable", b"half an ans")


def test_a_host_keeps_its_id():
    assert spool.host_id() == spool.host_id()
    assert len(spool.host_id()) == 32


PARENT = """
import os, sys, time, ctypes, signal
from pathlib import Path
from multiprocessing import Process
from studio.services.callers import outliving_the_parent

def child(inside):
    os.environ["STUDIO_CALLER_PARENT"] = str(os.getppid())
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    if inside:
        with outliving_the_parent():
            work()
    else:
        work()
    time.sleep(60)

def work():
    parent = os.getppid()
    Path(sys.argv[1] + ".began").touch()
    while os.getppid() == parent:
        time.sleep(0.01)
    time.sleep(0.5)  # the signal comes with the parent's death
    Path(sys.argv[1]).write_text("recorded")

process = Process(target=child, args=(sys.argv[2] == "inside",))
process.start()
print(process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize(("where", "recorded"), [("inside", True), ("outside", False)])
def test_a_call_outlives_its_parent_and_then_leaves(tmp_path: Path, where: str, recorded: bool):
    note = tmp_path / "note"
    command = [sys.executable, "-c", PARENT, str(note), where]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    wait_for(lambda: note.with_suffix(".began").exists())
    parent.kill()
    parent.wait()
    wait_for(lambda: gone(child))
    assert note.exists() == recorded


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # A zombie is gone too: whoever adopted it has not looked yet.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def wait_for(true: object, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)
