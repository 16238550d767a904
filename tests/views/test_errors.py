"""What a page says when a part of the studio is away."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from studio.models import User
from tests.fixtures import PASSWORD, Settings
from tests.services_for_tests import free_port
from tests.views.conftest import Visit

QUIET = Client(raise_request_exception=False)


def test_without_the_cache_signing_in_asks_to_come_back(alice: User, settings: Settings) -> None:
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": nobody}}
    response = QUIET.post("/sign-in/", {"email": alice.email, "password": PASSWORD})
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Nothing is lost" in response.content.decode()


def test_without_the_database_a_page_asks_to_come_back(alice: User) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(alice)

    def away(*query: Any) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(away):
        response = client.get("/gallery/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")


def test_a_mistake_of_ours_is_not_called_an_outage(alice: User) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(alice)

    def mistaken(*query: Any) -> None:
        raise ValueError("a mistake")

    with connection.execute_wrapper(mistaken):
        response = client.get("/gallery/")
    assert response.status_code == 500
    assert "Retry-After" not in response


def test_more_than_any_page_sends_is_refused_with_a_page(visit: Visit, alice: User) -> None:
    response = visit(alice).post("/act/", {f"field-{at}": "x" for at in range(301)})
    assert response.status_code == 400
    assert "Nothing was changed" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/act/marks/?assets=%00", "/gallery/?q=%00", "/act/marks/?days=2026-03-01%00", "/shared/a%00b/"]
)
def test_an_address_that_no_database_takes_is_refused_with_a_page(visit: Visit, alice: User, address: str) -> None:
    response = visit(alice).get(address)
    assert (response.status_code, "could not read that" in response.content.decode()) == (400, True)
