"""Workspaces themselves: making one, and what it is called and how it behaves."""

from django.conf import settings
from django.db import transaction

from studio.errors import InvalidRequest, NotAllowed
from studio.models import May, Membership, Role, User, Visibility, Workspace
from studio.models.roles import ROLES
from studio.services import budgets, facets, members, periods, roles

# Who may make a workspace, by STUDIO_NEW_WORKSPACES: those who may this in one already.
MAKERS: dict[str, May | None] = {"owners": May.OWN, "admins": May.STEER, "everybody": May.LOOK, "nobody": None}
LONGEST_NAME = 80  # characters


def may_make(person: User) -> bool:
    """Whether this studio lets them make a workspace."""
    needed = MAKERS[settings.STUDIO_NEW_WORKSPACES]
    return needed is not None and Membership.objects.filter(person=person, role__in=ROLES[needed]).exists()


@transaction.atomic
def make(person: User, name: str, time_zone: str) -> Membership:
    """A new workspace with its own units and its maker as its owner. Raises NotAllowed, InvalidRequest."""
    if not may_make(person):
        raise NotAllowed("In this studio you can't make a workspace. Ask an owner.")
    workspace = Workspace.objects.create(name=_name(name), time_zone=_zone(time_zone))
    return members.add(workspace, person, Role.OWNER)


@transaction.atomic
def change(by: Membership, name: str, time_zone: str, new_pictures: str) -> None:
    """Name, clock, and who sees what is new. Raises NotAllowed, InvalidRequest."""
    roles.require_of(by, May.STEER)
    if new_pictures not in Visibility.values:
        raise InvalidRequest({"new_pictures": "There is no such choice."})
    Workspace.objects.filter(pk=by.workspace_id).update(name=_name(name), new_pictures=new_pictures)
    if _zone(time_zone) != by.workspace.time_zone:
        budgets.set_time_zone(by, time_zone)
        facets.wait(by.workspace_id)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidRequest({"name": "Give it a name."})
    if len(name) > LONGEST_NAME:
        raise InvalidRequest({"name": f"At most {LONGEST_NAME} characters."})
    return name


def _zone(name: str) -> str:
    if periods.zone_of(name) is None:
        raise InvalidRequest({"time_zone": "There is no such time zone."})
    return name
