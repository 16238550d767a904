"""Where the units went: sums over the ledger, by day, person, operation, image model and style.

One definition for every page and every file: what a member's account was charged, minus what came back for pictures
that never came, plus corrections. Each movement is counted once, on the budget that has no window; so any sum here is
a sum of entries, and the sum over everything is what that budget calls used.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, F, IntegerField, QuerySet, Sum, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from studio.models import Account, Entry, ProviderAccount, User, Workspace
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import IMAGE_MODELS

SPENT = (Entry.Kind.CHARGE, Entry.Kind.LOSS, Entry.Kind.ADJUST)
# What a sum can be taken by, and what the rows of it are called where there is nothing to name.
DIMENSIONS = ("person", "operation", "model", "style")
NOTHING = {"operation": "Corrections", "model": "No model", "style": "No style"}
LONGEST = 731  # days that a range may span


@dataclass(frozen=True)
class Range:
    """Whole days, the last one included, as the workspace's clock tells them."""

    since: date
    until: date
    zone: ZoneInfo

    @classmethod
    def last(cls, days: int, workspace: Workspace) -> "Range":
        """Today and the days before it."""
        zone = ZoneInfo(workspace.time_zone)
        today = timezone.now().astimezone(zone).date()
        return cls(today - timedelta(days=days - 1), today, zone)

    @property
    def days(self) -> list[date]:
        return [self.since + timedelta(days=number) for number in range((self.until - self.since).days + 1)]

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.since, datetime.min.time(), self.zone)

    @property
    def ends(self) -> datetime:
        """The first moment that does not belong to it."""
        return datetime.combine(self.until + timedelta(days=1), datetime.min.time(), self.zone)


@dataclass(frozen=True)
class Filter:
    """Which movements count. An empty text or None means all."""

    account: ProviderAccount
    workspace: Workspace
    range: Range
    person: User | None = None
    operation: str = ""
    model: str = ""
    style: str = ""

    def entries(self) -> QuerySet[Entry]:
        """The movements themselves, each once."""
        found = self.ever().filter(created_at__gte=self.range.begins, created_at__lt=self.range.ends)
        if self.operation:
            found = found.filter(job__operation=self.operation)
        if self.model:
            found = found.filter(job__image_model=self.model)
        if self.style:
            found = found.alias(style=_STYLE).filter(style=self.style)
        return found

    def ever(self) -> QuerySet[Entry]:
        """What the person, or everybody, has ever spent."""
        accounts = Account.objects.filter(
            provider_account=self.account, workspace=self.workspace, kind=Account.Kind.PERSON
        )
        if self.person:
            accounts = accounts.filter(person=self.person)
        return Entry.objects.of_totals().filter(account__in=accounts, kind__in=SPENT)

    def over(self, range: Range) -> "Filter":
        return replace(self, range=range)


@dataclass(frozen=True)
class Share:
    """What went to one person, operation, image model or style. Units and pictures."""

    key: str
    label: str
    units: int
    pictures: int

    @property
    def each(self) -> int:
        """Units per picture, rounded; 0 where there is no picture."""
        return round(self.units / self.pictures) if self.pictures else 0


@dataclass(frozen=True)
class Day:
    """One day's units by group, such as {"Generate": 140}."""

    date: date
    units: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.units.values())


# A custom style is called by the name that was given to it, one of Recraft's by its own.
_STYLE = Coalesce("job__style__name", KeyTextTransform("style", "job__params"), Value(""), output_field=TextField())
_KEYS: dict[str, Any] = {
    "person": F("account__person"),
    "operation": Coalesce("job__operation", Value("")),
    "model": Coalesce("job__image_model", Value("")),
    "style": _STYLE,
}
# A charge is for pictures; a loss or a correction is not.
_PICTURES = Sum(
    Case(When(kind=Entry.Kind.CHARGE, then=F("job__images")), default=Value(0), output_field=IntegerField()), default=0
)


def total(chosen: Filter) -> Share:
    """The sum over everything chosen."""
    found = chosen.entries().aggregate(units=Sum("units", default=0), pictures=_PICTURES)
    return Share("", "All", found["units"], found["pictures"])


def by(chosen: Filter, dimension: str) -> list[Share]:
    """The sum for each person, operation, model or style, the largest first."""
    rows = (
        chosen.entries()
        .annotate(key=_KEYS[dimension])
        .values("key")
        .annotate(all=Sum("units"), pictures=_PICTURES)
        .order_by("-all", "key")
    )
    found = [(row["key"], row["all"], row["pictures"]) for row in rows]
    people = User.objects.in_bulk([key for key, *_ in found]) if dimension == "person" else {}
    return [
        Share(str(key), str(people.get(key) or label(dimension, key)), units, pictures)
        for key, units, pictures in found
    ]


def by_day(chosen: Filter) -> list[Day]:
    """Every day of the range, also those without a movement, by group of operations."""
    rows = (
        chosen.entries()
        .annotate(
            day=TruncDate("created_at", tzinfo=chosen.range.zone), operation=_KEYS["operation"], model=_KEYS["model"]
        )
        .values("day", "operation", "model")
        .annotate(all=Sum("units"))
        .order_by("day")
    )
    days: dict[date, dict[str, int]] = {day: {} for day in chosen.range.days}
    for row in rows:
        units = days[row["day"]]
        name = group(row["operation"], row["model"])
        units[name] = units.get(name, 0) + row["all"]
    return [Day(day, units) for day, units in days.items()]


GROUPS = ("Generate", "Vector", "Edit", "Upscale", "Other")
_DRAWING = ("generate", "generate-raster", "generate-vector", "explore", "explore-similar")


def group(operation: str, model: str) -> str:
    """Which of GROUPS a movement belongs to: few enough to tell their colors apart."""
    if operation not in OPERATIONS:
        return "Other"
    if operation.endswith("upscale"):
        return "Upscale"
    if operation in _DRAWING:
        return "Vector" if model in IMAGE_MODELS and IMAGE_MODELS[model].vector else "Generate"
    return "Edit"


def label(dimension: str, key: str) -> str:
    """What a key is called: "inpaint" -> "Inpaint", "recraftv3" -> "V3"."""
    if dimension == "operation" and key in OPERATIONS:
        return OPERATIONS[key].label
    if dimension == "model" and key in IMAGE_MODELS:
        return IMAGE_MODELS[key].label
    return str(key) if key else NOTHING.get(dimension, "Nobody")


def rows(chosen: Filter) -> Iterator[dict[str, Any]]:
    """Each movement as a line of a file, the oldest first; their units add up to the total."""
    found = chosen.entries().select_related("account__person", "job__style", "job").order_by("id")
    for entry in found.iterator(chunk_size=2000):
        job = entry.job
        style = (job.style.name if job.style else job.params.get("style", "")) if job else ""
        yield {
            "when": entry.created_at.astimezone(chosen.range.zone).isoformat(timespec="seconds"),
            "person": str(entry.account.person),
            "operation": job.operation if job else "",
            "model": job.image_model if job else "",
            "style": style,
            "kind": entry.kind,
            "units": entry.units,
            "pictures": job.images if job and entry.kind == Entry.Kind.CHARGE else 0,
            "run": job.public_id if job else "",
            "reason": entry.reason,
        }
