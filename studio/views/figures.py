"""What the pages of figures share: the plot of units per day, the bars, and the files of exactly what is shown."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.formats import date_format

from studio.forms.spending import PERIODS, SpendingForm
from studio.services import spending
from studio.services.spending import Day, Filter, Share
from studio.views import charts

FIELDS = ("when", "person", "operation", "model", "style", "kind", "units", "pictures", "run", "reason")
# A cell that begins with one of these is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_BARS = 8


@dataclass(frozen=True)
class Bar:
    """One row of a bar list; `part` is percent of the largest, `color` a number of the palette."""

    share: Share
    part: float
    color: int


def context(form: SpendingForm, chosen: Filter, shown: Sequence[int]) -> dict[str, Any]:
    """What both pages tell of the movements chosen; `shown`: the periods they offer, in days."""
    days = spending.by_day(chosen)
    sums = spending.sums(chosen)
    return {
        "form": form,
        "periods": [(length, PERIODS[length]) for length in shown],
        "sums": sums,
        "total": sums.total,
        "days": days,
        "plot": plot(days),
        "groups": groups(days),
    }


def plot(days: Sequence[Day]) -> charts.Columns:
    """Units per day, stacked by group of operations; weeks instead of days where those would be too thin to see."""
    spans = _weeks(days) if len(days) > 100 else [[day] for day in days]
    values = [[sum(day.units.get(group, 0) for day in span) for group in spending.GROUPS] for span in spans]
    return charts.columns(values, [_title(span) for span in spans], [_name(span) for span in spans])


def groups(days: Sequence[Day]) -> list[tuple[int, str]]:
    """The groups that occur, with their color's number, for a legend."""
    return [(at, name) for at, name in enumerate(spending.GROUPS) if any(day.units.get(name) for day in days)]


def bars(shares: Sequence[Share]) -> list[Bar]:
    """The largest shares, and one for what is left."""
    shown = list(shares[:MOST_BARS])
    if rest := shares[MOST_BARS:]:
        units, pictures = sum(share.units for share in rest), sum(share.pictures for share in rest)
        shown.append(Share("", f"{len(rest)} more", units, pictures))
    most = max((share.units for share in shown), default=0) or 1
    return [Bar(share, round(max(0.0, 100 * share.units / most), 1), at % 5) for at, share in enumerate(shown)]


def download(chosen: Filter, extension: str) -> HttpResponse:
    """Every movement that the page counts: a table, or anything else as JSON."""
    if extension == "csv":
        return file("units", as_csv(FIELDS, spending.rows(chosen)), chosen, "csv")
    return _as_json(chosen)


def as_csv(fields: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as a CSV file has them, under their fields."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(fields)
    writer.writerows([cell(row[name]) for name in fields] for row in rows)
    return text.getvalue()


def _as_json(chosen: Filter) -> HttpResponse:
    movements = list(spending.rows(chosen))
    found = {
        "since": chosen.range.since.isoformat(),
        "until": chosen.range.until.isoformat(),
        "time_zone": str(chosen.range.zone),
        "units": sum(row["units"] for row in movements),
        "movements": movements,
    }
    return file("units", json.dumps(found, indent=1), chosen, "json")


def file(what: str, text: str, chosen: Filter, extension: str) -> HttpResponse:
    """A download called by what it holds and the days it is of; "csv" or "json"."""
    name = f"{what}-{chosen.range.since:%Y-%m-%d}-to-{chosen.range.until:%Y-%m-%d}.{extension}"
    media_type = "text/csv; charset=utf-8" if extension == "csv" else "application/json"
    return HttpResponse(
        text, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def cell(value: Any) -> Any:
    """A value of a CSV file, so that no spreadsheet takes it for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _weeks(days: Sequence[Day]) -> list[list[Day]]:
    weeks: list[list[Day]] = []
    for day in days:
        if not weeks or day.date.weekday() == 0:
            weeks.append([])
        weeks[-1].append(day)
    return weeks


def _name(span: Sequence[Day]) -> str:
    return date_format(span[0].date, "j M")


def _title(span: Sequence[Day]) -> str:
    total = sum(day.total for day in span)
    parts = _said((name, sum(day.units.get(name, 0) for day in span)) for name in spending.GROUPS)
    when = _name(span) if len(span) == 1 else f"Week of {_name(span)}"
    return f"{when}: {total:,} units" + (f" ({parts})" if parts else "")


def _said(parts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {units:,}" for name, units in parts if units)
