"""Create: the composer, its settings, its draft, and what a press of the button does."""

from typing import Any

import pytest
from django.test import Client

from studio.forms.operations import OperationForm
from studio.models import Budget, Draft, Job, Membership, Role, User
from studio.recraft.catalogue import OPERATIONS
from studio.views.create import FIRST_VALUES, STARTERS
from tests.fixtures import budget_of, limit_to
from tests.views.conftest import HTMX, Visit
from tests.views.making import job

ASKED = {"prompt": "A fox at dusk", "model": "recraftv4_1", "n": "2", "size": "4:5", "key": "key-1"}


def post(client: Client, **changes: Any) -> Any:
    return client.post("/create/generate/", {**ASKED, **changes}, headers=HTMX)


def test_the_page_carries_the_composer_with_its_price(visit: Visit, alice: User) -> None:
    response = visit(alice).get("/")
    assert response.status_code == 200
    text = response.content.decode()
    assert "140 units" in text
    assert "What shall we draw first?" in text
    assert 'name="key"' in text


@pytest.mark.parametrize("slug", ["generate", "generate-raster", "generate-vector"])
def test_every_operation_has_its_page(visit: Visit, alice: User, slug: str) -> None:
    assert visit(alice).get(f"/create/{slug}/").status_code == 200


def test_an_operation_that_is_not_there_is_missing(visit: Visit, alice: User) -> None:
    assert visit(alice).get("/create/levitate/").status_code == 404


def test_a_press_makes_a_job_and_brings_its_card(visit: Visit, alice: User) -> None:
    response = post(visit(alice))
    made = Job.objects.get()
    text = response.content.decode()
    assert response.status_code == 200
    assert f'id="run-{made.public_id}"' in text
    assert 'hx-swap-oob="afterbegin:#runs"' in text
    assert "<textarea" not in text, "the next prompt may be half typed by now"
    assert text.count('data-ar="4:5"') == 2
    assert (made.images, made.quoted_units, made.params["prompt"]) == (2, 70, "A fox at dusk")
    assert 'value="key-1"' not in text, "the next press must be a new run"


def test_without_javascript_a_press_leads_back_to_the_page(visit: Visit, alice: User) -> None:
    response = visit(alice).post("/create/generate/", ASKED)
    assert response.status_code == 302
    assert Job.objects.count() == 1


def test_the_same_post_again_is_the_same_job(visit: Visit, alice: User) -> None:
    client = visit(alice)
    answers = [post(client) for _ in range(3)] + [client.post("/create/generate/", ASKED)]
    assert {answer.status_code for answer in answers} == {200, 302}
    assert Job.objects.count() == 1
    assert budget_of(alice).held == 70


def test_a_used_key_with_other_settings_asks_to_press_again(visit: Visit, alice: User) -> None:
    client = visit(alice)
    post(client)
    response = post(client, prompt="A heron")
    assert response.status_code == 422
    assert "Press again" in response.content.decode()
    assert 'value="key-1"' not in response.content.decode()
    assert Job.objects.count() == 1


@pytest.mark.parametrize("fragment", [True, False])
@pytest.mark.parametrize(
    "wrong",
    [
        {"prompt": ""},
        {"prompt": "x" * 10_001},
        {"n": "7"},
        {"style": "Photorealism"},
        {"size": "7:3"},
        {"model": "recraftv9"},
    ],
    ids=str,
)
def test_bad_input_keeps_what_was_typed_and_marks_the_field(
    visit: Visit, alice: User, wrong: dict[str, str], fragment: bool
) -> None:
    typed = {**ASKED, "prompt": "A fox & a heron", **wrong}
    response = visit(alice).post("/create/generate/", typed, headers=HTMX if fragment else {})
    text = response.content.decode()
    assert response.status_code == 422
    assert Job.objects.count() == 0
    # An answer for the page leaves the prompt on it alone.
    assert ("<textarea" in text) is not fragment
    assert fragment or (typed["prompt"].replace("&", "&amp;") or "Describe the picture") in text
    assert "callout--bad" in text
    assert "data-invalid" in text or 'aria-invalid="true"' in text
    assert ("<html" in text) is not fragment
    assert 'value="key-1"' in text, "a refused press has spent nothing, so its key is still good"


def test_over_budget_is_refused_with_a_sentence_and_reserves_nothing(visit: Visit, alice: User) -> None:
    limit_to(budget_of(alice), 60)
    response = post(visit(alice))
    assert response.status_code == 422
    assert "This needs 70 units" in response.content.decode()
    assert Job.objects.count() == 0
    assert not Budget.objects.exclude(held=0).exists()


def test_a_viewer_sees_no_composer_and_can_submit_nothing(visit: Visit, alice: User) -> None:
    Membership.objects.filter(person=alice).update(role=Role.VIEWER)
    client = visit(alice)
    text = client.get("/").content.decode()
    assert "You can look, not draw." in text
    assert "<textarea" not in text
    assert "What shall we draw" not in text
    assert 'class="units"' not in text
    for page in ("/gallery/", "/queue/"):
        content = client.get(page).content.decode()
        assert "empty__actions" not in content, "what is empty doesn't ask them to fill it"
    for page in ("/credits/", "/requests/"):
        assert "/requests/ask/" not in client.get(page).content.decode(), "what is asked for would be refused"
    assert "/uploads/" not in client.get("/collections/").content.decode()
    assert post(client).status_code == 422
    assert Job.objects.count() == 0


def test_a_change_of_model_shows_what_it_takes_and_names_what_it_drops(visit: Visit, alice: User) -> None:
    response = visit(alice).post(
        "/create/generate/fields/", {**ASKED, "n": "3", "negative_prompt": "hands"}, headers=HTMX
    )
    text = response.content.decode()
    assert response.status_code == 200
    assert text.lstrip().startswith('<div class="composer__rest"')
    assert "105 units" in text
    assert "Negative prompt dropped: V2 and V3 only." in text
    assert 'name="negative_prompt"' not in text
    assert "V2 and V3 only." in text
    styled = visit(alice).post("/create/generate/fields/", {**ASKED, "model": "recraftv3"}, headers=HTMX)
    assert 'name="negative_prompt"' in styled.content.decode()
    assert Job.objects.count() == 0


def test_without_javascript_a_change_of_model_is_a_page(visit: Visit, alice: User) -> None:
    response = visit(alice).post("/create/generate/fields/", {**ASKED, "model": "recraftv3"})
    assert response.status_code == 200
    assert "<html" in response.content.decode()
    assert "A fox at dusk" in response.content.decode()


def test_a_draft_comes_back_on_another_day(visit: Visit, alice: User) -> None:
    visit(alice).post("/create/generate/draft/", {**ASKED, "prompt": "A half", "n": "4"}, headers=HTMX)
    response = visit(alice).post("/create/generate/draft/", {**ASKED, "prompt": "A half-typ", "n": "5"}, headers=HTMX)
    assert "Draft saved" in response.content.decode()
    text = visit(alice).get("/").content.decode()
    assert "A half-typ" in text
    assert "175 units" in text


def test_a_draft_is_nobody_elses(visit: Visit, alice: User, bob: User) -> None:
    visit(alice).post("/create/generate/draft/", ASKED, headers=HTMX)
    assert "A fox at dusk" not in visit(bob).get("/").content.decode()
    assert Draft.objects.count() == 1


def test_a_runs_settings_can_be_used_again(visit: Visit, alice: User, bob: User) -> None:
    earlier = job(bob, params={"prompt": "Bob's heron", "random_seed": 4711, "model": "recraftv3", "style": "Noir"})
    text = visit(alice).get(f"/create/generate/?like={earlier.public_id}").content.decode()
    assert "Bob&#x27;s heron" in text
    assert "4711" in text
    assert "Noir" in text
    new_seed = visit(alice).get(f"/create/generate/?like={earlier.public_id}&seed=new").content.decode()
    assert 'id="random_seed" name="random_seed" value=""' in new_seed


def test_a_strangers_settings_are_missing(visit: Visit, alice: User, charlie: User) -> None:
    assert visit(charlie).get(f"/create/generate/?like={job(alice).public_id}").status_code == 404


@pytest.mark.parametrize("start", ["podium", "poster", "room", "mark"])
def test_every_starter_fills_a_form_that_can_be_sent(visit: Visit, alice: User, start: str) -> None:
    starter = next(each for each in STARTERS if each.slug == start)
    OPERATIONS["generate"].validate({**FIRST_VALUES, **starter.values})
    assert OperationForm(OPERATIONS["generate"], initial=starter.values).quote
    text = visit(alice).get(f"/create/generate/?start={start}").content.decode()
    assert str(starter.values["prompt"]) in text


def test_an_unknown_starter_is_missing(visit: Visit, alice: User) -> None:
    assert visit(alice).get("/create/generate/?start=nothing").status_code == 404


def test_markup_in_a_prompt_stays_text(visit: Visit, alice: User) -> None:
    evil = "<img src=x onerror=alert(1)>\"'</textarea><script>alert(1)</script>"
    text = post(visit(alice), prompt=evil).content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;" in text


def test_too_few_units_are_named_before_the_press(visit: Visit, alice: User) -> None:
    limit_to(budget_of(alice), 60)
    client = visit(alice)
    said = "<strong>70 units needed, 60 left.</strong> Decided by your limit."
    assert said in client.post("/create/generate/fields/", ASKED, headers=HTMX).content.decode()
    assert "needed, 60 left" not in client.post("/create/generate/fields/", {**ASKED, "n": "1"}).content.decode()
