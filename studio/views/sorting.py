"""Tables that are sorted by their address: `?budgets=-used` is the table of budgets, most used first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest


class Column(NamedTuple):
    """What a table can be sorted by; `key` is of one of its rows. Numbers are looked at from the largest down."""

    name: str
    label: str
    key: Callable[[Any], Any]
    is_number: bool = False


@dataclass(frozen=True)
class Heading:
    """A column's head, as a link that sorts by it, or turns the order around."""

    label: str
    url: str
    order: str  # "ascending" or "descending", as aria-sort has it; "" where the table is not sorted by it
    is_number: bool


@dataclass(frozen=True)
class Table:
    """Rows in the order asked for, else in their own."""

    headings: tuple[Heading, ...]
    rows: tuple[Any, ...]


def table(request: HttpRequest, name: str, columns: Sequence[Column], rows: Sequence[Any]) -> Table:
    """A table that the page has under this id. An order that makes no sense is none."""
    asked = request.GET.get(name, "")
    chosen = next((column for column in columns if column.name == asked.removeprefix("-")), None)
    if chosen:
        rows = sorted(rows, key=chosen.key, reverse=asked.startswith("-"))
    return Table(tuple(_heading(request, name, column, asked) for column in columns), tuple(rows))


def _heading(request: HttpRequest, name: str, column: Column, asked: str) -> Heading:
    order = {column.name: "ascending", f"-{column.name}": "descending"}.get(asked, "")
    falls_next = order == "ascending" or (not order and column.is_number)
    query = request.GET.copy()
    query[name] = f"-{column.name}" if falls_next else column.name
    return Heading(column.label, f"?{query.urlencode()}#{name}", order, column.is_number)
