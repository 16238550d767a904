"""Stories run on the database of the run: SQLite, or the PostgreSQL that DATABASE_URL names."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services_for_tests import new_database
from tests.stories.drive import DrivenStudio
from tests.studio_process import ROOT

SERVER = os.environ.get("DATABASE_URL", "")
TEMPLATE = "migrated"


# What comes before a start and is the same for all of them.
PREPARE = """
import django
django.setup()
from django.core.management import call_command
from studio.management.commands.prepare import collect_static
call_command("migrate", verbosity=0)
collect_static()
"""


class Databases:
    """A database that was migrated once, and static files, for every studio to have a copy of."""

    def __init__(self, var: Path) -> None:
        self.var = var
        url = new_database(SERVER, TEMPLATE) if SERVER else ""
        told = os.environ | {"STUDIO_VAR": str(var), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "studio.settings"}
        subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env=told, check=True)

    def new(self, var: Path, name: str) -> dict[str, str]:
        """Settings of a studio on a new one: in `var`, or of that name where the run is on PostgreSQL."""
        shutil.copytree(self.var / "static", var / "static")
        shutil.copy(self.var / "static.sources", var)
        if SERVER:
            return {"DATABASE_URL": new_database(SERVER, name, TEMPLATE)}
        shutil.copy(self.var / "studio.sqlite3", var)
        return {}


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(tmp_path_factory.mktemp("migrated"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def database_setting(databases: Databases, folder: Path) -> dict[str, str]:
    """Settings for a studio of this test alone, in `folder`."""
    return databases.new(folder, "story")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[DrivenStudio]:
    """One studio for all stories that leave it as they found it, with somebody signed in."""
    folder = tmp_path_factory.mktemp("shared") / "var"
    with DrivenStudio(folder, **databases.new(folder, "shared"), STUDIO_TIME_SCALE="8") as studio:
        studio.sign_in()
        yield studio


@pytest.fixture(scope="module")
def audited(shared: DrivenStudio) -> Iterator[DrivenStudio]:
    """The shared studio; whatever a file of stories did, the books agree after it."""
    yield shared
    shared.audit()


@pytest.fixture
def studio(audited: DrivenStudio) -> Iterator[DrivenStudio]:
    """The shared studio, left without faults and with its clock right."""
    yield audited
    audited.sandbox.clear_faults()
    audited.sandbox.shift_clock(0)
