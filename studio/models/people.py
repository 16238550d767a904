"""People, the workspaces they share, and the links that let a new one in."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Now

from studio.models.ids import new_public_id


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db, force_insert=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the name they sign in with, in any case."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        words = (self.name or self.email.partition("@")[0]).replace(".", " ").split()
        return "".join(word[0] for word in words[:2]).upper() or "?"


class Role(models.TextChoices):
    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    VIEWER = "viewer"


MAKERS = (Role.OWNER, Role.ADMIN, Role.EDITOR)  # may spend units
STEWARDS = (Role.OWNER, Role.ADMIN)  # may invite, and steer units


class Workspace(models.Model):
    """People who share a gallery and a budget."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=64, default="UTC")
    # The emergency stop: nothing is taken on, and nothing that waits is sent.
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    stopped_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    members = models.ManyToManyField(User, through="Membership", related_name="workspaces")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in a workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "person"], name="membership_unique"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role"),
        ]

    @property
    def may_make(self) -> bool:
        return self.role in MAKERS

    @property
    def may_judge(self) -> bool:
        return self.role in (*MAKERS, Role.REVIEWER)

    @property
    def may_steward(self) -> bool:
        return self.role in STEWARDS


class LinkQuerySet(models.QuerySet["Any"]):
    def usable(self) -> Self:
        return self.filter(used_at=None, expires_at__gt=Now())

    def spend(self, token_hash: str) -> bool:
        """Use a link up; False if it was used, is too old or never was."""
        # One UPDATE decides between two browsers that post the same link at the same moment.
        return self.usable().filter(token_hash=token_hash).update(used_at=Now()) == 1


class Invitation(models.Model):
    """A link that lets one person into a workspace, once. Only its hash is kept."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.EDITOR)
    note = models.CharField(max_length=120, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")

    objects = LinkQuerySet.as_manager()


class SignInLink(models.Model):
    """The link printed at the first start. It signs the owner in once; only its hash is kept."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = LinkQuerySet.as_manager()
