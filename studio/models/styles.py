"""Custom styles: a look that a person made of pictures or of other styles, kept at the provider under an id.

And which of the built-in ones a person likes.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from studio.models.ids import new_public_id
from studio.models.jobs import Job
from studio.models.people import User, Workspace
from studio.models.providers import ProviderAccount
from studio.models.roles import May
from studio.models.scopes import workspaces_of

NAMELESS = "Custom style"


class CustomStyleQuerySet(models.QuerySet["CustomStyle"]):
    """A style is the workspace's: everybody there may draw with it."""

    def visible_to(self, person: User) -> Self:
        """Every style of the person's workspaces, deleted ones too: pictures made with them still name them."""
        return self.filter(workspace__in=workspaces_of(person, May.LOOK))

    def editable_by(self, person: User) -> Self:
        """Those a person may delete: their own, where they may make things, and all where they run the workspace."""
        mine = models.Q(person=person, workspace__in=workspaces_of(person, May.MAKE))
        return self.filter(mine | models.Q(workspace__in=workspaces_of(person, May.STEER)))

    def usable_at(self, account: ProviderAccount) -> Self:
        """The provider knows a style on the account that made it, and nowhere else."""
        return self.filter(provider_account=account, deleted_at=None)

    def keep(self, job: Job, style_id: str) -> None:
        """Note the style that a job has brought. A second time changes nothing."""
        style = CustomStyle(
            job=job,
            workspace_id=job.workspace_id,
            person_id=job.person_id,
            provider_account_id=job.provider_account_id,
            style_id=style_id.lower(),
            name=job.name or NAMELESS,
            image_model=job.image_model,
        )
        # In one statement: a paid answer is recorded whatever else was recorded before.
        self.bulk_create([style], ignore_conflicts=True)


class CustomStyle(models.Model):
    """One style. It works with the image model it was made for, on the account it was made on."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="styles")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="styles")
    provider_account = models.ForeignKey(ProviderAccount, models.PROTECT, related_name="styles")
    job = models.OneToOneField(Job, models.PROTECT, related_name="made_style")
    style_id = models.CharField(max_length=36)  # the provider's, a UUID in small letters
    name = models.CharField(max_length=60)
    image_model = models.CharField(max_length=40)
    created_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)  # when the provider had deleted it too

    objects = CustomStyleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider_account", "style_id"], name="custom_style_unique"),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="custom_style_shelf", condition=models.Q(deleted_at=None)),
        ]

    def __str__(self) -> str:
        return self.name


class FavoriteStyle(models.Model):
    """A built-in style that one person wants at hand, with the image model that draws in it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favorite_styles")
    image_model = models.CharField(max_length=40)
    style = models.CharField(max_length=60)  # its name, as the API writes it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "image_model", "style"], name="favorite_style_unique")]

    def __str__(self) -> str:
        return self.style
