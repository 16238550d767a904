"""The door in front of every service: may this person do that in this workspace, by their role there now?"""

from studio.errors import NotAllowed
from studio.models import Membership, User, Workspace
from studio.models.roles import REFUSALS, May, allows
from studio.models.statements import value

# Every submit waits for it.
_ROLE = "SELECT role FROM studio_membership WHERE person_id = %s AND workspace_id = %s"


def may(person: User, workspace: Workspace | int, what: May) -> bool:
    """Whether they may. Asked of the database each time, so a change counts from the next request on."""
    return allows(value(_ROLE, person.pk, getattr(workspace, "pk", workspace)), what)


def require(person: User, workspace: Workspace | int, what: May) -> None:
    """Raises NotAllowed, with what to do next."""
    if not may(person, workspace, what):
        raise NotAllowed(REFUSALS[what])


def require_of(by: Membership, what: May) -> None:
    """The same for a membership at hand. Raises NotAllowed."""
    if not by.may(what):
        raise NotAllowed(REFUSALS[what])
