"""Constant SQL, for the few statements that every paid call waits for.

Django puts a query together anew each time it runs: half a millisecond or more of processor time for what the database
answers in a twentieth of one. Here the text is fixed, and only its parameters change. Everything else is better off as
a queryset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault

# As Django writes `Now()`. SQLite's own CURRENT_TIMESTAMP has no fractions of a second.
_NOW: Final = {"postgresql": "STATEMENT_TIMESTAMP()", "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW')"}


class Select:
    """A SELECT in which `{name}` stands for the columns of that model, under that name."""

    def __init__(self, sql: str, **models: type[Model]) -> None:
        self.sql = sql.format(**{name: _columns(name, model) for name, model in models.items()})
        self.models = tuple(models.values())

    def first(self, *parameters: object, lock: str = "") -> list[Any] | None:
        """The first row as one instance per model; None without a row. `lock`: whose row stays locked until commit."""
        # SQLite has one writer at a time anyway. Not a key lock: inserts that refer to the row must not wait for it.
        clause = f" FOR NO KEY UPDATE OF {lock}" if lock and connection.features.has_select_for_update else ""
        with connection.cursor() as cursor:
            cursor.execute(self.sql + clause, _adapted(parameters))
            row = cursor.fetchone()
        return None if row is None else self._instances(row)

    def all(self, *parameters: object) -> list[list[Any]]:
        """Every row, as `first` has it."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, _adapted(parameters))
            return [self._instances(row) for row in cursor.fetchall()]

    def get(self, *parameters: object, lock: str = "") -> list[Any]:
        """As `first`, of a row that is there. Raises ObjectDoesNotExist."""
        found = self.first(*parameters, lock=lock)
        if found is None:
            raise ObjectDoesNotExist
        return found

    def _instances(self, row: Sequence[Any]) -> list[Any]:
        values = iter(row)
        return [_instance(model, values) for model in self.models]


def value(sql: str, *parameters: object) -> Any:
    """The first column of a SELECT's first row; None without a row."""
    found = column(sql, *parameters)
    return found[0] if found else None


def column(sql: str, *parameters: object) -> list[Any]:
    """The first column of a SELECT's rows."""
    return [row[0] for row in rows(sql, *parameters)]


def rows(sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """The rows of a SELECT, as the database gives them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, _adapted(parameters))
        return list(cursor.fetchall())


def change(sql: str, *parameters: object) -> int:
    """Run one UPDATE, in which `{now}` stands for the database's clock. How many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql.format(now=_NOW[connection.vendor]), _adapted(parameters))
        return int(cursor.rowcount)


def note(sql: str, *parameters: object) -> int:
    """As `change`, of what a power cut may undo: everybody sees it, and nobody waits until the disk has it."""
    # A sync takes as long as everything else about an UPDATE ten times over. PostgreSQL's costs a fifth of that.
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return change(sql, *parameters)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = NORMAL")
        try:
            return change(sql, *parameters)
        finally:
            cursor.execute("PRAGMA synchronous = FULL")


def insert(instance: Model, *, unless_there: bool = False) -> bool:
    """Write a new row, and note on the instance what the database filled in. Sends no signals.

    False: it was not written, because of a unique value that another row has. Without `unless_there` that raises
    IntegrityError.
    """
    given, left = _split(instance)
    columns, holes = ", ".join(f'"{field.column}"' for field in given), ", ".join(["%s"] * len(given))
    returned = ", ".join(f'"{field.column}"' for field in left or [instance._meta.pk])
    sql = f'INSERT INTO "{instance._meta.db_table}" ({columns}) VALUES ({holes})'  # noqa: S608  names of our models
    with connection.cursor() as cursor:
        cursor.execute(
            sql + (" ON CONFLICT DO NOTHING" if unless_there else "") + f" RETURNING {returned}",
            [field.get_db_prep_save(value, connection) for field, value in given.items()],
        )
        row = cursor.fetchone()
    for field, value in zip(left, row or (), strict=False):
        setattr(instance, field.attname, _converted(field, value, connections[connection.alias]))
    instance._state.adding, instance._state.db = row is None, connection.alias
    return row is not None


def _split(instance: Model) -> tuple[dict[Field[Any, Any], Any], list[Field[Any, Any]]]:
    """The fields that have values, and those that the database is to fill in."""
    given, left = {}, []
    for field in instance._meta.concrete_fields:
        value = field.pre_save(instance, True)
        if isinstance(value, DatabaseDefault) or (value is None and field.primary_key):
            left.append(field)
        else:
            given[field] = value
    return given, left


def _columns(name: str, model: type[Model]) -> str:
    return ", ".join(f'{name}."{field.column}"' for field in model._meta.concrete_fields)


def _adapted(parameters: Sequence[object]) -> list[Any]:
    """Parameters as this database keeps them."""
    return [_adapted_one(value) for value in parameters]


def _adapted_one(value: object) -> object:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, dict):
        return connection.ops.adapt_json_value(value, None)
    return value


def _instance(model: type[Model], values: Iterator[Any]) -> Model:
    """A row's next columns as an instance, which is what a queryset would make of them."""
    fields = model._meta.concrete_fields
    here = connections[connection.alias]  # itself: its stand-in looks it up at every touch
    taken = [_converted(field, next(values), here) for field in fields]
    return model.from_db(here.alias, [field.attname for field in fields], taken)


def _converted(field: Field[Any, Any], value: Any, here: BaseDatabaseWrapper) -> Any:
    expression = field.cached_col
    for convert in (*here.ops.get_db_converters(expression), *field.get_db_converters(here)):
        value = convert(value, expression, here)
    return value
