"""Rules that the database itself holds, whatever the code does.

* A job, attempt, result or asset moves only along the pairs of its MOVES table.
* A ledger entry is never changed and never deleted.

Made again after every migration, since Django rebuilds SQLite tables and drops their triggers with them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from studio.models.assets import ASSET_MOVES
from studio.models.jobs import ATTEMPT_MOVES, JOB_MOVES, RESULT_MOVES

MOVES: dict[str, Mapping[str, tuple[str, ...]]] = {
    "studio_job": JOB_MOVES,
    "studio_attempt": ATTEMPT_MOVES,
    "studio_result": RESULT_MOVES,
    "studio_asset": ASSET_MOVES,
}
ENTRIES = "studio_entry"


def names() -> set[str]:
    """Every guard that must be there."""
    return {f"{table}_moves" for table in MOVES} | {f"{ENTRIES}_no_update", f"{ENTRIES}_no_delete"}


def install(using: str = "default", **_: Any) -> None:
    """Make every guard, again if need be. Connected to Django's post_migrate."""
    connection = connections[using]
    if ENTRIES not in connection.introspection.table_names():
        return  # migrated back to before the first migration
    _run(connection, _sqlite() if connection.vendor == "sqlite" else _postgresql())


def remove(using: str = "default") -> None:
    """Take the guards away: for a test's flush, which deletes every row."""
    connection = connections[using]
    on = {"sqlite": "", "postgresql": " ON {table}"}[connection.vendor]
    _run(
        connection,
        (f"DROP TRIGGER IF EXISTS {name}{on.format(table=_table(name))}" for name in sorted(names())),
    )


def present(using: str = "default") -> set[str]:
    """The guards that are there."""
    connection = connections[using]
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()} & names()


def _table(name: str) -> str:
    return name.removesuffix("_moves").removesuffix("_no_update").removesuffix("_no_delete")


def _run(connection: BaseDatabaseWrapper, statements: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _forbidden(moves: Mapping[str, tuple[str, ...]]) -> str:
    allowed = " OR ".join(
        f"(OLD.state = '{before}' AND NEW.state IN ({', '.join(repr(after) for after in afters)}))"
        for before, afters in moves.items()
    )
    return f"NEW.state <> OLD.state AND NOT ({allowed})"


def _sqlite() -> Iterator[str]:
    for table, moves in MOVES.items():
        yield f"DROP TRIGGER IF EXISTS {table}_moves"
        yield (
            f"CREATE TRIGGER {table}_moves BEFORE UPDATE OF state ON {table} WHEN {_forbidden(moves)} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: this state can not follow that one'); END"
        )
    for event in ("update", "delete"):
        yield f"DROP TRIGGER IF EXISTS {ENTRIES}_no_{event}"
        yield (
            f"CREATE TRIGGER {ENTRIES}_no_{event} BEFORE {event.upper()} ON {ENTRIES} "
            "BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END"
        )


def _postgresql() -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION studio_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'check_violation'; END $$"
    )
    for table, moves in MOVES.items():
        yield f"DROP TRIGGER IF EXISTS {table}_moves ON {table}"
        yield (
            f"CREATE TRIGGER {table}_moves BEFORE UPDATE OF state ON {table} FOR EACH ROW "
            f"WHEN ({_forbidden(moves)}) "
            f"EXECUTE FUNCTION studio_refuse('{table}: this state can not follow that one')"
        )
    for event in ("update", "delete"):
        yield f"DROP TRIGGER IF EXISTS {ENTRIES}_no_{event} ON {ENTRIES}"
        yield (
            f"CREATE TRIGGER {ENTRIES}_no_{event} BEFORE {event.upper()} ON {ENTRIES} FOR EACH ROW "
            "EXECUTE FUNCTION studio_refuse('ledger entries are append-only')"
        )
