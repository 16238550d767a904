"""A studio that was brought up to date step by step has the database of one that is new."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from studio.models import guards

LAST_STEP = ("studio", "0020_boards")
OTHER = "step_by_step"
SQLITE = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
POSTGRESQL = """
    SELECT table_name || '.' || column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable,
           column_default, is_identity) FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
              FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""


@pytest.fixture
def empty() -> Iterator[BaseDatabaseWrapper]:
    """A database beside that of the tests, and as empty as one can be."""
    other = connection.copy(OTHER)
    other.settings_dict["NAME"] = ":memory:"
    if other.vendor == "postgresql":
        other.settings_dict["NAME"] = OTHER
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {OTHER}")
            cursor.execute(f"CREATE DATABASE {OTHER} TEMPLATE template0")
    connections[OTHER] = other
    yield other
    other.close()
    del connections[OTHER]


def schema(database: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """Everything that has a name -> what it is made of; in which order a table has its columns tells nothing."""
    with database.cursor() as cursor:
        cursor.execute(POSTGRESQL if database.vendor == "postgresql" else SQLITE)
        rows = cursor.fetchall()
    return {name: sorted(re.split(r',\s*(?="|CONSTRAINT)|\(\s*(?=")|\)$', definition)) for name, definition in rows}


@pytest.mark.django_db
def test_twenty_steps_lead_where_one_does(empty: BaseDatabaseWrapper):
    executor = MigrationExecutor(empty)
    executor.loader.replace_migrations = False
    executor.loader.build_graph()
    others = [node for node in executor.loader.graph.leaf_nodes() if node[0] != "studio"]
    executor.migrate([LAST_STEP, *others])
    # From there on it is where a new studio begins, and takes the same steps.
    executor = MigrationExecutor(empty)
    executor.migrate(executor.loader.graph.leaf_nodes())
    guards.install(using=OTHER)
    old, new = schema(empty), schema(connection)
    assert len(new) > 100
    assert old.keys() == new.keys()
    assert {name: (old[name], new[name]) for name in new if old[name] != new[name]} == {}
