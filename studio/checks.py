"""System checks: what would break quietly, said aloud with a hint."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from studio.models import guards

OLDEST_SQLITE = (3, 35)  # the first with RETURNING


@register(Tags.database)
def sqlite_is_new_enough(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Where SQLite is used, it knows RETURNING."""
    used = any(connections[alias].vendor == "sqlite" for alias in databases or ())
    if not used or sqlite3.sqlite_version_info >= OLDEST_SQLITE:
        return []
    hint = "Use a newer Python, or PostgreSQL by DATABASE_URL."
    return [Error(f"SQLite {sqlite3.sqlite_version} is too old: 3.35 is needed.", hint=hint, id="studio.E001")]


@register(Tags.database)
def guards_are_there(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Each migrated database holds every guard."""
    return [message for alias in databases or () for message in _missing(alias)]


def _missing(alias: str) -> list[CheckMessage]:
    if guards.ENTRIES not in connections[alias].introspection.table_names():
        return []
    missing = sorted(guards.names() - guards.present(alias))
    if not missing:
        return []
    hint = "Run `manage.py migrate`: it makes them again."
    # No error: `migrate` asks first, and would refuse to bring the guards that a new version has.
    return [Warning(f"Guards are missing in the database: {', '.join(missing)}.", hint=hint, id="studio.W001")]
