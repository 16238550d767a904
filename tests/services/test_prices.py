"""The price book's editions: quoted at once, never for what was quoted before, and only by who may set them."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from studio.errors import InvalidRequest, NoPriceKnown, NotAllowed, PriceRose
from studio.models import Job, Price, ProviderAccount, User
from studio.recraft import prices as facts
from studio.recraft.catalogue import OPERATIONS
from studio.services import accounts, budgets, durations, jobs, prices, requests
from tests.fixtures import Recraft, budget_of, run_next, submit

pytestmark = pytest.mark.usefixtures("books_agree")
GENERATE = ("generate", "recraftv4_1")


def set_price(person: User, units: int, key: prices.Key = GENERATE, **more: object) -> Price:
    return prices.set_price(person.memberships.get(), accounts.current(), key, units, "For this test", **more)  # type: ignore[arg-type]


def line(key: prices.Key = GENERATE) -> prices.Line:
    return next(each for each in prices.book(accounts.current()) if each.key == key)


def test_a_price_is_quoted_by_the_next_submit_and_by_none_before(alice: User) -> None:
    before = submit(alice)
    set_price(alice, 50)
    after = submit(alice, "key-2", n=2)
    assert (before.quoted_units, after.quoted_units) == (35, 100)
    assert budget_of(alice).held == 135
    other = submit(alice, "key-3", model="recraftv4")
    assert other.quoted_units == 40, "other lines stay as they are"


def test_nobody_pays_a_price_that_was_not_on_the_button_they_pressed(alice: User) -> None:
    def press(key: str, book: int) -> Job:
        values = {"prompt": "A fox", "n": 2}
        return jobs.submit(alice, alice.workspaces.get(), OPERATIONS["generate"], values, key, book=book)

    first = press("key-1", 0)
    set_price(alice, 50)
    with pytest.raises(PriceRose, match="costs 100 units now"):
        press("key-2", 0)
    assert press("key-1", 0) == first, "what was taken stays taken"
    assert press("key-2", 1).quoted_units == 100


def test_a_process_that_did_not_set_the_price_quotes_it_too(alice: User) -> None:
    set_price(alice, 50)
    prices.forget()
    assert submit(alice).quoted_units == 50


def test_a_submit_asks_the_database_as_often_as_before(alice: User) -> None:
    submit(alice)
    with CaptureQueriesContext(connection) as without:
        submit(alice, "key-2")
    set_price(alice, 50)
    submit(alice, "key-3")
    with CaptureQueriesContext(connection) as later:
        submit(alice, "key-4")
    assert len(later) == len(without)


def test_a_price_that_is_to_come_comes_by_itself(alice: User) -> None:
    now = durations.database_now()
    set_price(alice, 50, since=now + timedelta(days=2))
    set_price(alice, 60, since=now + timedelta(days=4))
    quotes = []
    for days in (0, 3, 5):
        with durations.shifted(timedelta(days=days)):
            accounts.current()
            quotes.append(OPERATIONS["generate"].quote({"model": "recraftv4_1", "n": 1}))
    assert quotes == [35, 50, 60]


def test_a_price_is_per_picture_or_per_request_as_the_line_is(alice: User) -> None:
    set_price(alice, 20, ("vectorize", ""))
    set_price(alice, 70, ("variate-image", "recraftv3"))
    accounts.current()
    assert facts.price("vectorize", None, 1) == 20
    assert facts.price("variate-image", "recraftv3", 4) == 70
    assert facts.price("variate-image", "recraftv2", 4) == 40


def test_every_account_has_its_own_book(alice: User) -> None:
    other = ProviderAccount.objects.create(kind="recraft", fingerprint="f" * 16)
    prices.set_price(alice.memberships.get(), other, GENERATE, 50, "Recraft charges this")
    assert submit(alice).quoted_units == 35


def test_no_price_is_still_refused(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "_book", {})
    with pytest.raises(NoPriceKnown):
        submit(alice)
    assert Job.objects.count() == 0


@pytest.mark.parametrize(
    ("key", "units", "reason"),
    [(("draw", ""), 5, "why"), (("generate", "dall-e"), 5, "why"), (GENERATE, 0, "why"), (GENERATE, 5, " ")],
)
def test_a_price_of_nothing_known_is_refused(alice: User, key: prices.Key, units: int, reason: str) -> None:
    with pytest.raises(InvalidRequest):
        prices.set_price(alice.memberships.get(), accounts.current(), key, units, reason)
    assert accounts.current().prices_version == 0


def test_who_may_set_prices(alice: User, bob: User, charlie: User) -> None:
    with pytest.raises(NotAllowed):
        set_price(bob, 5)
    with pytest.raises(NotAllowed):  # there are two workspaces, and the book is everybody's
        set_price(alice, 5)
    alice.is_staff = True
    alice.save(update_fields=["is_staff"])
    assert set_price(User.objects.get(pk=alice.pk), 50).units == 50


def test_a_price_that_was_set_is_never_changed(alice: User) -> None:
    price = set_price(alice, 50)
    for change in (lambda: Price.objects.filter(pk=price.pk).update(units=1), price.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Price.objects.get().units == 50


# --- drift ----------------------------------------------------------------------------------------------------------


def test_what_was_charged_differently_is_counted_and_can_be_adopted(alice: User, recraft: Recraft) -> None:
    for number, charged in enumerate((35, 82, 82)):
        submit(alice, f"key-{number}", n=1 if charged == 35 else 2)
        recraft.answer = recraft.pictures(units=charged)
        run_next()
    found = line()
    assert found.observed is not None
    assert (found.units, found.observed.last, found.observed.differing, found.proposal) == (35, 41, 2, 41)
    set_price(alice, 41)
    found = line()
    assert (found.units, found.proposal, found.by) == (41, None, alice)
    assert found.observed is not None
    assert found.observed.differing == 0, "since it is in force"
    assert [each.units for each in prices.history(accounts.current())] == [41]


def test_what_is_no_whole_price_is_shown_and_not_proposed(alice: User, recraft: Recraft) -> None:
    submit(alice, n=2)
    recraft.answer = recraft.pictures(count=2, units=75)
    run_next()
    found = line()
    assert found.observed is not None
    assert (found.observed.differing_last, found.proposal) == (37.5, None)


# --- runs that wait for approval --------------------------------------------------------------------------------------


def park(alice: User, bob: User) -> Job:
    budgets.set_cap(alice.memberships.get(), budgets.Rule("run", "member", soft=True), 10)
    return submit(bob)


def test_a_run_whose_price_rose_is_asked_for_again(alice: User, bob: User) -> None:
    job = park(alice, bob)
    set_price(alice, 50)
    with pytest.raises(PriceRose, match="50 units by now, 35"):
        requests.approve(alice.memberships.get(), job.request)
    job = Job.objects.get(pk=job.pk)
    assert (job.state, job.quoted_units, job.request.units) == ("held", 50, 50)
    requests.approve(alice.memberships.get(), job.request)
    job.refresh_from_db()
    assert (job.state, budget_of(bob).held) == ("queued", 50)


def test_a_run_whose_price_fell_costs_less(alice: User, bob: User) -> None:
    job = park(alice, bob)
    set_price(alice, 20)
    requests.approve(alice.memberships.get(), Job.objects.get(pk=job.pk).request)
    assert budget_of(bob).held == 20
