"""What the pictures of each collection have cost: spend by collection, which does not add up, and says so.

A picture lies in any number of collections, and is moved. So a collection counts the units of the pictures that lie in
it now, by when they were charged; a picture in two counts in both. What lies in none is the ledger's total less the
units of every filed picture, each once. Collections that somebody may not know of are one row without a name.
`docs/decisions/0016-spend-by-collection.md` says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from studio.models import Account, Collection, CollectionItem, Entry, User
from studio.services.spending import Filter, Share

PRIVATE, NOWHERE = "private", "none"  # instead of a public id, which is longer
PRIVATE_NAME = "Private collections of others"
NOWHERE_NAME = "In no collection"


@dataclass(frozen=True)
class Filed:
    """Spend by collection, the largest first. Rows overlap: `filed` counts each picture once, `total` is the books'."""

    shares: tuple[Share, ...]
    filed: Share
    total: Share


def by_collection(chosen: Filter, asks: User, total: Share) -> Filed:
    """The sum for each collection; `total`: of the same movements, by the ledger. Two statements."""
    known = Collection.objects.visible_to(asks).filter(workspace=chosen.workspace).select_related("parent")
    shares = {each.pk: Share(each.public_id, _name(each), 0, 0) for each in known}
    hidden, once = Share(PRIVATE, PRIVATE_NAME, 0, 0), Share("", "Filed", 0, 0)
    for collection, units, pictures, *anew in _sums(chosen):
        once = _plus(once, *anew)
        if collection in shares:
            shares[collection] = _plus(shares[collection], units, pictures)
        else:
            hidden = _plus(hidden, units, pictures)
    nowhere = Share(NOWHERE, NOWHERE_NAME, total.units - once.units, total.pictures - once.pictures)
    told = [share for share in (*shares.values(), hidden, nowhere) if share.units or share.pictures]
    return Filed(tuple(sorted(told, key=lambda share: (-share.units, share.label))), once, total)


def costs(assets: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What a collection's item keeps of the charge of its picture, by picture; none for one that cost nothing."""
    charges = Entry.objects.of_totals().filter(
        kind=Entry.Kind.CHARGE, account__kind=Account.Kind.PERSON, job__assets__in=assets
    )
    rows = charges.values_list("job__assets", "job__assets__units", "account", "created_at")
    return {pk: {"units": units, "payer_id": payer, "charged_at": at} for pk, units, payer, at in rows}


def _sums(chosen: Filter) -> QuerySet[CollectionItem, tuple[int, int, int, int, int]]:
    """Units and pictures by collection; and those of pictures that lie in no earlier item."""
    before = CollectionItem.objects.filter(asset=OuterRef("asset"), pk__lt=OuterRef("pk"))
    found = CollectionItem.objects.filter(
        collection__in=Collection.objects.filter(workspace=chosen.workspace),
        payer__in=chosen.accounts(),
        charged_at__gte=chosen.range.begins,
        charged_at__lt=chosen.range.ends,
    )
    anew = Q(is_first=True)
    sums = {
        "all": Sum("units"),
        "pictures": Count("pk"),
        "units_anew": Sum("units", filter=anew, default=0),
        "pictures_anew": Count("pk", filter=anew),
    }
    each = chosen.asked_for(found, "asset__job").alias(is_first=~Exists(before)).order_by()
    return each.values_list("collection").annotate(**sums)


def _plus(share: Share, units: int, pictures: int) -> Share:
    return Share(share.key, share.label, share.units + units, share.pictures + pictures)


def _name(collection: Collection) -> str:
    # Who sees what is nested sees what it is nested in.
    return f"{collection.parent} / {collection}" if collection.parent else collection.name
