"""What a person may set, read once; a value that can't be used stops the start with one plain sentence.

The studio's own settings stand in `studio/settings.py`. Here are only those that decide which processes run and
what each of them is told.
"""

import difflib
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

ROOT: Final = Path(__file__).resolve().parents[2]

# Every STUDIO_ name the studio reads. A misspelled one would be ignored in silence, which is worse than a stop.
KNOWN: Final = frozenset(
    {"STUDIO_VAR", "STUDIO_CALLS", "STUDIO_BYTES", "STUDIO_PROVIDER", "STUDIO_TIME_SCALE", "STUDIO_SANDBOX_LATENCY"}
    | {"STUDIO_SECRET_KEY", "STUDIO_SECRET_KEY_FALLBACKS", "STUDIO_HOSTS", "STUDIO_ORIGINS", "STUDIO_PRODUCTION"}
    | {"STUDIO_DEBUG", "STUDIO_LOG_LEVEL", "STUDIO_FAULTS", "STUDIO_MEDIA", "STUDIO_SPOOL", "STUDIO_SPOOL_RESERVE_MB"}
    | {"STUDIO_REQUESTS_PER_SECOND", "STUDIO_IMAGES_PER_MINUTE", "STUDIO_WINDOW_GUARD", "STUDIO_WORKSPACE_UNITS"}
    | {"STUDIO_CALLS_IN_FLIGHT", "STUDIO_CALLS_IN_FLIGHT_PER_PERSON", "STUDIO_PERSON_UNITS", "STUDIO_NEW_WORKSPACES"}
    | {"STUDIO_URL", "STUDIO_WEBHOOKS_TO_LOOPBACK"}
    | {"STUDIO_TESTS_STRICT", "STUDIO_TESTS_DATABASE"}
)


class BadSetting(Exception):
    """A setting that can't be used; the message is the sentence shown."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one run of the studio was asked to be."""

    var: Path
    host: str = "127.0.0.1"
    port: int = 8000
    redis_url: str = ""
    base_url: str = ""
    token: str = field(default="", repr=False)
    calls: int = 8
    bytes: int = 8
    time_scale: float = 1.0
    latency: float | None = None
    secret_key_file: Path | None = None

    @property
    def provider(self) -> str:
        return "recraft" if self.token else "sandbox"

    @property
    def fingerprint(self) -> str:
        """What tells one provider account from another without giving its token away."""
        return hashlib.sha256(self.token.encode()).hexdigest()[:16] if self.token else ""

    @property
    def local_host(self) -> str:
        """The address by which this machine reaches the studio."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - read, not bound


def read(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`. Raises BadSetting."""
    _refuse_unknown(environ)
    token = _token(environ)
    settings = Settings(
        var=Path(environ.get("STUDIO_VAR") or ROOT / "var").absolute(),
        host=environ.get("HOST") or "127.0.0.1",
        port=_whole(environ, "PORT", 8000, most=65535),
        redis_url=_url(environ, "REDIS_URL", ("redis", "rediss")),
        base_url=_url(environ, "RECRAFT_BASE_URL", ("http", "https")),
        token=token,
        calls=_whole(environ, "STUDIO_CALLS", 8, most=64),
        bytes=_whole(environ, "STUDIO_BYTES", 8, most=128),
        time_scale=_time_scale(environ),
        latency=_latency(environ),
        secret_key_file=_existing_file(environ, "STUDIO_SECRET_KEY_FILE"),
    )
    _url(environ, "DATABASE_URL", ("postgres", "postgresql"))
    _refuse_contradictions(settings, environ)
    return settings


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    for name in environ:
        if name.startswith("STUDIO_") and name.removesuffix("_FILE") not in KNOWN:
            # Compared without what all of them have in common.
            words = {known.removeprefix("STUDIO_") for known in KNOWN}
            close = difflib.get_close_matches(name.removeprefix("STUDIO_"), words, n=1)
            raise BadSetting(
                f"{name} is not a setting of the studio{f'; is STUDIO_{close[0]} meant?' if close else '.'}"
            )


def _refuse_contradictions(settings: Settings, environ: Mapping[str, str]) -> None:
    if settings.token and settings.time_scale != 1.0:
        raise BadSetting("STUDIO_TIME_SCALE is for the sandbox only; take it out to run on Recraft.")
    if settings.base_url and not settings.token:
        raise BadSetting("RECRAFT_BASE_URL is set without RECRAFT_API_TOKEN; without a token the sandbox is used.")
    provider = environ.get("STUDIO_PROVIDER") or settings.provider
    if provider != settings.provider:
        raise BadSetting(
            f"STUDIO_PROVIDER is {provider!r}, but with{'' if settings.token else 'out'} RECRAFT_API_TOKEN "
            f"the studio runs on {settings.provider!r}."
        )


def _token(environ: Mapping[str, str]) -> str:
    given, path = environ.get("RECRAFT_API_TOKEN", "").strip(), environ.get("RECRAFT_API_TOKEN_FILE", "")
    if given and path:
        raise BadSetting("RECRAFT_API_TOKEN and RECRAFT_API_TOKEN_FILE are both set; one of them is enough.")
    if path:
        given = _content(path, "RECRAFT_API_TOKEN_FILE")
    if given and (not given.isascii() or not given.isprintable() or " " in given):
        # Never quoted here: a sentence on a screen is no place for a token.
        raise BadSetting("RECRAFT_API_TOKEN has characters that no token has.")
    return given


def _content(path: str, name: str) -> str:
    try:
        content = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{name} points at {path}, which can't be read.") from error
    if not content:
        raise BadSetting(f"{name} points at {path}, which is empty.")
    return content


def _existing_file(environ: Mapping[str, str], name: str) -> Path | None:
    path = environ.get(name)
    if not path:
        return None
    _content(path, name)
    return Path(path).absolute()


def _whole(environ: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    value = environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= most):
        raise BadSetting(f"{name} must be a whole number from 1 to {most}, not {value!r}.")
    return int(value)


def _time_scale(environ: Mapping[str, str]) -> float:
    value = environ.get("STUDIO_TIME_SCALE", "").strip() or "1"
    scale = _number(value)
    if scale is None or not 0 < scale <= 10_000:
        raise BadSetting(f"STUDIO_TIME_SCALE must be a number above 0 and at most 10000, not {value!r}.")
    return scale


def _latency(environ: Mapping[str, str]) -> float | None:
    """Seconds the sandbox takes for a raster call; None: as it likes."""
    value = environ.get("STUDIO_SANDBOX_LATENCY", "").strip()
    seconds = _number(value)
    if value and (seconds is None or not 0 <= seconds <= 600):
        raise BadSetting(f"STUDIO_SANDBOX_LATENCY must be a number of seconds from 0 to 600, not {value!r}.")
    return seconds


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _url(environ: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    value = environ.get(name, "").strip()
    if value and (urlsplit(value).scheme not in schemes or "//" not in value):
        # The value may carry a password: it is not repeated.
        raise BadSetting(f"{name} must begin with {schemes[0]}://.")
    return value
