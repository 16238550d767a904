"""A running studio, used as a person uses it and read as its books read."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import psycopg

from studio.models import TERMINAL
from tests.sandbox_process import ROOT, SandboxProcess
from tests.studio_process import StudioProcess, until

EMAIL = "ines@example.com"
PASSWORD = "three vases on a ledge"
RESTING = {*TERMINAL, "unknown"}


class DrivenStudio(StudioProcess):
    """Adds a browser's requests, the database and the sandbox's own record to a studio process."""

    def __init__(self, var: Path, **settings: str) -> None:
        super().__init__(var, **{"STUDIO_CALLS": "4", "STUDIO_SANDBOX_LATENCY": "0.3", **settings})
        self.http = httpx.Client(trust_env=False, timeout=30)

    def clean(self) -> None:
        super().clean()
        self.http.close()

    # -- A person --

    def sign_in(self) -> None:
        """Follow the printed link and take a password; at a later start, sign in with it."""
        if "/welcome/" in self.ready_line:
            self._form(httpx.URL(self.ready_line).path, {})
            self._form("/introduce/", {"email": EMAIL, "name": "Ines", "password": PASSWORD})
        else:
            self._form("/sign-in/", {"email": EMAIL, "password": PASSWORD})

    def submit(self, prompt: str, *, operation: str = "generate", key: str = "", **values: Any) -> httpx.Response:
        """Post the composer's form as a page without scripts does; a redirect means that it was taken."""
        data = {"prompt": prompt, "n": "1", "key": key or f"key-{time.monotonic_ns()}", **values}
        return self.post(f"/create/{operation}/", data)

    def upload(self, data: bytes, name: str = "picture.png") -> str:
        """Add a picture as a page without scripts does; its public id."""
        response = self.post("/uploads/", {}, {"file": (name, data)})
        assert response.status_code == 302, response.text[-500:]
        return response.headers["Location"].split("/")[2]

    def post(self, path: str, data: dict[str, Any], files: dict[str, Any] | None = None) -> httpx.Response:
        if "csrftoken" not in self.http.cookies:
            self.get(path)
        headers = {"X-CSRFToken": self.http.cookies["csrftoken"], "Referer": self.url + path}
        return self.http.post(self.url + path, data=data, files=files, headers=headers)

    def get(self, path: str) -> httpx.Response:
        return self.http.get(self.url + path)

    def _form(self, path: str, data: dict[str, str]) -> None:
        response = self.post(path, data)
        assert response.status_code == 302, (path, response.status_code, response.text[-500:])

    # -- What happened --

    @property
    def database_url(self) -> str:
        return self.settings.get("DATABASE_URL", "")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        connection: Any = (
            psycopg.connect(self.database_url)
            if self.database_url
            else sqlite3.connect(f"file:{self.var / 'studio.sqlite3'}?mode=ro", uri=True, timeout=20)
        )
        with closing(connection), closing(connection.cursor()) as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def states(self) -> Counter[str]:
        return Counter(dict(self.rows("SELECT state, count(*) FROM studio_job GROUP BY state")))

    def wait_until_ended(self, seconds: float = 120.0) -> Counter[str]:
        """Wait until every job has ended or is unknown."""
        until(lambda: set(self.states()) <= RESTING, f"every job ends; {self.states()}", seconds)
        return self.states()

    def wait_for(self, *states: str, seconds: float = 60.0) -> None:
        until(lambda: any(self.states()[state] for state in states), f"a job is {states}", seconds)

    def budget(self, kind: str) -> tuple[int, int]:
        """`used` and `held` of the budgets of one kind of account, added up, in units."""
        ((used, held),) = self.rows(
            "SELECT coalesce(sum(used), 0), coalesce(sum(held), 0) FROM studio_budget "
            f"JOIN studio_account ON studio_account.id = account_id WHERE kind = '{kind}'"
        )
        return int(used), int(held)

    def audit(self) -> None:
        """The books agree and every file is there, by the studio's own command."""
        told = os.environ | {"STUDIO_VAR": str(self.var), "DATABASE_URL": self.database_url}
        command = [sys.executable, "manage.py", "audit_ledger"]
        ended = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr

    @property
    def sandbox(self) -> SandboxProcess:
        """The control endpoint of this studio's sandbox."""
        ports = json.loads((self.var / "ports.json").read_text())
        return SandboxProcess(self.var / "sandbox", port=ports["sandbox"])

    def unaccounted(self) -> int:
        """What the sandbox charged and the studio has not: 0, or the price of calls whose outcome is unknown."""
        return self.sandbox.charged() - self.budget("provider")[0]

    def wait_until_explained(self, seconds: float = 90.0) -> None:
        """Wait until the balance has shown what became of every unknown call, and nothing is left to explain."""
        until(lambda: not self.states()["unknown"], f"nothing is unknown; {self.states()}", seconds)
        until(lambda: self.unaccounted() == 0, "the books are what the sandbox charged", seconds)
