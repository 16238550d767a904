"""Custom styles: made by a paid job, offered where they are known, refused everywhere else, deleted in two places."""

import uuid
from typing import Any

import httpx
import pytest

from studio import tasks
from studio.errors import InvalidRequest, KeyReused, NotAllowed
from studio.models import CustomStyle, Job, JobState, ProviderAccount, User
from studio.models.styles import CustomStyleQuerySet
from studio.recraft.client import parse_answer
from studio.services import accounts, execution, outcome, styles, upkeep
from studio.services.spool import Report
from tests.fixtures import Recraft, budget_of, run_next, submit
from tests.views.making import custom_style, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]

ID = "229b2a75-05e4-4580-85f9-b47ee521a00d"


def make(person: User, key: str = "style-1", name: str = "Chalk", **values: Any) -> Job:
    asked = {"style": "any", "model": "recraftv3", "images": [picture(person).public_id], **values}
    return styles.submit(person, person.workspaces.get(), name, asked, key)


def offered(person: User, beside: CustomStyle) -> CustomStyleQuerySet:
    return styles.offered(person, beside.workspace, accounts.current())


def answers(recraft: Recraft, id: str = ID) -> None:
    recraft.answers(200, json={"id": id, "style": "any", "credits": 40})


def test_a_style_is_there_when_its_answer_is(alice: User, recraft: Recraft) -> None:
    job = make(alice, name="  Chalk   on slate ")
    assert not CustomStyle.objects.exists()
    assert budget_of(alice).held == 40
    answers(recraft)
    assert run_next() == []
    style = CustomStyle.objects.get()
    assert (style.name, style.style_id, style.image_model, style.job) == ("Chalk on slate", ID, "recraftv3", job)
    assert (style.person, style.workspace) == (alice, alice.workspaces.get())
    job.refresh_from_db()
    assert (job.state, job.charged_units, budget_of(alice).used) == (JobState.DONE, 40, 40)
    assert list(offered(alice, style)) == [style]


def test_an_answer_that_is_recorded_twice_makes_one_style(alice: User, recraft: Recraft) -> None:
    job = make(alice)
    answers(recraft)
    run_next()
    attempt = job.attempts.get()
    outcome.record(Report(attempt.pk, b'{"id": "%s", "style": "any", "credits": 40}' % ID.encode()))
    assert parse_answer(b'{"id": "%s", "style": "any", "credits": 40}' % ID.encode()).style_id == ID
    CustomStyle.objects.keep(job, ID)
    assert CustomStyle.objects.count() == 1


def test_an_id_that_comes_a_second_time_does_not_undo_what_was_paid(alice: User, recraft: Recraft) -> None:
    answers(recraft)
    make(alice)
    run_next()
    again = make(alice, key="style-2", name="Slate")
    run_next()
    again.refresh_from_db()
    assert again.state == JobState.DONE
    assert CustomStyle.objects.count() == 1


@pytest.mark.parametrize(("name", "said"), [(" ", "Give the style a name."), ("x" * 61, "At most 60 characters.")])
def test_a_style_has_a_name(alice: User, name: str, said: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        make(alice, name=name)
    assert refused.value.errors == {"name": said}
    assert not Job.objects.filter(operation="create-style").exists()


def test_another_name_under_the_same_key_is_another_request(alice: User) -> None:
    reference = picture(alice).public_id
    first = make(alice, images=[reference])
    assert make(alice, images=[reference]) == first
    with pytest.raises(KeyReused):
        make(alice, name="Slate", images=[reference])


def test_a_run_knows_its_style(alice: User) -> None:
    style = custom_style(alice)
    job = submit(alice, model="recraftv3", style_id=style.style_id.upper())
    assert job.style == style


def test_a_style_of_ones_own_account_that_was_made_elsewhere_is_left_to_recraft(alice: User) -> None:
    assert submit(alice, model="recraftv3", style_id=str(uuid.uuid4())).style is None


def test_a_style_of_another_workspace_is_refused(alice: User, charlie: User) -> None:
    theirs = custom_style(charlie)
    with pytest.raises(InvalidRequest) as refused:
        submit(alice, model="recraftv3", style_id=theirs.style_id)
    assert list(refused.value.errors) == ["style_id"]
    with pytest.raises(InvalidRequest) as refused:
        make(alice, images=[], source_styles=[custom_style(alice).style_id, theirs.style_id])
    assert list(refused.value.errors) == ["source_styles"]
    assert list(offered(charlie, custom_style(alice))) == []
    assert budget_of(alice).held == 0


def test_a_style_of_another_account_is_not_offered_and_refused(alice: User) -> None:
    elsewhere = ProviderAccount.objects.create(kind="recraft", fingerprint="f" * 16)
    style = custom_style(alice, provider_account=elsewhere)
    assert list(offered(alice, style)) == []
    with pytest.raises(InvalidRequest, match="on this account"):
        submit(alice, model="recraftv3", style_id=style.style_id)


def test_a_style_works_with_the_model_it_was_made_for(alice: User) -> None:
    style = custom_style(alice, image_model="recraftv3_vector")
    with pytest.raises(InvalidRequest, match="was made for V3 Vector"):
        submit(alice, model="recraftv3", style_id=style.style_id)


def test_a_deleted_style_is_gone_here_at_once_and_then_at_the_provider(
    alice: User, recraft: Recraft, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    style = custom_style(alice)
    rung: list[tuple[Any, ...]] = []
    monkeypatch.setattr(tasks, "ring", lambda *ring: rung.append(ring))
    with django_capture_on_commit_callbacks(execute=True):
        styles.delete(alice, style)
        styles.delete(alice, style)
    assert rung == [(tasks.forget_style, style.pk)]
    assert list(offered(alice, style)) == []
    with pytest.raises(InvalidRequest, match="was deleted"):
        submit(alice, model="recraftv3", style_id=style.style_id)
    recraft.answers(204)
    tasks.forget_style(style.pk)
    tasks.forget_style(style.pk)
    assert [(each.method, each.url.path) for each in recraft.requests] == [("DELETE", f"/v1/styles/{style.style_id}")]
    assert upkeep.styles_to_forget(accounts.current()) == []


def test_a_style_the_provider_could_not_delete_is_asked_for_again(alice: User, recraft: Recraft) -> None:
    style = custom_style(alice)
    styles.delete(alice, style)
    recraft.fails(httpx.ConnectError("refused"))
    execution.forget_style(style.pk)
    assert upkeep.styles_to_forget(accounts.current()) == [style.pk]
    recraft.answers(404, json={"code": "style_not_found", "message": "No such style."})
    execution.forget_style(style.pk)
    assert upkeep.styles_to_forget(accounts.current()) == []


def test_a_style_that_was_not_deleted_is_never_deleted_at_the_provider(alice: User, recraft: Recraft) -> None:
    execution.forget_style(custom_style(alice).pk)
    assert recraft.requests == []


def test_only_its_maker_and_stewards_delete_a_style(alice: User, bob: User, charlie: User) -> None:
    of_alice, of_bob = custom_style(alice), custom_style(bob)
    for person, style in ((bob, of_alice), (charlie, of_alice)):
        with pytest.raises(NotAllowed):
            styles.delete(person, style)
    styles.delete(bob, of_bob)
    styles.delete(alice, of_alice)
    assert not offered(alice, of_alice).exists()


def test_a_favorite_is_one_person_s_and_marking_twice_is_once(alice: User, bob: User) -> None:
    for _ in range(2):
        styles.keep_at_hand(alice, "recraftv3_vector", "Linocut", wanted=True)
    styles.keep_at_hand(alice, "recraftv2_vector", "Linocut", wanted=True)
    assert styles.favorites(alice) == {("recraftv3_vector", "Linocut"), ("recraftv2_vector", "Linocut")}
    assert styles.favorites(bob) == frozenset()
    for _ in range(2):
        styles.keep_at_hand(alice, "recraftv3_vector", "Linocut", wanted=False)
    styles.keep_at_hand(bob, "recraftv2_vector", "Linocut", wanted=False)
    assert styles.favorites(alice) == {("recraftv2_vector", "Linocut")}


@pytest.mark.parametrize(("image_model", "name"), [("recraftv3", "Linocut"), ("recraftv4_1", "Noir"), ("", "")])
def test_only_a_style_that_there_is_can_be_a_favorite(alice: User, image_model: str, name: str) -> None:
    with pytest.raises(InvalidRequest):
        styles.keep_at_hand(alice, image_model, name, wanted=True)
    assert styles.favorites(alice) == frozenset()
