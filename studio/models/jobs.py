"""Jobs: one request and its story; attempts: one paid try each; results: one promised picture each."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Now

from studio.models.ids import new_public_id
from studio.models.people import User, Visibility, Workspace
from studio.models.providers import Checkpoint, Host, ProviderAccount
from studio.models.scopes import ScopedQuerySet
from studio.models.statements import note, value


class JobState(models.TextChoices):
    HELD = "held"
    QUEUED = "queued"
    RUNNING = "running"
    SAVING = "saving"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELED = "canceled"
    EXPIRED = "expired"
    LOST = "lost"


UNSENT = (JobState.HELD, JobState.QUEUED)
OPEN = (JobState.HELD, JobState.QUEUED, JobState.RUNNING, JobState.SAVING, JobState.UNKNOWN)
TERMINAL = (JobState.DONE, JobState.PARTIAL, JobState.FAILED, JobState.CANCELED, JobState.EXPIRED, JobState.LOST)

# Every pair the database lets through; the guards are made from these tables.
JOB_MOVES: dict[str, tuple[str, ...]] = {
    "held": ("queued", "canceled", "expired"),
    "queued": ("running", "canceled", "failed", "expired"),
    "running": ("queued", "failed", "saving", "unknown", "lost"),
    "unknown": ("saving", "failed", "lost"),
    # Only a local job fails from here (see LOCAL): nothing was paid, so nothing can be lost.
    "saving": ("done", "partial", "lost", "failed"),
}

# How far back a person's earlier prompts are looked for, in jobs, and how many of them are shown.
PROMPTS_REACH = 1000
MOST_PROMPTS = 40

# The operation of jobs that the studio carries out itself, for 0 units. They are born `saving`, so no caller ever
# claims one, and have neither attempts nor results nor entries in the ledger.
LOCAL = "finish"


class JobQuerySet(ScopedQuerySet["Job"]):
    """A job is shared as long as one of its pictures is, or while it has none, if its pictures will be."""

    def for_cards(self) -> Self:
        """With what a run card shows, but for its pictures: those are looked up for whoever looks."""
        return self.select_related("person", "provider_account", "workspace", "style")

    def cancel(self, pk: int) -> bool:
        """Cancel a job that has not been sent yet; False if it is too late."""
        # One UPDATE decides against a caller that claims the job at the same moment.
        changed = self.filter(pk=pk, state__in=UNSENT).update(
            state=JobState.CANCELED, canceled_at=Now(), ended_at=Now(), charged_units=0
        )
        return changed == 1

    def move(self, pk: int, before: str | tuple[str, ...], after: str, **changes: Any) -> bool:
        """Move one job on if it still is where we think it is; False if somebody else was first."""
        if after in TERMINAL:
            changes.setdefault("ended_at", Now())
        before = (before,) if isinstance(before, str) else before
        return self.filter(pk=pk, state__in=before).update(state=after, **changes) == 1

    def under_way(self) -> Self:
        """Everything that may still change."""
        # What has ended says when. So SQLite finds `job_under_way`; through a list of states it does not see.
        return self.filter(state__in=OPEN, ended_at=None)

    def local_due(self) -> Self:
        """Local jobs that nobody works on, or whose worker shows no more signs of life."""
        return self.filter(operation=LOCAL, state=JobState.SAVING, not_before__lte=Now())

    def prompts_of(self, person: User, workspace: Workspace, words: str = "") -> list[str]:
        """
        What a person has asked for in a workspace, each prompt once, the newest first; `words` must all be in it.

        Only their newest jobs are looked at, so that a long history costs no more than a short one.
        """
        newest = self.own_of(person, workspace).order_by("-id").values("pk")[:PROMPTS_REACH]
        # As plain text: a key of JSON compares by rules of its own.
        said = Coalesce(KT("params__prompt"), models.Value(""), output_field=models.TextField())
        found = self.filter(pk__in=newest, images__gt=0).annotate(said=said).exclude(said="")
        for word in words.split():
            found = found.filter(said__icontains=word)
        each_once = found.values("said").annotate(last=models.Max("pk")).order_by("-last")
        return list(each_once.values_list("said", flat=True)[:MOST_PROMPTS])

    def waiting_at(self, account: ProviderAccount) -> Self:
        """Those that may be sent as soon as there is room."""
        return self.filter(provider_account=account, state=JobState.QUEUED, workspace__stopped_at=None)


class Job(models.Model):
    """One request to Recraft, or to the studio itself: what was asked, what it cost, how it ended.

    held -> queued -> running -> saving -> done | partial; JOB_MOVES has all the ways a job may go.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="jobs")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="jobs")
    provider_account = models.ForeignKey(ProviderAccount, models.PROTECT, related_name="jobs")
    # Who sees it. Its pictures begin as it is; what becomes of them is theirs.
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.WORKSPACE)
    operation = models.CharField(max_length=40)
    params = models.JSONField(default=dict)  # the values of the catalogue's params
    name = models.CharField(max_length=60, blank=True)  # what the person calls what comes of it
    # The custom style it draws with; none for a style that was made elsewhere.
    style = models.ForeignKey("CustomStyle", models.PROTECT, null=True, related_name="jobs")
    image_model = models.CharField(max_length=40, blank=True)
    images = models.PositiveSmallIntegerField(default=1)
    key = models.CharField(max_length=64)  # idempotency key, chosen by the page
    fingerprint = models.CharField(max_length=64)  # of the request that first came with the key
    twin = models.CharField(max_length=64, blank=True)  # the same for every job that asks for the same
    quoted_units = models.PositiveIntegerField()
    charged_units = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    reason = models.CharField(max_length=400, blank=True)  # shown to the person
    tries = models.PositiveSmallIntegerField(default=0)  # tries that the provider may have seen; of a local job, all
    not_before = models.DateTimeField(db_default=Now())  # of a local job that is being worked on: its lease
    created_at = models.DateTimeField(db_default=Now())
    approved_at = models.DateTimeField(null=True)  # by whom: its request
    started_at = models.DateTimeField(null=True)
    canceled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="job_key_unique"),
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_state"),
            models.CheckConstraint(condition=models.Q(visibility__in=Visibility.values), name="job_visibility"),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="job_feed"),
            models.Index(fields=["workspace", "-id"], name="job_shared", condition=models.Q(visibility="workspace")),
            models.Index(fields=["workspace", "twin"], name="job_twins", condition=models.Q(state="done")),
            models.Index(fields=["workspace", "person", "-id"], name="job_feed_mine"),
            models.Index(
                fields=["provider_account", "person", "id"], name="job_turns", condition=models.Q(state="queued")
            ),
            models.Index(
                fields=["state", "id"],
                name="job_open",
                condition=models.Q(state__in=["held", "queued", "running", "saving", "unknown"]),
            ),
            models.Index(fields=["workspace", "person"], name="job_under_way", condition=models.Q(ended_at=None)),
            models.Index(fields=["workspace"], name="job_lost", condition=models.Q(state="lost")),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.public_id}"

    @property
    def is_finished(self) -> bool:
        return self.state in TERMINAL

    @property
    def is_local(self) -> bool:
        """Whether the studio does it itself, for 0 units."""
        return self.operation == LOCAL

    @property
    def is_unsent(self) -> bool:
        return self.state in UNSENT

    @property
    def prompt(self) -> str:
        return str(self.params.get("prompt") or "")

    @property
    def seed(self) -> int | None:
        seed: int | None = self.params.get("random_seed")
        return seed

    @property
    def answer(self) -> dict[str, Any]:
        """What the provider answered, for a job that brings words instead of pictures; empty until then."""
        done = next((each for each in self.attempts.all() if each.state == AttemptState.SUCCEEDED), None)
        return (done and done.answer) or {}

    @property
    def aspect(self) -> str:
        return str(self.params.get("size") or "1:1")

    @property
    def slots(self) -> list[Result | None]:
        """One place per promised picture, in order; None until the provider has answered."""
        found: list[Result | None] = list(self.results.all())
        return found + [None] * (self.images - len(found)) if not self.is_finished else found


class AttemptState(models.TextChoices):
    SENDING = "sending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"
    RESOLVED_UNBILLED = "resolved_unbilled"
    RESOLVED_BILLED = "resolved_billed"


ATTEMPT_MOVES: dict[str, tuple[str, ...]] = {
    "sending": ("succeeded", "failed", "unknown"),
    "unknown": ("succeeded", "resolved_unbilled", "resolved_billed"),
}


class Attempt(models.Model):
    """One paid try. The caller chooses the id and holds its lock file before this row exists."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(Job, models.PROTECT, related_name="attempts")
    provider_account = models.ForeignKey(ProviderAccount, models.PROTECT, related_name="attempts")
    host = models.ForeignKey(Host, models.PROTECT, related_name="attempts")
    state = models.CharField(max_length=20, choices=AttemptState.choices, default=AttemptState.SENDING)
    images = models.PositiveSmallIntegerField()
    claimed_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)  # when the whole body had left
    ended_at = models.DateTimeField(null=True)
    units = models.PositiveIntegerField(null=True)  # what the answer said it charged
    answer = models.JSONField(null=True)
    error = models.CharField(max_length=40, blank=True)  # class of studio.recraft.errors
    error_text = models.TextField(blank=True)  # for the log, never for the page
    # The balance that accounts for it; none for what was never billed, and until there is one.
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, null=True, related_name="attempts")

    class Meta:
        constraints = [
            # A second paid call for one job is impossible here, whatever the code does.
            models.UniqueConstraint(
                fields=["job"],
                condition=models.Q(state__in=["sending", "succeeded", "unknown"]),
                name="attempt_one_live",
            ),
            models.CheckConstraint(condition=models.Q(state__in=AttemptState.values), name="attempt_state"),
        ]
        indexes = [
            models.Index(fields=["provider_account", "-claimed_at"], name="attempt_window"),
            models.Index(
                fields=["provider_account", "claimed_at"], name="attempt_failed", condition=~models.Q(error="")
            ),
            models.Index(fields=["host"], name="attempt_sending", condition=models.Q(state="sending")),
            models.Index(
                fields=["provider_account", "state"],
                name="attempt_to_explain",
                condition=models.Q(checkpoint=None, state__in=["sending", "succeeded", "unknown"]),
            ),
        ]


class ResultState(models.TextChoices):
    WAITING = "waiting"
    SAVING = "saving"
    DONE = "done"
    LOST = "lost"


OPEN_RESULT = models.Q(state="waiting") | models.Q(state="saving")
RESULT_MOVES: dict[str, tuple[str, ...]] = {
    "waiting": ("saving", "lost"),
    "saving": ("done", "lost"),
}


class ResultQuerySet(models.QuerySet["Result"]):
    def open(self) -> Self:
        # The condition of `result_open`, word for word, since SQLite takes the index for nothing else.
        return self.filter(OPEN_RESULT)

    def due(self) -> Self:
        """Open, not leased by a worker that still shows signs of life, and not put off."""
        return self.open().filter(models.Q(lease_until=None) | models.Q(lease_until__lt=Now()), not_before__lte=Now())


class Result(models.Model):
    """One picture promised by an attempt: its id and URL are committed before anything is downloaded."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="results")
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="results")
    index = models.PositiveSmallIntegerField()
    image_id = models.CharField(max_length=64)  # the provider's
    url = models.TextField()
    url_deadline = models.DateTimeField()
    units = models.PositiveIntegerField(default=0)  # this picture's share of the charge
    state = models.CharField(max_length=10, choices=ResultState.choices, default=ResultState.WAITING)
    reason = models.CharField(max_length=400, blank=True)
    tries = models.PositiveIntegerField(default=0)
    gone_tries = models.PositiveSmallIntegerField(default=0)  # answers that said the file is not there
    bad_tries = models.PositiveSmallIntegerField(default=0)  # files that could not be a picture
    not_before = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = ResultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "index"], name="result_unique"),
            models.CheckConstraint(condition=models.Q(state__in=ResultState.values), name="result_state"),
        ]
        indexes = [
            models.Index(fields=["job", "index"], name="result_slots"),
            models.Index(fields=["image_id"], name="result_image"),
            models.Index(fields=["url_deadline"], name="result_open", condition=OPEN_RESULT),
        ]


_KEPT = 'SELECT 1 FROM studio_draft WHERE person_id = %s AND workspace_id = %s AND "values" = %s'
_KEEP = 'UPDATE studio_draft SET "values" = %s, saved_at = {now} WHERE person_id = %s AND workspace_id = %s'


class DraftQuerySet(models.QuerySet["Draft"]):
    def own_of(self, person: User, workspace: Workspace) -> Self:
        """A draft is nobody else's."""
        return self.filter(person=person, workspace=workspace)


class Draft(models.Model):
    """What a person was about to ask for, kept as they type."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "person"], name="draft_unique")]

    @classmethod
    def keep(cls, person: User, workspace: Workspace, values: dict[str, Any]) -> None:
        """Write down what stands in the composer now."""
        # Kept a moment ago, most of the time; and a write stands in the way of the run that was just submitted.
        mine = (person.pk, workspace.pk)
        if not value(_KEPT, *mine, values) and not note(_KEEP, values, *mine):
            cls.objects.update_or_create(person=person, workspace=workspace, defaults={"values": values})
