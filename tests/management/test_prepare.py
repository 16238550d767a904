"""What comes before every start, and after every update."""

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from studio.settings import BASE_DIR

SCRIPT = "js/kept-typing.js"


@pytest.mark.django_db
def test_static_files_of_another_version_are_replaced_however_young_they_are(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    served = settings.STATIC_ROOT / SCRIPT
    served.parent.mkdir(parents=True)
    served.write_text("// of the version before, copied a moment ago")
    call_command("prepare")
    assert served.read_text() == (BASE_DIR / "static" / SCRIPT).read_text()
