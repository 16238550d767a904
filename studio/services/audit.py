"""The books, recomputed from the entries. Every row found is an alarm.

The numbers are the invariants of docs/decisions/ledger.md.
"""

from collections.abc import Iterator

from django.db.models import Count, F, Q, QuerySet, Sum

from studio.models import (
    LOCAL,
    TERMINAL,
    Account,
    Asset,
    Attempt,
    AttemptState,
    Budget,
    Entry,
    Job,
    JobState,
    ProviderAccount,
    Result,
    ResultState,
    Workspace,
)
from studio.services.assets import media

USED_BY = (Entry.Kind.CHARGE, Entry.Kind.LOSS, Entry.Kind.ADJUST, Entry.Kind.EXTERNAL)
PAID = (AttemptState.SUCCEEDED, AttemptState.RESOLVED_BILLED)


def broken(*, files: bool = False) -> list[str]:
    """Every invariant that does not hold, in words; with `files` also those that read media storage."""
    found = [
        *_attempts(),
        *_provider_charges(),
        *_budgets(),
        *_reserves(),
        *_assets(),
        *_levels(),
        *_local(),
    ]
    return found + list(_files()) if files else found


def _attempts() -> Iterator[str]:
    live = (AttemptState.SENDING, AttemptState.SUCCEEDED, AttemptState.UNKNOWN)
    twice = Job.objects.annotate(live=Count("attempts", filter=Q(attempts__state__in=live))).filter(live__gt=1)
    yield from (f"I2: {job} has more than one live attempt" for job in twice)
    late = Attempt.objects.filter(job__canceled_at__isnull=False, claimed_at__gt=F("job__canceled_at"))
    yield from (f"I14: attempt {attempt.pk} was made after its job was canceled" for attempt in late)


def _provider_charges() -> Iterator[str]:
    for account in ProviderAccount.objects.all():
        charged = _total(
            Entry.objects.filter(account__provider_account=account, account__kind="provider", kind="charge")
        )
        billed = Attempt.objects.filter(provider_account=account, state__in=PAID).aggregate(all=Sum("units", default=0))
        if charged != billed["all"]:
            yield f"I3: {account}: {charged} charged, {billed['all']} in the provider's answers"


def _budgets() -> Iterator[str]:
    for budget in Budget.objects.select_related("account"):
        entries = Entry.objects.filter(budget=budget)
        used, held = _total(entries.filter(kind__in=USED_BY)), _total(entries.open_reserves())
        granted = _total(entries.filter(kind=Entry.Kind.GRANT))
        if (budget.used, budget.held) != (used, held):
            yield f"I4: budget {budget.pk}: used {budget.used}, held {budget.held}; entries say {used}, {held}"
        if budget.limit is not None and budget.limit != granted:
            yield f"I4: budget {budget.pk}: limit {budget.limit}; entries say {granted}"
        drift = entries.filter(kind=Entry.Kind.CHARGE, units__gt=F("closes__units")).exists()
        if budget.limit is not None and used + held > budget.limit and not drift:
            yield f"I5: budget {budget.pk}: {used + held} of {budget.limit}"


def _reserves() -> Iterator[str]:
    open_reserves = Entry.objects.open_reserves()
    for entry in open_reserves.filter(job__state__in=TERMINAL).select_related("job"):
        yield f"I6: {entry.job} is {entry.job and entry.job.state} and still holds {entry.units}"
    waiting = Job.objects.filter(state__in=(JobState.HELD, JobState.QUEUED, JobState.RUNNING, JobState.UNKNOWN))
    for job in waiting.exclude(pk__in=open_reserves.values("job")):
        yield f"I6: {job} is {job.state} and holds nothing"


def _assets() -> Iterator[str]:
    stored = Job.objects.filter(state=JobState.DONE).annotate(stored=Count("assets")).exclude(stored=F("images"))
    yield from (f"I8: {job} is done without all of its {job.images} pictures" for job in stored)
    bare = Result.objects.filter(state=ResultState.DONE, asset=None)
    yield from (f"I8: result {result.pk} is done without an asset" for result in bare)


def _levels() -> Iterator[str]:
    for shared in Account.objects.filter(kind=Account.Kind.WORKSPACE).select_related("provider_account"):
        used = _sum(shared.provider_account, ("workspace",), workspace=shared.workspace)
        below = _sum(shared.provider_account, ("person",), workspace=shared.workspace)
        if used != below:
            yield f"I15: workspace account {shared.pk}: {used} used, its persons {below}"
    for account in ProviderAccount.objects.all():
        used, below = _sum(account, ("provider",)), _sum(account, ("workspace", "loss", "external"))
        if used != below:
            yield f"I15: {account}: {used} used; workspaces, loss and external {below}"


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


def _total(entries: QuerySet[Entry]) -> int:
    total: int = entries.aggregate(all=Sum("units", default=0))["all"]
    return total


def _sum(provider_account: ProviderAccount, kinds: tuple[str, ...], **owner: Workspace | None) -> int:
    accounts = Account.objects.filter(provider_account=provider_account, kind__in=kinds, **owner)
    budgets = Budget.objects.filter(account__in=accounts, window=Budget.Window.TOTAL)
    total: int = budgets.aggregate(all=Sum("used", default=0))["all"]
    return total
