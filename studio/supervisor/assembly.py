"""From settings to the programs that will run: ports, passwords, and what each process is told."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from studio.supervisor import environment, ports, programs
from studio.supervisor.folders import write_private
from studio.supervisor.programs import Program, Ready
from studio.supervisor.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """What is going to run, and where a person will find it."""

    programs: tuple[Program, ...]
    told: Mapping[str, str]
    url: str
    port: int


def plan(settings: Settings, environ: Mapping[str, str]) -> Plan:
    """Decide everything before anything is started. Raises BadSetting."""
    names = programs.needed(settings)
    port = ports.public(settings)
    inside = ports.inside(settings.var, [name for name in ("valkey", "sandbox") if name in names], taken={port})
    redis_url, base_url = settings.redis_url, settings.base_url
    if "valkey" in inside:
        redis_url = _configure_valkey(settings, inside["valkey"])
    if "sandbox" in inside:
        base_url = f"http://127.0.0.1:{inside['sandbox']}/v1"
    url = _url(settings.local_host, port)
    told = environment.for_studio(environ, settings, redis_url, base_url)
    if not {"STUDIO_ORIGINS", "STUDIO_URL_FILE"} & set(environ):
        # Where it really listens: the port may not be the one that was asked for.
        told.setdefault("STUDIO_URL", url)
    commands, ready = _commands(settings, port, inside), _ready(url, inside)
    graces = {"calls": programs.CALLS_GRACE}
    return Plan(
        tuple(
            Program(name, commands[name], _told(name, told, environ), ready[name], graces.get(name, programs.GRACE))
            for name in names
        ),
        told,
        url,
        port,
    )


def _configure_valkey(settings: Settings, port: int) -> str:
    """Write the server's configuration with a new password; returns the URL that carries it."""
    password = secrets.token_urlsafe(32)
    text = programs.valkey_configuration(port, settings.var / "valkey", password)
    write_private(_valkey_configuration(settings), text)
    return f"redis://:{password}@127.0.0.1:{port}/0"


def _valkey_configuration(settings: Settings) -> Path:
    return settings.var / "run" / "valkey.conf"


def _commands(settings: Settings, port: int, inside: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    commands = {
        "web": programs.web(settings.host, port),
        "calls": programs.calls(settings.calls),
        "bytes": programs.bytes_(settings.bytes),
        "clock": programs.clock(),
    }
    if "valkey" in inside:
        commands["valkey"] = programs.valkey(_valkey_configuration(settings))
    if "sandbox" in inside:
        folder = settings.var / "sandbox"
        commands["sandbox"] = programs.sandbox(inside["sandbox"], folder, settings.time_scale, settings.latency)
    return commands


def _told(name: str, told: Mapping[str, str], environ: Mapping[str, str]) -> Mapping[str, str]:
    if name == "calls":
        return environment.for_calls(told, environ)
    if name == "sandbox":
        return environment.for_sandbox(told)
    return environment.for_valkey(environ) if name == "valkey" else told


def _ready(url: str, inside: Mapping[str, int]) -> dict[str, Ready]:
    return {
        "valkey": Ready(port=inside.get("valkey", 0)),
        "sandbox": Ready(url=f"http://127.0.0.1:{inside.get('sandbox')}/ping"),
        "web": Ready(url=f"{url}/healthz"),
        # Celery's own words once a worker consumes.
        "calls": Ready(line="ready."),
        "bytes": Ready(line="ready."),
        "clock": Ready(),
    }


def _url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
