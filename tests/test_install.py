"""The environment is made from the lock, once, on machines that differ in what they bring along."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REAL = Path(sys.executable)
# Notes how it was called and otherwise is the real thing, but for what it is told to lack.
PYTHON = """#!/bin/sh
echo "python $*" >> {notes}
case "$*" in {lacks}) exit 1 ;; *"-m pip"*) exit 0 ;; esac
exec {real} "$@"
"""
OLD = """#!/bin/sh
[ "$1" = -V ] || exit 1
echo "Python 3.9.2"
"""
UV = """#!/bin/sh
echo "uv $*" >> {notes}
"""


class Machine:
    """A folder with a lock, and a PATH with these programs before those of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.programs, self.notes_path = folder, folder / "programs", folder / "notes"
        self.programs.mkdir()
        (folder / "requirements.lock").write_text("# nothing is needed\n")

    def has(self, name: str, script: str, lacks: str = "*ensurepip*") -> None:
        path = self.programs / name
        path.write_text(script.format(notes=self.notes_path, real=REAL, lacks=lacks))
        path.chmod(0o755)

    def install(self, *contained: str) -> subprocess.CompletedProcess[str]:
        told = os.environ | {"PATH": f"{self.programs}:/usr/bin:/bin"}
        told.pop("PYTHON", None)
        command = [str(ROOT / ".ci" / "venv"), ".venv", "requirements.lock", *contained]
        return subprocess.run(command, cwd=self.folder, env=told, capture_output=True, text=True, check=False)

    def installs(self) -> list[str]:
        notes = self.notes_path.read_text().splitlines() if self.notes_path.exists() else []
        return [line for line in notes if "install" in line]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_an_old_python_gets_one_sentence(machine: Machine) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        machine.has(name, OLD)
    done = machine.install()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Atelier needs Python 3.11 or newer; the python3 found here is Python 3.9.2.\n"


def test_a_newer_python_beside_an_old_one_is_taken(machine: Machine) -> None:
    machine.has("python3", OLD)
    machine.has("python3.14", OLD)
    machine.has("python3.13", PYTHON)
    machine.has("uv", UV)
    assert machine.install().returncode == 0
    assert (machine.folder / ".venv" / "bin" / "python").exists()


def test_an_unchanged_lock_is_installed_once_and_a_changed_one_again(machine: Machine) -> None:
    machine.has("python3", PYTHON)
    machine.has("uv", UV)
    assert machine.install().returncode == 0
    again = machine.install()
    assert (again.returncode, again.stderr) == (0, "")
    assert len(machine.installs()) == 1
    assert "--require-hashes -r requirements.lock" in machine.installs()[0]
    assert "--compile-bytecode" in machine.installs()[0]
    (machine.folder / "requirements.lock").write_text("# nothing is needed still\n")
    assert machine.install().returncode == 0
    assert len(machine.installs()) == 2


def test_an_install_that_was_cut_off_is_done_again(machine: Machine) -> None:
    machine.has("python3", PYTHON)
    machine.has("uv", UV + "exit 1\n")
    assert machine.install().returncode == 1
    machine.has("uv", UV)
    assert machine.install().returncode == 0
    assert len(machine.installs()) == 2


def test_a_lock_that_another_contains_needs_no_second_install(machine: Machine) -> None:
    shutil.copy(machine.folder / "requirements.lock", machine.folder / "smaller.lock")
    machine.has("python3", PYTHON)
    machine.has("uv", UV)
    assert machine.install("smaller.lock").returncode == 0
    assert (machine.folder / ".venv" / "smaller.lock").exists()


def test_without_ensurepip_the_pip_of_the_machine_installs(machine: Machine) -> None:
    machine.has("python3", PYTHON)
    done = machine.install()
    assert done.returncode == 0, done.stderr
    (install,) = machine.installs()
    assert "-m pip --python .venv/bin/python install" in install
    assert "--require-hashes" in install


def test_without_any_pip_there_is_one_sentence(machine: Machine) -> None:
    machine.has("python3", PYTHON, lacks='*ensurepip* | *"-m pip"*')
    done = machine.install()
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Atelier needs pip to install what it is made of")
    assert not (machine.folder / ".venv" / "requirements.lock").exists()
