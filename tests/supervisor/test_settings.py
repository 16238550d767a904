"""A setting that can't be used stops the start with one plain sentence."""

import ast
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from studio.supervisor.settings import KNOWN, ROOT, BadSetting, read
from tests.supervisor.plans import clean

BAD = {
    "PORT=eight": "PORT must be a whole number from 1 to 65535, not 'eight'.",
    "PORT=0": "PORT must be a whole number from 1 to 65535, not '0'.",
    "PORT=-1": "PORT must be a whole number from 1 to 65535, not '-1'.",
    "PORT=65536": "PORT must be a whole number from 1 to 65535, not '65536'.",
    "PORT=８０８０": "PORT must be a whole number from 1 to 65535, not '８０８０'.",  # noqa: RUF001
    "STUDIO_CALLS=0": "STUDIO_CALLS must be a whole number from 1 to 64, not '0'.",
    "STUDIO_BYTES=many": "STUDIO_BYTES must be a whole number from 1 to 128, not 'many'.",
    "STUDIO_TIME_SCALE=0": "STUDIO_TIME_SCALE must be a number above 0 and at most 10000, not '0'.",
    "STUDIO_TIME_SCALE=nan": "STUDIO_TIME_SCALE must be a number above 0 and at most 10000, not 'nan'.",
    "STUDIO_TIME_SCALE=fast": "STUDIO_TIME_SCALE must be a number above 0 and at most 10000, not 'fast'.",
    "STUDIO_SANDBOX_LATENCY=-1": "STUDIO_SANDBOX_LATENCY must be a number of seconds from 0 to 600, not '-1'.",
    "STUDIO_SANDBOX_LATENCY=slow": "STUDIO_SANDBOX_LATENCY must be a number of seconds from 0 to 600, not 'slow'.",
    "STUDIO_CALL=3": "STUDIO_CALL is not a setting of the studio; is STUDIO_CALLS meant?",
    "STUDIO_XYZZY=3": "STUDIO_XYZZY is not a setting of the studio.",
    "STUDIO_PROVIDER=recraft": (
        "STUDIO_PROVIDER is 'recraft', but without RECRAFT_API_TOKEN the studio runs on 'sandbox'."
    ),
    "RECRAFT_API_TOKEN_FILE=/nowhere/token": ("RECRAFT_API_TOKEN_FILE points at /nowhere/token, which can't be read."),
    "RECRAFT_API_TOKEN_FILE=/dev/null": "RECRAFT_API_TOKEN_FILE points at /dev/null, which is empty.",
    "STUDIO_SECRET_KEY_FILE=/nowhere/key": "STUDIO_SECRET_KEY_FILE points at /nowhere/key, which can't be read.",
    "RECRAFT_API_TOKEN=one two": "RECRAFT_API_TOKEN has characters that no token has.",
    "RECRAFT_API_TOKEN=a;RECRAFT_API_TOKEN_FILE=b": (
        "RECRAFT_API_TOKEN and RECRAFT_API_TOKEN_FILE are both set; one of them is enough."
    ),
    "RECRAFT_API_TOKEN=a;STUDIO_TIME_SCALE=60": (
        "STUDIO_TIME_SCALE is for the sandbox only; take it out to run on Recraft."
    ),
    "RECRAFT_BASE_URL=https://recraft.test/v1": (
        "RECRAFT_BASE_URL is set without RECRAFT_API_TOKEN; without a token the sandbox is used."
    ),
    "RECRAFT_API_TOKEN=a;RECRAFT_BASE_URL=recraft.test": "RECRAFT_BASE_URL must begin with http://.",
    "REDIS_URL=localhost:6379": "REDIS_URL must begin with redis://.",
    "DATABASE_URL=mysql://me:secret@host/name": "DATABASE_URL must begin with postgres://.",
}


def environment(given: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in given.split(";"))


@pytest.mark.parametrize(("given", "sentence"), BAD.items(), ids=BAD.keys())
def test_a_bad_setting_is_refused_with_a_sentence(given: str, sentence: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        read(environment(given))
    assert str(refusal.value) == sentence


def test_nothing_set_means_the_sandbox_on_this_machine() -> None:
    settings = read({"PATH": "/bin", "PORT": "", "STUDIO_CALLS": " "})
    assert (settings.host, settings.port, settings.calls, settings.bytes) == ("127.0.0.1", 8000, 8, 8)
    assert (settings.provider, settings.fingerprint, settings.var) == ("sandbox", "", ROOT / "var")


def test_a_token_is_known_by_its_fingerprint_and_shown_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(" canary\n")
    settings = read({"RECRAFT_API_TOKEN_FILE": str(path)})
    assert settings.provider == "recraft"
    assert settings.fingerprint == hashlib.sha256(b"canary").hexdigest()[:16]
    assert "canary" not in repr(settings)


def test_every_setting_the_studio_reads_is_known_here() -> None:
    read_by_studio = set()
    for path in (ROOT / "studio").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and re.fullmatch(r"STUDIO_\w+", str(first.value)):
                    read_by_studio.add(first.value)
    assert "STUDIO_LOG_LEVEL" in read_by_studio, "this test looks at the wrong places"
    # Set by a process for the processes it forks, and never by a person.
    assert read_by_studio - KNOWN - {"STUDIO_CALLER_PARENT"} == set()


@pytest.mark.parametrize("given", ["PORT=eight", "STUDIO_VAR=/proc/no", "STUDIO_PERSON_UNITS=lots", "HOST=192.0.2.1"])
def test_a_bad_setting_stops_the_start_at_once(given: str, tmp_path: Path) -> None:
    told = clean(os.environ) | {"STUDIO_VAR": str(tmp_path / "var")} | environment(given)
    command = [sys.executable, "-m", "studio.supervisor"]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr == ""
    (sentence,) = done.stdout.splitlines()
    assert sentence.endswith(".")
    assert given.partition("=")[2] in sentence
    assert not list(tmp_path.glob("var/run/*.pid"))


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be")
    told = clean(os.environ) | {"STUDIO_VAR": str(tmp_path / "var")}
    command = [sys.executable, "-m", "studio.supervisor"]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, f"{tmp_path / 'var'} can't be written: File exists.\n")
