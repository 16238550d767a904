"""What comes before every start, and after every update."""

import os
from pathlib import Path

import pytest
from celery.fixups.django import DjangoWorkerFixup
from django.core.management import call_command
from pytest_django import Settings

from studio.celery import app
from studio.management.commands import clock
from studio.management.commands.prepare import collect_static
from studio.settings import BASE_DIR

SCRIPT = "js/kept-typing.js"


@pytest.fixture
def served(settings: Settings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path / "static"
    return settings.STATIC_ROOT


@pytest.fixture
def source(settings: Settings, tmp_path: Path) -> Path:
    """The only static file there is, an hour old."""
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path / "sources"]
    script = tmp_path / "sources" / "script.js"
    script.parent.mkdir()
    write(script, "let it = 1", hours=1)
    return script


def write(path: Path, text: str, hours: int) -> None:
    path.write_text(text)
    before = path.stat().st_mtime - hours * 3600
    os.utime(path, (before, before))


@pytest.mark.django_db
def test_static_files_of_another_version_are_replaced_however_young_they_are(served: Path) -> None:
    (served / SCRIPT).parent.mkdir(parents=True)
    (served / SCRIPT).write_text("// of the version before, copied a moment ago")
    call_command("prepare")
    assert (served / SCRIPT).read_text() == (BASE_DIR / "static" / SCRIPT).read_text()


def test_an_update_to_something_older_is_served_and_nothing_else_of_before(served: Path, source: Path) -> None:
    collect_static()
    write(source, "let it = 2", hours=24)
    (served / "gone.js").write_text("// of the version before")
    collect_static()
    assert (served / "script.js").read_text() == "let it = 2"
    assert not (served / "gone.js").exists()


def test_what_is_up_to_date_is_left_alone(served: Path, source: Path) -> None:
    collect_static()
    made = (served / "script.js").stat().st_mtime_ns
    collect_static()
    assert (served / "script.js").stat().st_mtime_ns == made


def test_what_was_half_made_is_made_again(served: Path, source: Path) -> None:
    collect_static()
    (served / "script.js").unlink()
    served.with_name("static.sources").unlink()  # as a start that was killed while it copied leaves it
    collect_static()
    assert (served / "script.js").is_file()


def test_no_process_checks_again_what_was_checked_before_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each would read every page, form and address for it: a third of a second, and 5 MB for good.
    checked: list[str] = []
    monkeypatch.setattr("django.core.checks.run_checks", lambda **_: checked.append("a worker") or [])
    monkeypatch.setattr("django.setup", lambda: None)
    DjangoWorkerFixup(app).validate_models()
    assert checked == []
    assert clock.Command.requires_system_checks == ()
