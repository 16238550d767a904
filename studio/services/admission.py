"""The one gate that every job passes before anything is sent, whichever door it came through.

All budgets that apply are locked in the order of their ids: the provider's, the workspace's, the person's, in every
window that caps speak of. Then the answer is one of four. Stopped: refused. No room below a hard limit: refused, naming
the one that decides. Above a soft limit or a ceiling: it needs approval. Else the quote is held on all of them, in the
same transaction. Nothing outside of it decides.
"""

import json
from typing import Any, NamedTuple

from studio.errors import NeedsApproval, OverBudget, Stopped
from studio.models import Account, Budget, Cap, Job, Workspace
from studio.services import budgets, durations, ledger, periods

# One statement for everything that decides, as a submit waits for it. `stale`: a period or a cap of the account has
# ended since its budgets were written.
_APPLYING = """
SELECT budget.id, account.id, account.contra_id, account.kind, budget."window", budget."limit", budget.soft_limit,
       budget.used, budget.held, account.ceilings, account.review_at <= NOW, workspace.stopped_at IS NOT NULL
FROM studio_budget AS budget
JOIN studio_account AS account ON account.id = budget.account_id
LEFT JOIN studio_workspace AS workspace ON workspace.id = account.workspace_id
WHERE budget.is_current AND account.provider_account_id = %s
  AND (account.kind = 'provider' OR account.workspace_id = %s
       AND (account.kind = 'workspace' OR account.kind = 'person' AND account.person_id = %s))
ORDER BY budget.id
"""
Kind = Account.Kind
ADVERBS = {"day": "daily ", "week": "weekly ", "month": "monthly ", "total": ""}
ASK = "Nothing was sent or charged. Ask for more units, or draw fewer pictures."


class Row(NamedTuple):
    """A budget that applies, locked."""

    budget: int
    account: int
    contra: int | None
    kind: str
    window: str
    limit: int | None
    soft_limit: int | None
    used: int
    held: int
    ceilings: Any
    is_stale: bool | None
    is_stopped: bool

    @property
    def scope(self) -> str:
        return Cap.Scope.PERSON if self.kind == Kind.PERSON else Cap.Scope.WORKSPACE


def admit(job: Job, *, approved: bool = False) -> None:
    """Hold a job's quote on every budget that applies, inside the caller's transaction.

    Raises Stopped, OverBudget, or NeedsApproval unless it was `approved`; then the caller's transaction has to be
    rolled back.
    """
    rows = _lock_all(job)
    if any(row.is_stopped for row in rows):
        raise _stopped(job.workspace)
    units = job.quoted_units
    over = [row for row in rows if row.limit is not None and row.used + row.held + units > row.limit]
    if over:
        raise _over(min(over, key=lambda row: (row.limit or 0) - row.used - row.held), job)
    _check_ceilings(rows, job, approved=approved)
    soft = [row for row in rows if row.soft_limit is not None and row.used + row.held + units > row.soft_limit]
    if soft and not approved:
        raise _above(soft[0], job)
    held = ledger.hold(job, [ledger.Place(row.budget, row.account, row.contra) for row in rows])
    assert held, "the rows are locked, and had room"


def _lock_all(job: Job) -> list[Row]:
    """Every budget that the job draws on, locked and up to date.

    At a person's first request on a provider account they are opened.
    """
    rows = _lock(job)
    if not any(row.kind == Kind.PERSON for row in rows):
        budgets.open_person(job.provider_account, job.workspace, job.person)
        rows = _lock(job)
    if any(row.is_stale for row in rows):
        budgets.bring_up_to_date(job.workspace, only=(job.provider_account, job.person))
        rows = _lock(job)
    kinds = {row.kind for row in rows}
    assert kinds == {Kind.PROVIDER, Kind.WORKSPACE, Kind.PERSON}, kinds
    return rows


def _lock(job: Job) -> list[Row]:
    now, clock = durations.now_in_sql()
    query = _APPLYING.replace("NOW", now)
    found = ledger.locked(query, *clock, job.provider_account_id, job.workspace_id, job.person_id)
    return [Row(*row) for row in found]


def _check_ceilings(rows: list[Row], job: Job, *, approved: bool) -> None:
    """What one job may cost: of this operation, and of any."""
    found = next(row.ceilings for row in rows if row.kind == Kind.PERSON)
    ceilings: dict[str, list[int | None]] = json.loads(found) if isinstance(found, str) else found
    for operation in ("", job.operation) if ceilings else ():
        most, unasked = ceilings.get(operation, (None, None))
        if most is not None and job.quoted_units > most:
            raise OverBudget(
                f"This needs {job.quoted_units:,} units, and {_run(operation)} may cost {most:,} at most. {ASK}",
                scope=Cap.Scope.PERSON,
                window=Cap.Window.RUN,
                left=most,
            )
        if unasked is not None and job.quoted_units > unasked and not approved:
            raise NeedsApproval(
                f"{job.quoted_units:,} units is above the limit of {unasked:,} for {_run(operation)}.",
                scope=Cap.Scope.PERSON,
                window=Cap.Window.RUN,
                operation=operation,
            )


def _run(operation: str) -> str:
    return f"one {operation.replace('-', ' ')}" if operation else "one run"


# --- in words -------------------------------------------------------------------------------------------------------


def name_of(kind: str, window: str) -> str:
    """Your daily budget, the workspace's budget, ..."""
    whose = {Kind.PERSON: "your", Kind.WORKSPACE: "the workspace's", Kind.PROVIDER: "the provider account's"}
    return f"{whose[Kind(kind)]} {ADVERBS[window]}budget"


def _over(row: Row, job: Job) -> OverBudget:
    left = max(0, (row.limit or 0) - row.used - row.held)
    resets_at = Budget.objects.values_list("ends_at", flat=True).get(pk=row.budget)
    again = f" until {periods.in_words(resets_at, job.workspace.time_zone)}" if resets_at else ""
    name = name_of(row.kind, row.window)
    return OverBudget(
        f"This needs {job.quoted_units:,} units. {name[0].upper()}{name[1:]} has {left:,} left{again}. {ASK}",
        scope=row.scope,
        window=row.window,
        left=left,
        resets_at=resets_at,
    )


def _above(row: Row, job: Job) -> NeedsApproval:
    free = max(0, (row.soft_limit or 0) - row.used - row.held)
    # Not "your": who may approve reads it too.
    whose = f"{job.person}'s" if row.kind == Kind.PERSON else "the workspace's"
    name = f"{whose} {ADVERBS[row.window]}budget"
    return NeedsApproval(
        f"{job.quoted_units:,} units needed, and {name} has {free:,} of {row.soft_limit:,} left without approval.",
        scope=row.scope,
        window=row.window,
    )


def _stopped(workspace: Workspace) -> Stopped:
    workspace.refresh_from_db()
    who = f"{workspace.stopped_by} has" if workspace.stopped_by else "Somebody has"
    why = f": {workspace.stopped_reason}" if workspace.stopped_reason else ""
    return Stopped(f"{who} stopped all spending here{why}. Nothing was sent or charged.")
