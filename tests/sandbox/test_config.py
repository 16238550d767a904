"""The sandbox's settings: command line before environment before defaults."""

import socket
from pathlib import Path

import pytest

from studio.sandbox import choices
from studio.sandbox.__main__ import listen
from studio.sandbox.config import Config, read
from studio.sandbox.faults import TABLE

SANDBOX = Path(__file__).resolve().parents[2] / "studio" / "sandbox"


def test_only_the_folder_has_no_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANDBOX_DIR", raising=False)
    assert read(["--dir", str(tmp_path)]) == Config(directory=tmp_path)
    with pytest.raises(SystemExit):
        read([])


def test_the_command_line_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DIR": str(tmp_path), "PORT": "9000", "LATENCY": "0.25", "TIME_SCALE": "60"}.items():
        monkeypatch.setenv(f"SANDBOX_{name}", value)
    config = read(["--port", "9001", "--balance", "7"])
    assert (config.directory, config.port, config.latency, config.time_scale) == (tmp_path, 9001, 0.25, 60.0)
    assert (config.balance, config.token, config.host) == (7, None, "127.0.0.1")


@pytest.mark.parametrize(
    "bad", [["--latency", "-1"], ["--latency", "nan"], ["--time-scale", "0"], ["--balance", "-1"], ["--port", "x"]]
)
def test_a_bad_setting_stops_it_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: list[str]
) -> None:
    with pytest.raises(SystemExit):
        read(["--dir", str(tmp_path), *bad])
    assert bad[0].removeprefix("--") in capsys.readouterr().err


def test_every_choice_is_listed_in_the_readme() -> None:
    readme = (SANDBOX / "README.md").read_text()
    names = [name for name in vars(choices) if name.isupper()]
    assert len(names) > 40
    assert [name for name in names if f"`{name}`" not in readme] == []


def test_every_fault_is_listed_in_the_readme() -> None:
    readme = (SANDBOX / "README.md").read_text()
    assert [name for name in TABLE if f"`{name}`" not in readme] == []


def test_small_answers_are_not_held_back_for_the_clients_acknowledgment(tmp_path: Path) -> None:
    # asyncio turns Nagle's algorithm off only on sockets that name their protocol; else each answer waits 40 ms.
    with listen(Config(directory=tmp_path, port=0)) as listener:
        assert listener.proto == socket.IPPROTO_TCP
