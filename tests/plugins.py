"""The servers a test may use."""

import os
from collections.abc import Iterator

import pytest

from tests.services_for_tests import PostgreSQL, Valkey, new_database


class ExistingPostgreSQL:
    """The server this run was started with; see `services_for_tests`."""

    def __init__(self, server: str) -> None:
        self.server = server

    def new_database(self, name: str) -> str:
        return new_database(self.server, name)


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A real server: `.url`, `.client()`, and `.kill()` and `.start()` to see what a crash does."""
    with Valkey() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL | ExistingPostgreSQL]:
    """A real server: `.new_database(name)` gives the URL of an empty database."""
    given = os.environ.get("STUDIO_TESTS_DATABASE")
    if given:
        yield ExistingPostgreSQL(given)
        return
    with PostgreSQL() as server:
        yield server
