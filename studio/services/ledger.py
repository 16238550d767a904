"""Units move here and nowhere else.

A job reserves its quote on every budget that applies: the provider's, its workspace's, its person's, in every window
that caps speak of. When its outcome is known, each reserve is closed exactly once, on the budget it was made on: by a
charge of what Recraft really took, or by a release. Units that Recraft took without a picture coming back are given
back to the person and paid by the loss account. The rows are append-only; a budget's `used` and `held` change in the
same transaction as the entry.

Which budgets apply, and whether they have room, is for `services.admission`; what their limits are, for
`services.budgets`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Sum

from studio.models import Account, Attempt, Budget, Entry, Job, ProviderAccount, User
from studio.services import durations, tallies
from studio.services.tallies import Amounts, Moved, Work

# In SQL, since every paid call waits for these: most of their time, written otherwise, went into putting the
# statements together. Budgets are always locked in the order of their ids, so that two jobs can't deadlock.
_HOLD = """
UPDATE studio_budget SET held = held + %s
WHERE id IN (MARKS) AND ("limit" IS NULL OR "limit" >= used + held + %s)
"""
_OPEN_RESERVES = """
SELECT entry.budget_id, entry.account_id, entry.contra_id, account.kind, budget."window",
       COALESCE(workspace.time_zone, ''), entry.id, entry.units
FROM studio_entry AS entry JOIN studio_budget AS budget ON budget.id = entry.budget_id
JOIN studio_account AS account ON account.id = budget.account_id
LEFT JOIN studio_workspace AS workspace ON workspace.id = account.workspace_id
WHERE entry.job_id = %s AND entry.kind = 'reserve'
  AND NOT EXISTS (SELECT 1 FROM studio_entry AS closing WHERE closing.closes_id = entry.id)
ORDER BY budget.id
"""
_CHARGED_AND_LOSS = """
SELECT budget.id, account.id, account.contra_id, account.kind, budget."window", COALESCE(workspace.time_zone, '')
FROM studio_budget AS budget JOIN studio_account AS account ON account.id = budget.account_id
LEFT JOIN studio_workspace AS workspace ON workspace.id = account.workspace_id
WHERE account.kind = 'loss' AND account.provider_account_id = %s
   OR account.kind <> 'provider'
      AND budget.id IN (SELECT budget_id FROM studio_entry WHERE job_id = %s AND kind = 'charge')
ORDER BY budget.id
"""
_MOVE = "UPDATE studio_budget SET held = held - %s, used = used + %s WHERE id IN (MARKS)"
_ENTER = """
INSERT INTO studio_entry
    (account_id, contra_id, budget_id, kind, units, job_id, attempt_id, closes_id, actor_id, reason, created_at)
VALUES ROWS
RETURNING created_at
"""
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, NOW)"

Kind = Entry.Kind


class Place(NamedTuple):
    """Where an entry goes: a budget, its account, and where that account's units flow on to. Ids."""

    budget: int
    account: int
    contra: int | None


class Found(NamedTuple):
    """A locked budget that units move on, with what a tally has to know of it."""

    budget: int
    account: int
    contra: int | None
    kind: str
    window: str
    zone: str
    reserve: int = 0  # the entry that is to be closed, and what it holds
    held: int = 0

    @property
    def place(self) -> Place:
        return Place(self.budget, self.account, self.contra)

    @property
    def is_tallied(self) -> bool:
        return self.window == Budget.Window.TOTAL and self.kind in (Account.Kind.PERSON, Account.Kind.PROVIDER)


class Line(NamedTuple):
    """One entry to be."""

    place: Place
    kind: str
    units: int
    closes: int | None = None


class Origin(NamedTuple):
    """What entries come from: a job and its attempt, or somebody with a reason."""

    job: int | None = None
    attempt: Attempt | None = None
    actor: User | None = None
    reason: str = ""


# --- one job --------------------------------------------------------------------------------------------------------


def hold(job: Job, places: Sequence[Place]) -> bool:
    """Reserve a job's quote on each of these locked budgets; False, and the caller rolls back, if one has no room."""
    units, ids = job.quoted_units, [place.budget for place in places]
    with connection.cursor() as cursor:
        # Guarded, although the rows are locked: nothing that is decided before can take more than there is.
        cursor.execute(_for_budgets(_HOLD, len(ids)), [units, *ids, units])
        if cursor.rowcount != len(ids):
            return False
    _write([Line(place, Kind.RESERVE, units) for place in places], Origin(job.pk))
    return True


def settle(job: Job, units: int, attempt: Attempt | None = None) -> None:
    """Close every reserve of a job with a charge of `units`, also where that is above the quote."""
    reserves = _open_reserves(job)
    _release(reserves, used=units)
    at = _write([Line(each.place, Kind.CHARGE, units, each.reserve) for each in reserves], Origin(job.pk, attempt))
    moved = (
        Moved(each.account, each.zone, Amounts.of(units, job.images, each.held)) for each in reserves if each.is_tallied
    )
    tallies.add(moved, at, Work.of(job))


def release(job: Job, reason: str = "") -> None:
    """Close every reserve of a job without a charge."""
    reserves = _open_reserves(job)
    _release(reserves)
    lines = [Line(each.place, Kind.RELEASE, each.held, each.reserve) for each in reserves]
    _write(lines, Origin(job.pk, reason=reason))


def write_off(job: Job, units: int, reason: str) -> None:
    """Give the person and the workspace back what was charged for a picture that never came; the loss account pays."""
    if not units:
        return
    found = [Found(*row) for row in locked(_CHARGED_AND_LOSS, job.provider_account_id, job.pk)]
    _correct(found, Kind.LOSS, -units, Origin(job.pk, reason=reason), Work.of(job))


def _open_reserves(job: Job) -> list[Found]:
    return [Found(*row) for row in locked(_OPEN_RESERVES, job.pk)]


def _release(reserves: Sequence[Found], used: int = 0) -> None:
    """What these reserves held is held no more, and `used` is used on each of their budgets."""
    for held in sorted({each.held for each in reserves}):  # one, since a job is admitted once
        _move([each.budget for each in reserves if each.held == held], used=used, held=-held)


# --- by hand, and by what was found ---------------------------------------------------------------------------------


@transaction.atomic
def grant(budget: Budget, units: int, *, actor: User | None, reason: str) -> int:
    """Raise the limit of a total by `units`, or lower it by a negative number; a total without one gets one.

    Returns by how much: a limit ends at zero, not below.
    """
    assert budget.window == Budget.Window.TOTAL, "the limits of periods come from caps"
    row = Budget.objects.select_related("account").lock().get(pk=budget.pk)
    units = max(units, -(row.limit or 0))
    Budget.objects.filter(pk=row.pk).update(limit=(row.limit or 0) + units)
    _write([Line(_place(row), Kind.GRANT, units)], Origin(actor=actor, reason=reason))
    return units


@transaction.atomic
def adjust(account: Account, units: int, *, actor: User, reason: str) -> None:
    """Correct what a person has used by `units`, negative to give back, in the present periods.

    The workspace's use changes with it; the loss account takes the other side, since the provider's is what it is.
    """
    assert account.kind == Account.Kind.PERSON, "what a workspace used is what its persons used"
    if not units:
        return
    rows = Budget.objects.filter(account__in=(account.pk, account.contra_id), is_current=True)
    loss = Budget.objects.filter(account__provider_account=account.provider_account_id, account__kind="loss")
    found = [_found(row) for row in (rows | loss).select_related("account__workspace").lock()]
    _correct(found, Kind.ADJUST, units, Origin(actor=actor, reason=reason), Work())


@transaction.atomic
def external(provider_account: ProviderAccount, units: int, reason: str) -> None:
    """The provider's balance fell by `units`, or rose by a negative number, without a job of this studio."""
    kinds = (Account.Kind.PROVIDER, Account.Kind.EXTERNAL)
    rows = Budget.objects.filter(account__provider_account=provider_account, account__kind__in=kinds)
    found = [_found(row) for row in rows.select_related("account__workspace").lock()]
    _move([each.budget for each in found], used=units)
    at = _write([Line(each.place, Kind.EXTERNAL, units) for each in found], Origin(reason=reason))
    tallies.add((Moved(each.account, "", Amounts.of(units)) for each in found if each.is_tallied), at)


def carry(budget: Budget, *, actor: User | None) -> None:
    """Count in a period that was opened late what its account has been charged since the period began.

    The entry repeats what stands in the account's total. Call it inside a transaction that has the budget locked.
    """
    total = Entry.objects.filter(account=budget.account, budget__window=Budget.Window.TOTAL)
    since = total.filter(closes__created_at__gte=budget.starts_at, kind=Kind.CHARGE)
    lost = total.filter(kind=Kind.LOSS, job__in=since.values("job"))
    used = _sum(since) + _sum(lost) + _sum(total.filter(kind=Kind.ADJUST, created_at__gte=budget.starts_at))
    if used:
        _move([budget.pk], used=used)
        reason = "Used in this period before it had a limit"
        _write([Line(_place(budget), Kind.CARRY, used)], Origin(actor=actor, reason=reason))


def _correct(found: Sequence[Found], kind: str, units: int, origin: Origin, work: Work) -> None:
    """Move `units` onto these budgets, and off the loss account among them."""
    lines = [Line(each.place, kind, -units if each.kind == Account.Kind.LOSS else units) for each in found]
    for signed in (units, -units):
        _move([line.place.budget for line in lines if line.units == signed], used=signed)
    at = _write(lines, origin)
    tallies.add((Moved(each.account, each.zone, Amounts.of(units)) for each in found if each.is_tallied), at, work)


def _sum(entries: Any) -> int:
    total: int = entries.aggregate(all=Sum("units", default=0))["all"]
    return total


# --- rows -----------------------------------------------------------------------------------------------------------


def locked(query: str, *parameters: Any) -> list[Any]:
    """The rows of a query, whose budgets stay locked until commit. SQLite has one writer at a time anyway."""
    lock = " FOR NO KEY UPDATE OF budget" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(query + lock, parameters)
        return list(cursor.fetchall())


def _move(budgets: Sequence[int], *, used: int, held: int = 0) -> None:
    if budgets:
        with connection.cursor() as cursor:
            cursor.execute(_for_budgets(_MOVE, len(budgets)), [-held, used, *budgets])


def _write(lines: Sequence[Line], origin: Origin) -> datetime:
    """Write entries down; the instant that stands in them."""
    if not lines:
        return durations.database_now()
    attempt = origin.attempt and Entry._meta.get_field("attempt").get_db_prep_save(origin.attempt.pk, connection)
    actor = origin.actor and origin.actor.pk
    now, clock = durations.now_in_sql()
    parameters: list[Any] = []
    for (budget, account, contra), kind, units, closes in lines:
        parameters += (account, contra, budget, kind, units, origin.job, attempt, closes, actor, origin.reason, *clock)
    with connection.cursor() as cursor:
        cursor.execute(_entering(len(lines), now), parameters)
        at = cursor.fetchall()[0][0]
    # SQLite keeps text, in UTC.
    return at if isinstance(at, datetime) else datetime.fromisoformat(at).replace(tzinfo=UTC)


def _place(budget: Budget) -> Place:
    return Place(budget.pk, budget.account_id, budget.account.contra_id)


def _found(budget: Budget) -> Found:
    zone = budget.account.workspace.time_zone if budget.account.workspace else ""
    return Found(*_place(budget), budget.kind, budget.window, zone)


@cache
def _for_budgets(query: str, count: int) -> str:
    return query.replace("MARKS", ", ".join(["%s"] * count))


@cache
def _entering(count: int, now: str) -> str:
    return _ENTER.replace("ROWS", ", ".join([_ROW.replace("NOW", now)] * count))
