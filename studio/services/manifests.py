"""What lies beside exported pictures: a list of them for a spreadsheet, and one for a program.

A cell that begins like a formula is marked as text, so that a prompt can't make a spreadsheet do anything.
"""

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from studio.models import Asset, ExportItem

FIELDS = (
    *("file", "title", "prompt", "operation", "model", "style", "seed", "width", "height", "units", "author"),
    *("made", "tags", "rating", "id", "sha256"),
)
# A cell that begins with one of these is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def row(item: ExportItem) -> dict[str, Any]:
    """What is told of one picture."""
    asset: Asset = item.asset
    job = asset.job
    return {
        "file": item.name,
        "title": asset.title,
        "prompt": job.prompt if job else "",
        "operation": job.operation if job else "upload",
        "model": job.image_model if job else "",
        "style": str(job.params.get("style") or job.params.get("style_id") or "") if job else "",
        "seed": job.seed if job else None,
        "width": asset.width,
        "height": asset.height,
        "units": asset.units,
        "author": str(asset.person.name),
        "made": asset.created_at.isoformat(),
        "tags": asset.tags,
        "rating": asset.rating,
        "id": asset.public_id,
        "sha256": asset.sha256,
    }


def cell(value: Any) -> Any:
    """A value as a spreadsheet may have it."""
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    # Some spreadsheets take the wide equals sign of East Asian keyboards for the plain one.
    is_formula = isinstance(value, str) and unicodedata.normalize("NFKC", value[:1]).startswith(FORMULA)
    return f"'{value}" if is_formula else value


def as_csv(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """The list for a spreadsheet, line by line."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(FIELDS)
    yield b"\xef\xbb\xbf" + _taken(text)  # without this mark, spreadsheets take UTF-8 for something else
    for each in rows:
        writer.writerow([cell(each[name]) for name in FIELDS])
        yield _taken(text)


def as_json(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """The list for a program, one picture at a time."""
    before = "[\n"
    for each in rows:
        yield (before + json.dumps(each, ensure_ascii=False)).encode()
        before = ",\n"
    yield b"\n]\n" if before != "[\n" else b"[]\n"


def _taken(text: io.StringIO) -> bytes:
    said = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return said
