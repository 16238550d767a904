"""Random lives of a studio's money: whatever happens in whatever order, the books agree after every step.

`STUDIO_LEDGER_STEPS` says how many operations are tried, 10,000 for the full measure. With `STUDIO_LEDGER_SEED` they
are those of that number, and a failure is made as short as it can be, which takes minutes; without it every run tries
the same ones, and a failure is shown as it was found.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, Q, Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from studio.errors import StudioError
from studio.models import (
    Account,
    Attempt,
    Budget,
    Cap,
    Entry,
    Host,
    Job,
    Membership,
    Result,
    Role,
    Tally,
    UnitsRequest,
    User,
    Workspace,
)
from studio.recraft.catalogue import OPERATIONS
from studio.services import (
    accounts,
    assets,
    audit,
    budgets,
    durations,
    jobs,
    ledger,
    members,
    outcome,
    requests,
    tallies,
    upkeep,
)
from studio.services.budgets import Rule
from studio.services.spool import Report

STEPS = int(os.environ.get("STUDIO_LEDGER_STEPS", "400"))
PER_LIFE = 40
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "America/Havana", "Africa/Cairo", "Asia/Kathmandu", "Pacific/Apia")
# A life begins shortly before clocks change in one of the zones.
BEGINNINGS = ("2027-03-26T20:00", "2027-10-29T12:00", "2027-03-13T23:00", "2027-11-06T23:00", "2027-04-29T20:00")
SOON = (timedelta(minutes=20), timedelta(hours=5), timedelta(hours=23), timedelta(hours=25), timedelta(days=3))

anybody = st.integers(0, 3)
which = st.integers(0, 1_000)
amounts = st.sampled_from([0, 35, 70, 140, 200, 500, 2_000, None])
windows = st.sampled_from(["day", "day", "week", "month", "run", "total"])


class Money(RuleBasedStateMachine):
    """Four people in two workspaces, one of them in both, and everything that moves units."""

    looked_at: int | None = None

    @initialize(beginning=st.sampled_from(BEGINNINGS), zone=st.sampled_from(ZONES))
    def found(self, beginning: str, zone: str) -> None:
        self.life = transaction.atomic()
        self.life.__enter__()
        self.shift = datetime.fromisoformat(beginning).replace(tzinfo=UTC) - timezone.now()
        self.number = 0
        self.used: dict[int, int] = defaultdict(int)  # by account: what a second, simpler set of books says
        with self.now():
            self.here, self.there = (Workspace.objects.create(name=name, time_zone=zone) for name in ("Here", "There"))
            self.owner, self.bob, self.dana = (self.person(name) for name in ("owner", "bob", "dana"))
            for workspace in (self.here, self.there):
                members.add(workspace, self.owner, Role.OWNER)
            members.add(self.here, self.bob, Role.EDITOR)
            members.add(self.there, self.dana, Role.EDITOR)
            # Periods are there from the start: most of what can go wrong with units goes wrong between two of them.
            for workspace in (self.here, self.there):
                budgets.set_cap(self.steward(workspace), Rule("day", "member"), 1_000)
                budgets.set_cap(self.steward(workspace), Rule("month", "workspace"), 10_000)
        self.host = Host.objects.create(pk="m")

    def teardown(self) -> None:
        if hasattr(self, "life"):
            transaction.set_rollback(True)
            self.life.__exit__(None, None, None)

    @contextmanager
    def now(self) -> Iterator[None]:
        with durations.shifted(self.shift):
            yield

    @staticmethod
    def person(name: str) -> User:
        return User.objects.create_user(f"{name}@example.com", None, name=name.title())

    def place(self, number: int) -> tuple[User, Workspace]:
        return ((self.owner, self.here), (self.owner, self.there), (self.bob, self.here), (self.dana, self.there))[
            number
        ]

    def steward(self, workspace: Workspace) -> Membership:
        return Membership.objects.select_related("workspace", "person").get(person=self.owner, workspace=workspace)

    @contextmanager
    def allowed_to_refuse(self) -> Iterator[None]:
        """What a service refuses, it refuses whole."""
        before = Entry.objects.count()
        try:
            with self.now(), transaction.atomic():
                yield
        except StudioError:
            assert Entry.objects.count() == before

    def one(self, found: Any, number: int) -> Any:
        rows = list(found.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    # --- jobs ---

    @rule(whom=anybody, n=st.integers(1, 6), again=st.booleans())
    def submit(self, whom: int, n: int, again: bool) -> None:
        person, workspace = self.place(whom)
        self.number += not again
        with self.allowed_to_refuse():
            jobs.submit(person, workspace, OPERATIONS["generate"], {"prompt": "A fox", "n": n}, f"k{self.number}")

    def attempt(self, number: int) -> Attempt | None:
        job = self.one(Job.objects.filter(state="queued"), number)
        if job is None or not Job.objects.move(job.pk, "queued", "running"):
            return None
        return Attempt.objects.create(
            job=job, provider_account=job.provider_account, host=self.host, images=job.images, claimed_at=timezone.now()
        )

    @rule(number=which, off=st.sampled_from([0, 0, -10, 25]), images=st.integers(0, 6))
    def answered(self, number: int, off: int, images: int) -> None:
        with self.now():
            if attempt := self.attempt(number):
                units = attempt.job.quoted_units + off
                data = [{"image_id": f"i{at}", "url": "https://x"} for at in range(min(images, attempt.images))]
                body = json.dumps({"created": 1, "credits": units, "data": data}).encode()
                outcome.record(Report(attempt.pk, body))
                outcome.record(Report(attempt.pk, body))  # the keeper finds it too
                if data:
                    self.count(attempt.job, units)
                else:
                    self.count(attempt.job, units, lost=True)

    @rule(whom=anybody, n=st.integers(1, 3))
    def drawn(self, whom: int, n: int) -> None:
        self.submit(whom, n, again=False)
        self.answered(number=-1, off=0, images=n)

    @rule(whom=anybody, billed=st.booleans())
    def not_heard_of_again(self, whom: int, billed: bool) -> None:
        self.submit(whom, 1, again=False)
        self.not_answered(number=-1, error="OutcomeUnknown")
        self.resolved(number=-1, billed=billed)

    @rule(number=which)
    def answered_with_rubbish(self, number: int) -> None:
        with self.now():
            if attempt := self.attempt(number):
                outcome.record(Report(attempt.pk, b"<html>", "AnswerUnreadable"))
                self.count(attempt.job, attempt.job.quoted_units, lost=True)

    @rule(number=which, error=st.sampled_from(["Rejected", "ServerFailed", "Refused", "NotSent", "OutcomeUnknown"]))
    def not_answered(self, number: int, error: str) -> None:
        with self.now():
            if attempt := self.attempt(number):
                outcome.record(Report(attempt.pk, None, error, "it said", "It said."))

    @rule(number=which, billed=st.booleans())
    def resolved(self, number: int, billed: bool) -> None:
        with self.now():
            attempt = self.one(Attempt.objects.filter(state="unknown"), number)
            if attempt:
                assert outcome.resolve(attempt.pk, billed=billed, text="The balance says so")
                assert not outcome.resolve(attempt.pk, billed=not billed, text="Again")
                if billed:
                    self.count(attempt.job, attempt.job.quoted_units, lost=True)

    @rule(number=which)
    def lost_a_picture(self, number: int) -> None:
        with self.now():
            result = self.one(Result.objects.open().select_related("job"), number)
            if result:
                assets._lose(result, "The link died")
                self.count(result.job, result.units, given_back=True)

    @rule(number=which)
    def canceled(self, number: int) -> None:
        with self.now():
            job = self.one(Job.objects.under_way(), number)
            if job:
                jobs.cancel(job.person, job)

    @rule(number=which, until=st.sampled_from([None, timedelta(days=2)]), no=st.booleans())
    def asked_and_answered(self, number: int, until: timedelta | None, no: bool) -> None:
        request = self.one(UnitsRequest.objects.open().select_related("workspace", "person", "job"), number)
        if request is None:
            return
        by = self.steward(request.workspace)
        with self.allowed_to_refuse():
            if no:
                requests.decline(by, request, "No")
            else:
                requests.approve(by, request, until=until and durations.database_now() + until)

    # --- limits ---

    @rule(whom=anybody, units=st.integers(1, 500), number=which)
    def wished(self, whom: int, units: int, number: int) -> None:
        person, workspace = self.place(whom)
        with self.allowed_to_refuse():
            limits = requests.limits(person, workspace)
            requests.ask(person, workspace, units, limits[number % len(limits)])

    @rule(
        whom=anybody,
        window=windows,
        scope=st.sampled_from(["workspace", "member", "person"]),
        units=amounts,
        soft=st.booleans(),
        until=st.sampled_from([None, None, timedelta(hours=30)]),
    )
    def capped(
        self, whom: int, window: str, scope: str, units: int | None, soft: bool, until: timedelta | None
    ) -> None:
        person, workspace = self.place(whom)
        about = Rule(window, scope, person if scope == "person" else None, soft=soft)
        with self.allowed_to_refuse():
            budgets.set_cap(self.steward(workspace), about, units, until=until and durations.database_now() + until)

    @rule(number=which)
    def lifted(self, number: int) -> None:
        cap = self.one(Cap.objects.filter(ended_at=None).select_related("workspace", "person", "account"), number)
        if cap:
            with self.allowed_to_refuse():
                budgets.lift_cap(self.steward(cap.workspace), cap)

    @rule(whom=anybody, units=st.integers(-400, 400))
    def granted(self, whom: int, units: int) -> None:
        with self.now():
            total = budgets.open_person(accounts.current(), *reversed(self.place(whom)))
            ledger.grant(total, units, actor=self.owner, reason="Given")

    @rule(whom=anybody, units=st.integers(-100, 100))
    def adjusted(self, whom: int, units: int) -> None:
        with self.now():
            account = budgets.open_person(accounts.current(), *reversed(self.place(whom))).account
            ledger.adjust(account, units, actor=self.owner, reason="A mistake")
            self.used[account.pk] += units

    @rule(units=st.integers(-100, 100))
    def found_outside(self, units: int) -> None:
        with self.now():
            ledger.external(accounts.current(), units, "Used elsewhere")

    # --- time ---

    @rule(by=st.sampled_from(SOON))
    def time_passes(self, by: timedelta) -> None:
        self.shift += by

    @rule()
    def the_clock_looks(self) -> None:
        with self.now():
            upkeep.begin_periods()
            upkeep.count_anew()
            assert budgets.stale_workspaces() == tallies.uncounted() == []

    @rule(name=st.sampled_from(ZONES), whom=anybody)
    def moved(self, name: str, whom: int) -> None:
        with self.now():
            budgets.set_time_zone(self.steward(self.place(whom)[1]), name)

    @rule(dice=st.integers(1, 6))
    def a_day_in_the_queue_is_over(self, dice: int) -> None:
        if dice == 6:  # seldom: it empties the queue
            with self.now():
                upkeep.expire_queue()

    # --- what has to hold ---

    @invariant()
    def everything_holds(self) -> None:
        # All of it depends on the rows alone: where no row has changed, it has been looked at. PostgreSQL can't tell.
        changes = getattr(connection.connection, "total_changes", None)
        if changes is None or changes != self.looked_at:
            assert audit.broken() == []
            self.simpler_books_say_the_same()
            self.what_is_reserved_is_reserved_in_its_period()
            self.periods_do_not_overlap()
            self.nobody_pays_for_what_did_not_come()
            self.looked_at = changes

    def simpler_books_say_the_same(self) -> None:
        persons = Budget.objects.filter(account__kind="person", window="total").exclude(used=0)
        assert dict(persons.values_list("account", "used")) == {k: v for k, v in self.used.items() if v}
        counted = Tally.objects.exclude(zone="").values_list("account").annotate(all=Sum("spent") - Sum("back"))
        assert {account: units for account, units in counted if units} == {k: v for k, v in self.used.items() if v}

    def what_is_reserved_is_reserved_in_its_period(self) -> None:
        reserves = Entry.objects.filter(kind="reserve").exclude(budget__window="total")
        inside = Q(created_at__gte=F("budget__starts_at"), created_at__lt=F("budget__ends_at"))
        assert not reserves.exclude(inside).exists()

    def periods_do_not_overlap(self) -> None:
        ends: dict[tuple[int, str], datetime] = {}
        rows = Budget.objects.exclude(window="total").order_by("account", "window", "starts_at")
        for account, window, starts_at, ends_at in rows.values_list("account", "window", "starts_at", "ends_at"):
            before = ends.get((account, window))
            assert before is None or starts_at >= before
            ends[account, window] = ends_at

    def nobody_pays_for_what_did_not_come(self) -> None:
        nothing_came = Job.objects.filter(state__in=("failed", "canceled", "expired", "lost"))
        assert not nothing_came.exclude(charged_units=0).exists()
        mine = Entry.objects.of_totals().filter(account__kind="person", kind__in=("charge", "loss"))
        paid = mine.filter(job__in=nothing_came).values("job").annotate(all=Sum("units"))
        assert not paid.exclude(all=0).exists()

    def count(self, job: Job, units: int, *, lost: bool = False, given_back: bool = False) -> None:
        account = Account.objects.get(kind="person", workspace=job.workspace_id, person=job.person_id)
        self.used[account.pk] += 0 if lost else -units if given_back else units


@pytest.mark.django_db
def test_the_books_agree_whatever_happens() -> None:
    number = os.environ.get("STUDIO_LEDGER_SEED")
    run_state_machine_as_test(
        seed(int(number))(Money) if number else Money,
        settings=settings(
            max_examples=max(1, STEPS // PER_LIFE),
            stateful_step_count=PER_LIFE,
            deadline=None,
            database=None,
            derandomize=not number,
            phases=(Phase.generate, Phase.shrink) if number else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
