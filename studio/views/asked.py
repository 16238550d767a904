"""The pictures that a request names: `asset` again and again, `assets` with commas between, or a whole search."""

from collections.abc import Sequence
from typing import Any

from studio.models import Asset, User
from studio.services import searches
from studio.views.doors import StudioRequest, enter

MOST = 20_001  # one more than anything takes at once, so that too many are refused and not cut off
CHUNK = 1_000  # names in one query


def asked(request: StudioRequest) -> list[str]:
    """Their public ids, each once, in the order they were named."""
    sent = request.POST if request.method == "POST" else request.GET
    names = [*sent.getlist("asset"), *",".join(sent.getlist("assets")).split(",")]
    return list(dict.fromkeys(name for name in names if name))[:MOST]


def go_where(request: StudioRequest, names: Sequence[str]) -> None:
    """Make this page one of the workspace of the first of these pictures, which may not be the session's."""
    first = Asset.objects.visible_to(request.user).filter(public_id__in=names[:1]).first()
    if first:
        enter(request, first.workspace_id)


def whole(request: StudioRequest) -> dict[str, Any]:
    """For a form that goes on with a whole search: its words; nothing where pictures are named."""
    everything = request.POST.get("all") == "1"
    return {"everything": True, "search": request.POST.get("search", "")[:2000]} if everything else {}


def keys(request: StudioRequest) -> list[int]:
    """The keys of what a request names, or of all that its search of the gallery matches (`all` and `search`)."""
    if search := whole(request):
        return searches.matching(request.user, request.membership.workspace, search["search"])
    return keys_of(request.user, asked(request))


def keys_of(person: User, names: Sequence[str]) -> list[int]:
    """The keys of those that the person sees, in the same order."""
    found: dict[str, int] = {}
    for at in range(0, len(names), CHUNK):
        seen = Asset.objects.visible_to(person).filter(public_id__in=names[at : at + CHUNK])
        found |= dict(seen.values_list("public_id", "pk"))
    return [found[name] for name in names if name in found]
