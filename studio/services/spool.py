"""The spool: a paid call's outcome is on disk, synced, whatever becomes of the database meanwhile.

One folder per host, on a persistent volume. `<attempt>.lock` is held by the process that makes the call, from
before the claim is committed until the outcome is recorded; a lock that nobody holds is a caller that died.
`<attempt>.json` is what it learned. Only the keeper of the same host judges and collects these files.
"""

import base64
import contextlib
import fcntl
import json
import logging
import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from studio.recraft import errors as recraft_errors

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Report:
    """What became of one attempt: the body of a 200 answer, or the name and text of a RecraftError."""

    attempt: uuid.UUID
    body: bytes | None = None
    error: str = ""
    text: str = ""
    shown: str = ""

    @classmethod
    def of_error(cls, attempt: uuid.UUID, error: recraft_errors.RecraftError) -> "Report":
        body = getattr(error, "body", None)
        return cls(attempt, body, type(error).__name__, str(error)[:2000], error.user_message)


class Lock:
    """An exclusive lock on one attempt's file, held by this process alone and gone with it."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path) -> "Lock | None":
        """The lock, or None while another process holds it."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The file may have been removed between opening and locking: then this lock guards nothing.
            if os.fstat(descriptor).st_ino == path.stat().st_ino:
                return cls(path, descriptor)
        except (BlockingIOError, FileNotFoundError):
            pass
        os.close(descriptor)
        return None

    def end(self) -> None:
        """Remove the file, then let go: in this order nobody can lock a file that is about to vanish."""
        self.path.unlink(missing_ok=True)
        os.close(self._descriptor)

    def let_go(self) -> None:
        """Let go but leave the file, for the keeper to judge."""
        os.close(self._descriptor)


def folder() -> Path:
    path: Path = settings.STUDIO_SPOOL
    path.mkdir(parents=True, exist_ok=True)
    return path


def host_id() -> str:
    """This host's id, kept beside the spool so that both move together."""
    path = folder() / "host_id"
    if not path.exists():
        mine = folder() / f"host_id.{uuid.uuid4().hex}"
        mine.write_text(uuid.uuid4().hex)
        # A link can't replace a file: of two processes that start together, one makes the id and both read it.
        with contextlib.suppress(FileExistsError):
            os.link(mine, path)
        mine.unlink()
    return path.read_text().strip()


def host_name() -> str:
    return socket.gethostname()


def lock_path(attempt: uuid.UUID) -> Path:
    return folder() / f"{attempt}.lock"


def report_path(attempt: uuid.UUID) -> Path:
    return folder() / f"{attempt}.json"


def has_room() -> bool:
    """Room to write down what a call will learn. Without it no call is made."""
    return shutil.disk_usage(folder()).free >= settings.STUDIO_SPOOL_RESERVE_BYTES


def write(report: Report) -> None:
    """Write, sync, rename, sync the folder: after this the outcome survives a power cut."""
    content = {
        "attempt": str(report.attempt),
        "body": None if report.body is None else base64.b64encode(report.body).decode(),
        "error": report.error,
        "text": report.text,
        "shown": report.shown,
    }
    path = report_path(report.attempt)
    temporary = path.with_suffix(".tmp")
    with temporary.open("w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def written_beside(report: Report) -> Iterator[None]:
    """Write a report down while its caller records it; both are done at the end of the block.

    A disk that fails is an error only if the block failed too: then nobody else has the outcome. Raises OSError.
    """
    with ThreadPoolExecutor(1) as beside:
        written = beside.submit(write, report)
        try:
            yield
        except BaseException:
            written.result()
            raise
    if error := written.exception():
        log.warning("Attempt %s was recorded, though not spooled: %s", report.attempt, error)


def read(attempt: uuid.UUID) -> Report | None:
    """What was written for an attempt, or None."""
    try:
        content = json.loads(report_path(attempt).read_text())
    except FileNotFoundError:
        return None
    body = None if content["body"] is None else base64.b64decode(content["body"])
    return Report(attempt, body, content["error"], content["text"], content["shown"])


def remove(attempt: uuid.UUID) -> None:
    report_path(attempt).unlink(missing_ok=True)


def attempts() -> Iterator[uuid.UUID]:
    """Every attempt that has left a file here."""
    names = {path.stem for path in folder().iterdir() if path.suffix in (".lock", ".json", ".tmp")}
    for name in sorted(names):
        with contextlib.suppress(ValueError):
            yield uuid.UUID(name)
