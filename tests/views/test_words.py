"""Enhance: a proposal beside the prompt, and never an error in it."""

from typing import Any

import pytest
from lxml import html

from studio.models import Attempt, AttemptState, Host, Job, User
from tests.fixtures import budget_of, limit_to
from tests.views.conftest import HTMX, Visit
from tests.views.making import job

PROPOSAL = "A fox at dusk, low sun, long shadows, <b>film grain</b>"


def asked(person: User, state: str = "done", **fields: Any) -> Job:
    made = job(person, state, operation="enhance-prompt", images=0, image_model="", quoted_units=10, **fields)
    if state == "done":
        host, _ = Host.objects.get_or_create(pk="0" * 32)
        Attempt.objects.create(
            job=made, provider_account=made.provider_account, host=host, images=0, state=AttemptState.SUCCEEDED,
            answer={"enhanced_prompt": PROPOSAL, "credits": 10},
        )  # fmt: skip
    return made


def test_asking_costs_what_it_says_and_twice_is_once(visit: Visit, alice: User) -> None:
    client = visit(alice)
    assert "Enhance<span" in client.get("/").content.decode()
    for _ in range(2):
        text = client.post("/create/enhance/", {"prompt": "A fox", "key": "k"}, headers=HTMX).content.decode()
    assert "10 units held" in text
    assert (Job.objects.count(), budget_of(alice).held) == (1, 10)
    client.post("/create/enhance/", {"prompt": "A heron", "key": "k"}, headers=HTMX)
    assert Job.objects.count() == 2


def test_a_proposal_stands_beside_the_prompt(visit: Visit, alice: User) -> None:
    text = visit(alice).get(f"/create/enhance/{asked(alice).public_id}/").content.decode()
    assert "&lt;b&gt;film grain" in text
    assert "data-accept" in text
    assert "hx-get" not in text


def test_a_failure_is_said_and_is_no_proposal(visit: Visit, alice: User) -> None:
    failed = asked(alice, "failed", reason="Recraft could not be reached.")
    text = visit(alice).get(f"/create/enhance/{failed.public_id}/").content.decode()
    assert "Recraft could not be reached." in text
    assert "data-accept" not in text


@pytest.mark.parametrize("prompt", ["", "x" * 2001])
def test_what_can_not_be_enhanced_says_why(visit: Visit, alice: User, prompt: str) -> None:
    text = visit(alice).post("/create/enhance/", {"prompt": prompt}, headers=HTMX).content.decode()
    assert "Prompt not enhanced." in text
    assert not Job.objects.exists()


def test_over_budget_says_so(visit: Visit, alice: User) -> None:
    limit_to(budget_of(alice), 9)
    text = visit(alice).post("/create/enhance/", {"prompt": "A fox"}, headers=HTMX).content.decode()
    assert "This needs 10 units" in text


def test_it_is_no_run_of_the_feed(visit: Visit, alice: User) -> None:
    made = asked(alice)
    assert made.public_id not in visit(alice).get("/").content.decode()


def test_earlier_prompts_are_one_s_own_and_can_be_searched(visit: Visit, alice: User, bob: User) -> None:
    job(alice, params={"prompt": "A fox at <b>dusk</b>"})
    job(alice, params={"prompt": "A heron"})
    job(bob, params={"prompt": "Of a colleague"})
    client = visit(alice)
    page = html.fromstring(client.get("/create/history/").content)
    assert page.xpath("//button/span/text()") == ["A heron", "A fox at <b>dusk</b>"]
    found = html.fromstring(client.get("/create/history/", {"q": "FOX"}).content)
    assert found.xpath("//button/span/text()") == ["A fox at <b>dusk</b>"]
    assert "None of your prompts has “whale” in it." in client.get("/create/history/?q=whale").content.decode()


def test_the_composer_leads_to_earlier_prompts_and_fetches_them_when_asked(visit: Visit, alice: User) -> None:
    job(alice, params={"prompt": "A fox at dusk"})
    page = html.fromstring(visit(alice).get("/").content)
    (button,) = page.xpath("//button[@popovertarget='pop-history']")
    assert button.get("hx-get") == "/create/history/"
    assert page.xpath("//*[@id='history']/*") == []
    (search,) = page.xpath("//*[@id='pop-history']//input")
    assert search.get("form") not in page.xpath("//form/@id"), "it is not sent with a run"
