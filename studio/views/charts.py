"""The geometry of plots. A plot is an SVG in the page: lengths along it in percent, heights in pixels.

Styles in the page are refused by the policy for content, so positions are attributes and colors are classes. What a
plot shows also stands in a table below it, for who can't see it or wants the figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format

LEFT = 4.6  # percent that the labels of the axis take
TOP, FOOT = 14, 24  # pixels above the plot and below its axis
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Tick:
    """A labelled line of an axis: across at `at` pixels, or along at `at` percent."""

    at: float
    label: str
    minor: bool = False  # left out on a small screen


@dataclass(frozen=True)
class Part:
    """One piece of a column: from `y`, `height` pixels tall, in color number `color`."""

    y: float
    height: float
    color: int


@dataclass(frozen=True)
class Column:
    """One column with all its pieces, and the words for it. Percent."""

    x: float
    width: float
    bar_x: float
    bar_width: float
    title: str
    parts: tuple[Part, ...]

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Columns:
    """A plot of stacked columns."""

    height: int
    base: float
    grid: tuple[Tick, ...]
    columns: tuple[Column, ...]
    labels: tuple[Tick, ...]


def columns(
    values: Sequence[Sequence[int]], titles: Sequence[str], labels: Sequence[str], height: int = 220
) -> Columns:
    """Stacked columns, one per row of `values`; pieces below zero are not drawn."""
    most = max((sum(max(0, value) for value in row) for row in values), default=0)
    scale = _scale(most, height)
    wide = (100 - LEFT) / max(1, len(values))
    gap = wide * 0.17
    drawn = tuple(
        Column(
            round(LEFT + at * wide, 3),
            round(wide, 3),
            round(LEFT + at * wide + gap, 3),
            round(wide - 2 * gap, 3),
            titles[at],
            tuple(_stacked(row, scale)),
        )
        for at, row in enumerate(values)
    )
    return Columns(height, scale.base, scale.grid, drawn, tuple(_named(drawn, labels)))


def nice_step(most: int) -> int:
    """The distance of grid lines, 1, 2 or 5 times a power of ten, so that there are about four."""
    power = 1
    while True:
        for step in STEPS:
            if step * power * 4 >= most:
                return step * power
        power *= 10


@dataclass(frozen=True)
class _Scale:
    """The upright axis: where zero lies, in pixels, how many make a unit, and the lines across."""

    base: int
    pixels: float
    grid: tuple[Tick, ...]


def _scale(most: int, height: int) -> _Scale:
    step = nice_step(most)
    top = max(step, -(-most // step) * step)
    base = height - FOOT
    pixels = (base - TOP) / top
    grid = (Tick(round(base - value * pixels, 1), short(value)) for value in range(0, top + 1, step))
    return _Scale(base, pixels, tuple(grid))


def _stacked(row: Sequence[int], scale: _Scale) -> list[Part]:
    parts, y = [], float(scale.base)
    for color, value in enumerate(row):
        if value > 0:
            tall = max(0.8, value * scale.pixels)
            y -= tall
            parts.append(Part(round(y, 1), round(tall, 1), color))
    return parts


def _named(drawn: Sequence[Column], labels: Sequence[str]) -> list[Tick]:
    """About six labels, the last column always among them; on a small screen every second."""
    every = max(1, round(len(drawn) / 6))
    chosen = list(range(len(drawn) - 1, -1, -every))
    return [Tick(round(drawn[at].middle, 2), labels[at], number % 2 == 1) for number, at in enumerate(chosen)]


def short(value: int) -> str:
    """1500 -> "1,500", 20000 -> "20 k"."""
    return f"{value // 1000:,} k" if value >= 10_000 and value % 1000 == 0 else f"{value:,}"


@dataclass(frozen=True)
class Curve:
    """A balance over the days behind and its forecast, in an SVG 1000 wide that is stretched; heights in pixels."""

    height: int
    base: float
    grid: tuple[Tick, ...]
    labels: tuple[Tick, ...]
    line: str
    area: str
    band: str
    dashes: str
    today: Tick
    end: Tick | None  # where the forecast meets zero


def curve(
    behind: Sequence[int], today: date, early: int | None, middle: int | None, late: int | None, height: int = 236
) -> Curve:
    """`behind`: the balance at the end of each day, the last one now; then days until the units run out."""
    most = max(*behind, 1)
    scale = _scale(most, height)
    ahead = max(7, round(len(behind) * 0.9))
    along = 1000 / (len(behind) - 1 + ahead)

    def at(day: float, units: float) -> str:
        return f"{(len(behind) - 1 + day) * along:.1f},{scale.base - max(0, units) * scale.pixels:.1f}"

    past = " ".join(at(number - len(behind) + 1, units) for number, units in enumerate(behind))
    now = behind[-1]
    reaches = [_reach(now, days, ahead) for days in (early, middle, late)]
    percent = (100 - LEFT) / 1000

    def place(day: float) -> float:
        return round(LEFT + (len(behind) - 1 + day) * along * percent, 2)

    marks = range(-(len(behind) - 1), ahead + 1, max(1, (len(behind) + ahead) // 6))
    labels = [Tick(place(day), _day_name(today, day), number % 2 == 1) for number, day in enumerate(marks)]
    return Curve(
        height,
        scale.base,
        scale.grid,
        tuple(labels),
        past,
        f"{past} {at(0, 0)} {at(1 - len(behind), 0)}",
        " ".join(at(*point) for point in [(0, now), *reaches[0], *reversed(reaches[2])]) if early is not None else "",
        " ".join(at(*point) for point in [(0, now), *reaches[1]]) if middle is not None else "",
        Tick(place(0), f"{scale.base - now * scale.pixels:.1f}"),
        Tick(place(middle), _day_name(today, middle)) if middle is not None and middle <= ahead else None,
    )


def _reach(now: int, days: int | None, ahead: int) -> list[tuple[float, float]]:
    """Where a straight line down to zero in `days` days leaves the plot."""
    if days is None:
        return [(ahead, now)]
    if days >= ahead:
        return [(ahead, now * (1 - ahead / days))]
    return [(max(days, 0.2), 0), (ahead, 0)]


def _day_name(today: date, days: int) -> str:
    return "Today" if days == 0 else date_format(today + timedelta(days=days), "j M")
