"""Requests: the inbox of those who may give, one's own for everybody else, and asking."""

from typing import Any

import pytest
from django.test import Client

from studio.models import Job, UnitsRequest, User
from studio.services import accounts, budgets, prices, requests
from studio.services.requests import Limit
from tests.fixtures import budget_of, limit_to, submit
from tests.services.test_budgets import cap
from tests.views.conftest import HTMX, Visit


@pytest.fixture
def parked(alice: User, bob: User) -> Job:
    cap(alice, "run", 100, soft=True)
    return submit(bob, n=4)


def answer(client: Client, job: Job, verb: str, *, htmx: bool = True, **data: str) -> Any:
    address = f"/requests/{job.request.public_id}/{verb}/"
    return client.post(address, data, headers=HTMX if htmx else {})


def test_an_approver_sees_prompt_price_and_reason(visit: Visit, parked: Job, alice: User) -> None:
    text = visit(alice).get("/requests/").content.decode()
    assert "140 units, one run" in text
    assert "Generate 4 in V4.1: “Three hand-thrown vases on a sunlit ledge”" in text
    assert "140 units is above the limit of 100 for one run." in text
    assert "Approve once" in text
    assert "/requests/" in text.split("<main")[0], "the place stands in the rail"


def test_an_approver_is_asked_again_when_the_price_rose(visit: Visit, parked: Job, alice: User) -> None:
    key = ("generate", "recraftv4_1")
    prices.set_price(alice.memberships.get(), accounts.current(), key, 50, "Announced")
    text = answer(visit(alice), parked, "approve").content.decode()
    assert "This costs 200 units by now, 140 when it was asked for. Approve it again." in text
    assert "200 units, one run" in text
    assert "200 units is above the limit of 100" in text
    assert "Approve once" not in answer(visit(alice), parked, "approve").content.decode()


def test_who_asked_sees_it_without_buttons_to_answer(visit: Visit, parked: Job, bob: User) -> None:
    text = visit(bob).get("/requests/").content.decode()
    assert "140 units, one run" in text
    assert "Approve" not in text


def test_a_stranger_sees_nothing_of_it(visit: Visit, parked: Job, charlie: User) -> None:
    client = visit(charlie)
    assert "140 units" not in client.get("/requests/").content.decode()
    assert answer(client, parked, "approve").status_code == 404
    assert answer(client, parked, "decline", words="No").status_code == 404


@pytest.mark.parametrize("htmx", [True, False])
def test_approving_starts_the_run(visit: Visit, parked: Job, alice: User, htmx: bool) -> None:
    response = answer(visit(alice), parked, "approve", htmx=htmx)
    parked.refresh_from_db()
    assert parked.state == "queued"
    assert response.status_code == (200 if htmx else 302)
    assert not htmx or ("Approved" in response.content.decode() and "<html" not in response.content.decode())


def test_the_limit_is_raised_up_to_and_including_a_day(visit: Visit, parked: Job, alice: User, bob: User) -> None:
    assert answer(visit(alice), parked, "approve", until="2999-11-30").status_code == 200
    raised = bob.caps.get()
    assert (raised.units, f"{raised.until:%Y-%m-%d %H:%M}") == (140, "2999-12-01 00:00")


def test_a_day_that_is_none_changes_nothing(visit: Visit, parked: Job, alice: User) -> None:
    response = answer(visit(alice), parked, "approve", until="soon")
    parked.refresh_from_db()
    assert (response.status_code, parked.state) == (422, "held")
    assert "Give the day" in response.content.decode()


def test_declining_takes_a_word(visit: Visit, parked: Job, alice: User) -> None:
    client = visit(alice)
    assert answer(client, parked, "decline").status_code == 422
    assert answer(client, parked, "decline", words="Use drafts").status_code == 200
    parked.refresh_from_db()
    assert parked.reason == "Alice declined: Use drafts"


def test_an_editor_can_not_answer(visit: Visit, parked: Job, bob: User) -> None:
    assert answer(visit(bob), parked, "approve").status_code == 404
    parked.refresh_from_db()
    assert parked.state == "held"


def test_an_answer_that_comes_second_says_so(visit: Visit, parked: Job, alice: User) -> None:
    client = visit(alice)
    answer(client, parked, "approve")
    response = answer(client, parked, "decline", words="No")
    assert response.status_code == 422
    assert "answered already" in response.content.decode()


def test_the_card_of_a_parked_run_leads_approvers_to_the_answer(
    visit: Visit, parked: Job, alice: User, bob: User
) -> None:
    address = f"/runs/{parked.public_id}/"
    assert "/requests/" in visit(alice).get(address).content.decode()
    text = visit(bob).get(address).content.decode()
    assert "/requests/" not in text
    assert "starts by itself once somebody approves it" in text


def test_a_refusal_for_the_budget_offers_to_ask(visit: Visit, bob: User) -> None:
    limit_to(budget_of(bob), 60)
    asked = {"prompt": "A fox", "model": "recraftv4_1", "n": "2", "key": "k"}
    text = visit(bob).post("/create/generate/", asked, headers=HTMX).content.decode()
    assert "This needs 70 units" in text
    assert '/requests/ask/?units=70&amp;limit=person.total"' in text


def test_a_price_above_what_is_left_offers_to_ask_before_the_press(visit: Visit, alice: User, bob: User) -> None:
    cap(alice, "day", 60)
    asked = {"prompt": "A fox", "model": "recraftv4_1", "n": "2"}
    text = visit(bob).post("/create/generate/fields/", asked, headers=HTMX).content.decode()
    assert "Decided by your daily limit" in text
    assert '/requests/ask/?units=70&amp;limit=person.day"' in text


def test_asking(visit: Visit, bob: User) -> None:
    client = visit(bob)
    form = client.get("/requests/ask/?units=70&limit=workspace.total").content.decode()
    assert 'value="70"' in form
    assert '<option value="workspace.total" selected>' in form
    response = client.post("/requests/ask/", {"units": "500", "limit": "person.total", "words": "Icon set"})
    assert (response.status_code, response["Location"]) == (302, "/requests/")
    wish = UnitsRequest.objects.get()
    assert (wish.units, wish.window, wish.words, wish.person) == (500, "total", "Icon set", bob)
    assert "+500" in client.get("/requests/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"units": "0"}, {"units": "many"}, {"limit": "person.day"}, {"limit": ""}, {"words": "x" * 301}]
)
def test_a_wish_that_makes_no_sense_is_refused(visit: Visit, bob: User, wrong: dict[str, str]) -> None:
    asked = {"units": "500", "limit": "person.total", "words": ""} | wrong
    assert visit(bob).post("/requests/ask/", asked).status_code == 422
    assert not UnitsRequest.objects.exists()


def test_a_wish_can_be_withdrawn_by_who_asked_alone(visit: Visit, alice: User, bob: User) -> None:
    wish = requests.ask(bob, bob.workspaces.get(), 100, Limit("person", "total"))
    address = f"/requests/{wish.public_id}/withdraw/"
    assert visit(alice).post(address).status_code == 404
    assert visit(bob).post(address, headers=HTMX).status_code == 200
    wish.refresh_from_db()
    assert wish.state == "withdrawn"


def test_a_list_costs_the_same_however_long(
    visit: Visit, alice: User, bob: User, django_assert_num_queries: Any
) -> None:
    cap(alice, "run", 0, soft=True)
    client = visit(alice)
    submit(bob, "k0")
    client.get("/requests/")
    with django_assert_num_queries(QUERIES):
        client.get("/requests/", headers=HTMX)
    for number in range(1, 5):
        submit(bob, f"k{number}")
        requests.decline(alice.memberships.get(), UnitsRequest.objects.open().latest("id"), "No")
        submit(bob, f"again-{number}")
    with django_assert_num_queries(QUERIES):
        client.get("/requests/", headers=HTMX)


QUERIES = 5


def test_a_stop_is_said_on_every_page(visit: Visit, alice: User, bob: User) -> None:
    budgets.stop(alice.memberships.get(), "A runaway script.")
    text = visit(bob).get("/").content.decode()
    assert "Stopped by Alice." in text
    assert "A runaway script." in text
