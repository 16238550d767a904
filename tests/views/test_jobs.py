"""Runs: their cards in every state, the feed, the queue, cancel."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from studio.models import Attempt, Host, JobState, ProviderAccount, Result, User
from tests.fixtures import budget_of, submit
from tests.views.conftest import HTMX, Visit
from tests.views.making import job, picture

Queries = Callable[..., Any]

WORDS = {
    "held": "Needs approval",
    "queued": "#1 in line",
    "running": "Drawing",
    "saving": "0 of 1",
    "done": "Done",
    "partial": "1 of 1",
    "failed": "Not drawn",
    "unknown": "Possibly charged",
    "canceled": "Canceled before it was sent.",
    "expired": "Waited too long and was not sent.",
    "lost": "Paid by the studio",
}


@pytest.mark.parametrize("state", JobState.values)
def test_every_state_says_what_happened_and_what_it_cost(visit: Visit, alice: User, state: str) -> None:
    run = job(alice, state, charged_units=35)
    if state in ("done", "partial"):
        picture(alice, run)
    text = visit(alice).get(f"/runs/{run.public_id}/", headers=HTMX).content.decode()
    assert text.lstrip().startswith(f'<article id="run-{run.public_id}"')
    assert f'data-state="{state}"' in text
    assert WORDS[state] in text
    if state in ("failed", "canceled", "expired"):
        assert "0 units charged" in text or "0&nbsp;units charged" in text
    assert ("hx-trigger" in text.split(">")[0]) is (state not in ("done", "partial", *FINISHED))


FINISHED = ("failed", "canceled", "expired", "lost")


def test_a_card_listens_until_its_pictures_have_their_copies(visit: Visit, alice: User) -> None:
    run = job(alice)
    picture(alice, run, rendered=False)
    head = visit(alice).get(f"/runs/{run.public_id}/").content.decode().split(">")[0]
    assert f'hx-trigger="sse:{run.public_id}"' in head


def test_each_picture_appears_as_soon_as_it_is_stored(visit: Visit, alice: User) -> None:
    run = job(alice, "saving", images=3)
    first = picture(alice, run)
    waiting = Result.objects.create(
        job=run, attempt=run.attempts.get(), index=1, image_id="x", url="https://x", url_deadline=timezone.now()
    )
    text = visit(alice).get(f"/runs/{run.public_id}/").content.decode()
    assert f"/media/{first.public_id}/tile" in text
    assert waiting.state == "waiting"
    assert text.count('class="slot" data-state="saving"') == 2
    assert text.count('data-ar="4:5"') == 3, "a slot keeps the place of its picture"
    assert "1 of 3" in text


def test_a_lost_picture_is_named_beside_those_that_came(visit: Visit, alice: User) -> None:
    run = job(alice, "partial", images=2, charged_units=35)
    picture(alice, run)
    Result.objects.create(
        job=run,
        attempt=run.attempts.get(),
        index=1,
        image_id="x",
        url="https://x",
        url_deadline=timezone.now(),
        state="lost",
        reason="The provider no longer has the file.",
    )
    text = visit(alice).get(f"/runs/{run.public_id}/").content.decode()
    assert "The provider no longer has the file." in text
    assert "1 of 2" in text


def test_the_usual_time_is_what_calls_took_and_nothing_before_one_was_measured(visit: Visit, alice: User) -> None:
    client = visit(alice)
    run = job(alice, "running")
    assert "usually" not in client.get(f"/runs/{run.public_id}/").content.decode()
    host = Host.objects.create(pk="1" * 32)
    now = timezone.now()
    for seconds in (5, 7, 30):
        Attempt.objects.create(
            job=job(alice),
            provider_account=run.provider_account,
            host=host,
            images=1,
            state="succeeded",
            claimed_at=now - timedelta(seconds=seconds),
            ended_at=now,
        )
    assert "usually 7 s" in client.get(f"/runs/{run.public_id}/").content.decode()


def test_the_place_in_line_follows_the_turns(visit: Visit, alice: User, bob: User) -> None:
    first, second = (job(alice, "queued", images=6) for _ in range(2))
    bobs = job(bob, "queued")
    client = visit(alice)
    assert "#1 in line" in client.get(f"/runs/{first.public_id}/").content.decode()
    assert "#2 in line" in client.get(f"/runs/{bobs.public_id}/").content.decode(), "one person's line is no wall"
    text = client.get(f"/runs/{second.public_id}/").content.decode()
    assert "#3 in line" in text
    assert "starts in about 4 s" in text, "7 images go before, at 100 a minute"


def test_a_job_for_another_provider_account_says_that_it_is_not_sent_from_here(visit: Visit, alice: User) -> None:
    other = ProviderAccount.objects.create(kind="recraft", fingerprint="0123456789abcdef")
    run = job(alice, "queued", provider_account=other)
    assert "Was for Recraft 012345" in visit(alice).get(f"/runs/{run.public_id}/").content.decode()


def test_the_feed_shows_ones_own_or_everyones(visit: Visit, alice: User, bob: User, charlie: User) -> None:
    mine, bobs, strange = job(alice), job(bob), job(charlie)
    client = visit(alice)
    own, all_of_them = (client.get(f"/?who={who}").content.decode() for who in ("mine", "everyone"))
    assert f"run-{mine.public_id}" in own
    assert f"run-{bobs.public_id}" not in own
    assert f"run-{mine.public_id}" in all_of_them
    assert f"run-{bobs.public_id}" in all_of_them
    assert strange.public_id not in all_of_them


def test_the_feed_goes_on_where_the_page_ended(visit: Visit, alice: User) -> None:
    runs = [job(alice) for _ in range(23)]
    client = visit(alice)
    first = client.get("/").content.decode()
    assert sum(f'id="run-{run.public_id}"' in first for run in runs) == 20
    last = runs[3]
    assert f"before={last.public_id}" in first
    rest = client.get(f"/runs/?who=mine&before={last.public_id}", headers=HTMX).content.decode()
    assert [f'id="run-{run.public_id}"' in rest for run in runs] == [True] * 3 + [False] * 20
    assert "Earlier runs" not in rest


def test_the_feed_asks_as_often_for_twenty_runs_as_for_one(
    visit: Visit, alice: User, django_assert_num_queries: Queries
) -> None:
    client = visit(alice)
    picture(alice, job(alice))
    job(alice, "queued")
    with django_assert_num_queries(QUERIES_OF_CREATE):
        client.get("/")
    for _ in range(9):
        picture(alice, job(alice))
        job(alice, "running")
    with django_assert_num_queries(QUERIES_OF_CREATE):
        client.get("/")


QUERIES_OF_CREATE = 16


def test_the_queue_lists_everybodys_open_runs_in_their_order(
    visit: Visit, alice: User, bob: User, charlie: User, django_assert_num_queries: Queries
) -> None:
    client = visit(alice)
    queued, running, unknown = job(alice, "queued"), job(bob, "running"), job(bob, "unknown")
    job(alice)
    strange = job(charlie, "queued")
    text = client.get("/queue/").content.decode()
    order = [text.index(f"row-{run.public_id}") for run in (running, queued, unknown)]
    assert order == sorted(order)
    assert strange.public_id not in text
    assert "3 runs under way" in text
    for _ in range(5):
        job(alice, "queued")
    with django_assert_num_queries(13):
        client.get("/queue/")


def test_an_empty_queue_says_so(visit: Visit, alice: User) -> None:
    assert "Nothing in line" in visit(alice).get("/queue/").content.decode()
    fragment = visit(alice).get("/queue/", headers=HTMX).content.decode()
    assert fragment.lstrip().startswith('<section class="card" id="queue"')


@pytest.mark.usefixtures("books_agree")
def test_cancel_gives_the_units_back_and_shows_the_card(visit: Visit, alice: User) -> None:
    run = submit(alice)
    response = visit(alice).post(f"/runs/{run.public_id}/cancel/", headers=HTMX)
    assert "Canceled before it was sent." in response.content.decode()
    assert budget_of(alice).held == 0


def test_cancel_in_the_queue_answers_with_the_row(visit: Visit, alice: User) -> None:
    run = submit(alice)
    target = {**HTMX, "hx-target": f"row-{run.public_id}"}
    text = visit(alice).post(f"/runs/{run.public_id}/cancel/", headers=target).content.decode()
    assert text.lstrip().startswith('<li class="queue__row"')
    run = submit(alice, "key-2")
    assert visit(alice).post(f"/runs/{run.public_id}/cancel/").status_code == 302


def test_an_editor_cancels_their_own_runs_and_a_steward_anybodys(visit: Visit, alice: User, bob: User) -> None:
    of_alice, of_bob = submit(alice), submit(bob)
    assert visit(bob).post(f"/runs/{of_alice.public_id}/cancel/").status_code == 403
    assert visit(alice).post(f"/runs/{of_bob.public_id}/cancel/", headers=HTMX).status_code == 200
    of_alice.refresh_from_db()
    assert of_alice.state == "queued"


def test_the_count_beside_the_queue_is_of_ones_own_open_runs(visit: Visit, alice: User, bob: User) -> None:
    job(alice, "queued")
    job(alice, "saving")
    job(alice)
    job(bob, "queued")
    text = visit(alice).get("/queue/waiting/rail/", headers=HTMX).content.decode()
    assert '<span class="sr-only">, </span>2' in text
    assert visit(alice).get("/queue/waiting/elsewhere/").status_code == 404


def test_what_others_start_comes_on_top_of_the_feed(visit: Visit, alice: User, bob: User, charlie: User) -> None:
    shown = job(alice)
    mine, bobs, strange = job(alice), job(bob, "queued"), job(charlie)
    client = visit(alice)
    text = client.get(f"/runs/newer/?who=everyone&after={shown.public_id}", headers=HTMX).content.decode()
    assert text.count('hx-swap-oob="afterbegin:#runs"') == 2
    assert text.index(mine.public_id) < text.index(f"run-{bobs.public_id}"), "the newest is put on top last"
    assert f"after={bobs.public_id}" in text, "the marker waits for what comes next"
    assert strange.public_id not in text
    assert f"run-{bobs.public_id}" not in client.get(f"/runs/newer/?after={shown.public_id}").content.decode()
    nothing = client.get(f"/runs/newer/?who=everyone&after={bobs.public_id}").content.decode()
    assert "afterbegin" not in nothing
    assert f"after={bobs.public_id}" in nothing
