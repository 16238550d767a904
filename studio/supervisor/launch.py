"""The first instructions of every child: note who it is, make sure somebody watches, become the program.

    launch.py <name> <record> <supervisor's pid> <program> [argument...]

A supervisor that is killed right after starting a child would otherwise leave one that nobody knows of. Run by its
path, without site-packages, since it stands before every start; so it imports nothing of the studio.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

LINUX = sys.platform.startswith("linux")


def boot() -> str:
    """What tells this boot of the machine from the one before; empty where the system does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def started(pid: int) -> str | None:
    """When a process began, in the system's own count; None when it has ended. A zombie has ended."""
    if LINUX:
        fields = stat(pid)
        return None if fields is None or fields[0] in "ZX" else fields[19]
    listed = ps("-o", "stat=,lstart=", "-p", str(pid)).split(maxsplit=1)
    return None if len(listed) < 2 or listed[0].startswith("Z") else listed[1].strip()


def stat(pid: int | str) -> list[str] | None:
    """The fields of `/proc/<pid>/stat` from the state on; the name before it may hold spaces and brackets.

    Source: proc(5): state is field 3, session field 6, starttime field 22.
    """
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(") ")[2].split()
    except OSError:
        return None


def ps(*arguments: str) -> str:
    return subprocess.run(["ps", *arguments], capture_output=True, text=True, check=False).stdout  # noqa: S603, S607


def main(name: str, path: str, supervisor: str, *command: str) -> None:
    record = Path(path)
    new = record.with_name(f".{record.name}.{os.getpid()}")
    own = {"name": name, "pid": os.getpid(), "started": started(os.getpid()), "boot": boot()}
    new.write_text(json.dumps(own))
    new.replace(record)
    # Only now: a supervisor that dies after this line leaves a record behind, one that died before it has no child.
    if os.getppid() != int(supervisor):
        sys.exit("The supervisor is gone.")
    try:
        os.execvp(command[0], command)  # noqa: S606 - argv comes from our own list of programs
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(*sys.argv[1:])
