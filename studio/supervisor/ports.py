"""Which ports the studio listens on.

Ports of the inside are chosen at the first start and kept: the links to results that the sandbox has handed out
carry its port, and must still lead somewhere after a restart.
"""

import errno
import json
import socket
from collections.abc import Collection
from pathlib import Path

from studio.supervisor.folders import write_private
from studio.supervisor.settings import BadSetting, Settings

TRIES = 100


def is_free(host: str, port: int) -> bool:
    """Could a server listen there now? Raises BadSetting when this machine has no such address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do: connections of the last run that are still closing are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except (socket.gaierror, PermissionError) as error:
            raise BadSetting(f"HOST {host} with PORT {port} can't be listened on: {error.strerror}.") from error
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise BadSetting(f"HOST {host} is no address of this machine.") from error
            return False
    return True


def public(settings: Settings) -> int:
    """The port asked for, or the next free one after it. Raises BadSetting."""
    for port in range(settings.port, min(settings.port + TRIES, 65536)):
        if is_free(settings.host, port):
            return port
    raise BadSetting(f"PORT {settings.port} and the {TRIES} ports after it are taken.")


def inside(var: Path, names: Collection[str], taken: Collection[int] = ()) -> dict[str, int]:
    """A loopback port for each name, the same as last time where it is free."""
    path = var / "ports.json"
    kept = _kept(path)
    ports = dict(kept)
    for name in names:
        if name not in ports or ports[name] in taken or not is_free("127.0.0.1", ports[name]):
            ports[name] = _any_free({*taken, *ports.values()})
    if ports != kept:
        write_private(path, json.dumps(ports, indent=2) + "\n")
    return {name: ports[name] for name in names}


def _kept(path: Path) -> dict[str, int]:
    try:
        return {str(name): int(port) for name, port in json.loads(path.read_text()).items() if 0 < int(port) < 65536}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _any_free(taken: Collection[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port
