"""Custom styles: made by a paid job, offered on the account that knows them, deleted here and at the provider.

And the built-in ones that a person keeps at hand.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from studio import tasks
from studio.errors import InvalidRequest, NotAllowed
from studio.models import CustomStyle, FavoriteStyle, Job, ProviderAccount, User, Workspace
from studio.models.styles import CustomStyleQuerySet
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.styles import find
from studio.services import jobs

CREATE = OPERATIONS["create-style"]
LONGEST_NAME = 60  # characters


def submit(
    person: User, workspace: Workspace, name: str, values: Mapping[str, Any], key: str, book: int | None = None
) -> Job:
    """Have a style made; it is there when the answer is. Raises what `jobs.submit` raises."""
    name = " ".join(name.split())
    if not name:
        raise InvalidRequest({"name": "Give the style a name."})
    if len(name) > LONGEST_NAME:
        raise InvalidRequest({"name": f"At most {LONGEST_NAME} characters."})
    return jobs.submit(person, workspace, CREATE, values, key, name, book)


def offered(person: User, workspace: Workspace, account: ProviderAccount) -> CustomStyleQuerySet:
    """The styles the person can draw with here on this account, newest first."""
    return CustomStyle.objects.visible_to(person).filter(workspace=workspace).usable_at(account).order_by("-id")


def may_delete(person: User, style: CustomStyle) -> bool:
    """Who made it, or who runs the workspace."""
    return CustomStyle.objects.editable_by(person).filter(pk=style.pk).exists()


def delete(person: User, style: CustomStyle) -> None:
    """Take a style away, here at once and then at the provider. Raises NotAllowed."""
    if not may_delete(person, style):
        raise NotAllowed("A style is deleted by who made it, or by an owner or admin of the workspace.")
    with transaction.atomic():
        if CustomStyle.objects.filter(pk=style.pk, deleted_at=None).update(deleted_at=Now()):
            # Only a caller holds the token. A ring that is lost is rung again by the clock.
            transaction.on_commit(lambda: tasks.ring(tasks.forget_style, style.pk))


def favorites(person: User) -> frozenset[tuple[str, str]]:
    """The built-in styles that a person keeps at hand, as (image model, name)."""
    return frozenset(FavoriteStyle.objects.filter(person=person).values_list("image_model", "style"))


def keep_at_hand(person: User, image_model: str, name: str, *, wanted: bool) -> None:
    """Mark a built-in style, or take the mark away. A second time changes nothing. Raises InvalidRequest."""
    if find(image_model, name) is None:
        raise InvalidRequest({"style": "There is no such style."})
    if wanted:
        FavoriteStyle.objects.get_or_create(person=person, image_model=image_model, style=name)
    else:
        FavoriteStyle.objects.filter(person=person, image_model=image_model, style=name).delete()
