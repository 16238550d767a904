"""What a picture is called that was made without words: what was done, and to what, as a search finds it.

What it was done to is told only as long as whoever sees the picture sees that one as well. So a name is made anew when
either of them is shared or taken back, and so are those that go on from it.
"""

from collections.abc import Collection

from django.db import connection
from django.db.models import Q

from studio.models import Asset, Job, JobInput, Visibility

MOST_LETTERS = 120
BETWEEN = ": "  # what was done, and to what
SOURCE = "image"  # the param that names it


def named(done: str, source: Asset, made: Asset | Job) -> str:
    """`made`: the picture, or its job as long as there is none."""
    is_theirs = made.visibility == Visibility.PRIVATE and made.person_id == source.person_id
    is_told = is_theirs or source.visibility == Visibility.WORKSPACE
    return (f"{done}{BETWEEN}{source.subject}" if is_told else done)[:MOST_LETTERS]


def source_of(job: Job) -> Asset | None:
    """What a job that has no words starts from, held until the transaction ends, for the name of what comes of it.

    Whoever takes it back meanwhile waits, and finds the picture that is to be called something else. To be asked for
    before the job's row, since they hold pictures first as well.
    """
    found = JobInput.objects.filter(job=job, param=SOURCE).select_related("asset__job")
    first = None if job.prompt else found.select_for_update(no_key=True, of=("asset",)).first()
    return first.asset if first else None


def lock(assets: Collection[int]) -> None:
    """Before others see these pictures than before: hold them, and all that may be called something else then.

    In the order of their ids, so that two who share or take back, or one of them and whoever rates, wait rather than
    deadlock.
    """
    if not connection.features.has_select_for_update:
        return
    family, wave = set(assets), set(assets)
    while wave:
        wave = {made.pk for each in _without_words(wave) for made in each.job.assets.all()} - family
        family |= wave
    held = Asset.objects.filter(pk__in=family).order_by("pk").select_for_update(no_key=True)
    list(held.values_list("pk", flat=True))


def follow(assets: Collection[int]) -> set[int]:
    """After others see these pictures than before: those that are called something else now."""
    renamed, wave = set[int](), set(assets)
    while wave:
        wave = _named_anew(wave)
        renamed |= wave
    return renamed


def _named_anew(assets: Collection[int]) -> set[int]:
    """Of these pictures and those made of them."""
    renamed = set[int]()
    for each in _without_words(assets):
        for made in each.job.assets.all():
            name = named(made.name.partition(BETWEEN)[0], each.asset, made)
            if made.name and name != made.name:
                Asset.objects.filter(pk=made.pk).update(name=name)
                renamed.add(made.pk)
    return renamed


def _without_words(assets: Collection[int]) -> list[JobInput]:
    """What the jobs without words start from that made these pictures, or start from them."""
    jobs = Asset.objects.filter(pk__in=assets).exclude(job=None).values("job")
    used = JobInput.objects.filter(Q(asset__in=assets) | Q(job__in=jobs), param=SOURCE)
    found = used.select_related("job", "asset__job").prefetch_related("job__assets")
    return [each for each in found if not each.job.prompt]
