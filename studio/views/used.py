"""Where a picture is used, as far as the person may see it: each list begins with what that person may open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from studio.models import (
    Asset,
    Board,
    BoardItem,
    Collection,
    CollectionItem,
    CustomStyle,
    Export,
    ExportItem,
    Job,
    Share,
    ShareItem,
    User,
)
from studio.views.cards import operation_label

MOST = 12  # of each kind, the newest


@dataclass(frozen=True)
class Use:
    """One place: `url` is where one sees it."""

    icon: str
    name: str
    what: str
    url: str


def uses(person: User, asset: Asset) -> list[Use]:
    """Collections, links, boards, styles, runs and exports with it in them, in a constant number of queries."""
    return [*_collections(person, asset), *_boards(person, asset), *_shares(person, asset), *_works(person, asset)]


def _has(model: type[CollectionItem | BoardItem | ShareItem | ExportItem], field: str, asset: Asset) -> Exists:
    return Exists(model._default_manager.filter(**{field: OuterRef("pk")}, asset=asset))


def _collections(person: User, asset: Asset) -> Iterator[Use]:
    seen = Collection.objects.visible_to(person).filter(_has(CollectionItem, "collection", asset))
    for each in seen.order_by("-pk")[:MOST]:
        yield Use("folder", each.name, "a collection", reverse("collections:page", args=[each.public_id]))


def _boards(person: User, asset: Asset) -> Iterator[Use]:
    for each in Board.objects.visible_to(person).filter(_has(BoardItem, "board", asset)).order_by("-pk")[:MOST]:
        yield Use("columns-2", each.name, "a review board", reverse("boards:page", args=[each.public_id]))


def _shares(person: User, asset: Asset) -> Iterator[Use]:
    """Links that still open, for those who may end them; one of a collection that they may not open has no name."""
    inside = Exists(CollectionItem.objects.filter(collection=OuterRef("collection"), asset=asset))
    found = Share.objects.usable().filter(pk__in=Share.objects.visible_to(person).values("pk"))
    opened: QuerySet[Collection] = Collection.objects.visible_to(person)
    ours = found.filter(Q(_has(ShareItem, "share", asset)) | Q(inside, collection__in=opened))
    for each in ours.select_related("collection", "person").order_by("-pk")[:MOST]:
        name = each.title or (each.collection.name if each.collection else "Shared pictures")
        yield Use("share-2", name, f"a link by {each.person}", reverse("shares:index"))


def _works(person: User, asset: Asset) -> Iterator[Use]:
    for style in CustomStyle.objects.visible_to(person).filter(job__inputs__asset=asset).distinct()[:MOST]:
        yield Use("swatch-book", style.name, "a style", f"{reverse('assets:gallery')}?style={style.public_id}")
    used = Exists(asset.used_in.filter(job=OuterRef("pk")))
    for job in Job.objects.visible_to(person).filter(used).order_by("-pk")[:MOST]:
        name = job.prompt or operation_label(job)
        what = f"{operation_label(job)}, a run" if job.prompt else "a run"
        yield Use("wand-sparkles", name, what, f"{reverse('create:home')}?who=everyone#run-{job.public_id}")
    for export in Export.objects.visible_to(person).filter(_has(ExportItem, "export", asset)).order_by("-pk")[:MOST]:
        yield Use("download", export.label, "an export of yours", reverse("exports:index"))
