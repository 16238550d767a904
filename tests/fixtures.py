"""Alice has units, Bob shares her workspace, Charlie is a stranger with a workspace of his own."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import connection
from pytest_django import Settings

from studio.models import Budget, Job, ProviderAccount, Role, User, Workspace, guards
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.client import RecraftClient
from studio.services import accounts, audit, execution, jobs, ledger, members, prices

DAY = 86_400.0  # seconds
EVENING = 20.0  # the last seconds of a day in which no test begins
PASSWORD = "three vases on a ledge"
PROMPT = "Three hand-thrown vases on a sunlit ledge"


@pytest.fixture(autouse=True)
def quick_and_apart(settings: Settings, tmp_path: Path) -> None:
    """A cheap password hash, files of its own, and one day from its beginning to its end for every test."""
    time.sleep(until_tomorrow(time.time()))
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STUDIO_SPOOL = tmp_path / "spool"
    settings.MEDIA_ROOT = tmp_path / "media"
    prices.forget()  # the process outlives the database of the test before


def until_tomorrow(now: float) -> float:
    """How long to wait for the next day in UTC: not at all, except in the last seconds of one.

    What is made before midnight and looked for after it as "today" is rightly not found. What becomes of a day, a
    week or a month that ends is tested by moments of the tests' own choice.
    """
    left = DAY - now % DAY
    return left if left < EVENING else 0.0


@pytest.fixture
def provider_account(db: None) -> ProviderAccount:
    # `db` by its name, so that a file that is run alone has a database made for it; with `committed` it commits.
    return accounts.current()


@pytest.fixture
def workspace(provider_account: ProviderAccount) -> Workspace:
    return Workspace.objects.create(name="Studio")


def _person(name: str, workspace: Workspace, role: str) -> User:
    person = User.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name)
    members.add(workspace, person, role)
    return person


@pytest.fixture
def alice(workspace: Workspace) -> User:
    return _person("Alice", workspace, Role.OWNER)


@pytest.fixture
def bob(workspace: Workspace) -> User:
    return _person("Bob", workspace, Role.EDITOR)


@pytest.fixture
def charlie(provider_account: ProviderAccount) -> User:
    return _person("Charlie", Workspace.objects.create(name="Elsewhere"), Role.OWNER)


@pytest.fixture
def books_agree(db: None) -> Iterator[None]:
    """After the test, every invariant of the ledger holds."""
    yield
    assert audit.broken() == []


def submit(person: User, key: str = "key-1", operation: str = "generate", **values: Any) -> Job:
    """Submit a job as a page would: one picture by V4.1 unless told otherwise."""
    workspace = person.workspaces.get()
    return jobs.submit(person, workspace, OPERATIONS[operation], {"prompt": PROMPT, "n": 1, **values}, key)


def budget_of(person: User) -> Budget:
    """A person's total."""
    return Budget.objects.get(account__person=person, account__kind="person", window="total")


def limit_to(budget: Budget, units: int) -> None:
    """Set a budget's limit as an owner would, by a grant."""
    ledger.grant(budget, units - (budget.limit or 0), actor=None, reason="For this test")
    budget.refresh_from_db()


class Recraft:
    """What stands behind the client in a unit test: an HTTP transport that answers as told and counts."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answer: Callable[[httpx.Request], httpx.Response] = self.pictures()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer(request)

    def answers(self, status: int, **content: Any) -> None:
        self.answer = lambda _: httpx.Response(status, **content)

    def fails(self, error: Exception) -> None:
        def answer(_: httpx.Request) -> httpx.Response:
            raise error

        self.answer = answer

    @staticmethod
    def pictures(count: int = 1, units: int = 35) -> Callable[[httpx.Request], httpx.Response]:
        data = [
            {"image_id": f"00000000-0000-0000-0000-{index:012}", "url": f"{settings.RECRAFT_BASE_URL[:-3]}/{index}"}
            for index in range(count)
        ]
        return lambda _: httpx.Response(200, json={"created": 1, "credits": units, "data": data})


@pytest.fixture
def recraft(monkeypatch: pytest.MonkeyPatch) -> Recraft:
    """The provider, at the client's transport."""
    provider = Recraft()
    client = RecraftClient("token", "http://127.0.0.1:8210/v1", httpx.MockTransport(provider))
    monkeypatch.setattr(execution, "client", lambda: client)
    return provider


def run_next() -> list[int]:
    """Carry out the next job, as a caller would. Returns the ids of the results to fetch."""
    results: list[int] = []
    execution.run_next(accounts.current().pk, results.extend)
    return results


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """A database that other threads and processes see. The guards step aside for the flush that ends the test."""
    yield
    guards.remove()


def at_once(count: int, work: Callable[[int], object]) -> list[object]:
    """Run `work(0)` ... `work(count - 1)` in threads that all start together; results or exceptions, in order."""
    barrier = threading.Barrier(count)

    def run(number: int) -> object:
        barrier.wait()
        try:
            return work(number)
        except Exception as error:  # handed to the test, which looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
