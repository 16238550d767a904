"""The provider account this studio works on, and its being paused and resumed."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.db.models.functions import Now

from studio.models import Account, Budget, Job, ProviderAccount
from studio.models.statements import Select
from studio.services import events, prices

_HELD = Select(
    "SELECT {account} FROM studio_provideraccount AS account WHERE account.kind = %s AND account.fingerprint = %s",
    account=ProviderAccount,
)
_HELD_BY_ID = Select(_HELD.sql + " AND account.id = %s", account=ProviderAccount)


def _identity() -> dict[str, Any]:
    kind = ProviderAccount.Kind.SANDBOX if settings.STUDIO_SANDBOX else ProviderAccount.Kind.RECRAFT
    return {"kind": kind, "fingerprint": "" if settings.STUDIO_SANDBOX else settings.RECRAFT_ACCOUNT_FINGERPRINT}


def current() -> ProviderAccount:
    """The account of the token this studio was started with, made at first sight.

    From here on this process quotes by the prices that are in force on it.
    """
    found = _HELD.first(*_identity().values())
    account: ProviderAccount = found[0] if found else _make()
    prices.use(account)
    return account


def locked(account_id: int) -> ProviderAccount | None:
    """The account, its row locked until commit; None if this studio was not started with its token."""
    found = _HELD_BY_ID.first(*_identity().values(), account_id, lock="account")
    return found[0] if found else None


def _make() -> ProviderAccount:
    with transaction.atomic():
        account, _ = ProviderAccount.objects.get_or_create(**_identity())
        provider = _open(account, Account.Kind.PROVIDER, None)
        _open(account, Account.Kind.LOSS, provider)
        _open(account, Account.Kind.EXTERNAL, provider)
    return account


def _open(account: ProviderAccount, kind: str, contra: Account | None) -> Account:
    opened, _ = Account.objects.get_or_create(provider_account=account, kind=kind, defaults={"contra": contra})
    Budget.objects.get_or_create(account=opened, window=Budget.Window.TOTAL)
    return opened


def pause(account: ProviderAccount, reason: str) -> None:
    """Stop claiming on this account; the jobs wait."""
    changed = ProviderAccount.objects.filter(pk=account.pk, state=ProviderAccount.State.ACTIVE).update(
        state=ProviderAccount.State.PAUSED, paused_reason=reason, paused_at=Now()
    )
    if changed:
        events.publish_everywhere()


def record_balance(account: ProviderAccount, balance: int) -> bool:
    """Note what the provider says is left. True if a paused account can go on with that."""
    ProviderAccount.objects.filter(pk=account.pk).update(balance=balance, balance_at=Now())
    needed = Job.objects.waiting_at(account).aggregate(least=Min("quoted_units"))["least"] or 1
    if balance < needed:
        return False
    resumed = ProviderAccount.objects.filter(pk=account.pk, state=ProviderAccount.State.PAUSED).update(
        state=ProviderAccount.State.ACTIVE, paused_reason="", paused_at=None
    )
    if resumed:
        events.publish_everywhere()
    return bool(resumed)
