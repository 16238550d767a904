"""Tags that exist: proposed only from pictures that the person sees, so that no tag tells of somebody else's."""

from studio.models import Asset, User, Workspace
from studio.services.verbs import normal_tag

REACH = 1000  # tagged pictures that are looked at, the newest first
MOST = 12


def suggested(person: User, workspace: Workspace, typed: str) -> list[str]:
    """Tags that go on with what is typed, those used most first."""
    start = normal_tag(typed.rpartition(",")[2])
    seen = Asset.objects.visible_to(person).filter(workspace=workspace).exclude(tags=[]).order_by("-pk")
    counts: dict[str, int] = {}
    for tags in seen.values_list("tags", flat=True)[:REACH]:
        for tag in tags:
            if tag.startswith(start):
                counts[tag] = counts.get(tag, 0) + 1
    return sorted(counts, key=lambda tag: (-counts[tag], tag))[:MOST]
