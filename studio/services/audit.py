"""The books, recomputed from the entries. Every row found is an alarm.

The numbers are the invariants of docs/decisions/ledger.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from studio.models import (
    LOCAL,
    TERMINAL,
    Account,
    Asset,
    Attempt,
    AttemptState,
    Budget,
    Cap,
    Checkpoint,
    Entry,
    Job,
    JobState,
    ProviderAccount,
    Result,
    ResultState,
)
from studio.services import tallies
from studio.services.assets import media

USED_BY = (Entry.Kind.CHARGE, Entry.Kind.LOSS, Entry.Kind.ADJUST, Entry.Kind.EXTERNAL, Entry.Kind.CARRY)
BELOW = ("workspace", "loss", "external")  # what flows on to the provider
MOST_CHECKPOINTS = 10_000
PAID = (AttemptState.SUCCEEDED, AttemptState.RESOLVED_BILLED)


def broken(*, files: bool = False) -> list[str]:
    """Every invariant that does not hold, in words; with `files` also those that read media storage."""
    with _one_moment():
        found = [
            *_attempts(),
            *_provider_charges(),
            *_budgets(),
            *_reserves(),
            *_assets(),
            *_levels(),
            *_owners(),
            *_local(),
            *tallies.broken(),
        ]
    return found + list(_files()) if files else found


@contextmanager
def _one_moment() -> Iterator[None]:
    """All that is read within is of one moment, and nobody waits: units move on while the books are looked at.

    Inside somebody's transaction the books are what that one sees.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Django's own transactions are for writers, who would all have to wait for this one.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("COMMIT")


def _attempts() -> Iterator[str]:
    live = (AttemptState.SENDING, AttemptState.SUCCEEDED, AttemptState.UNKNOWN)
    twice = Job.objects.annotate(live=Count("attempts", filter=Q(attempts__state__in=live))).filter(live__gt=1)
    yield from (f"I2: {job} has more than one live attempt" for job in twice)
    late = Attempt.objects.filter(job__canceled_at__isnull=False, claimed_at__gt=F("job__canceled_at"))
    yield from (f"I14: attempt {attempt.pk} was made after its job was canceled" for attempt in late)


def _provider_charges() -> Iterator[str]:
    charges = Entry.objects.filter(account__kind=Account.Kind.PROVIDER, kind=Entry.Kind.CHARGE)
    charged = dict(charges.values_list("account__provider_account").annotate(all=Sum("units")))
    billed = dict(Attempt.objects.filter(state__in=PAID).values_list("provider_account").annotate(all=Sum("units")))
    for account in ProviderAccount.objects.all():
        here, there = charged.get(account.pk, 0), billed.get(account.pk) or 0
        if here != there:
            yield f"I3: {account}: {here} charged, {there} in the provider's answers"
        taken = list(Checkpoint.objects.filter(provider_account=account).order_by("-id")[:MOST_CHECKPOINTS])[::-1]
        for before, after in pairwise(taken):
            if after.ledger - before.ledger != after.drop or before.balance - after.balance != after.drop:
                yield f"I3: {account}: the balance fell by {after.drop} until {after.taken_at:%F %R}, not the ledger"


def _budgets() -> Iterator[str]:
    charged_above = Q(kind=Entry.Kind.CHARGE, units__gt=F("closes__units"))
    beyond = charged_above | Q(kind__in=(Entry.Kind.ADJUST, Entry.Kind.CARRY), units__gt=0)
    said = {
        row["budget"]: row
        for row in Entry.objects.values("budget").annotate(
            used=Sum("units", filter=Q(kind__in=USED_BY), default=0),
            held=Sum("units", filter=Q(kind=Entry.Kind.RESERVE, closed_by=None), default=0),
            granted=Sum("units", filter=Q(kind=Entry.Kind.GRANT), default=0),
            beyond=Count("pk", filter=beyond),
        )
    }
    nothing = {"used": 0, "held": 0, "granted": 0, "beyond": 0}
    for budget in Budget.objects.select_related("account"):
        entries = said.get(budget.pk, nothing)
        if (budget.used, budget.held) != (entries["used"], entries["held"]):
            yield (
                f"I4: budget {budget.pk}: used {budget.used}, held {budget.held}; "
                f"entries say {entries['used']}, {entries['held']}"
            )
        is_total = budget.window == Budget.Window.TOTAL
        if is_total and budget.limit is not None and budget.limit != entries["granted"]:
            yield f"I4: budget {budget.pk}: limit {budget.limit}; entries say {entries['granted']}"
        over = budget.limit is not None and budget.used + budget.held > budget.limit
        if over and not entries["beyond"] and not _was_wider(budget):
            yield f"I5: budget {budget.pk}: {budget.used + budget.held} of {budget.limit}"


def _was_wider(budget: Budget) -> bool:
    """Whether a budget that is over its limit had room for each reserve when that was made."""
    if budget.window == Budget.Window.TOTAL:
        return _had_room(budget)
    taken = budget.used + budget.held
    account = budget.account
    mine = (
        Q(scope=Cap.Scope.WORKSPACE)
        if account.person_id is None
        else Q(scope=Cap.Scope.MEMBER) | Q(scope=Cap.Scope.PERSON, person=account.person_id)
    )
    caps = Cap.objects.filter(mine, workspace=account.workspace_id, window=budget.window, soft=False)
    before = caps.filter(Q(until__gt=budget.starts_at) | Q(until=None), created_at__lt=budget.ends_at)
    # Where a cap came or went in the period, there was none for a while.
    return any(
        cap.units is None
        or cap.units >= taken
        or cap.ended_at is not None
        or cap.created_at > (budget.starts_at or cap.created_at)
        for cap in before
    )


def _had_room(total: Budget) -> bool:
    """Live a total's life again, entry by entry."""
    limit = taken = 0
    for kind, units, closed in (
        Entry.objects.filter(budget=total).order_by("id").values_list("kind", "units", "closes__units")
    ):
        limit += units if kind == Entry.Kind.GRANT else 0
        taken += units if kind in (*USED_BY, Entry.Kind.RESERVE) else 0
        taken -= closed or 0
        if kind == Entry.Kind.RESERVE and taken > limit:
            return False
    return True


def _reserves() -> Iterator[str]:
    open_reserves = Entry.objects.open_reserves()
    for entry in open_reserves.filter(job__state__in=TERMINAL).select_related("job"):
        yield f"I6: {entry.job} is {entry.job and entry.job.state} and still holds {entry.units}"
    sent = Job.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING, JobState.UNKNOWN))
    for job in sent.exclude(pk__in=open_reserves.values("job")):
        yield f"I6: {job} is {job.state} and holds nothing"
    for job in Job.objects.filter(state=JobState.HELD, pk__in=Entry.objects.filter(job__isnull=False).values("job")):
        yield f"I6: {job} waits for approval and stands in the ledger"
    closing = Entry.objects.filter(closes__isnull=False)
    for entry in closing.exclude(budget=F("closes__budget"), job=F("closes__job"), closes__kind=Entry.Kind.RESERVE):
        yield f"I6: entry {entry.pk} closes what is not its reserve"
    charged = Entry.objects.filter(kind=Entry.Kind.CHARGE, job=OuterRef("job"), budget=OuterRef("budget"))
    losses = Entry.objects.filter(kind=Entry.Kind.LOSS, job__isnull=False).exclude(account__kind=Account.Kind.LOSS)
    for entry in losses.exclude(Exists(charged)):
        yield f"I6: entry {entry.pk} gives back where nothing was charged"


def _assets() -> Iterator[str]:
    stored = Job.objects.filter(state=JobState.DONE).annotate(stored=Count("assets")).exclude(stored=F("images"))
    yield from (f"I8: {job} is done without all of its {job.images} pictures" for job in stored)
    bare = Result.objects.filter(state=ResultState.DONE, asset=None)
    yield from (f"I8: result {result.pk} is done without an asset" for result in bare)


def _levels() -> Iterator[str]:
    totals = Budget.objects.filter(window=Budget.Window.TOTAL).values_list(
        "account__provider_account", "account__kind", "account__workspace"
    )
    used = {tuple(row): units for *row, units in totals.annotate(all=Sum("used"))}
    for (provider_account, kind, workspace), units in used.items():
        persons = used.get((provider_account, "person", workspace), 0)
        if kind == "workspace" and units != persons:
            yield f"I15: workspace {workspace} at {provider_account}: {units} used, its persons {persons}"
        below = sum(each for (at, of, _), each in used.items() if at == provider_account and of in BELOW)
        if kind == "provider" and units != below:
            yield f"I15: provider account {provider_account}: {units} used; workspaces, loss and external {below}"


def _owners() -> Iterator[str]:
    """What a job moves, it moves on the accounts of its own person, workspace and provider account."""
    moved = Entry.objects.filter(job__isnull=False)
    elsewhere = Q(account__workspace__isnull=False) & ~Q(account__workspace=F("job__workspace"))
    elsewhere |= Q(account__person__isnull=False) & ~Q(account__person=F("job__person"))
    elsewhere |= ~Q(account__provider_account=F("job__provider_account"))
    yield from (f"I15: entry {entry.pk} stands in somebody else's account" for entry in moved.filter(elsewhere))


def _local() -> Iterator[str]:
    """What the studio does itself has no units: nothing was reserved for it, and nothing was asked of the provider."""
    local = Job.objects.filter(operation=LOCAL)
    for job in local.filter(Q(quoted_units__gt=0) | ~Q(charged_units=0) | Q(attempts__isnull=False)).distinct():
        yield f"I16: {job} is local and was quoted, charged or sent"
    for job in local.filter(pk__in=Entry.objects.filter(job__isnull=False).values("job")):
        yield f"I16: {job} is local and stands in the ledger"
    paid = Job.objects.filter(state=JobState.FAILED, attempts__state=AttemptState.SUCCEEDED)
    yield from (f"I16: {job} failed, but was paid for: it can only be lost" for job in paid)


def _files() -> Iterator[str]:
    for asset in Asset.objects.all().iterator():
        if not media().exists(asset.file) or media().size(asset.file) != asset.size:
            yield f"I8: the file of asset {asset} is not there or not whole"
