"""The rows of custom styles. A deleted style keeps its row: what was paid for stays in the books."""

import json
import sqlite3
from dataclasses import asdict

from studio.sandbox.custom import CustomStyle
from studio.sandbox.drawing import Reference


def insert(db: sqlite3.Connection, style: CustomStyle, operation: str) -> None:
    look = json.dumps(asdict(style.look)) if style.look else "null"
    row = (style.id, operation, style.style, style.model, look, style.prompt, style.is_private, style.created_at)
    db.execute(
        "INSERT INTO styles (id, operation, style, model, look, prompt, is_private, created_at)"
        " VALUES (?,?,?,?,?,?,?,?)",
        row,
    )


def select(db: sqlite3.Connection, style_id: str | None = None) -> list[CustomStyle]:
    """The one of this id, or all, newest first; none that was deleted."""
    found = db.execute(
        "SELECT * FROM styles WHERE deleted_at IS NULL AND (?1 IS NULL OR id = ?1)"
        " ORDER BY created_at DESC, rowid DESC",
        (style_id,),
    )
    return [_style(row) for row in found]


def delete(db: sqlite3.Connection, style_id: str, now: float) -> bool:
    """Whether there was such a style."""
    return db.execute("UPDATE styles SET deleted_at=? WHERE id=? AND deleted_at IS NULL", (now, style_id)).rowcount == 1


def _style(row: sqlite3.Row) -> CustomStyle:
    look = json.loads(row["look"])
    return CustomStyle(
        id=row["id"],
        style=row["style"],
        model=row["model"],
        look=_look(look) if look else None,
        prompt=row["prompt"],
        is_private=bool(row["is_private"]),
        created_at=row["created_at"],
    )


def _look(said: dict[str, object]) -> Reference:
    colors = tuple((tuple(rgb), share) for rgb, share in said["colors"])  # type: ignore[attr-defined]
    return Reference(**{**said, "colors": colors})  # type: ignore[arg-type]
