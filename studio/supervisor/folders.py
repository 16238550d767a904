"""`var/`: everything the studio keeps, and the lock that lets one studio at a time use it."""

import errno
import fcntl
import os
import secrets
from pathlib import Path
from typing import TextIO

from studio.supervisor.settings import BadSetting, Settings

FOLDERS = ("media", "spool", "logs", "run", "sandbox", "static", "valkey")


class AlreadyRunning(Exception):
    """Another studio holds this folder; the message is the sentence shown."""


def prepare(settings: Settings) -> None:
    """Make the folders and the signing key that are missing. Raises BadSetting."""
    try:
        settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in FOLDERS:
            (settings.var / name).mkdir(mode=0o700, exist_ok=True)
        _check_writable(settings.var / "run")
        if settings.secret_key_file is None:
            _make_secret_key(settings.var / "secret_key")
    except OSError as error:
        raise BadSetting(f"{settings.var} can't be written: {error.strerror}.") from error


def take(var: Path) -> TextIO:
    """Take the folder for this process until the returned file is closed or the process ends.

    Raises AlreadyRunning.
    """
    lock = (var / "supervisor.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise
        raise AlreadyRunning(f"A studio already runs on {var} (process {_holder(var)}).") from error
    write_private(var / "supervisor.pid", f"{os.getpid()}\n")
    return lock


def write_private(path: Path, text: str) -> None:
    """Write a file whole or not at all, readable by its owner alone."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.touch(mode=0o600)
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def _holder(var: Path) -> str:
    try:
        return (var / "supervisor.pid").read_text().strip() or "unknown"
    except OSError:
        return "unknown"


def _check_writable(folder: Path) -> None:
    probe = folder / f".probe.{os.getpid()}"
    probe.touch(mode=0o600)
    probe.unlink()


def _make_secret_key(path: Path) -> None:
    if path.exists() and path.stat().st_size:
        path.chmod(0o600)
        return
    write_private(path, secrets.token_urlsafe(50))
