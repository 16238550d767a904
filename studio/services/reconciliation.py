"""The provider's balance against the ledger, to the unit.

A checkpoint is the balance read while nothing is in flight and the last call ended a while ago. Between two of them,
what the balance fell by is what the answers said, plus what the unknown calls cost, plus what came from elsewhere:

    nothing left            no unknown call was billed
    left = a sum of the unknown calls' prices, in one way only      so many at each price were billed: the studio pays
    left = anything else    the token was used elsewhere, or topped up: recorded as external, said aloud, never guessed

Nobody pays for an unknown call. Of calls at the same price only the number is known, so which of them is called billed
makes no difference to anybody.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, Sum

from studio.models import Attempt, AttemptState, Budget, Checkpoint, Host, ProviderAccount
from studio.services import durations, events, ledger, outcome

log = logging.getLogger(__name__)


def quiet_since(account: ProviderAccount) -> datetime | None:
    """The present instant, if a balance read now can tell something: nothing in flight, and nothing ended just now."""
    now = durations.database_now()
    return now if _is_quiet(account, now, ended_before=now - durations.BALANCE_SETTLES) else None


def _is_quiet(account: ProviderAccount, since: datetime, *, ended_before: datetime) -> bool:
    attempts = Attempt.objects.filter(provider_account=account)
    busy = Q(state=AttemptState.SENDING) | Q(claimed_at__gte=since) | Q(ended_at__gte=ended_before)
    if attempts.filter(busy, claimed_at__gte=since - durations.CALL_DEADLINE - timedelta(days=1)).exists():
        return False
    # A host that fell silent may hold the answer to a call of its own: nobody else can tell.
    silent = Host.objects.filter(seen_at__lt=since - durations.HOST_SILENT_AFTER)
    return not attempts.filter(state=AttemptState.UNKNOWN, host__in=silent).exists()


def checkpoint(account: ProviderAccount, balance: int, since: datetime) -> Checkpoint | None:
    """Account for everything up to a balance that was read after `since`; None if something ran meanwhile."""
    with transaction.atomic():
        # Whoever claims takes this lock, so nothing starts before this is committed.
        ProviderAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        ours = Attempt.objects.filter(provider_account=account, checkpoint=None)
        # Before any budget, as whoever records a late answer to one of them does.
        mine = ours.filter(state=AttemptState.UNKNOWN).select_for_update(no_key=True, of=("self",))
        unknown = list(mine.select_related("job").order_by("claimed_at", "pk"))
        if not _is_quiet(account, since, ended_before=since - durations.BALANCE_SETTLES):
            return None
        before = Checkpoint.objects.filter(provider_account=account).order_by("-id").first()
        answered = ours.filter(state=AttemptState.SUCCEEDED)
        if before and _says_nothing_new(before, balance, answered.exists() or bool(unknown), since):
            return before
        found = Checkpoint(
            provider_account=account,
            balance=balance,
            drop=before.balance - balance if before else 0,
            answers=answered.count(),
            unknowns=len(unknown) if before else 0,
        )
        if before:
            found.explained = answered.aggregate(all=Sum("units", default=0))["all"]
            _explain(found, unknown)
        found.ledger = Budget.objects.get(account__provider_account=account, account__kind="provider").used
        found.save(force_insert=True)
        answered.update(checkpoint=found)
        Attempt.objects.filter(pk__in=[each.pk for each in unknown if before]).update(checkpoint=found)
    return found


def _says_nothing_new(before: Checkpoint, balance: int, has_attempts: bool, now: datetime) -> bool:
    """A studio at rest is read each minute; one row an hour is enough to draw its balance by."""
    return before.balance == balance and not has_attempts and before.taken_at > now - durations.CHECKPOINT_SPACING


def _explain(found: Checkpoint, unknown: Sequence[Attempt]) -> None:
    """Resolve the unknown calls by what the answers leave open, and record what nothing explains."""
    left = found.drop - found.explained
    billed = ways_to(left, [attempt.job.quoted_units for attempt in unknown])
    if billed is None:
        found.external = left
        ledger.external(found.provider_account, left, "The balance changed without a job of this studio")
        log.error("External: the balance of %s changed by %s units that no job explains", found.provider_account, -left)
        events.publish_everywhere()
    else:
        found.billed = left
    remaining = Counter(billed or {})
    for attempt in unknown:
        units = attempt.job.quoted_units
        is_billed = remaining[units] > 0
        remaining[units] -= is_billed
        outcome.resolve(attempt.pk, billed=is_billed, text=_text(billed))


def _text(billed: Counter[int] | None) -> str:
    if billed is None:
        return "The balance changed by something else too, so it can't tell; the studio pays whatever it was"
    return "The balance shows how many calls at this price were billed"


def ways_to(units: int, prices: Sequence[int]) -> Counter[int] | None:
    """How many calls at each price add up to `units`, if there is exactly one answer; None otherwise."""
    # For each sum that can be reached: how, or None where there is more than one way.
    reached: dict[int, Counter[int] | None] = {0: Counter()}
    for price, many in sorted(Counter(prices).items()):
        after: dict[int, Counter[int] | None] = {}
        for total, way in reached.items():
            for count in range(many + 1):
                here = total + count * price
                if here <= units:
                    after[here] = None if here in after or way is None else way + Counter({price: count})
        reached = after
    return reached.get(units)


# --- when the lane is busy ------------------------------------------------------------------------------------------


def wants_barrier(account: ProviderAccount) -> bool:
    """Whether calls have been unknown for so long that claiming should be held back for a moment."""
    now = durations.database_now()
    if account.barrier_at and account.barrier_at > now - durations.BARRIER_SPACING:
        return False
    old = Attempt.objects.filter(
        provider_account=account, state=AttemptState.UNKNOWN, ended_at__lt=now - durations.UNKNOWN_BEFORE_BARRIER
    )
    return old.exists()


def raise_barrier(account: ProviderAccount) -> None:
    """Hold claiming back until the calls in flight have ended and the balance was read; it ends by itself."""
    now = durations.database_now()
    ProviderAccount.objects.filter(pk=account.pk).update(barrier_at=now, hold_until=now + durations.BARRIER)


def lower_barrier(account: ProviderAccount) -> None:
    """Let claiming go on: the balance was read."""
    # Not a hold of another kind, such as after a refusal for the rate.
    mine = account.barrier_at and account.barrier_at + durations.BARRIER
    ProviderAccount.objects.filter(pk=account.pk, hold_until=mine).exclude(hold_until=None).update(hold_until=None)


def is_waited_for(account: ProviderAccount) -> bool:
    """Whether a balance read now would resolve something: calls are unknown, and the lane is quiet."""
    unknown = Attempt.objects.filter(provider_account=account, state=AttemptState.UNKNOWN)
    return not account.is_paused and unknown.exists() and quiet_since(account) is not None
