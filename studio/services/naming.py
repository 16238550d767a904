"""What a picture is called that was made without words: what was done, and to what, as a search finds it.

What it was done to is told only as long as whoever sees the picture sees that one as well. So a name is made anew when
either of them is shared or taken back, and so are those that go on from it.
"""

from collections.abc import Collection

from django.db.models import Q

from studio.models import Asset, Job, JobInput, Visibility

MOST_LETTERS = 120
BETWEEN = ": "  # what was done, and to what


def named(done: str, source: Asset, made: Asset | Job) -> str:
    """`made`: the picture, or its job as long as there is none."""
    is_theirs = made.visibility == Visibility.PRIVATE and made.person_id == source.person_id
    is_told = is_theirs or source.visibility == Visibility.WORKSPACE
    return (f"{done}{BETWEEN}{source.subject}" if is_told else done)[:MOST_LETTERS]


def follow(assets: Collection[int]) -> set[int]:
    """After others see these pictures than before: those that are called something else now."""
    renamed, wave = set[int](), set(assets)
    while wave:
        wave = _named_anew(wave)
        renamed |= wave
    return renamed


def _named_anew(assets: Collection[int]) -> set[int]:
    """Of these pictures and those made of them."""
    jobs = Asset.objects.filter(pk__in=assets).exclude(job=None).values("job")
    used = JobInput.objects.filter(Q(asset__in=assets) | Q(job__in=jobs), param="image")
    renamed = set[int]()
    for each in used.select_related("job", "asset__job").prefetch_related("job__assets"):
        for made in () if each.job.prompt else each.job.assets.all():
            name = named(made.name.partition(BETWEEN)[0], each.asset, made)
            if made.name and name != made.name:
                Asset.objects.filter(pk=made.pk).update(name=name)
                renamed.add(made.pk)
    return renamed
