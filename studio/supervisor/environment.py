"""What each process is told; above all, who is told the token: `calls`, and nobody else."""

from collections.abc import Mapping
from typing import Final

from studio.supervisor.settings import Settings

TOKEN: Final = frozenset({"RECRAFT_API_TOKEN", "RECRAFT_API_TOKEN_FILE"})
# A process that holds no rows and rings no bell is told nothing that would let it.
STUDIO_SECRETS: Final = frozenset(
    {"DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "REDIS_URL_FILE", "STUDIO_SECRET_KEY", "STUDIO_SECRET_KEY_FILE"}
    | {"STUDIO_SECRET_KEY_FALLBACKS", "STUDIO_SECRET_KEY_FALLBACKS_FILE"}
    | {"EMAIL_HOST_PASSWORD", "EMAIL_HOST_PASSWORD_FILE"}
)


def for_studio(environ: Mapping[str, str], settings: Settings, redis_url: str, base_url: str) -> dict[str, str]:
    """For every process of the studio but `calls`."""
    told = _without(environ, TOKEN)
    told |= {
        "STUDIO_VAR": str(settings.var),
        "STUDIO_PROVIDER": settings.provider,
        "RECRAFT_ACCOUNT_FINGERPRINT": settings.fingerprint,
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "studio.settings",
        # A line is worth most at the moment it is written.
        "PYTHONUNBUFFERED": "1",
    }
    if base_url:
        told["RECRAFT_BASE_URL"] = base_url
    return told


def for_calls(told: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """For the one process that talks to the provider: the same, and the token as it was given."""
    return dict(told) | {name: environ[name] for name in TOKEN if environ.get(name)}


def for_sandbox(told: Mapping[str, str]) -> dict[str, str]:
    return _without(told, STUDIO_SECRETS)


def for_valkey(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name] for name in ("PATH", "LANG", "TZ") if name in environ}


def _without(environ: Mapping[str, str], names: frozenset[str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name not in names}
