"""What each role in a workspace may do: the one table of it, which every view and every service asks."""

from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    VIEWER = "viewer"


class May(StrEnum):
    """Something that roles differ in."""

    LOOK = "look"
    JUDGE = "judge"
    MAKE = "make"
    STEER = "steer"
    OWN = "own"


EVERYBODY = (Role.OWNER, Role.ADMIN, Role.EDITOR, Role.REVIEWER, Role.VIEWER)
ROLES: dict[May, tuple[Role, ...]] = {
    May.LOOK: EVERYBODY,
    May.JUDGE: (Role.OWNER, Role.ADMIN, Role.EDITOR, Role.REVIEWER),
    May.MAKE: (Role.OWNER, Role.ADMIN, Role.EDITOR),
    May.STEER: (Role.OWNER, Role.ADMIN),
    May.OWN: (Role.OWNER,),
}
# The same by name, for conditions.
MAKERS, STEWARDS = (ROLES[may] for may in (May.MAKE, May.STEER))
# As people read it, in README.md and beside a role.
WORDS: dict[May, str] = {
    May.LOOK: "look at pictures, download them, mark favorites",
    May.JUDGE: "comment, vote, rate, approve",
    May.MAKE: "make and add pictures, spend units, edit whatever they see",
    May.STEER: "invite people, change roles, give units, set limits, answer requests, change the workspace's settings",
    May.OWN: "make and remove owners, hand the workspace over, say what all of it may spend",
}
REFUSALS: dict[May, str] = {
    May.LOOK: "You don't belong to this workspace.",
    May.JUDGE: "Your role in this workspace can look, but not judge pictures. Ask an owner to change it.",
    May.MAKE: "Your role in this workspace can look, but not make or edit pictures. Ask an owner to change it.",
    May.STEER: "Only owners and admins of the workspace can do this.",
    May.OWN: "Only an owner of the workspace can do this.",
}


def allows(role: str | None, may: May) -> bool:
    """Whether this role may; nobody's, None, may nothing."""
    return role in ROLES[may]
