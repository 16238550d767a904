"""A contact sheet: many pictures small, each with its words, as the pages of a PDF. Runs in the limited child only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw

from studio.pictures import finishing, lettering, raster
from studio.pictures.copies import MOST_ON_A_SHEET

DPI: Final = 150
PAGE: Final = (1240, 1754)  # A4 upright
MARGIN, GAP, HEAD, WORDS = 80, 28, 90, 64  # pixels: around the page, between cells, for the title, under a picture
COLUMNS, ROWS = 4, 5
PER_PAGE: Final = COLUMNS * ROWS
INK, SOFT = "#1c1d21", "#6b6f78"

Entry = Mapping[str, str]  # path, media_type, title, note


def drawn(title: str, entries: Sequence[Entry], to: Path) -> dict[str, Any]:
    """Write the sheet to `to`; how many pages it has. Raises BadPicture for a picture that can't be read."""
    parts = [entries[at : at + PER_PAGE] for at in range(0, min(len(entries), MOST_ON_A_SHEET), PER_PAGE)] or [()]
    pages = [_page(title, part, at, len(parts)) for at, part in enumerate(parts, 1)]
    # The dates would make two equal files differ.
    pages[0].save(
        to,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=DPI,
        quality=finishing.JPEG_QUALITY - 7,
        creationDate=None,
        modDate=None,
        title=title[:200],
    )
    return {"pages": len(pages)}


def _page(title: str, entries: Sequence[Entry], number: int, of: int) -> Image.Image:
    page = Image.new("RGB", PAGE, "#ffffff")
    draw = ImageDraw.Draw(page)
    lettering.write(draw, (MARGIN, MARGIN - 24), title, 34, INK, PAGE[0] - 2 * MARGIN - 120)
    lettering.write(draw, (PAGE[0] - MARGIN - 120, MARGIN - 14), f"{number} / {of}", 20, SOFT, 120, right=True)
    width = (PAGE[0] - 2 * MARGIN - (COLUMNS - 1) * GAP) // COLUMNS
    height = (PAGE[1] - 2 * MARGIN - HEAD - (ROWS - 1) * GAP) // ROWS
    for at, entry in enumerate(entries):
        left = MARGIN + (at % COLUMNS) * (width + GAP)
        top = MARGIN + HEAD + (at // COLUMNS) * (height + GAP)
        small = raster.reduced(Path(entry["path"]), entry["media_type"], width)
        small.thumbnail((width, height - WORDS))
        place = (left + (width - small.width) // 2, top + (height - WORDS - small.height) // 2)
        page.paste(small, place, small if small.mode == "RGBA" else None)
        under = top + height - WORDS + 10
        lettering.write(draw, (left, under), entry["title"], 18, INK, width)
        lettering.write(draw, (left, under + 26), entry["note"], 15, SOFT, width)
    return page
