"""From settings to the programs that will run: ports, passwords, and what each process is told."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

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
    commands: dict[str, tuple[str, ...]] = {}
    if "valkey" in inside:
        password = secrets.token_urlsafe(32)
        redis_url = f"redis://:{password}@127.0.0.1:{inside['valkey']}/0"
        folder, configuration = settings.var / "valkey", settings.var / "run" / "valkey.conf"
        write_private(configuration, programs.valkey_configuration(inside["valkey"], folder, password))
        commands["valkey"] = programs.valkey(configuration)
    if "sandbox" in inside:
        base_url = f"http://127.0.0.1:{inside['sandbox']}/v1"
        commands["sandbox"] = programs.sandbox(inside["sandbox"], settings.var / "sandbox")
    commands |= {
        "web": programs.web(settings.host, port),
        "calls": programs.calls(settings.calls),
        "bytes": programs.bytes_(settings.bytes),
        "clock": programs.clock(),
    }
    told = environment.for_studio(environ, settings, redis_url, base_url)
    url = _url(settings.local_host, port)
    ready = _ready(url, inside.get("sandbox"))
    return Plan(
        tuple(
            Program(
                name,
                commands[name],
                _told(name, told, environ),
                ready[name],
                programs.CALLS_GRACE if name == "calls" else programs.GRACE,
            )
            for name in names
        ),
        told,
        url,
        port,
    )


def _told(name: str, told: Mapping[str, str], environ: Mapping[str, str]) -> Mapping[str, str]:
    if name == "calls":
        return environment.for_calls(told, environ)
    if name == "sandbox":
        return environment.for_sandbox(told)
    return environment.for_valkey(environ) if name == "valkey" else told


def _ready(url: str, sandbox_port: int | None) -> dict[str, Ready]:
    return {
        "valkey": Ready(line="Ready to accept connections"),
        "sandbox": Ready(url=f"http://127.0.0.1:{sandbox_port}/ping"),
        "web": Ready(url=f"{url}/healthz"),
        # Celery's own words once a worker consumes.
        "calls": Ready(line="ready."),
        "bytes": Ready(line="ready."),
        "clock": Ready(),
    }


def _url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
