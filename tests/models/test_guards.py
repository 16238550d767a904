"""What the database refuses, whatever the code does."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models.functions import Now

from studio import checks
from studio.models import Attempt, Entry, Host, Job, JobState, User, guards
from studio.models.jobs import JOB_MOVES
from tests.fixtures import submit

pytestmark = pytest.mark.django_db


def test_every_guard_is_there_after_migrate():
    assert guards.present() == guards.names()
    assert checks.guards_are_there(None, databases=["default"]) == []


def test_a_missing_guard_is_reported_with_a_way_out():
    with connection.cursor() as cursor:
        on = " ON studio_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER studio_entry_no_delete{on}")
    (error,) = checks.guards_are_there(None, databases=["default"])
    assert "studio_entry_no_delete" in error.msg
    assert "migrate" in error.hint


@pytest.mark.parametrize("statement", ["UPDATE studio_entry SET units = 0", "DELETE FROM studio_entry"])
def test_a_ledger_entry_is_never_changed(alice: User, statement: str):
    submit(alice)
    before = list(Entry.objects.order_by("id").values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Entry.objects.order_by("id").values()) == before


@pytest.mark.parametrize("before", JobState.values)
@pytest.mark.parametrize("after", JobState.values)
def test_a_job_moves_only_where_it_may(alice: User, before: str, after: str):
    job = submit(alice)
    guards.remove()
    Job.objects.filter(pk=job.pk).update(state=before)
    guards.install()
    if before == after or after in JOB_MOVES.get(before, ()):
        assert Job.objects.filter(pk=job.pk).update(state=after) == 1
    else:
        with pytest.raises(DatabaseError, match="can not follow"), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(state=after)


@pytest.mark.parametrize("state", ["sending", "succeeded", "unknown"])
def test_a_second_paid_call_is_impossible(alice: User, state: str):
    job = submit(alice)
    host = Host.objects.create(pk="h")
    Attempt.objects.create(job=job, provider_account=job.provider_account, host=host, images=1, state=state)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(job=job, provider_account=job.provider_account, host=host, images=1)


def test_a_failed_attempt_leaves_room_for_another(alice: User):
    job = submit(alice)
    host = Host.objects.create(pk="h")
    for _ in range(3):
        attempt = Attempt.objects.create(job=job, provider_account=job.provider_account, host=host, images=1)
        Attempt.objects.filter(pk=attempt.pk).update(state="failed", ended_at=Now())
    assert job.attempts.count() == 3


def test_two_people_cannot_have_one_address(alice: User):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="ALICE@example.com")
