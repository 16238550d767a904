"""What must survive a `kill -9`: operations, movements of the balance, result files, styles, the log of
arrivals.

A call leaves two traces. `begin` writes the operation before any work; `complete` writes its images and its charge in
ONE transaction, when the work is done. An operation without a completion was never charged; the next start calls it
`lost`.
Every method is called from one thread, so nothing here needs a lock.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.sandbox import store_styles
from studio.sandbox.custom import CustomStyle

SCHEMA = """
CREATE TABLE IF NOT EXISTS arrivals (
  id TEXT PRIMARY KEY, arrived_at REAL NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, token TEXT,
  fault TEXT, status INTEGER, answered_at REAL
);
CREATE INDEX IF NOT EXISTS arrivals_by_time ON arrivals (arrived_at);
CREATE TABLE IF NOT EXISTS operations (
  id TEXT PRIMARY KEY, arrival TEXT NOT NULL, token TEXT NOT NULL, path TEXT NOT NULL, model TEXT NOT NULL,
  n INTEGER NOT NULL, prompt TEXT NOT NULL, seed INTEGER NOT NULL, params TEXT NOT NULL, fault TEXT,
  price INTEGER NOT NULL, started_at REAL NOT NULL, ended_at REAL,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'lost'))
);
CREATE TABLE IF NOT EXISTS movements (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('start', 'set', 'charge')), units INTEGER NOT NULL,
  operation TEXT UNIQUE REFERENCES operations (id), at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS images (
  id TEXT PRIMARY KEY, operation TEXT NOT NULL REFERENCES operations (id), position INTEGER NOT NULL,
  media_type TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, size INTEGER NOT NULL,
  sha256 TEXT NOT NULL, created_at REAL NOT NULL, fault TEXT, faults_left INTEGER
);
CREATE TABLE IF NOT EXISTS styles (
  id TEXT PRIMARY KEY, operation TEXT NOT NULL REFERENCES operations (id), style TEXT NOT NULL, model TEXT,
  look TEXT NOT NULL, prompt TEXT, is_private INTEGER NOT NULL, created_at REAL NOT NULL, deleted_at REAL
);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class NotEnoughCredits(Exception):
    """The balance, less what running calls will cost, is below the price. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Image:
    """One stored result. `created_at` is the sandbox's own clock; `faults_left` None means without end."""

    id: str
    operation: str
    position: int
    media_type: str
    width: int
    height: int
    size: int
    sha256: str
    created_at: float
    fault: str | None = None
    faults_left: int | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """A call that has passed every check and is about to be drawn. `price` in units."""

    id: str
    arrival: str
    token: str
    path: str
    model: str
    n: int
    prompt: str
    seed: int
    params: dict[str, Any]
    fault: str | None
    price: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an image came from."""

    path: str
    model: str
    prompt: str
    position: int


class Store:
    def __init__(self, path: Path, balance: int, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self._db = _connect(path, "FULL")
        # The log of arrivals survives a kill, and a power cut up to the last paid call: it needs no fsync of its own.
        self._log = _connect(path, "NORMAL")
        self._db.executescript(SCHEMA)
        with self._transaction():
            if self._db.execute("SELECT 1 FROM movements").fetchone() is None:
                self._move("start", balance)
            self._db.execute("UPDATE operations SET state='lost', ended_at=? WHERE state='running'", (self.now(),))

    def close(self) -> None:
        self._log.close()
        self._db.close()

    # -- Paid calls --

    def begin(self, call: Beginning) -> None:
        """Write down that the work starts. Raises NotEnoughCredits."""
        with self._transaction():
            if self.balance() - self._promised() < call.price:
                raise NotEnoughCredits
            values = (call.id, call.arrival, call.token, call.path, call.model, call.n, call.prompt, call.seed)
            more = (json.dumps(call.params), call.fault, call.price, self.now(), "running")
            self._db.execute(
                "INSERT INTO operations (id, arrival, token, path, model, n, prompt, seed, params, fault, price,"
                " started_at, state) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                values + more,
            )

    def complete(self, operation: str, units: int, images: Sequence[Image], style: CustomStyle | None = None) -> None:
        """Charge the call and publish its images or its style, together or not at all."""
        with self._transaction():
            if style is not None:
                store_styles.insert(self._db, style, operation)
            for image in images:
                fields = [getattr(image, name) for name in Image.__slots__]
                self._db.execute(f"INSERT INTO images VALUES ({','.join('?' * len(fields))})", fields)  # noqa: S608
            self._move("charge", -units, operation)
            self._end(operation, "done")

    def fail(self, operation: str) -> None:
        with self._transaction():
            self._end(operation, "failed")

    def _end(self, operation: str, state: str) -> None:
        self._db.execute("UPDATE operations SET state=?, ended_at=? WHERE id=?", (state, self.now(), operation))

    # -- Balance --

    def balance(self) -> int:
        return int(self._db.execute("SELECT COALESCE(SUM(units), 0) FROM movements").fetchone()[0])

    def set_balance(self, units: int) -> int:
        with self._transaction():
            self._move("set", units - self.balance())
        return units

    def _promised(self) -> int:
        running = "SELECT COALESCE(SUM(price), 0) FROM operations WHERE state='running'"
        return int(self._db.execute(running).fetchone()[0])

    def _move(self, kind: str, units: int, operation: str | None = None) -> None:
        row = (kind, units, operation, self.now())
        self._db.execute("INSERT INTO movements (kind, units, operation, at) VALUES (?,?,?,?)", row)

    # -- Styles --

    def style(self, style_id: str) -> CustomStyle | None:
        return next(iter(store_styles.select(self._db, style_id)), None)

    def styles(self) -> list[CustomStyle]:
        """Newest first."""
        return store_styles.select(self._db)

    def delete_style(self, style_id: str) -> bool:
        return store_styles.delete(self._db, style_id, self.now())

    # -- Files --

    def image(self, image_id: str) -> Image | None:
        row = self._db.execute("SELECT * FROM images WHERE id=?", (image_id,)).fetchone()
        return None if row is None else Image(**row)

    def origin(self, image_id: str) -> Origin | None:
        """The call that made an image."""
        wanted = "SELECT path, model, prompt, position FROM images JOIN operations o ON o.id = operation"
        row = self._db.execute(f"{wanted} WHERE images.id=?", (image_id,)).fetchone()
        return None if row is None else Origin(**row)

    def take_image_fault(self, image_id: str) -> str | None:
        """The fault this fetch of the file meets, if any is left."""
        taken = "UPDATE images SET faults_left = faults_left - 1 WHERE id=? AND fault IS NOT NULL AND faults_left > 0"
        row = self._db.execute("SELECT fault, faults_left FROM images WHERE id=?", (image_id,)).fetchone()
        if row is None or row["fault"] is None:
            return None
        if row["faults_left"] is None or self._db.execute(taken, (image_id,)).rowcount == 1:
            return str(row["fault"])
        return None

    def images_since(self, moment: float) -> set[str]:
        """Ids of images made after this moment of the sandbox's clock."""
        return {row["id"] for row in self._db.execute("SELECT id FROM images WHERE created_at > ?", (moment,))}

    # -- The record, for tests and reconciliation --

    def record(self) -> dict[str, Any]:
        """Everything about money: the balance, every movement, every operation with its charge and images."""
        charges = {row["operation"]: -row["units"] for row in self._rows("movements WHERE kind='charge'")}
        images: dict[str, list[str]] = {}
        for row in self._rows("images ORDER BY operation, position"):
            images.setdefault(row["operation"], []).append(row["id"])
        operations = [
            row
            | {
                "params": json.loads(row["params"]),
                "charged": charges.get(row["id"], 0),
                "images": images.get(row["id"], []),
            }
            for row in self._rows("operations ORDER BY rowid")
        ]
        movements = self._rows("movements ORDER BY id")
        charged = sum(charges.values())
        return {"balance": self.balance(), "charged": charged, "movements": movements, "operations": operations}

    def arrived(self, arrival: str, method: str, path: str, token: str | None, at: float) -> None:
        row = (arrival, at, method, path, token)
        self._log.execute("INSERT INTO arrivals (id, arrived_at, method, path, token) VALUES (?,?,?,?,?)", row)

    def answered(self, arrival: str, status: int | None, fault: str | None, at: float) -> None:
        row = (status, fault, at, arrival)
        self._log.execute("UPDATE arrivals SET status=?, fault=?, answered_at=? WHERE id=?", row)

    def arrivals(self) -> list[dict[str, Any]]:
        return self._rows("arrivals ORDER BY arrived_at, rowid")

    # -- Settings that outlive a kill --

    def setting(self, name: str, default: str) -> str:
        row = self._db.execute("SELECT value FROM settings WHERE name=?", (name,)).fetchone()
        return default if row is None else str(row["value"])

    def set_setting(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO settings VALUES (?,?)", (name, value))

    # -- SQL --

    def _rows(self, source: str) -> list[dict[str, Any]]:
        return [dict(row) for row in self._db.execute(f"SELECT * FROM {source}")]  # noqa: S608 - our own constants

    def _transaction(self) -> "_Transaction":
        return _Transaction(self._db)


def _connect(path: Path, synchronous: str) -> sqlite3.Connection:
    # Made in one thread, then used by the store's thread only.
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"PRAGMA synchronous={synchronous}")
    return db


class _Transaction:
    """BEGIN IMMEDIATE ... COMMIT, or ROLLBACK when the block raises."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")
