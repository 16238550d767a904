"""What the gallery finds, for actions: which pictures a search matches, and that some pictures have changed."""

from collections.abc import Iterable

from studio.models import User, Workspace
from studio.services import facets, gallery, queries

MOST = 100_000  # pictures that one action takes on


def changed(asset_ids: Iterable[int]) -> None:
    """These pictures may be found by other things from now on. The one place that tells the gallery's index."""
    facets.index(asset_ids)


def matching(person: User, workspace: Workspace, query: str) -> list[int]:
    """The ids of what a search of the gallery matches, as its address says it, newest first; at most MOST."""
    asked = queries.Query.read(query, workspace)
    return gallery.ids(person, workspace, asked.search(person), MOST)
