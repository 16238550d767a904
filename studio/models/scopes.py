"""Who sees what of a workspace: the only place that decides.

Everything that can be private has two scopes, each of them one range of an index:

* `own_of(person, workspace)`: what somebody made there, private or not;
* `shared_in(workspace)`: what everybody who belongs there sees.

A long list merges the two, newest first (see `newest`). `visible_to` and `editable_by` join them for looking up one
thing, or a few: as one condition, a database would read everything there is to find a page of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self, TypeVar

from django.db import models

from studio.models.people import Membership, User, Visibility, Workspace
from studio.models.roles import ROLES, May

Row = TypeVar("Row", bound=models.Model)


class ScopedQuerySet(models.QuerySet[Row]):
    """Of rows that have a workspace, a person and a visibility."""

    def own_of(self, person: User | models.OuterRef, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace, person=person)

    def shared_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace, visibility=Visibility.WORKSPACE)

    def seen_in(self, person: User, workspace: Workspace) -> Self:
        """Both scopes as one condition, for a few rows of the workspace that a member works in."""
        return self.filter(_sees(person), workspace=workspace)

    def visible_to(self, person: User) -> Self:
        """What a person may look at, in any workspace they belong to now."""
        return self._open_to(person, May.LOOK)

    def editable_by(self, person: User) -> Self:
        """What a person may change, or make something of."""
        return self._open_to(person, May.MAKE)

    def _open_to(self, person: User, may: May) -> Self:
        return self.filter(_sees(person), workspace__in=workspaces_of(person, may))


def _sees(person: User) -> models.Q:
    return models.Q(person=person) | models.Q(visibility=Visibility.WORKSPACE)


def workspaces_of(person: User, may: May) -> Any:
    """The workspaces in which a person may do something, for a condition."""
    return Membership.objects.filter(person=person, role__in=ROLES[may]).values("workspace")


def is_open_to(row: Any, person: User) -> bool:
    """The same for a row at hand, of a workspace that the person is known to belong to."""
    return bool(row.visibility == Visibility.WORKSPACE or row.person_id == person.pk)


def newest(scopes: Iterable[models.QuerySet[Row]], count: int) -> list[int]:
    """The keys of the newest rows of several scopes, each read no further than needed."""
    keys = {key for scope in scopes for key in scope.order_by("-pk").values_list("pk", flat=True)[:count]}
    return sorted(keys, reverse=True)[:count]
