"""System checks: what would break quietly, said aloud with a hint."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from studio.models import guards


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
