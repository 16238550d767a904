"""The entries, added up as they are written: what a page of figures reads instead of them.

`services.ledger` adds to a tally in the transaction of the entry, while it has the budget of that account locked, so
the two never differ and nobody waits who would not wait for the budget. Which day a movement belongs to is told by
the zone that the workspace has at that moment, and the zone stands in the row. After a change of the zone a workspace
has tallies of two zones, or of the old one alone: those are of no use to the new one, so who reads them takes the
entries instead (`services.spending`), until the clock has counted the workspace anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Case, Count, Exists, F, Model, OuterRef, Q, QuerySet, Sum, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, ExtractMinute, TruncDay, TruncHour

from studio.models import Account, Budget, Entry, Job, ProviderAccount, Tally, Workspace
from studio.services import periods

Kind = Account.Kind
# What a person has spent, and what the provider's balance has lost or got.
SPENT = (Entry.Kind.CHARGE, Entry.Kind.LOSS, Entry.Kind.ADJUST)
MOVED = (*SPENT, Entry.Kind.EXTERNAL)  # on the provider's account as well
BATCH = 500

_ADD = """
INSERT INTO studio_tally (account_id, since, zone, operation, image_model, style, {columns})
VALUES ROWS
ON CONFLICT (account_id, since, zone, operation, image_model, style) DO UPDATE SET {sums}
"""
_FLOWS = """
WITH days (number, begun, ended) AS (VALUES ROWS)
SELECT number, SUM(spent), SUM(back) FROM days JOIN studio_account AS account
    ON account.provider_account_id = %s AND account.kind = 'provider'
JOIN studio_tally AS tally ON tally.account_id = account.id AND tally.since >= begun AND tally.since < ended
GROUP BY number
"""


class Amounts(NamedTuple):
    """What is added up; models.Tally says what each is. Their order is that of the statement."""

    spent: int = 0
    back: int = 0
    pictures: int = 0
    drifted: int = 0
    quoted: int = 0
    charged: int = 0

    @classmethod
    def of(cls, units: int, pictures: int = 0, reserved: int | None = None) -> "Amounts":
        """One movement; `reserved`: what had been, for a charge."""
        drift = (0, 0, 0) if reserved is None or reserved == units else (1, reserved, units)
        return cls(max(0, units), max(0, -units), pictures, *drift)

    def plus(self, other: "Amounts") -> "Amounts":
        return Amounts(*(here + there for here, there in zip(self, other, strict=True)))


class Work(NamedTuple):
    """What a person's movement was for; all "" for a correction."""

    operation: str = ""
    image_model: str = ""
    style: str = ""

    @classmethod
    def of(cls, job: Job) -> "Work":
        # A custom style is called by the name that was given to it, one of Recraft's by its own.
        style = job.style.name if job.style else str(job.params.get("style") or "")
        return cls(job.operation, job.image_model, style)


class Moved(NamedTuple):
    """An account whose total has moved, and the zone of its workspace; "" for the provider's, which has none."""

    account: int
    zone: str
    amounts: Amounts


class Key(NamedTuple):
    """What there is one tally for."""

    account: int
    since: datetime
    zone: str
    work: Work


def add(moved: Iterable[Moved], at: datetime, work: Work = Work()) -> None:  # noqa: B008  it never changes
    """Count movements that were written `at` this instant, inside the transaction that wrote them."""
    parameters: list[Any] = []
    count = 0
    for account, zone, amounts in moved:
        since = connection.ops.adapt_datetimefield_value(begins(at, zone))
        # Of the provider's account nobody asks what it was for.
        what = (*work, *amounts) if zone else (*Work(), *Amounts(amounts.spent, amounts.back))
        parameters += (account, since, zone, *what)
        count += 1
    if count:
        with connection.cursor() as cursor:
            cursor.execute(_adding(count), parameters)


def begins(at: datetime, zone: str) -> datetime:
    """Where the span that an instant lies in begins: a day of the zone, or a quarter of an hour."""
    if not zone:
        at = at.astimezone(UTC)
        return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    return periods.containing(Budget.Window.DAY, at, periods.zone_of(zone) or periods.UTC_ZONE).starts_at


@cache
def _adding(count: int) -> str:
    columns = Amounts._fields
    row = f"({', '.join(['%s'] * (6 + len(columns)))})"
    sums = ", ".join(f"{name} = studio_tally.{name} + excluded.{name}" for name in columns)
    return _ADD.format(columns=", ".join(columns), sums=sums).replace("ROWS", ", ".join([row] * count))


def flows(account: ProviderAccount, days: Sequence[tuple[datetime, datetime]]) -> list[tuple[int, int]]:
    """Units that left a provider's account and that were put on it, from each instant to the other."""
    # In one statement of its own: to sort quarters into days, row by row in Python, takes longer than all the rest.
    rows = ", ".join(["(%s, %s, %s)"] * len(days))
    parameters: list[Any] = []
    for number, (begun, ended) in enumerate(days):
        parameters += (number, *(connection.ops.adapt_datetimefield_value(at) for at in (begun, ended)))
    with connection.cursor() as cursor:
        cursor.execute(_FLOWS.replace("ROWS", rows), [*parameters, account.pk])
        found = {number: (spent, back) for number, spent, back in cursor.fetchall()}
    return [found.get(number, (0, 0)) for number in range(len(days))]


# --- from the entries, anew -----------------------------------------------------------------------------------------


def style_of(job: str = "job") -> Coalesce:
    """The style of the job at this path: a custom style's own name, or the one that the job asks Recraft for."""
    asked = KeyTextTransform("style", f"{job}__params")
    return Coalesce(f"{job}__style__name", asked, Value(""), output_field=TextField())


# The same names as in `Work`.
WORK: dict[str, Any] = {
    "operation": Coalesce("job__operation", Value("")),
    "image_model": Coalesce("job__image_model", Value("")),
    "style": style_of(),
}
_CHARGE = Q(kind=Entry.Kind.CHARGE)
_DRIFTED = _CHARGE & ~Q(units=F("closes__units"))
PICTURES = Sum(Case(When(_CHARGE, then=F("job__images")), default=Value(0)), default=0)
SUMS: dict[str, Any] = {
    "spent": Sum("units", filter=Q(units__gt=0), default=0),
    "back": -Sum("units", filter=Q(units__lt=0), default=0),
    "pictures": PICTURES,
    "drifted": Count("pk", filter=_DRIFTED),
    "quoted": Sum("closes__units", filter=_DRIFTED, default=0),
    "charged": Sum("units", filter=_DRIFTED, default=0),
}
Counted = dict[Key, Amounts]


def broken() -> Iterator[str]:
    """Where tallies are not what the entries say, in words."""
    stored = _stored()
    for whose in _everybody():
        there = stored[type(whose), whose.pk]
        zones = {key.zone for key in there}
        counted = _counted(whose, next(iter(zones)) if len(zones) == 1 else None)
        if len(zones) > 1:  # which movement was counted by which zone, nobody knows any more
            there, counted = _regardless_of_days(there), _regardless_of_days(counted)
        for key in sorted({*there, *counted}):
            here, said = there.get(key, Amounts()), counted.get(key, Amounts())
            if here != said:
                yield f"I17: {whose}: the tally {key} is {here}; entries say {said}"


def uncounted() -> list[Workspace]:
    """Workspaces with tallies of another zone than they have, for the clock."""
    other = Tally.objects.filter(account__kind=Kind.PERSON, account__workspace=OuterRef("pk"))
    return list(Workspace.objects.filter(Exists(other.exclude(zone=OuterRef("time_zone")))))


def recount_all() -> None:
    """Make every tally anew."""
    for whose in _everybody():
        recount(whose)


@transaction.atomic
def recount(whose: Workspace | ProviderAccount) -> None:
    """Make the tallies of a workspace, or of a provider's account, anew from the entries."""
    # Whoever moves units of theirs holds this total: nothing is written between counting and keeping.
    totals = Budget.objects.filter(account__in=Account.objects.filter(_locked_by(whose)), window=Budget.Window.TOTAL)
    list(totals.lock())
    Tally.objects.filter(account__in=_accounts(whose)).delete()
    rows = (
        Tally(account_id=account, since=since, zone=zone, **work._asdict(), **amounts._asdict())
        for (account, since, zone, work), amounts in _counted(whose).items()
    )
    Tally.objects.bulk_create(rows, batch_size=BATCH)


def _everybody() -> list[Workspace | ProviderAccount]:
    return [*Workspace.objects.all(), *ProviderAccount.objects.all()]


def _locked_by(whose: Workspace | ProviderAccount) -> Q:
    if isinstance(whose, Workspace):
        return Q(kind=Kind.WORKSPACE, workspace=whose)
    return Q(kind=Kind.PROVIDER, provider_account=whose)


def _accounts(whose: Workspace | ProviderAccount) -> QuerySet[Account]:
    return Account.objects.filter(
        Q(kind=Kind.PERSON, workspace=whose) if isinstance(whose, Workspace) else _locked_by(whose)
    )


def _stored() -> dict[tuple[type[Model], int], Counted]:
    """By whose they are: the workspace, or the provider's account."""
    names = ("account", "since", "zone", *Work._fields, *Amounts._fields)
    found: dict[tuple[type[Model], int], Counted] = defaultdict(dict)
    for *row, workspace, provider in Tally.objects.values_list(
        *names, "account__workspace", "account__provider_account"
    ).iterator():
        whose = (Workspace, workspace) if workspace else (ProviderAccount, provider)
        found[whose][Key(row[0], row[1], row[2], Work(*row[3:6]))] = Amounts(*row[6:])
    return found


def _counted(whose: Workspace | ProviderAccount, zone: str | None = None) -> Counted:
    """What the entries say, by the days of this zone, else of the one that the workspace has now."""
    moved = Entry.objects.of_totals().filter(account__in=_accounts(whose), kind__in=MOVED)
    if isinstance(whose, Workspace):
        return _by_day(moved, zone or whose.time_zone)
    return _by_quarter(moved)


def _by_day(moved: QuerySet[Entry], zone: str) -> Counted:
    day = TruncDay("created_at", tzinfo=periods.zone_of(zone) or periods.UTC_ZONE)
    rows = moved.annotate(day=day, **WORK).values_list("account", "day", *WORK).annotate(**SUMS)
    return {
        Key(row[0], row[1].replace(fold=0).astimezone(UTC), zone, Work(*row[2:5])): Amounts(*row[5:]) for row in rows
    }


def _by_quarter(moved: QuerySet[Entry]) -> Counted:
    minutes = moved.annotate(hour=TruncHour("created_at", tzinfo=UTC), minute=ExtractMinute("created_at", tzinfo=UTC))
    found: Counted = {}
    for account, hour, minute, spent, back in minutes.values_list("account", "hour", "minute").annotate(
        spent=SUMS["spent"], back=SUMS["back"]
    ):
        key = Key(account, begins(hour + timedelta(minutes=minute), ""), "", Work())
        found[key] = found.get(key, Amounts()).plus(Amounts(spent, back))
    return found


def _regardless_of_days(counted: Counted) -> Counted:
    found: Counted = {}
    for key, amounts in counted.items():
        key = key._replace(since=datetime.min, zone="")
        found[key] = found.get(key, Amounts()).plus(amounts)
    return found
