"""Where the units went: sums over the ledger, by day, person, operation, image model and style.

One definition for every page and every file: what a member's account was charged, minus what came back for pictures
that never came, plus corrections. Each movement is counted once, on the budget that has no window; so any sum here is
a sum of entries, and the sum over everything is what that budget calls used. Sums are read from the tallies, which
are these sums by day, however many movements there are; from the entries where the tallies' days are not those asked
for, since the workspace's time zone has changed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.db.models.lookups import Exact
from django.utils import timezone

from studio.models import Account, Entry, FacetCount, ProviderAccount, Tally, User, Workspace
from studio.models.facets import DISCARDED
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import IMAGE_MODELS
from studio.services import tallies
from studio.services.tallies import SPENT

# What a sum can be taken by, and what the rows of it are called where there is nothing to name.
DIMENSIONS = ("person", "operation", "model", "style")
NOTHING = {"operation": "Corrections", "model": "No model", "style": "No style"}
LONGEST = 731  # days that a range may span
ANY_DAY = timedelta(hours=26)  # no day of any zone is longer
Row = TypeVar("Row", bound=Model)


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
        return self._midnight(self.since)

    @property
    def ends(self) -> datetime:
        """The first moment that does not belong to it."""
        return self._midnight(self.until + timedelta(days=1))

    @property
    def bounds(self) -> list[tuple[datetime, datetime]]:
        """Where each day begins, and the next."""
        return [(self._midnight(day), self._midnight(day + timedelta(days=1))) for day in self.days]

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, datetime.min.time(), self.zone)


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

    @property
    def is_whole(self) -> bool:
        """Whether everything of the range counts."""
        return not (self.person or self.operation or self.model or self.style)

    def entries(self) -> QuerySet[Entry]:
        """The movements themselves, each once."""
        return self.asked_for(self.ever().filter(created_at__gte=self.range.begins, created_at__lt=self.range.ends))

    def asked_for(self, found: QuerySet[Row, Row], job: str = "job") -> QuerySet[Row, Row]:
        """Those of some rows whose job, by this path, is what is chosen."""
        if self.operation:
            found = found.filter(**{f"{job}__operation": self.operation})
        if self.model:
            found = found.filter(**{f"{job}__image_model": self.model})
        if self.style:
            found = found.filter(Exact(tallies.style_of(job), self.style))
        return found

    def ever(self) -> QuerySet[Entry]:
        """What the person, or everybody, has ever spent."""
        return Entry.objects.of_totals().filter(account__in=self.accounts(), kind__in=SPENT)

    def tallied(self, *keys: str, **sums: Any) -> list[dict[str, Any]] | None:
        """Sums of tallies by `keys`; None where they were counted by the days of another time zone."""
        # Where there are such, the one that a movement of the range stands in begins before it by a day at most.
        found = Tally.objects.filter(since__gte=self.range.begins - ANY_DAY, since__lt=self.range.ends)
        asked = {"operation": self.operation, "image_model": self.model, "style": self.style}
        found = found.filter(account__in=self.accounts(), **{name: value for name, value in asked.items() if value})
        rows = list(
            found.annotate(inside=Q(since__gte=self.range.begins)).values("zone", "inside", *keys).annotate(**sums)
        )
        if any(row["zone"] != str(self.range.zone) for row in rows):
            return None
        return [row for row in rows if row["inside"]]

    def accounts(self) -> QuerySet[Account]:
        """Whose movements count."""
        found = Account.objects.filter(
            provider_account=self.account, workspace=self.workspace, kind=Account.Kind.PERSON
        )
        return found.filter(person=self.person) if self.person else found

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


_TALLIED = Sum("spent") - Sum("back")
# A row of sums is of one of each.
_KEYS = {"person": "account__person", "operation": "operation", "model": "image_model", "style": "style"}


@dataclass(frozen=True)
class Sums:
    """What was spent, by person, operation, image model and style at once: units and pictures."""

    rows: tuple[dict[str, Any], ...]

    @property
    def total(self) -> Share:
        """The sum over everything chosen."""
        return Share("", "All", *self._added(self.rows))

    def by(self, dimension: str) -> list[Share]:
        """The sum for each person, operation, model or style, the largest first."""
        groups: dict[Any, list[dict[str, Any]]] = {}
        for row in self.rows:
            groups.setdefault(row[_KEYS[dimension]], []).append(row)
        people = User.objects.in_bulk(list(groups)) if dimension == "person" else {}
        shares = [
            Share(str(key), str(people.get(key) or label(dimension, key)), *self._added(rows))
            for key, rows in groups.items()
        ]
        return sorted(shares, key=lambda share: (-share.units, share.key))

    @staticmethod
    def _added(rows: Iterable[dict[str, Any]]) -> tuple[int, int]:
        units, pictures = 0, 0
        for row in rows:
            units += row["all"]
            pictures += row["pictures"]
        return units, pictures


def sums(chosen: Filter) -> Sums:
    """Every sum over what is chosen but those by day."""
    keys = tuple(_KEYS.values())
    rows = chosen.tallied(*keys, all=_TALLIED, pictures=Sum("pictures"))
    if rows is None:
        moved = chosen.entries().annotate(**tallies.WORK).values(*keys)
        rows = list(moved.annotate(all=Sum("units"), pictures=tallies.PICTURES))
    return Sums(tuple(rows))


def total(chosen: Filter) -> Share:
    """The sum over everything chosen."""
    return sums(chosen).total


def by_day(chosen: Filter) -> list[Day]:
    """Every day of the range, also those without a movement, by group of operations."""
    days: dict[date, dict[str, int]] = {day: {} for day in chosen.range.days}
    for day, operation, model, moved in _moved_by_day(chosen):
        name = group(operation, model)
        days[day][name] = days[day].get(name, 0) + moved
    return [Day(day, units) for day, units in days.items()]


def _moved_by_day(chosen: Filter) -> Iterator[tuple[date, str, str, int]]:
    rows = chosen.tallied("since", "operation", "image_model", all=_TALLIED)
    if rows is None:
        begun = TruncDate("created_at", tzinfo=chosen.range.zone)
        moved = chosen.entries().annotate(day=begun, **tallies.WORK)
        yield from moved.values_list("day", "operation", "image_model").annotate(all=Sum("units"))
        return
    for row in rows:
        day = row["since"].astimezone(chosen.range.zone).date()
        yield day, row["operation"], row["image_model"], row["all"]


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


def kept(chosen: Filter) -> int | None:
    """How many pictures made in the range somebody kept (see `facets.is_kept`); None where only a part is asked for.

    Read from the kept counts of the gallery's days, so it costs the same however many pictures there are.
    """
    if not chosen.is_whole:
        return None
    days = (chosen.range.since.isoformat(), chosen.range.until.isoformat())
    found = FacetCount.objects.filter(
        facet__workspace=chosen.workspace, facet__kind="kept", facet__value__range=days, scope__lt=DISCARDED
    )
    return int(found.aggregate(pictures=Sum("pictures", default=0))["pictures"])
