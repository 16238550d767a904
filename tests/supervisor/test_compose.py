"""The containers run what `make run` runs, and the token goes to one of them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from studio.supervisor import programs
from studio.supervisor.environment import TOKEN
from studio.supervisor.settings import KNOWN, ROOT, Settings

FILE = ROOT / "docker-compose.yml"
COMPOSE: dict[str, Any] = YAML(typ="safe").load(FILE)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "calls", "bytes", "clock")
DEFAULT = Settings(Path("/nowhere"))


def seconds(text: str) -> int:
    assert text.endswith("s")
    return int(text[:-1])


def test_the_file_keeps_to_the_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("web", programs.web("0.0.0.0", 8000)),
        ("calls", programs.calls(DEFAULT.calls)),
        ("bytes", programs.bytes_(DEFAULT.bytes)),
        ("clock", programs.clock()),
        ("migrate", programs.python("manage.py", "migrate", "--noinput")),
    ],
)
def test_the_commands_are_those_of_the_supervisor(name: str, command: tuple[str, ...]) -> None:
    assert SERVICES[name]["command"] == ["python", *command[1:]]


def test_every_process_of_the_studio_has_a_container() -> None:
    assert set(SERVICES) == {*OURS, "migrate", "postgres", "redis"}
    assert set(OURS) == set(programs.needed(Settings(Path("/nowhere"), redis_url="redis://x", token="x")))


def test_the_token_goes_to_calls_alone() -> None:
    for name, service in SERVICES.items():
        told, secrets = set(service.get("environment", ())), set(service.get("secrets", ()))
        assert bool(told & TOKEN) == (name == "calls")
        assert ("recraft_api_token" in secrets) == (name == "calls")
        if name in OURS:
            assert "RECRAFT_ACCOUNT_FINGERPRINT" in told
            assert "secret_key" in secrets


def test_a_stop_lets_the_paid_calls_end() -> None:
    assert seconds(SERVICES["calls"]["stop_grace_period"]) >= programs.CALLS_GRACE
    for name in OURS:
        assert seconds(SERVICES[name]["stop_grace_period"]) >= programs.GRACE
        # Without an init nobody collects a paid call that outlived its worker.
        assert SERVICES[name]["init"] is True


def test_everybody_who_can_be_asked_is_asked() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" in service} == set(SERVICES) - {
        "clock",
        "migrate",
    }


def test_the_processes_wait_for_the_database_to_be_up_to_date() -> None:
    for name in OURS:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_what_must_not_be_lost_lies_in_volumes() -> None:
    mounted = {name: {mount.partition(":")[0] for mount in SERVICES[name].get("volumes", ())} for name in SERVICES}
    assert mounted["calls"] >= {"spool"}
    assert mounted["clock"] >= {"spool"}, "the keeper of a spool lives beside it"
    assert mounted["web"] >= {"media"}
    assert mounted["bytes"] >= {"media"}
    assert set(COMPOSE["volumes"]) == set.union(*mounted.values())


def test_the_settings_are_those_the_studio_reads() -> None:
    for name in OURS:
        for setting in SERVICES[name]["environment"]:
            assert not setting.startswith("STUDIO_") or setting.removesuffix("_FILE") in KNOWN
    asked = set(re.findall(r"\$\{(\w+)", FILE.read_text()))
    explained = set(re.findall(r"^#.*?(\w+)=", FILE.read_text(), re.MULTILINE))
    assert asked <= explained, "the comment at the top lists what .env has to hold"


def test_the_image_runs_as_nobody_in_particular_and_from_the_lock() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^FROM python:3\.11-slim$", text, re.MULTILINE)
    assert "--require-hashes -r requirements.lock" in text
    assert text.index("USER atelier") < text.index("CMD [")
    assert json.loads(text[text.index("CMD [") + 4 :]) == SERVICES["web"]["command"]
    for name in re.findall(r"^COPY (\S+) ", text, re.MULTILINE):
        assert (ROOT / name).exists(), name
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".venv", "var", ".env", "secrets"} <= set(ignored)
