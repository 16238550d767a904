"""Rules that the database itself holds, whatever the code does.

* A job, attempt, result, asset or request moves only along the pairs of its MOVES table.
* A ledger entry is never changed and never deleted; a charge or release ends a reserve of the same job on the same
  budget.
* Nothing is reserved past a budget's limit. A budget keeps its account and its period; budgets, accounts and caps are
  never deleted, and what a cap or a price says never changes.

Made again after every migration, since Django rebuilds SQLite tables and drops their triggers with them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from studio.models.assets import ASSET_MOVES
from studio.models.jobs import ATTEMPT_MOVES, JOB_MOVES, RESULT_MOVES
from studio.models.requests import REQUEST_MOVES

MOVES: dict[str, Mapping[str, tuple[str, ...]]] = {
    "studio_job": JOB_MOVES,
    "studio_attempt": ATTEMPT_MOVES,
    "studio_result": RESULT_MOVES,
    "studio_asset": ASSET_MOVES,
    "studio_unitsrequest": REQUEST_MOVES,
}
ENTRIES = "studio_entry"
PRICES = "studio_price"
KEPT = (ENTRIES, "studio_account", "studio_budget", "studio_cap", PRICES)


@dataclass(frozen=True)
class Guard:
    """A trigger that refuses: before an event on a table, when a condition holds of OLD and NEW."""

    table: str
    rule: str
    event: str
    words: str
    when: str = "TRUE"
    # Where the condition looks at other rows: PostgreSQL takes such a one inside a function only.
    looks_around: bool = False

    @property
    def name(self) -> str:
        return f"{self.table}_{self.rule}"


def _forbidden(moves: Mapping[str, tuple[str, ...]]) -> str:
    allowed = " OR ".join(
        f"(OLD.state = '{before}' AND NEW.state IN ({', '.join(repr(after) for after in afters)}))"
        for before, afters in moves.items()
    )
    return f"NEW.state <> OLD.state AND NOT ({allowed})"


_CLOSES_ANOTHER = """NEW.closes_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM studio_entry AS reserve
    WHERE reserve.id = NEW.closes_id AND reserve.kind = 'reserve' AND reserve.job_id = NEW.job_id
      AND reserve.budget_id = NEW.budget_id AND reserve.account_id = NEW.account_id)"""
_PAST_THE_LIMIT = 'NEW.held > OLD.held AND NEW."limit" IS NOT NULL AND NEW.used + NEW.held > NEW."limit"'
_SAID = 'workspace_id, scope, person_id, "window", operation, units, soft, until, created_by_id'

GUARDS = (
    *(
        Guard(table, "moves", "UPDATE OF state", f"{table}: this state can not follow that one", _forbidden(moves))
        for table, moves in MOVES.items()
    ),
    Guard(ENTRIES, "no_update", "UPDATE", "ledger entries are append-only"),
    Guard(PRICES, "no_update", "UPDATE", "a price is followed by another, never changed"),
    *(Guard(table, "no_delete", "DELETE", f"{table}: ledger rows are append-only") for table in KEPT),
    Guard(ENTRIES, "closes", "INSERT", "an entry closes a reserve of its own", _CLOSES_ANOTHER, looks_around=True),
    Guard("studio_budget", "within", "UPDATE OF held", "a budget has no room for this", _PAST_THE_LIMIT),
    Guard(
        "studio_budget",
        "stays",
        'UPDATE OF account_id, "window", window_key, starts_at, ends_at',
        "a budget keeps its account and period",
    ),
    Guard("studio_cap", "stays", f"UPDATE OF {_SAID}", "a cap is ended, never changed"),
)


def names() -> set[str]:
    """Every guard that must be there."""
    return {guard.name for guard in GUARDS}


def install(using: str = "default", **_: Any) -> None:
    """Make every guard, again if need be. Connected to Django's post_migrate."""
    connection = connections[using]
    if not {guard.table for guard in GUARDS} <= set(connection.introspection.table_names()):
        return  # migrated back to before what they guard
    _run(connection, _sqlite() if connection.vendor == "sqlite" else _postgresql())


def remove(using: str = "default") -> None:
    """Take the guards away: for a test's flush, which deletes every row."""
    connection = connections[using]
    on = {"sqlite": "", "postgresql": " ON {table}"}[connection.vendor]
    _run(
        connection,
        (f"DROP TRIGGER IF EXISTS {guard.name}{on.format(table=guard.table)}" for guard in GUARDS),
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


def _run(connection: BaseDatabaseWrapper, statements: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite() -> Iterator[str]:
    for guard in GUARDS:
        yield f"DROP TRIGGER IF EXISTS {guard.name}"
        yield (
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} WHEN {guard.when} "
            f"BEGIN SELECT RAISE(ABORT, '{guard.words}'); END"
        )


def _postgresql() -> Iterator[str]:
    refuse = "RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'check_violation';"
    yield (f"CREATE OR REPLACE FUNCTION studio_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse} END $$")
    for guard in GUARDS:
        function, when = "studio_refuse", guard.when
        if guard.looks_around:
            function, when = guard.name, "TRUE"
            yield (
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN IF {guard.when} THEN {refuse} END IF; RETURN NEW; END $$"
            )
        yield f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}"
        yield (
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW "
            f"WHEN ({when}) EXECUTE FUNCTION {function}('{guard.words}')"
        )
