"""Reading settings from the environment, loudly.

Every value may also stand in a file named by `<NAME>_FILE`, which is how container platforms hand over
secrets. A value that can't be used stops the program with one plain sentence.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """The value of `name`, or the content of the file that `<name>_FILE` points at."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE points at {path}, which can't be read.") from error
    return os.environ.get(name, default).strip()


def whole(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {value!r}.")
    return int(value)


def number(name: str, default: float, *, above: float = 0) -> float:
    value = text(name, str(default))
    try:
        result = float(value)
    except ValueError:
        result = above
    if not result > above:
        raise ImproperlyConfigured(f"{name} must be a number above {above:g}, not {value!r}.")
    return result


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret_key(var: Path) -> str:
    """The signing key: given, or made once and kept in `var` where only its owner can read it."""
    given = text("STUDIO_SECRET_KEY")
    if given:
        return given
    path = var / "secret_key"
    var.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL decides between two processes that start together: one makes it, both read it.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text().strip()


def database(var: Path) -> dict[str, object]:
    """Django's database settings: PostgreSQL by `DATABASE_URL`, else SQLite in `var`."""
    url = text("DATABASE_URL")
    return postgresql(url) if url else sqlite(var / "studio.sqlite3")


def sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # Opening the file anew costs as much as several queries.
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            # Readers and one writer at a time, in order: without IMMEDIATE most writes of 64 threads fail with
            # "database is locked". FULL, since a charge that was acknowledged must survive a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        },
        # A file, as in life: threads of a test then meet the same locks as processes do.
        "TEST": {"NAME": path.with_name("test.sqlite3")},
    }


def postgresql(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket folder can't stand in a URL's host as it is; it is percent-encoded there.
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 0,
        # A pool, since every request of an ASGI server runs in a thread of its own.
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 12, "timeout": 10}},
    }
