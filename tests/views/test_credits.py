"""The pages of figures: a member's own units, and the workspace's for those who steer."""

import csv
import io
import json
import re

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from studio.models import Cap, Checkpoint, Entry, User, Workspace
from studio.services import accounts, ledger
from studio.views.figures import FORMULA, cell
from tests.fixtures import budget_of, submit
from tests.services.test_ledger import settled
from tests.views.conftest import Visit

pytestmark = pytest.mark.django_db


def shown_total(page: str) -> int:
    found = re.search(r"([\d,]+) units for", page)
    assert found, page[-2000:]
    return int(found[1].replace(",", ""))


def test_a_member_sees_what_is_left_and_where_it_went(alice: User, visit: Visit):
    settled(submit(alice, n=2), 70)
    submit(alice, "key-2")
    page = visit(alice).get("/credits/").content.decode()
    left = budget_of(alice).left or 0
    assert f"{left:,}" in page
    assert shown_total(page) == 70
    assert "Three hand-thrown vases" in page and "Held" in page and "Starting budget" in page


def test_the_page_its_files_and_the_ledger_agree(alice: User, bob: User, visit: Visit):
    settled(submit(alice), 35)
    job = submit(bob, n=4)
    settled(job, 140)
    ledger.write_off(job, 35, "A picture never came")
    page = visit(alice).get("/monitor/").content.decode()
    rows = list(csv.DictReader(io.StringIO(visit(alice).get("/monitor/units.csv").content.decode())))
    told = json.loads(visit(alice).get("/monitor/units.json").content)
    used = budget_of(alice).used + budget_of(bob).used
    assert used == 140
    assert shown_total(page) == sum(int(row["units"].lstrip("'")) for row in rows) == told["units"] == used
    assert {row["person"] for row in rows} == {"Alice", "Bob"}


def test_files_hold_exactly_what_the_filter_shows(alice: User, bob: User, visit: Visit):
    settled(submit(alice), 35)
    settled(submit(bob, model="recraftv3", style="Photorealism"), 40)
    for query, units in (
        (f"person={bob.pk}", 40),
        ("model=recraftv4_1", 35),
        ("style=Photorealism", 40),
        ("operation=inpaint", 0),
        ("since=2020-01-01&until=2020-02-01", 0),
    ):
        assert shown_total(visit(alice).get(f"/monitor/?{query}").content.decode()) == units, query
        assert json.loads(visit(alice).get(f"/monitor/units.json?{query}").content)["units"] == units, query


def test_nobody_reads_anothers_units_by_the_address(alice: User, bob: User, charlie: User, visit: Visit):
    settled(submit(alice), 35)
    settled(submit(charlie), 40)
    assert shown_total(visit(bob).get(f"/credits/?person={alice.pk}").content.decode()) == 0
    assert visit(bob).get("/monitor/").status_code == 404
    assert visit(bob).get("/monitor/units.csv").status_code == 404
    assert "Charlie" not in visit(alice).get("/monitor/").content.decode()
    assert shown_total(visit(alice).get(f"/monitor/?person={charlie.pk}").content.decode()) == 35, "left out, and said"


@pytest.mark.parametrize("query", ["days=0", "days=9999", "days=x", "since=x", "since=2026-02-01&until=2026-01-01"])
def test_a_range_that_makes_no_sense_is_no_error(alice: User, visit: Visit, query: str):
    assert visit(alice).get(f"/monitor/?{query}").status_code == 200
    assert visit(alice).get(f"/credits/?{query}").status_code == 200


def test_older_entries_come_page_by_page(alice: User, visit: Visit):
    for number in range(30):
        ledger.grant(budget_of(alice), 1, actor=alice, reason=f"Gift {number}")
    page = visit(alice).get("/credits/").content.decode()
    found = re.search(r"before=(\d+)", page)
    assert found and "Gift 29" in page and "Gift 2<" not in page
    older = visit(alice).get(f"/credits/entries/?before={found[1]}").content.decode()
    assert "Gift 2<" in older and "Gift 29" not in older
    assert visit(alice).get("/credits/entries/?before=x").status_code == 404


def test_a_formula_in_a_file_is_only_text():
    for text in ("=cmd()", "+1", "-1", "@x", "\tx"):
        assert cell(text) == f"'{text}" and text[0] in "".join(FORMULA)
    assert cell("Photo") == "Photo" and cell(-35) == -35


@pytest.mark.parametrize("path", ["/credits/", "/monitor/", "/monitor/now/"])
def test_the_number_of_queries_does_not_grow(alice: User, bob: User, visit: Visit, path: str):
    client = visit(alice)
    settled(submit(alice), 35)
    submit(bob, "held")
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(path)
    for number in range(12):
        settled(submit(alice if number % 2 else bob, f"more-{number}", n=1 + number % 3), 35)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few)


def test_limits_are_set_and_ended_on_a_page(alice: User, bob: User, visit: Visit):
    client = visit(alice)
    asked = {"whose": str(bob.pk), "units": "50", "window": "day", "above": "ask", "operation": ""}
    assert client.post("/monitor/limits/new/", asked).status_code == 302
    cap = Cap.objects.get()
    assert (cap.person, cap.units, cap.window, cap.soft) == (bob, 50, "day", True)
    assert "Bob" in client.get("/monitor/limits/").content.decode()
    assert client.post(f"/monitor/limits/{cap.pk}/end/").status_code == 302
    assert Cap.objects.filter(ended_at=None).count() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"units": "-1"}, "greater than or equal"),
        ({"whose": "999999"}, "valid choice"),
        ({"window": "run", "whose": "workspace"}, "What one run may cost is set for each member"),
        ({"operation": "inpaint"}, "An operation has a limit per run only"),
        ({"until": "2020-01-01"}, "in the past"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_in_words(alice: User, visit: Visit, changes: dict[str, str], said: str):
    asked = {"whose": "member", "units": "50", "window": "day", "above": "refuse", "operation": "", **changes}
    answer = visit(alice).post("/monitor/limits/new/", asked)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Cap.objects.exists()


def test_the_emergency_stop_and_its_end(alice: User, visit: Visit):
    client = visit(alice)
    assert client.post("/monitor/stop/", {"reason": "Wrong account"}).status_code == 302
    assert Workspace.objects.get(pk=alice.workspaces.get().pk).stopped_reason == "Wrong account"
    assert "Let spending go on" in client.get("/monitor/").content.decode()
    assert client.post("/monitor/resume/").status_code == 302
    assert Workspace.objects.get(pk=alice.workspaces.get().pk).stopped_at is None


def test_the_monitor_shows_what_was_found_out_about_the_balance(alice: User, visit: Visit):
    account = accounts.current()
    type(account).objects.filter(pk=account.pk).update(balance=900, balance_at=Now())
    Checkpoint.objects.create(provider_account=account, balance=1000, ledger=0)
    Checkpoint.objects.create(provider_account=account, balance=900, drop=100, external=100, ledger=0)
    ledger.external(account, 100, "The balance changed without a job of this studio")
    page = visit(alice).get("/monitor/").content.decode()
    assert "Spent outside this studio" in page
    assert "Look into it" in page
    assert Entry.objects.filter(kind="external").exists()
