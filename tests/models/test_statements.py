"""Constant SQL reads and writes what a queryset would."""

import uuid

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, models, transaction

from studio.models import Asset, Attempt, Host, Job, ProviderAccount, Result, User
from studio.models.statements import Select, change, insert, value
from tests.fixtures import Recraft, run_next, submit

pytestmark = pytest.mark.django_db

NOBODY = uuid.UUID(int=0)
BOTH = Select(
    """
    SELECT {attempt}, {job} FROM studio_attempt AS attempt JOIN studio_job AS job ON job.id = attempt.job_id
    WHERE attempt.id = %s
    """,
    attempt=Attempt,
    job=Job,
)


@pytest.fixture
def attempt(alice: User, recraft: Recraft) -> Attempt:
    """An answered one, with a value of every kind."""
    recraft.answer = Recraft.pictures()
    submit(alice)
    run_next()
    return Attempt.objects.select_related("job").get()


def fields(instance: models.Model) -> dict[str, object]:
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


@pytest.mark.parametrize("lock", ["", "attempt"])
def test_a_select_brings_what_a_queryset_brings(attempt: Attempt, lock: str) -> None:
    found, job = BOTH.get(attempt.pk, lock=lock)
    assert fields(found) == fields(attempt)
    assert fields(job) == fields(attempt.job)
    assert attempt.answer and attempt.sent_at and job.params["prompt"]
    job.tries = 2
    job.save()  # it is the same row, not a new one
    assert Job.objects.get().tries == 2


def test_a_row_that_is_not_there_is_none(attempt: Attempt) -> None:
    assert BOTH.first(NOBODY) is None
    assert value("SELECT id FROM studio_job WHERE id = %s", 0) is None
    with pytest.raises(ObjectDoesNotExist):
        BOTH.get(NOBODY)


def test_an_inserted_row_is_known_as_if_it_had_been_saved(attempt: Attempt) -> None:
    job = Job.objects.get()
    asset = Asset(
        workspace_id=job.workspace_id,
        person_id=job.person_id,
        job=job,
        result=Result.objects.get(),
        media_type="image/webp",
        width=1,
        height=1,
        size=1,
        sha256="0" * 64,
        file="a",
        colors=[[1, 2, 3]],
    )
    assert insert(asset)
    assert fields(asset) == fields(Asset.objects.get())


def test_of_two_rows_with_one_unique_value_the_second_is_refused(provider_account: ProviderAccount) -> None:
    assert insert(Host(id="a"))
    assert insert(Host(id="a"), unless_there=True) is False
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Host(id="a"))
    assert Host.objects.count() == 1


def test_a_change_says_how_many_rows_it_changed_and_knows_the_time(attempt: Attempt) -> None:
    sql = "UPDATE studio_job SET not_before = {now} WHERE id = %s"
    before = Job.objects.get().not_before
    assert change(sql, 0) == 0
    assert change(sql, attempt.job_id) == 1
    assert before <= Job.objects.get().not_before
