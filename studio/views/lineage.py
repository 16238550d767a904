"""Where a picture came from, step by step, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from studio.models import Asset, AssetKind, Decision, User
from studio.views.cards import operation_label

MOST_STEPS = 12  # back; a longer way begins in the middle
MOST_CHILDREN = 60


@dataclass(frozen=True)
class Step:
    """One picture and what made it. `units` is its share of what that cost."""

    asset: Asset

    @property
    def label(self) -> str:
        return operation_label(self.asset.job) if self.asset.job else "Added"

    @property
    def units(self) -> int:
        return self.asset.result.units if self.asset.result else 0


@dataclass(frozen=True)
class Lineage:
    """`way` leads from the first picture to this one; the rest was made of this one."""

    way: list[Step]
    versions: list[Step]
    candidates: list[Step]
    discarded: list[Step]

    @property
    def units(self) -> int:
        """What the whole way to this picture cost."""
        return sum(step.units for step in self.way)

    @property
    def is_worth_showing(self) -> bool:
        return len(self.way) > 1 or bool(self.versions or self.candidates or self.discarded)


def lineage(person: User, asset: Asset) -> Lineage:
    """The story of a picture, as far as the person may see it; what was purged keeps its place in it."""
    made = Asset.objects.known_to(person).pictures().filter(job__inputs__asset=asset).distinct()
    children = list(made.select_related("job", "result").order_by("id")[:MOST_CHILDREN])
    return Lineage(
        way=[Step(each) for each in reversed([asset, *_before(person, asset)])],
        versions=[Step(each) for each in children if _is_version(each)],
        candidates=[Step(each) for each in children if each.decision == Decision.OPEN and not _is_version(each)],
        discarded=[Step(each) for each in children if each.decision == Decision.DISCARDED],
    )


def _is_version(asset: Asset) -> bool:
    """Whether it was accepted; what the studio made itself was asked for as it is, and needs no decision."""
    local = asset.job is not None and asset.job.is_local
    return asset.decision == Decision.ACCEPTED or (local and asset.decision == Decision.OPEN)


def _before(person: User, asset: Asset) -> Iterable[Asset]:
    """The pictures it was made from, the nearest first."""
    visible = Asset.objects.known_to(person).exclude(kind=AssetKind.MASK).select_related("job", "result")
    here: Asset | None = asset
    for _ in range(MOST_STEPS):
        here = visible.filter(used_in__job=here.job_id).first() if here and here.job_id else None
        if here is None:
            return
        yield here
