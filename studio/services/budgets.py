"""What may be spent, by whom, until when: accounts, caps, and the budgets that are made from them.

A total is raised and lowered by grants. Everything else is a cap: so many units a day, week or month, or for one job,
for a workspace, each of its members, or one of them. A cap is written onto the budgets it concerns as soon as it is
set, and again whenever a period or a cap ends, so that admission reads budgets and nothing else. An account's
`review_at` says when that is; whoever comes first does it, a submit or the clock.

The totals of provider and workspace are the lock of all of this: they are taken first, as by every job.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Now

from studio.errors import InvalidRequest, NotAllowed
from studio.models import Account, Budget, Cap, May, Membership, ProviderAccount, User, Workspace
from studio.models.statements import Select
from studio.services import accounts, durations, events, ledger, periods, roles

Scope, Window = Cap.Scope, Cap.Window
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
# Every page shows what is left, and every run's answer.
_STANDING = Select(
    """
    SELECT {budget}, {account} FROM studio_budget AS budget JOIN studio_account AS account
    ON account.id = budget.account_id WHERE budget.is_current AND account.provider_account_id = %s
    AND (account.kind = 'provider' OR account.workspace_id = %s
         AND (account.kind = 'workspace' OR account.kind = 'person' AND account.person_id = %s))
    ORDER BY budget.id
    """,
    budget=Budget,
    account=Account,
)


# --- opening --------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_workspace(provider_account: ProviderAccount, workspace: Workspace) -> Budget:
    """Give a workspace its account and budgets, once; returns the total."""
    provider = Account.objects.get(provider_account=provider_account, kind=Account.Kind.PROVIDER)
    account, made = Account.objects.get_or_create(
        provider_account=provider_account,
        kind=Account.Kind.WORKSPACE,
        workspace=workspace,
        defaults={"contra": provider},
    )
    return _open(account, settings.STUDIO_WORKSPACE_UNITS) if made else _total(account)


@transaction.atomic
def open_person(provider_account: ProviderAccount, workspace: Workspace, person: User) -> Budget:
    """Give a member an account and budgets, once, before the first request; returns the total."""
    shared = open_workspace(provider_account, workspace)
    account, made = Account.objects.get_or_create(
        provider_account=provider_account,
        kind=Account.Kind.PERSON,
        workspace=workspace,
        person=person,
        defaults={"contra": shared.account},
    )
    if not made:
        return _total(account)
    start = Cap.objects.filter(workspace=workspace, scope=Scope.MEMBER, window=Window.TOTAL, soft=False)
    given = start.in_force(durations.database_now()).last()
    units = given.units if given and given.units is not None else settings.STUDIO_PERSON_UNITS
    return _open(account, units)


def _open(account: Account, units: int) -> Budget:
    total = Budget.objects.create(account=account, window=Budget.Window.TOTAL)
    ledger.grant(total, units, actor=None, reason="Starting budget")
    Account.objects.filter(pk=account.pk).update(review_at=LONG_AGO)
    assert account.workspace is not None
    bring_up_to_date(account.workspace)
    return _total(account)


def _total(account: Account) -> Budget:
    return Budget.objects.select_related("account").get(account=account, window=Budget.Window.TOTAL)


# --- from caps to budgets -------------------------------------------------------------------------------------------


def bring_up_to_date(workspace: Workspace, only: tuple[ProviderAccount, User] | None = None) -> None:
    """Make the budgets of a workspace what its caps say, for those accounts where that may have changed.

    `only`: those alone that a job of this person on this provider account draws on.
    """
    with transaction.atomic():
        _lock(workspace, only and only[0])
        now = durations.database_now()
        stale = Account.objects.filter(workspace=workspace).stale(now).order_by("id")
        if only:
            stale = stale.filter(Q(person=None) | Q(person=only[1]), provider_account=only[0])
        caps = list(Cap.objects.filter(workspace=workspace, ended_at=None))
        name = Workspace.objects.values_list("time_zone", flat=True).get(pk=workspace.pk)
        for account in stale:
            _Review(account, caps, now, periods.zone_of(name) or periods.UTC_ZONE).carry_out()
        if not only:
            Cap.objects.filter(workspace=workspace, ended_at=None, until__lte=now).update(ended_at=F("until"))


def stale_workspaces() -> list[Workspace]:
    """Those where a period or a cap has ended and nobody was there since, for the clock."""
    stale = Account.objects.stale(durations.database_now())
    return list(Workspace.objects.filter(pk__in=stale.values("workspace")))


def _lock(workspace: Workspace, provider_account: ProviderAccount | None = None) -> None:
    """From here to the end of the transaction nobody reserves in this workspace, or changes its budgets.

    The provider's total comes first here too, as in every job: an approval that raises a limit takes both.
    """
    totals = Budget.objects.filter(
        Q(account__kind="provider") | Q(account__workspace=workspace, account__kind="workspace")
    )
    if provider_account:
        totals = totals.filter(account__provider_account=provider_account)
    list(totals.filter(window=Budget.Window.TOTAL).lock())


class _Review:
    """One account's budgets against the caps that concern it."""

    def __init__(self, account: Account, caps: Sequence[Cap], now: datetime, zone: ZoneInfo) -> None:
        self.account, self.now, self.zone = account, now, zone
        self.caps = [cap for cap in caps if _concerns(cap, account)]
        current = Budget.objects.filter(account=account, is_current=True).order_by("id")
        self.rows = {row.window: row for row in current.select_related("account")}

    def carry_out(self) -> None:
        self._end_raises()
        self._keep(self.rows[Window.TOTAL], soft_limit=self._units(Window.TOTAL, soft=True))
        ends = [end for window in periods.PERIODS if (end := self._period(window))]
        ends += [cap.until for cap in self.caps if cap.until and cap.until > self.now]
        Account.objects.filter(pk=self.account.pk).update(
            review_at=min(ends, default=None), ceilings=self._ceilings() if self.account.person_id else {}
        )

    def _period(self, window: str) -> datetime | None:
        """The present period's end, its limits as they should be; None where no cap speaks of such periods."""
        limits = {"limit": self._units(window), "soft_limit": self._units(window, soft=True)}
        row = self.rows.get(window)
        if row and row.ends_at and row.ends_at > self.now:
            self._keep(row, **limits)
            return row.ends_at
        if row:
            Budget.objects.filter(pk=row.pk).update(is_current=False)
        return None if set(limits.values()) == {None} else self._begin(window, limits)

    def _begin(self, window: str, limits: dict[str, int | None]) -> datetime:
        period = periods.containing(window, self.now, self.zone)
        before = Budget.objects.filter(account=self.account, window=window).aggregate(end=Max("ends_at"))["end"]
        # After a change of the time zone the period before ran on to the end it had: the two must not overlap.
        starts_at = max(period.starts_at, before) if before else period.starts_at
        key = periods.Period(starts_at, period.ends_at).key
        row = Budget.objects.create(
            account=self.account, window=window, window_key=key, starts_at=starts_at, ends_at=period.ends_at, **limits
        )
        if before != starts_at:  # else nothing can have been spent since
            newest = max((cap for cap in self.caps if cap.window == window), key=lambda cap: cap.pk)
            ledger.carry(row, actor=newest.created_by)
        return period.ends_at

    def _end_raises(self) -> None:
        for cap in self.caps:
            over = cap.account_id == self.account.pk and cap.until and cap.until <= self.now
            if over and Cap.objects.filter(pk=cap.pk, ended_at=None).update(ended_at=F("until")):
                ledger.grant(self.rows[Window.TOTAL], -cap.raised, actor=cap.created_by, reason="A raise has ended")

    def _units(self, window: str, *, soft: bool = False, operation: str = "") -> int | None:
        """What the caps in force say: one's own before that of each member, a temporary one before a lasting one."""
        fitting = [
            cap
            for cap in self.caps
            if (cap.window, cap.soft, cap.operation) == (window, soft, operation)
            and (cap.until is None or cap.until > self.now)
        ]
        deciding = max(
            fitting, key=lambda cap: (cap.scope == Scope.PERSON, cap.until is not None, cap.pk), default=None
        )
        return deciding.units if deciding else None

    def _ceilings(self) -> dict[str, list[int | None]]:
        operations = {cap.operation for cap in self.caps if cap.window == Window.RUN}
        found = {
            each: [self._units(Window.RUN, soft=soft, operation=each) for soft in (False, True)] for each in operations
        }
        return {operation: pair for operation, pair in sorted(found.items()) if pair != [None, None]}

    @staticmethod
    def _keep(row: Budget, **limits: int | None) -> None:
        if any(getattr(row, name) != units for name, units in limits.items()):
            Budget.objects.filter(pk=row.pk).update(**limits)


def _concerns(cap: Cap, account: Account) -> bool:
    if account.kind == Account.Kind.WORKSPACE:
        return cap.scope == Scope.WORKSPACE
    # What each member starts with is no rule for those who are there: a total is moved by grants.
    starting = cap.scope == Scope.MEMBER and cap.window == Window.TOTAL and not cap.soft
    return not starting and cap.scope in (Scope.MEMBER, Scope.PERSON) and cap.person_id in (None, account.person_id)


# --- caps -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """What a cap is about: whose units, in which window; for one job, of which operation; refused above, or held."""

    window: str
    scope: str = Scope.WORKSPACE
    person: User | None = None
    operation: str = ""
    soft: bool = False


@transaction.atomic
def set_cap(
    by: Membership, rule: Rule, units: int | None, *, until: datetime | None = None, reason: str = ""
) -> Cap | None:
    """Cap what may be spent at `units`, from now on or `until` an instant; None: no limit.

    For the hard limit of a total, lasting: a grant of the difference, and no cap is made. Raises NotAllowed,
    InvalidRequest.
    """
    _check(by, rule, units, until)
    _lock(by.workspace)
    reason = reason or "Set by hand"
    raised, account = 0, None
    if rule.window == Window.TOTAL and not rule.soft and rule.scope != Scope.MEMBER:
        total = _total_of(by.workspace, rule.person)
        raised = ledger.grant(total, (units or 0) - (total.limit or 0), actor=by.person, reason=reason)
        account = total.account
        if until is None or not raised:
            return None
    cap = Cap(
        workspace=by.workspace,
        scope=rule.scope,
        person=rule.person,
        window=rule.window,
        operation=rule.operation,
        soft=rule.soft,
        units=units,
        until=until,
        raised=raised,
        account=account,
        reason=reason[:200],
        created_by=by.person,
    )
    # A lasting cap is the last word; a temporary one stands over it. A total's raises add up, and each ends by itself.
    replaced = Cap.objects.same_rule(cap).filter(account=None)
    replaced = replaced.filter(until__isnull=False) if until else replaced
    replaced.update(ended_at=Now(), ended_by=by.person)
    cap.save(force_insert=True)
    _apply(by.workspace)
    return cap


@transaction.atomic
def lift_cap(by: Membership, cap: Cap) -> bool:
    """End a cap before its time; False if it has ended already. Raises NotAllowed."""
    _check(by, Rule(cap.window, cap.scope, cap.person, cap.operation, cap.soft), cap.units, None)
    if cap.workspace_id != by.workspace_id:
        raise NotAllowed("This limit belongs to another workspace.")
    ended = Cap.objects.filter(pk=cap.pk, ended_at=None).update(ended_at=Now(), ended_by=by.person)
    if ended and cap.account:
        ledger.grant(_total(cap.account), -cap.raised, actor=by.person, reason="A raise was ended")
    _apply(by.workspace)
    return bool(ended)


def caps_of(workspace: Workspace) -> list[Cap]:
    """Every cap in force, as a page lists them."""
    found = Cap.objects.filter(workspace=workspace).in_force(durations.database_now())
    return list(found.select_related("person", "created_by"))


def _check(by: Membership, rule: Rule, units: int | None, until: datetime | None) -> None:
    roles.require_of(by, May.STEER)
    if rule.scope == Scope.WORKSPACE and not by.may(May.OWN):
        raise NotAllowed("Only an owner can change what the workspace may spend.")
    if (rule.scope == Scope.PERSON) != (rule.person is not None):
        raise InvalidRequest({"person": "Say whose limit this is."})
    if rule.person and not Account.objects.filter(workspace=by.workspace, person=rule.person).exists():
        raise InvalidRequest({"person": "This person is not in the workspace."})
    if units is not None and units < 0:
        raise InvalidRequest({"units": "A limit is 0 or more."})
    if units is None and rule.window == Window.TOTAL and not rule.soft:
        raise InvalidRequest({"units": "A total is a number of units."})
    if until is not None and until <= durations.database_now():
        raise InvalidRequest({"until": "This is in the past."})
    if rule.window == Window.RUN and rule.scope == Scope.WORKSPACE:
        raise InvalidRequest({"window": "What one run may cost is set for each member, or for one."})
    if rule.operation and rule.window != Window.RUN:
        raise InvalidRequest({"operation": "An operation has a limit per run only."})


def _apply(workspace: Workspace) -> None:
    Account.objects.filter(workspace=workspace).update(review_at=LONG_AGO)
    bring_up_to_date(workspace)


def _total_of(workspace: Workspace, person: User | None) -> Budget:
    current = accounts.current()
    return open_person(current, workspace, person) if person else open_workspace(current, workspace)


# --- the workspace --------------------------------------------------------------------------------------------------


@transaction.atomic
def stop(by: Membership, reason: str) -> None:
    """The emergency stop: from now on nothing is taken on and nothing that waits is sent. Raises NotAllowed."""
    roles.require_of(by, May.STEER)
    Workspace.objects.filter(pk=by.workspace_id, stopped_at=None).update(
        stopped_at=Now(), stopped_by=by.person, stopped_reason=reason[:200]
    )
    events.publish_everywhere()


@transaction.atomic
def resume(by: Membership) -> None:
    """End the emergency stop; what waited goes on. Raises NotAllowed."""
    roles.require_of(by, May.STEER)
    Workspace.objects.filter(pk=by.workspace_id).update(stopped_at=None, stopped_by=None, stopped_reason="")
    events.publish_everywhere()


@transaction.atomic
def set_time_zone(by: Membership, name: str) -> None:
    """Let days begin at another midnight. Periods that have begun keep the end they have. Raises NotAllowed."""
    if not by.may(May.OWN):
        raise NotAllowed("Only an owner can change the time zone.")
    if periods.zone_of(name) is None:
        raise InvalidRequest({"time_zone": "There is no such time zone."})
    Workspace.objects.filter(pk=by.workspace_id).update(time_zone=name)


# --- reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What a person may still spend, and which budget decides. Units."""

    budgets: tuple[Budget, ...]
    binding: Budget | None

    @property
    def left(self) -> int | None:
        return self.binding.left if self.binding else None

    @property
    def resets_at(self) -> datetime | None:
        """When the deciding budget starts again; None for a total."""
        return self.binding.ends_at if self.binding else None


def standing(person: User, workspace: Workspace, provider_account: ProviderAccount | None = None) -> Standing:
    """The budgets that apply to a person, the tightest marked. Reads only: what is over is shown as begun anew."""
    provider_account = provider_account or accounts.current()
    now = durations.page_now()
    budgets: list[Budget] = []
    for budget, account in _STANDING.all(provider_account.pk, workspace.pk, person.pk):
        budget.account = account
        budgets.append(_as_of(budget, now, workspace))
    return Standing(tuple(budgets), binding(budgets))


def binding(budgets: Iterable[Budget]) -> Budget | None:
    """Of budgets, the one with the least left."""
    return min((each for each in budgets if each.left is not None), key=lambda each: each.left or 0, default=None)


def _as_of(budget: Budget, now: datetime, workspace: Workspace) -> Budget:
    """A row of a period that is over, as the row that the next request will make."""
    if budget.ends_at is None or budget.ends_at > now:
        return budget
    period = periods.containing(budget.window, now, periods.zone_of(workspace.time_zone) or periods.UTC_ZONE)
    budget.starts_at, budget.ends_at = max(period.starts_at, budget.ends_at), period.ends_at
    budget.used = budget.held = 0
    return budget
