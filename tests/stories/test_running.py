"""The studio as a person starts, uses, kills and ends it."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from studio.supervisor import records
from tests.sandbox_process import SandboxProcess
from tests.studio_process import NAMES, StudioProcess, gone, told, until

pytestmark = pytest.mark.story


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioProcess]:
    with StudioProcess(tmp_path_factory.mktemp("running") / "var", STUDIO_SANDBOX_LATENCY="0.1") as studio:
        yield studio


def test_it_prints_one_link_that_leads_somewhere(studio: StudioProcess) -> None:
    assert set(studio.running()) == set(NAMES)
    assert studio.screen().count(studio.url) == 1
    assert studio.ready_line.startswith(f"http://127.0.0.1:{studio.settings['PORT']}/")
    page = httpx.get(studio.ready_line, trust_env=False)
    assert page.status_code == 200
    assert "csrfmiddlewaretoken" in page.text, "a form, so that looking at the link does not use it up"
    assert httpx.get(studio.ready_line, trust_env=False).status_code == 200
    logs = "".join(path.read_text() for path in (studio.var / "logs").glob("*.log"))
    assert studio.ready_line not in logs


def test_its_styles_and_scripts_are_served(studio: StudioProcess) -> None:
    page = httpx.get(studio.ready_line, trust_env=False).text
    files = [part.split('"')[0] for part in page.split('="/static/')[1:]]
    assert any(name.endswith(".css") for name in files)
    for name in files:
        answer = httpx.get(f"{studio.url}/static/{name.partition('#')[0]}", trust_env=False)
        assert answer.status_code == 200, name


def test_a_second_one_on_the_same_folder_is_refused(studio: StudioProcess) -> None:
    assert studio.process is not None
    before = studio.running()
    second = StudioProcess(studio.var)
    second.screen_path = studio.var.with_suffix(".second")
    assert second.spawn().wait(60) == 2
    assert second.screen() == f"A studio already runs on {studio.var} (process {studio.process.pid}).\n"
    assert studio.running() == before


@pytest.mark.parametrize("name", NAMES)
def test_a_killed_process_comes_back(studio: StudioProcess, name: str) -> None:
    others = {other: pid for other, pid in studio.running().items() if other != name}
    killed = studio.kill(name)
    until(lambda: studio.running().get(name, killed) != killed, f"{name} runs again")
    until(studio.is_up, "the pages answer again")
    assert gone(killed)
    assert {other: pid for other, pid in studio.running().items() if other != name} == others


def test_a_killed_supervisor_leaves_nothing_the_next_does_not_end(studio: StudioProcess) -> None:
    kept = {name: (studio.var / name).read_bytes() for name in ("secret_key", "ports.json")}
    left = studio.running()
    studio.kill_supervisor()
    assert studio.is_up(), "the studio goes on without its supervisor"
    studio.start()
    assert all(gone(pid) for pid in left.values())
    assert set(studio.running()) == set(NAMES)
    assert kept == {name: (studio.var / name).read_bytes() for name in kept}


def test_one_signal_ends_it_and_leaves_nothing(studio: StudioProcess) -> None:
    running = studio.running()
    sessions = [records.read(path) for path in (studio.var / "run").glob("*.pid")]
    studio.stop(signal.SIGINT)
    assert all(gone(pid) for pid in running.values())
    assert [record.session() for record in sessions if record is not None] == [[]] * len(sessions)
    assert not list((studio.var / "run").glob("*.pid"))
    assert "Traceback" not in studio.screen()


def test_with_a_token_it_runs_on_recraft_and_tells_calls_alone(tmp_path: Path) -> None:
    token = "canary-5d1f0c"
    with SandboxProcess(tmp_path / "provider", token=token) as provider:
        settings = {"RECRAFT_API_TOKEN": token, "RECRAFT_BASE_URL": provider.api}
        with StudioProcess(tmp_path / "var", **settings) as studio:
            assert set(studio.running()) == set(NAMES) - {"sandbox"}
            for name, pid in studio.running().items():
                assert (token in told(pid).values()) == (name == "calls")
            until(lambda: any(line["token"] for line in provider.log()), "the balance was read with the token")
            studio.stop()
        found = subprocess.run(
            ["grep", "-rlF", token, str(tmp_path / "var")], capture_output=True, text=True, check=False
        )
        assert found.stdout == ""
        assert token not in studio.screen()
