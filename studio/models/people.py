"""People, the workspaces they share, and the links that let a new one in."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower, Now
from django.utils import timezone

from studio.models.ids import new_public_id
from studio.models.roles import ROLES, May, Role, allows


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
    # Where a new session of theirs begins. What a session has chosen since stands in the session.
    last_workspace = models.ForeignKey("Workspace", models.SET_NULL, null=True, related_name="+")
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


class Visibility(models.TextChoices):
    """Who of the workspace sees something: its person alone, or everybody."""

    PRIVATE = "private"
    WORKSPACE = "workspace"


class Workspace(models.Model):
    """People who share a gallery and a budget."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=64, default="UTC")
    # What a picture is at first. Whose it is can change that for each.
    new_pictures = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.WORKSPACE)
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

    def may(self, may: May) -> bool:
        return allows(self.role, may)

    @property
    def may_judge(self) -> bool:
        return self.may(May.JUDGE)

    @property
    def may_make(self) -> bool:
        return self.may(May.MAKE)

    @property
    def may_steward(self) -> bool:
        return self.may(May.STEER)

    @property
    def may_own(self) -> bool:
        return self.may(May.OWN)


class LinkQuerySet(models.QuerySet["Any"]):
    def usable(self) -> Self:
        return self.filter(used_at=None, expires_at__gt=Now())

    def spend(self, token_hash: str) -> bool:
        """Use a link up; False if it was used, is too old or never was."""
        # One UPDATE decides between two browsers that post the same link at the same moment.
        return self.usable().filter(token_hash=token_hash).update(used_at=Now()) == 1


class InvitationQuerySet(LinkQuerySet):
    def usable(self) -> Self:
        """Those of somebody who could give them now: else whoever is removed lets themselves in again."""
        givers = Membership.objects.filter(
            workspace=OuterRef("workspace"), person=OuterRef("created_by"), person__is_active=True
        )
        of_owners = Exists(givers.filter(role__in=ROLES[May.OWN]))
        of_stewards = Exists(givers.filter(role__in=ROLES[May.STEER])) & ~models.Q(role=Role.OWNER)
        return super().usable().filter(of_owners | of_stewards)

    def unused(self) -> Self:
        """Those that nobody came in by, also those that are too old by now."""
        return self.filter(used_at=None)

    def to_send(self) -> Self:
        """Those whose e-mail should have left by now."""
        return self.usable().filter(send_at__lte=Now())


class Invitation(models.Model):
    """A link that lets one person into a workspace, once. Only its hash is kept.

    One with an address is sent there: the link is made when its e-mail is written, so nothing else ever holds it.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.EDITOR)
    note = models.CharField(max_length=120, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True)  # when its e-mail is due; none once it has left, or was given up
    send_tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            # Inviting an address again sends the one invitation again.
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=models.Q(used_at=None) & ~models.Q(email=""),
                name="invitation_address",
            ),
        ]
        indexes = [
            models.Index(fields=["send_at"], name="invitation_to_send", condition=models.Q(send_at__isnull=False)),
        ]

    @property
    def is_old(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def could_not_be_sent(self) -> bool:
        return bool(self.email) and self.send_at is None and self.sent_at is None


class SignInLink(models.Model):
    """The link printed at the first start. It signs the owner in once; only its hash is kept."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = LinkQuerySet.as_manager()
