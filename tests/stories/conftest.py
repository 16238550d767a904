"""Stories run on the database of the run: SQLite, or the PostgreSQL that DATABASE_URL names."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services_for_tests import new_database
from tests.stories.drive import DrivenStudio


def empty_database(name: str) -> dict[str, str]:
    """The setting for an empty database of that name, where the run is on PostgreSQL; SQLite lies in `var`."""
    server = os.environ.get("DATABASE_URL", "")
    return {"DATABASE_URL": new_database(server, name)} if server else {}


@pytest.fixture
def database_setting() -> dict[str, str]:
    """Settings for a studio of this test alone."""
    return empty_database("story")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrivenStudio]:
    """One studio for all stories that leave it as they found it, with somebody signed in."""
    folder = tmp_path_factory.mktemp("shared") / "var"
    with DrivenStudio(folder, **empty_database("shared"), STUDIO_TIME_SCALE="8") as studio:
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
