"""Reading settings from the environment, loudly.

Every value may also stand in a file named by `<NAME>_FILE`, which is how container platforms hand over
secrets. A value that can't be used stops the program with one plain sentence.
"""

import os
import secrets
from collections.abc import Iterable
from email.utils import parseaddr
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
    value = text(name) or str(default)
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


def flag(name: str) -> bool:
    """Switched on by 1, off by 0 or nothing."""
    value = text(name)
    if value not in ("", "0", "1"):
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value == "1"


def origin(name: str, fallbacks: Iterable[str]) -> str:
    """Scheme and host that links begin with, without a slash at the end; unset, the first fallback that is one."""
    value = text(name)
    if value and not _is_origin(value.rstrip("/")):
        raise ImproperlyConfigured(f"{name} must look like https://studio.example.com, not {value!r}.")
    return value.rstrip("/") or next(each for each in fallbacks if _is_origin(each))


def _is_origin(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.netloc
    plain = parts.scheme in ("http", "https") and host and not set(host) & set("*@ \\")
    return bool(plain) and not (parts.path or parts.query or parts.fragment)


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
            # "database is locked". FULL, since a charge that was acknowledged must survive a power cut. The clock
            # carries the log over; only a log of 32 MB has become the business of whoever commits.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=8000;",
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


MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}


def mail() -> dict[str, object]:
    """Django's e-mail settings: a server by `EMAIL_HOST`; without one, every mail is printed into the log."""
    host, security = text("EMAIL_HOST"), text("EMAIL_SECURITY") or "starttls"
    sender = text("DEFAULT_FROM_EMAIL") or ("" if host else "Atelier <studio@localhost>")
    if security not in MAIL_PORTS:
        raise ImproperlyConfigured(f"EMAIL_SECURITY must be starttls, tls or none, not {security!r}.")
    if "@" not in parseaddr(sender)[1]:
        raise ImproperlyConfigured(
            f"DEFAULT_FROM_EMAIL must be an address, such as Atelier <studio@example.com>, not {sender!r}."
        )
    port = whole("EMAIL_PORT", 0) or MAIL_PORTS[security]
    user, password = text("EMAIL_HOST_USER"), text("EMAIL_HOST_PASSWORD")
    if port > 65535:
        raise ImproperlyConfigured(f"EMAIL_PORT must be a whole number from 1 to 65535, not '{port}'.")
    if bool(user) != bool(password):
        raise ImproperlyConfigured("EMAIL_HOST_USER and EMAIL_HOST_PASSWORD belong together: set both, or neither.")
    if (user or port != MAIL_PORTS[security]) and not host:
        raise ImproperlyConfigured("EMAIL_HOST is missing: without it no other setting of a mail server counts.")
    if password and security == "none" and host not in ("localhost", "127.0.0.1", "::1"):
        raise ImproperlyConfigured("EMAIL_SECURITY=none would send the password in the clear; use starttls or tls.")
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{'smtp' if host else 'console'}.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_TLS": security == "starttls",
        "EMAIL_USE_SSL": security == "tls",
        # Nobody waits longer than this for a mail server that says nothing.
        "EMAIL_TIMEOUT": 15,
        "DEFAULT_FROM_EMAIL": sender,
        "SERVER_EMAIL": sender,
    }
