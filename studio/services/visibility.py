"""Who sees a picture: its person alone, or the whole workspace. Only who made it decides.

A job follows its pictures: it is shared as long as one of them is, since who sees a picture sees what it was asked for.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from studio.errors import NotAllowed
from studio.models import (
    Asset,
    AssetKind,
    AssetState,
    Collection,
    Job,
    JobInput,
    May,
    Membership,
    User,
    Visibility,
    Workspace,
)
from studio.services import events, facets, naming, roles


@transaction.atomic
def show_to(person: User, asset: Asset, visibility: Visibility) -> bool:
    """Share a picture with its workspace, or take it back. False if it was so already. Raises NotAllowed."""
    if asset.person_id != person.pk:
        raise NotAllowed("Only who made a picture decides who sees it.")
    roles.require(person, asset.workspace_id, May.MAKE)
    naming.lock([asset.pk])
    changed = Asset.objects.filter(pk=asset.pk).exclude(visibility=visibility).update(visibility=visibility)
    if not changed:
        return False
    asset.visibility = visibility
    facets.index([asset.pk, *follow(person, [asset.pk])])
    return True


@transaction.atomic
def share_all(person: User, assets: Sequence[int]) -> int:
    """Share these of a person's own pictures with their workspaces; how many were private."""
    naming.lock(assets)
    private = Asset.objects.filter(person=person, pk__in=assets, visibility=Visibility.PRIVATE)
    shared = list(private.values_list("pk", flat=True))
    Asset.objects.filter(pk__in=shared).update(visibility=Visibility.WORKSPACE)
    facets.index([*shared, *follow(person, shared)])
    return len(shared)


def follow(person: User, assets: Sequence[int]) -> set[int]:
    """After these pictures of a person's were shared or taken back: let their masks, jobs and names follow them.

    Returns the pictures that are called something else now, which are to be indexed with them.
    """
    if not assets:
        return set()
    touched = Asset.objects.filter(pk__in=assets).exclude(job=None)
    jobs = list(Job.objects.select_for_update(no_key=True).filter(pk__in=touched.values("job")).order_by("pk"))
    seen = Asset.objects.filter(job__in=jobs, visibility=Visibility.WORKSPACE).exclude(state=AssetState.PURGED)
    open_ones = set(seen.values_list("job", flat=True))
    Job.objects.filter(pk__in=open_ones).update(visibility=Visibility.WORKSPACE)
    closed = [job.pk for job in jobs if job.pk not in open_ones]
    Job.objects.filter(pk__in=closed).update(visibility=Visibility.PRIVATE)
    _masks_follow(person, assets)
    for job in jobs:
        events.publish(job, to_everybody=True)
    return naming.follow(assets)


def _masks_follow(person: User, assets: Sequence[int]) -> None:
    """A mask is as private as what it was painted over, unless a run with it is seen, which could not be repeated else.

    It stays open where somebody else draws with it.
    """
    runs = JobInput.objects.filter(Q(asset__in=assets) | Q(job__assets__in=assets)).values("job")
    masks = Asset.objects.filter(kind=AssetKind.MASK, person=person, used_in__job__in=runs)
    keys = set(masks.values_list("pk", flat=True))
    if not keys:
        return
    under_it = JobInput.objects.filter(job=OuterRef("job"), asset__visibility=Visibility.WORKSPACE)
    used = JobInput.objects.filter(asset__in=keys)
    is_open = Q(job__visibility=Visibility.WORKSPACE) | ~Q(job__person=person)
    seen = set(
        used.filter(is_open | Exists(under_it.exclude(asset__kind=AssetKind.MASK))).values_list("asset", flat=True)
    )
    Asset.objects.filter(pk__in=seen).update(visibility=Visibility.WORKSPACE)
    Asset.objects.filter(pk__in=keys - seen).update(visibility=Visibility.PRIVATE)


# --- what somebody left behind --------------------------------------------------------------------------------------


def left_behind(workspace: Workspace) -> list[User]:
    """Who has left the workspace with private pictures or collections in it, which nobody manages now."""
    kept = Asset.objects.own_of(OuterRef("pk"), workspace).pictures().filter(visibility=Visibility.PRIVATE)
    filed = _kept_in(workspace, OuterRef("pk")).filter(items__isnull=False)
    gone = User.objects.exclude(memberships__workspace=workspace).filter(accounts__workspace=workspace)
    return list(gone.filter(Exists(kept) | Exists(filed)).distinct().order_by("name", "email"))


def _kept_in(workspace: Workspace, person: User | OuterRef) -> QuerySet[Collection]:
    """Their private collections; what they nested in somebody else's is that one's."""
    top = Q(parent=None) | Q(parent__owner=person)
    return Collection.objects.filter(top, workspace=workspace, owner=person, visibility=Visibility.PRIVATE)


@transaction.atomic
def take_over(by: Membership, person: User) -> int:
    """Share with the workspace what somebody who has left it kept to themselves; how many. Raises NotAllowed."""
    roles.require_of(by, May.STEER)
    if by.workspace.members.filter(pk=person.pk).exists():
        raise NotAllowed("What members keep to themselves is theirs.")
    private = Asset.objects.filter(workspace=by.workspace, person=person, visibility=Visibility.PRIVATE)
    private = private.exclude(state=AssetState.PURGED)
    naming.lock(private.values_list("pk", flat=True))
    Job.objects.filter(pk__in=private.values("job")).update(visibility=Visibility.WORKSPACE)
    taken = list(private.values_list("pk", flat=True))
    Asset.objects.filter(pk__in=taken).update(visibility=Visibility.WORKSPACE)
    _take_over_collections(by, person)
    facets.index([*taken, *naming.follow(taken)])
    return len(taken)


def _take_over_collections(by: Membership, person: User) -> None:
    """What they kept their pictures in would be seen by nobody, either, and managed by few."""
    theirs = Collection.objects.filter(workspace=by.workspace, owner=person)
    # Nested in somebody else's, it is opened and closed with that one.
    outer = Collection.objects.filter(pk=OuterRef("parent")).values("owner")[:1]
    theirs.filter(parent__isnull=False).exclude(parent__owner=person).update(owner=Subquery(outer))
    taken = list(theirs.values_list("pk", flat=True))
    Collection.objects.filter(Q(pk__in=taken) | Q(parent__in=taken)).update(visibility=Visibility.WORKSPACE)
    Collection.objects.filter(pk__in=taken).update(owner=by.person)
