"""The monitor, as it is used: limits changed in place, tables sorted by the address, what waits and what is at risk."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from studio.models import Attempt, Budget, Cap, Job, Result, User
from studio.services import budgets, collections, durations, health
from studio.services.budgets import Rule
from studio.services.filed import NOWHERE_NAME
from tests.fixtures import budget_of, limit_to, submit
from tests.services.test_ledger import settled
from tests.views.conftest import HTMX, Visit
from tests.views.making import picture

pytestmark = pytest.mark.django_db


def names_in(page: str, table: str) -> list[str]:
    """The first cell of each row of a table, as text."""
    body = re.search(rf'id="{table}".*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    assert body
    cells = re.findall(r'<th scope="row">(.*?)</th>', body[1], re.DOTALL)
    return [re.sub(r"<[^>]+>|\s", "", re.sub(r'<span class="avatar".*?</span>', "", cell)) for cell in cells]


def test_a_limit_is_changed_where_it_stands(alice: User, bob: User, visit: Visit):
    client, total = visit(alice), budget_of(bob)
    address = f"/monitor/budgets/{total.pk}/"
    form = client.get(address, headers=HTMX).content.decode()
    assert f'value="{total.limit}"' in form and "<form" in form
    row = client.post(address, {"units": "4200"}, headers=HTMX)
    assert row.status_code == 200 and "/ 4,200" in row.content.decode() and "<form" not in row.content.decode()
    assert budget_of(bob).limit == 4200
    page = client.get("/monitor/").content.decode()
    assert "Set on the monitor" in page and "-5,800" in page, "who did it stands in the ledger"
    as_it_is = client.get(f"{address}?as=it-is", headers=HTMX).content.decode()
    assert "<form" not in as_it_is and "4,200" in as_it_is


def test_a_period_gets_a_limit_of_the_persons_own(alice: User, bob: User, visit: Visit):
    budgets.set_cap(alice.memberships.get(), Rule("day", "member"), 500)
    today = Budget.objects.get(account__person=bob, window="day")
    answer = visit(alice).post(f"/monitor/budgets/{today.pk}/", {"units": "80"}, headers=HTMX)
    assert "/ 80" in answer.content.decode()
    assert list(Cap.objects.filter(person=bob).values_list("window", "units")) == [("day", 80)]
    assert Budget.objects.get(account__person=alice, window="day").limit == 500
    assert "Limit per day" in visit(alice).get("/monitor/").content.decode()


@pytest.mark.parametrize(
    ("units", "said"), [("-1", "greater than or equal"), ("", "A total is a number"), ("x", "Enter")]
)
def test_a_limit_that_makes_no_sense_says_so_in_its_row(alice: User, visit: Visit, units: str, said: str):
    answer = visit(alice).post(f"/monitor/budgets/{budget_of(alice).pk}/", {"units": units}, headers=HTMX)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert budget_of(alice).limit == settings.STUDIO_PERSON_UNITS


def test_an_admin_changes_what_members_may_spend_and_not_the_workspace(alice: User, bob: User, visit: Visit):
    bob.memberships.update(role="admin")
    workspace = Budget.objects.get(account__kind="workspace")
    refused = visit(bob).post(f"/monitor/budgets/{workspace.pk}/", {"units": "1"}, headers=HTMX)
    assert refused.status_code == 422 and "Only an owner" in refused.content.decode()
    assert visit(bob).post(f"/monitor/budgets/{budget_of(alice).pk}/", {"units": "1"}, headers=HTMX).status_code == 200


def test_a_limit_is_changed_without_scripts_too(alice: User, bob: User, visit: Visit):
    client, total = visit(alice), budget_of(bob)
    assert client.get(f"/monitor/budgets/{total.pk}/").headers["Location"].startswith(f"/monitor/?edit={total.pk}#")
    assert f'id="limit-{total.pk}"' in client.get(f"/monitor/?edit={total.pk}").content.decode()
    assert client.post(f"/monitor/budgets/{total.pk}/", {"units": "10"}).headers["Location"] == "/monitor/"
    assert budget_of(bob).limit == 10
    assert client.post(f"/monitor/budgets/{total.pk}/", {"units": "-3"}).status_code == 422


def test_nobody_changes_the_limit_of_another_workspace(charlie: User, alice: User, visit: Visit):
    for budget in (budget_of(alice), Budget.objects.get(account__kind="provider")):
        assert visit(charlie).post(f"/monitor/budgets/{budget.pk}/", {"units": "1"}, headers=HTMX).status_code == 404


def test_tables_are_sorted_by_their_address(alice: User, bob: User, visit: Visit):
    settled(submit(bob), 35)
    limit_to(budget_of(alice), 10)
    client = visit(alice)
    assert names_in(client.get("/monitor/").content.decode(), "budgets") == ["Theworkspace", "Alice", "Bob"]
    for asked, names in (
        ("-who", ["Bob", "Alice", "Theworkspace"]),
        ("left", ["Alice", "Bob", "Theworkspace"]),
        ("-used", ["Theworkspace", "Bob", "Alice"]),
        ("nonsense", ["Theworkspace", "Alice", "Bob"]),
    ):
        page = client.get(f"/monitor/?days=7&budgets={asked}").content.decode()
        assert names_in(page, "budgets") == names, asked
    page = client.get("/monitor/?days=7&budgets=-used").content.decode()
    assert 'aria-sort="descending"><a class="sort" href="?days=7&amp;budgets=used#budgets"' in page


def test_the_queue_says_when_it_will_be_drawn(alice: User, provider_account):
    assert health.now(provider_account, alice.workspaces.get()).clear_in is None
    attempt = settled(submit(alice), 35)
    Attempt.objects.filter(pk=attempt.pk).update(ended_at=F("claimed_at") + timedelta(seconds=9))
    for number in range(70):
        submit(alice, f"wait-{number}", n=2)
    # 140 pictures and one that was sent just now, 100 a minute; and the last call takes as long as those before it.
    found = health.now(provider_account, alice.workspaces.get())
    assert found.clear_in == timedelta(seconds=(140 - found.room.images) * 60 / 100 + 9)
    assert found.room.images == 99


def test_pictures_at_risk_are_listed_with_the_hours_they_have_left(alice: User, charlie: User, visit: Visit):
    for person, hours in ((alice, 3), (charlie, 1)):
        job = submit(person)
        attempt = settled(job, 35)
        now = durations.database_now()
        Result.objects.create(
            job=job,
            attempt=attempt,
            index=0,
            image_id="i",
            url="https://x",
            url_deadline=now + timedelta(hours=hours),
            created_at=timezone.now() - timedelta(minutes=2),
            tries=4,
            reason="The CDN answered 503",
        )
    page = visit(alice).get("/monitor/now/").content.decode()
    assert "The CDN answered 503" in page and "3.0" in page and "Charlie" not in page
    Job.objects.update(ended_at=timezone.now())
    assert "The CDN answered 503" not in visit(alice).get("/monitor/now/").content.decode()


def test_spend_by_collection_is_told_and_filed_as_shown_and_names_nobodys_private_ones(
    alice: User, bob: User, visit: Visit
):
    jobs = [submit(person, f"key-{at}") for at, person in enumerate((alice, bob, bob))]
    for job, units in zip(jobs, (35, 40, 5), strict=True):
        settled(job, units)
    first, second = (picture(job.person, job, units=units) for job, units in zip(jobs, (35, 40), strict=False))
    for name, seen_by, pictures in (("Spring", "workspace", [first, second]), ("Secret", "private", [second])):
        place = collections.create(bob.memberships.get(), name, visibility=seen_by)
        collections.add(bob, place, [each.pk for each in pictures])
    page = visit(alice).get("/monitor/?collections=name").content.decode()
    assert names_in(page, "collections") == ["Innocollection", "Privatecollectionsofothers", "Spring"]
    assert "Secret" not in page and "Of 80 units, 75 went into pictures" in page
    rows = csv.DictReader(io.StringIO(visit(alice).get("/monitor/collections.csv?collections=units").content.decode()))
    assert [(row["name"], row["units"], row["pictures"]) for row in rows] == [
        ("In no collection", "5", "1"),
        ("Private collections of others", "40", "1"),
        ("Spring", "75", "2"),
    ]
    bob.memberships.update(role="admin")
    told = json.loads(visit(bob).get(f"/monitor/collections.json?person={bob.pk}").content)
    assert (told["units"], told["units_in_collections"]) == (45, 40)
    assert {row["name"]: row["units"] for row in told["collections"]} == {"Spring": 40, "Secret": 40, NOWHERE_NAME: 5}
    assert visit(bob).get("/monitor/collections.json?operation=inpaint").json()["collections"] == []
    bob.memberships.update(role="editor")
    assert visit(bob).get("/monitor/collections.csv").status_code == 404
