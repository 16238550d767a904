"""What people ask of those who may give: to run one job, or to have more units."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from studio.models.caps import Cap
from studio.models.ids import new_public_id
from studio.models.jobs import Job
from studio.models.people import Membership, User, Workspace
from studio.models.roles import May


class RequestState(models.TextChoices):
    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


REQUEST_MOVES: dict[str, tuple[str, ...]] = {"open": ("approved", "declined", "withdrawn")}


class UnitsRequestQuerySet(models.QuerySet["UnitsRequest"]):
    def visible_to(self, membership: Membership) -> Self:
        """Everybody's for who may decide, else one's own."""
        found = self.filter(workspace=membership.workspace_id)
        return found if membership.may(May.STEER) else found.filter(person=membership.person_id)

    def asked_by(self, person: User) -> Self:
        return self.filter(person=person)

    def open(self) -> Self:
        return self.filter(state=RequestState.OPEN)

    def decide(self, pk: int, state: str, **changes: Any) -> bool:
        """Close an open request; False if somebody else was first."""
        return self.open().filter(pk=pk).update(state=state, decided_at=Now(), **changes) == 1

    def withdraw_for(self, job: Job) -> None:
        """The job ended without an answer to its request."""
        self.open().filter(job=job).update(state=RequestState.WITHDRAWN, decided_at=Now())

    def withdraw_all_of(self, member: Membership) -> None:
        """Who asked belongs to the workspace no longer."""
        asked = self.open().filter(workspace=member.workspace_id, person=member.person_id)
        asked.update(state=RequestState.WITHDRAWN, decided_at=Now())


class UnitsRequest(models.Model):
    """A job that waits for approval, or a wish for more units in a window of time."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="requests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="requests")
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="request")
    # Which rule stands in the way: that of a person or of the whole workspace, in which window, for which operation.
    scope = models.CharField(max_length=10, choices=Cap.Scope.choices, default=Cap.Scope.PERSON)
    window = models.CharField(max_length=10, choices=Cap.Window.choices, default=Cap.Window.TOTAL)
    operation = models.CharField(max_length=40, blank=True)
    units = models.PositiveBigIntegerField()  # the job's exact price, or how many more are asked for
    words = models.CharField(max_length=300, blank=True)  # what for
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    answer = models.CharField(max_length=300, blank=True)  # a word from who decided
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = UnitsRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=RequestState.values), name="request_state"),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="request_inbox"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.OPEN
