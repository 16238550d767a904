"""Units move here and nowhere else.

A job reserves its quote on every budget that applies: the provider's, its workspace's, its person's. When its
outcome is known, each reserve is closed exactly once: by a charge of what Recraft really took, or by a release.
Units that Recraft took without a picture coming back are given back to the person and paid by the loss account.
The rows are append-only; a budget's `used` and `held` change in the same transaction as the entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q

from studio.errors import OverBudget
from studio.models import Account, Attempt, Budget, Entry, Job, ProviderAccount, User, Workspace
from studio.models.ledger import BudgetQuerySet
from studio.services import accounts

Kind = Account.Kind

# In SQL, since every paid call waits for these five: most of their time, written otherwise, went into putting the
# statements together. Budgets are always locked in the order of their ids, so that two jobs can't deadlock.
_APPLYING = """
SELECT budget.id, account.id, account.contra_id, account.kind
FROM studio_budget AS budget JOIN studio_account AS account ON account.id = budget.account_id
WHERE account.provider_account_id = %s
  AND (account.kind = 'provider' OR account.workspace_id = %s
       AND (account.kind = 'workspace' OR account.kind = 'person' AND account.person_id = %s))
ORDER BY budget.id
"""
_HOLD = """
UPDATE studio_budget SET held = held + %s WHERE id = %s AND ("limit" IS NULL OR "limit" >= used + held + %s)
"""
_OPEN_RESERVES = """
SELECT entry.id, entry.units, entry.budget_id, entry.account_id, entry.contra_id
FROM studio_entry AS entry JOIN studio_budget AS budget ON budget.id = entry.budget_id
WHERE entry.job_id = %s AND entry.kind = 'reserve'
  AND NOT EXISTS (SELECT 1 FROM studio_entry AS closing WHERE closing.closes_id = entry.id)
ORDER BY budget.id
"""
_LET_GO = "UPDATE studio_budget SET held = held - %s, used = used + %s WHERE id = %s"
_ENTER = """
INSERT INTO studio_entry
    (account_id, contra_id, budget_id, kind, units, job_id, attempt_id, closes_id, actor_id, reason)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


# --- opening --------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_workspace(provider_account: ProviderAccount, workspace: Workspace) -> Budget:
    """Give a workspace its account and budget, once."""
    provider = Account.objects.get(provider_account=provider_account, kind=Kind.PROVIDER)
    account, _ = Account.objects.get_or_create(
        provider_account=provider_account, kind=Kind.WORKSPACE, workspace=workspace, defaults={"contra": provider}
    )
    return _open_budget(account, settings.STUDIO_WORKSPACE_UNITS)


@transaction.atomic
def open_person(provider_account: ProviderAccount, workspace: Workspace, person: User) -> Budget:
    """Give a member an account and a budget, once, before the first request."""
    shared = open_workspace(provider_account, workspace).account
    account, _ = Account.objects.get_or_create(
        provider_account=provider_account,
        kind=Kind.PERSON,
        workspace=workspace,
        person=person,
        defaults={"contra": shared},
    )
    return _open_budget(account, settings.STUDIO_PERSON_UNITS)


def _open_budget(account: Account, units: int) -> Budget:
    budget, made = Budget.objects.get_or_create(account=account, window=Budget.Window.TOTAL)
    if made:
        grant(budget, units, actor=None, reason="Starting budget")
        budget.refresh_from_db()
    return budget


@transaction.atomic
def grant(budget: Budget, units: int, *, actor: User | None, reason: str) -> None:
    """Raise a budget's limit by `units`, or lower it by a negative number. A budget without one gets one."""
    locked = Budget.objects.select_related("account").lock().get(pk=budget.pk)
    units = max(units, -(locked.limit or 0))  # a limit ends at zero, not below
    Budget.objects.filter(pk=locked.pk).update(limit=(locked.limit or 0) + units)
    _write([_entry(locked, Entry.Kind.GRANT, units, actor=actor, reason=reason)])


# --- one job --------------------------------------------------------------------------------------------------------


def reserve(job: Job) -> None:
    """Hold the quoted units on every budget that applies, inside the caller's transaction.

    Raises OverBudget, naming the binding budget; then the caller's transaction has to be rolled back.
    """
    applying = _lock_all(job)
    units = job.quoted_units
    with connection.cursor() as cursor:
        # Guarded update under the row locks: two submissions cannot both take the last units.
        cursor.executemany(_HOLD, [(units, budget, units) for budget, *_ in applying])
        if cursor.rowcount != len(applying):
            raise OverBudget(_refusal(list(applying_to(job.provider_account, job.workspace, job.person)), units))
    _write(
        Entry(account_id=account, contra_id=contra, budget_id=budget, kind=Entry.Kind.RESERVE, units=units, job=job)
        for budget, account, contra, _ in applying
    )


def _lock_all(job: Job) -> list[tuple[int, int, int | None, str]]:
    """Id, account, contra account and kind of every budget that the job draws on, locked.

    At a person's first request on a provider account they are opened.
    """
    applying = _locked(_APPLYING, job.provider_account_id, job.workspace_id, job.person_id)
    if not any(kind == Kind.PERSON for *_, kind in applying):
        open_person(job.provider_account, job.workspace, job.person)
        applying = _locked(_APPLYING, job.provider_account_id, job.workspace_id, job.person_id)
    kinds = {kind for *_, kind in applying}
    assert kinds == {Kind.PROVIDER, Kind.WORKSPACE, Kind.PERSON}, kinds
    return applying


def settle(job: Job, units: int, attempt: Attempt | None = None) -> None:
    """Close every reserve of a job with a charge of `units`, also where that is above the quote."""
    _close(job, Entry.Kind.CHARGE, units, attempt)


def release(job: Job, reason: str = "") -> None:
    """Close every reserve of a job without a charge."""
    _close(job, Entry.Kind.RELEASE, None, None, reason)


def write_off(job: Job, units: int, reason: str) -> None:
    """Give the person and the workspace back what was charged for a picture that never came; the loss account pays."""
    if not units:
        return
    mine = applying_to(job.provider_account, job.workspace, job.person).exclude(account__kind=Kind.PROVIDER)
    loss = Q(account__provider_account=job.provider_account, account__kind=Kind.LOSS)
    rows = list((Budget.objects.filter(loss) | mine).select_related("account").lock())
    for budget in rows:
        signed = units if budget.account.kind == Kind.LOSS else -units
        Budget.objects.filter(pk=budget.pk).update(used=F("used") + signed)
        _write([_entry(budget, Entry.Kind.LOSS, signed, job=job, reason=reason)])


def applying_to(provider_account: ProviderAccount, workspace: Workspace, person: User) -> BudgetQuerySet:
    """Every budget that a job of this person draws on."""
    mine = Q(account__kind=Kind.PROVIDER)
    mine |= Q(account__kind=Kind.WORKSPACE, account__workspace=workspace)
    mine |= Q(account__kind=Kind.PERSON, account__workspace=workspace, account__person=person)
    return Budget.objects.filter(mine, account__provider_account=provider_account).select_related("account")


def _close(job: Job, kind: str, units: int | None, attempt: Attempt | None, reason: str = "") -> None:
    """End each open reserve of a job by an entry of `units`; None: of what the reserve held."""
    reserves = _locked(_OPEN_RESERVES, job.pk)
    used = (units or 0) if kind == Entry.Kind.CHARGE else 0
    with connection.cursor() as cursor:
        cursor.executemany(_LET_GO, [(held, used, budget) for _, held, budget, *_ in reserves])
    _write(
        Entry(
            account_id=account,
            contra_id=contra,
            budget_id=budget,
            kind=kind,
            units=held if units is None else units,
            job=job,
            closes_id=reserve,
            attempt=attempt,
            reason=reason,
        )
        for reserve, held, budget, account, contra in reserves
    )


def _entry(budget: Budget, kind: str, units: int, **fields: object) -> Entry:
    return Entry(
        account=budget.account, contra_id=budget.account.contra_id, budget=budget, kind=kind, units=units, **fields
    )


def _write(entries: Iterable[Entry]) -> None:
    attempt = Entry._meta.get_field("attempt")  # its id is stored in different ways
    with connection.cursor() as cursor:
        cursor.executemany(
            _ENTER,
            [
                (
                    *(entry.account_id, entry.contra_id, entry.budget_id, entry.kind, entry.units, entry.job_id),
                    *(attempt.get_db_prep_save(entry.attempt_id, connection), entry.closes_id, entry.actor_id),
                    entry.reason,
                )
                for entry in entries
            ],
        )


def _locked(query: str, *parameters: int) -> list[Any]:
    """The rows of a query, whose budgets stay locked until commit. SQLite has one writer at a time anyway."""
    lock = " FOR NO KEY UPDATE OF budget" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(query + lock, parameters)
        return list(cursor.fetchall())


def _refusal(budgets: list[Budget], units: int) -> str:
    tightest = min((b for b in budgets if b.left is not None), key=lambda b: b.left or 0)
    whose = {
        Kind.PERSON: "Your budget",
        Kind.WORKSPACE: "The workspace's budget",
        Kind.PROVIDER: "The provider account",
    }
    return (
        f"This needs {units:,} units. {whose[Kind(tightest.account.kind)]} has {tightest.left or 0:,} left. "
        "Nothing was sent or charged. Ask an owner of the workspace for more units, or draw fewer pictures."
    )


# --- reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What a person may still spend, and which budget decides. Units."""

    budgets: tuple[Budget, ...]
    binding: Budget | None

    @property
    def left(self) -> int | None:
        return self.binding.left if self.binding else None


def standing(person: User, workspace: Workspace, provider_account: ProviderAccount | None = None) -> Standing:
    """The budgets that apply to a person, the tightest marked."""
    provider_account = provider_account or accounts.current()
    budgets = tuple(applying_to(provider_account, workspace, person).order_by("id"))
    limited = [budget for budget in budgets if budget.left is not None]
    return Standing(budgets, min(limited, key=lambda budget: budget.left or 0) if limited else None)
