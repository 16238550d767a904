"""An environment without what the person running the tests may have set."""

from collections.abc import Mapping

SETTINGS = ("STUDIO_", "RECRAFT_", "REDIS_", "DATABASE_", "SANDBOX_")


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.startswith(SETTINGS) and name != "PORT"}
