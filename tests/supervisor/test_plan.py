"""What is going to run, where, and what each process is told."""

import json
import os
import socket
import stat
from pathlib import Path

import pytest

from studio.supervisor import assembly, folders, ports, programs
from studio.supervisor.assembly import Plan
from studio.supervisor.programs import Program
from studio.supervisor.settings import BadSetting, Settings, read

TOKEN = "canary-9f2b"


def planned(var: Path, **given: str) -> Plan:
    environ = {"STUDIO_VAR": str(var), "PATH": os.environ["PATH"], "HOME": "/nowhere/alice"} | given
    settings = read(environ)
    folders.prepare(settings)
    return assembly.plan(settings, environ)


def by_name(plan: Plan) -> dict[str, Program]:
    return {program.name: program for program in plan.programs}


def test_without_a_token_six_processes_run_on_the_sandbox(tmp_path: Path) -> None:
    plan = by_name(planned(tmp_path))
    assert list(plan) == ["valkey", "sandbox", "web", "calls", "bytes", "clock"]
    port = json.loads((tmp_path / "ports.json").read_text())["sandbox"]
    for name in ("web", "calls", "bytes", "clock"):
        told = plan[name].environment
        assert told["RECRAFT_BASE_URL"] == f"http://127.0.0.1:{port}/v1"
        assert (told["STUDIO_PROVIDER"], told["RECRAFT_ACCOUNT_FINGERPRINT"]) == ("sandbox", "")
        assert told["STUDIO_VAR"] == str(tmp_path)
        assert told["HOME"] == "/nowhere/alice"


@pytest.mark.parametrize("by", ["value", "file"])
def test_the_token_reaches_calls_alone(tmp_path: Path, by: str) -> None:
    path = tmp_path / "token"
    path.write_text(TOKEN)
    given = {"RECRAFT_API_TOKEN": TOKEN} if by == "value" else {"RECRAFT_API_TOKEN_FILE": str(path)}
    plan = planned(tmp_path / "var", **given, RECRAFT_BASE_URL="https://recraft.test/v1")
    assert [program.name for program in plan.programs] == ["valkey", "web", "calls", "bytes", "clock"]
    for program in plan.programs:
        told = program.environment
        assert bool(set(told) & set(given)) == (program.name == "calls")
        assert (TOKEN in told.values() or str(path) in told.values()) == (program.name == "calls")
        assert TOKEN not in " ".join(program.command)
        if program.name != "valkey":
            assert told["RECRAFT_ACCOUNT_FINGERPRINT"] == read(given).fingerprint
            assert told["STUDIO_PROVIDER"] == "recraft"
            assert told["RECRAFT_BASE_URL"] == "https://recraft.test/v1"
    assert not set(plan.told) & set(given), "management commands are not told either"
    assert TOKEN not in repr(plan.programs)


def test_the_sandbox_is_told_no_secret_of_the_studio(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgres://me:canary@h/n", "STUDIO_SECRET_KEY": "canary"}
    plan = by_name(planned(tmp_path, **given))
    for name in ("sandbox", "valkey"):
        assert "canary" not in " ".join(plan[name].environment.values())
        assert "REDIS_URL" not in plan[name].environment
    assert plan["web"].environment["DATABASE_URL"] == given["DATABASE_URL"]


def test_the_settings_of_the_sandbox_reach_it(tmp_path: Path) -> None:
    plan = by_name(planned(tmp_path, STUDIO_SANDBOX_LATENCY="0.25", STUDIO_TIME_SCALE="60"))
    assert plan["sandbox"].command[-4:] == ("--latency", "0.25", "--time-scale", "60")
    assert plan["clock"].environment["STUDIO_TIME_SCALE"] == "60"


def test_a_redis_of_ones_own_takes_the_place_of_valkey(tmp_path: Path) -> None:
    plan = by_name(planned(tmp_path, REDIS_URL="redis://:secret@cache.test:6379/3"))
    assert "valkey" not in plan
    assert plan["web"].environment["REDIS_URL"] == "redis://:secret@cache.test:6379/3"


def test_the_password_of_valkey_is_in_no_command_line(tmp_path: Path) -> None:
    plan = by_name(planned(tmp_path))
    path = tmp_path / "run" / "valkey.conf"
    words = dict(line.split(" ", 1) for line in path.read_text().splitlines())
    assert len(words["requirepass"]) > 30
    assert f":{words['requirepass']}@127.0.0.1:{words['port']}/" in plan["calls"].environment["REDIS_URL"]
    assert (words["bind"], words["appendonly"], words["save"]) == ("127.0.0.1", "yes", '""')
    assert all(words["requirepass"] not in " ".join(program.command) for program in plan.values())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_everything_in_the_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    var = tmp_path / "var"
    planned(var)
    assert stat.S_IMODE(var.stat().st_mode) == 0o700
    for path in var.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert len((var / "secret_key").read_text()) > 50


def test_a_second_start_keeps_the_key_and_the_ports(tmp_path: Path) -> None:
    planned(tmp_path)
    kept = {name: (tmp_path / name).read_bytes() for name in ("secret_key", "ports.json")}
    planned(tmp_path)
    assert kept == {name: (tmp_path / name).read_bytes() for name in kept}


def test_a_port_of_the_inside_that_is_taken_gives_way(tmp_path: Path) -> None:
    first = ports.inside(tmp_path, ["valkey", "sandbox"])
    with socket.create_server(("127.0.0.1", first["valkey"])):
        second = ports.inside(tmp_path, ["valkey", "sandbox"])
    assert second["sandbox"] == first["sandbox"]
    assert second["valkey"] not in first.values()
    assert ports.inside(tmp_path, ["valkey"]) == {"valkey": second["valkey"]}, "the new one is kept in its turn"


@pytest.mark.parametrize("content", ["", "[]", '{"sandbox": "x"}', '{"sandbox": 99999}'])
def test_a_broken_list_of_ports_is_made_anew(tmp_path: Path, content: str) -> None:
    (tmp_path / "ports.json").write_text(content)
    chosen = ports.inside(tmp_path, ["sandbox"])
    assert json.loads((tmp_path / "ports.json").read_text()) == chosen


def test_a_port_that_is_taken_gives_way_to_the_next_free_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        plan = planned(tmp_path, PORT=str(port))
    assert port < plan.port < port + ports.TRIES
    assert plan.url == f"http://127.0.0.1:{plan.port}"


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(BadSetting, match=r"^HOST 192\.0\.2\.1 is no address of this machine\.$"):
        ports.public(Settings(Path("/nowhere"), host="192.0.2.1"))


def test_a_studio_for_the_whole_network_is_reached_by_this_machine_as_usual(tmp_path: Path) -> None:
    plan = planned(tmp_path, HOST="0.0.0.0")
    assert plan.url.startswith("http://127.0.0.1:")
    assert "0.0.0.0" in by_name(plan)["web"].command


def test_the_order_of_the_end_knows_every_process() -> None:
    stopped = [name for group in programs.STOPPED for name in group]
    assert sorted(stopped) == sorted(programs.needed(Settings(Path("/nowhere"))))
    assert stopped.index("calls") > stopped.index("web")
    assert programs.CALLS_GRACE > 240, "a paid call may take that long"
