"""Tags that exist: proposed only from pictures that the person sees, so that no tag tells of somebody else's."""

from studio.models import User, Workspace
from studio.services import gallery
from studio.services.verbs import normal_tag

REACH = 1000  # tags that are looked through, those used most first
MOST = 12


def suggested(person: User, workspace: Workspace, typed: str) -> list[str]:
    """Tags that go on with what is typed after the last comma, those used most first."""
    start = normal_tag(typed.rpartition(",")[2])
    known = gallery.values(person, workspace, "tag", most=REACH)
    return [tag for tag, _ in known if tag.startswith(start)][:MOST]
