"""The price book, edition by edition. The facts in `studio.recraft.prices` are the first; each later one is a row.

A quote takes the price in force at its instant. Nobody asks the database for it: every submit and every page read the
row of the provider account anyway, that row counts the prices that were set, and a process whose book is older than
that count reads the book once more. So a price that was just set is quoted by the next submit, in every process.

Setting a price changes nothing that was quoted before: what is queued keeps its reservation, and is charged what the
answer says. A run that waits for approval is priced again when it is approved.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from studio.errors import InvalidRequest, NoPriceKnown, NotAllowed
from studio.models import Attempt, AttemptState, Membership, Price, ProviderAccount, User, Workspace
from studio.recraft import prices as facts
from studio.recraft.catalogue import OPERATIONS, Operation
from studio.recraft.prices import NoPrice
from studio.services import durations

MOST_UNITS = 100_000  # of one picture or request
NEWEST = 2_000  # calls that are looked at for what was really charged
LINES: Mapping[str, Operation] = {each.price_line or each.slug: each for each in OPERATIONS.values()}

Key = tuple[str, str]  # line, image model or ""


# --- quoting --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Edition:
    """What this process quotes by."""

    account: int
    version: int
    until: datetime | None  # when a price comes into force that is known already

    def is_latest(self, account: ProviderAccount) -> bool:
        same = (self.account, self.version) == (account.pk, account.prices_version)
        return same and (self.until is None or self.until > durations.page_now())


_lock = threading.Lock()
_edition: _Edition | None = None


def use(account: ProviderAccount) -> None:
    """Quote by the prices in force on this account, which was just read."""
    global _edition
    if _edition and _edition.is_latest(account):
        return
    if not account.prices_version:
        _take({}, _Edition(account.pk, 0, None))
        return
    now = durations.page_now()
    rows = list(Price.objects.filter(provider_account=account).order_by("effective_from", "id"))
    changes = {(row.line, row.image_model or None): row.units for row in rows if row.effective_from <= now}
    coming = [row.effective_from for row in rows if row.effective_from > now]
    _take(changes, _Edition(account.pk, account.prices_version, min(coming, default=None)))


def forget() -> None:
    """Quote by the facts again, until an account is looked at."""
    global _edition
    facts.revise({})
    _edition = None


def _take(changes: Mapping[tuple[str, str | None], int], edition: _Edition) -> None:
    global _edition
    with _lock:
        # A line that a later version of the studio does not know any more is left out, not in the way.
        facts.revise({key: units for key, units in changes.items() if key[0] in facts.PRICES})
        _edition = edition


def quote(operation: Operation, values: Mapping[str, Any]) -> int:
    """What a request costs, in units. Raises NoPriceKnown."""
    try:
        return operation.quote(values)
    except NoPrice as error:
        raise NoPriceKnown(
            "There is no price for this, so it was not sent. Choose another model, or tell an admin."
        ) from error


# --- setting --------------------------------------------------------------------------------------------------------


def may_set(by: Membership) -> bool:
    """Whether somebody may set prices: the studio's owner; where there is one workspace, whoever steers it."""
    # The book is the whole studio's: an admin of one workspace doesn't reprice another's.
    return by.may_steward and (by.person.is_staff or Workspace.objects.count() == 1)


@transaction.atomic
def set_price(
    by: Membership, account: ProviderAccount, key: Key, units: int, reason: str, *, since: datetime | None = None
) -> Price:
    """Quote `units` for a line from now on, or from an instant that is to come. Raises NotAllowed, InvalidRequest."""
    line, image_model = key
    if not may_set(by):
        raise NotAllowed("Only who owns the studio can set prices.")
    if line not in LINES or image_model not in (LINES[line].image_models or ("",)):
        raise InvalidRequest({"line": "There is no such line in the price book."})
    if not 0 < units <= MOST_UNITS:
        raise InvalidRequest({"units": f"A price is 1 to {MOST_UNITS:,} units."})
    if not reason.strip():
        raise InvalidRequest({"reason": "Say why, in a word or two."})
    now = durations.database_now()
    # Counting first locks the row, so that two prices set at once get two numbers.
    ProviderAccount.objects.filter(pk=account.pk).update(prices_version=F("prices_version") + 1)
    return Price.objects.create(
        provider_account=account,
        line=line,
        image_model=image_model,
        units=units,
        effective_from=max(now, since) if since else now,
        reason=" ".join(reason.split())[:200],
        created_by=by.person,
    )


# --- the book -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Observed:
    """What the newest calls at one line were really charged. Units per picture or request."""

    last: float
    last_at: datetime
    differing: int  # calls since the price in force began, that were charged something else than they were quoted
    differing_last: float  # what the newest of them was charged


@dataclass(frozen=True)
class Line:
    """One price in force."""

    key: Key
    operation: Operation
    units: int | None  # none: no price, so it is refused
    per_image: bool
    since: datetime | None  # none: by the facts
    by: User | None
    observed: Observed | None

    @property
    def proposal(self) -> int | None:
        """What it could be set to, by what was charged; none where nothing differs, or it is no whole price."""
        seen = self.observed
        if seen is None or not seen.differing or seen.differing_last == self.units or seen.differing_last < 1:
            return None
        return int(seen.differing_last) if seen.differing_last.is_integer() else None


def book(account: ProviderAccount) -> list[Line]:
    """Every line with its price in force, and what was charged lately."""
    now = durations.database_now()
    rows = Price.objects.filter(provider_account=account, effective_from__lte=now).select_related("created_by")
    newest = {(row.line, row.image_model): row for row in rows.order_by("effective_from", "id")}
    seen = _observed(account, newest)
    found = []
    for name, operation in LINES.items():
        fact = facts.fact(name)
        for model in operation.image_models or ("",):
            key, row = (name, model), newest.get((name, model))
            units = row.units if row else fact.units.get(model or None)
            since, by = (row.effective_from, row.created_by) if row else (None, None)
            found.append(Line(key, operation, units, fact.per_image, since, by, seen.get(key)))
    return found


def history(account: ProviderAccount, most: int = 50) -> list[Price]:
    """Who set which price when, and why; the newest first."""
    found = Price.objects.filter(provider_account=account).select_related("created_by").order_by("-id")
    return list(found[:most])


def _observed(account: ProviderAccount, newest: Mapping[Key, Price]) -> dict[Key, Observed]:
    calls = Attempt.objects.filter(provider_account=account, state=AttemptState.SUCCEEDED).order_by("-claimed_at")
    columns = ("job__operation", "job__image_model", "job__images", "job__quoted_units", "units", "claimed_at")
    found: dict[Key, Observed] = {}
    for slug, model, images, quoted, units, at in calls.values_list(*columns)[:NEWEST]:
        operation = OPERATIONS.get(slug)
        if operation is None or units is None:
            continue
        line = operation.price_line or slug
        key = (line, model if operation.image_models else "")
        each = units / max(images, 1) if facts.fact(line).per_image else float(units)
        differs = units != quoted and (key not in newest or at >= newest[key].effective_from)
        before = found.get(key) or Observed(each, at, 0, 0.0)
        last = before.differing_last if before.differing or not differs else each
        found[key] = Observed(before.last, before.last_at, before.differing + differs, last)
    return found
