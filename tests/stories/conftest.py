"""Stories run on the database of the run: SQLite, or the PostgreSQL that DATABASE_URL names."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services_for_tests import new_database
from tests.stories.drive import DrivenStudio


@pytest.fixture(scope="session")
def database_setting() -> dict[str, str]:
    """Settings for a studio with an empty database of its own."""
    server = os.environ.get("DATABASE_URL", "")
    return {"DATABASE_URL": new_database(server, "story")} if server else {}


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, database_setting: dict[str, str]) -> Iterator[DrivenStudio]:
    """One studio for all stories that leave it as they found it, with somebody signed in."""
    with DrivenStudio(tmp_path_factory.mktemp("shared") / "var", **database_setting) as studio:
        studio.sign_in()
        yield studio


@pytest.fixture
def studio(shared: DrivenStudio) -> Iterator[DrivenStudio]:
    """The shared studio; whatever a story did, the books agree after it."""
    yield shared
    shared.sandbox.clear_faults()
    shared.sandbox.shift_clock(0)
    shared.audit()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var"
