"""Bytes from outside become a picture here, or are refused.

The caller's own process looks at the header only. Everything that decodes, parses or draws runs in a limited child
(see `children`), so the worst a hostile file can do is end a child.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from studio.pictures import headers
from studio.pictures.children import Pool
from studio.pictures.picture import (
    JPEG,
    MAX_RASTER_BYTES,
    MAX_VECTOR_BYTES,
    PNG,
    SVG,
    WEBP,
    BadPicture,
    Derived,
    Finished,
    Intake,
    Look,
    MaskFacts,
    Picture,
    check_size,
)
from studio.pictures.recipes import PDF

_POOL: Final = Pool()
FINISH_SECONDS: Final = 30.0

# What a server may say without contradicting the bytes. The generic types say nothing about the content.
_ALIASES: Final[Mapping[str, str]] = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/svg": SVG,
    "text/xml": SVG,
    "application/xml": SVG,
}
_SAYS_NOTHING: Final = frozenset({"", "application/octet-stream", "binary/octet-stream"})


def verify(path: Path, declared: str | None) -> Picture:
    """Prove that the file is one whole, still picture of an allowed type and size. Raises BadPicture.

    `declared` is the Content-Type it came with, if any; one that contradicts the bytes refuses the file.
    """
    media_type = _inspect(path, declared)
    answer = _POOL.ask({"do": "verify", "path": str(path.resolve()), "media_type": media_type})
    return Picture(media_type, int(answer["width"]), int(answer["height"]))


def take_in(path: Path, clean: Path) -> Intake:
    """Verify an upload, and write a clean copy of it to `clean` unless it is plain. Raises BadPicture."""
    media_type = _inspect(path, None)
    answer = _POOL.ask({"do": "take in", "path": str(path.resolve()), "media_type": media_type, "to": str(clean)})
    picture = Picture(media_type, int(answer["width"]), int(answer["height"]))
    return Intake(picture, str(answer["clean"]), tuple(map(str, answer["notes"])))


def mask_facts(path: Path) -> MaskFacts:
    """What a mask's pixels are. Raises BadPicture, also for anything but a PNG."""
    if _inspect(path, None) != PNG:
        raise BadPicture("A mask is a PNG.")
    answer = _POOL.ask({"do": "mask", "path": str(path.resolve())})
    levels = frozenset(int(level) for level in answer["levels"])
    return MaskFacts(int(answer["width"]), int(answer["height"]), str(answer["mode"]), levels)


def render(path: Path, media_type: str, into: Path) -> Look:
    """Write tile and preview of a verified file into the folder `into`; overwrites. Raises BadPicture."""
    if _inspect(path, media_type) != media_type:
        raise BadPicture("The file is of another type than when it was verified.")
    into.mkdir(parents=True, exist_ok=True)
    request = {"do": "render", "path": str(path.resolve()), "media_type": media_type, "into": str(into.resolve())}
    return _look(_POOL.ask(request), into)


def finish(path: Path, media_type: str, recipe: Mapping[str, Any], into: Path) -> tuple[Finished, ...]:
    """Carry out a recipe on a verified file; what comes of it lies in the folder `into`. Raises BadPicture, OSError."""
    if _inspect(path, media_type) != media_type:
        raise BadPicture("The file is of another type than when it was verified.")
    request = {"do": "finish", "path": str(path.resolve()), "media_type": media_type, "into": str(into.resolve())}
    made = _POOL.ask({**request, "recipe": dict(recipe)}, FINISH_SECONDS)["made"]
    return tuple(_finished(each, into / str(number)) for number, each in enumerate(made))


def export(path: Path, media_type: str, copy: Mapping[str, Any], to: Path) -> Finished:
    """Write a copy of a verified file to `to` (see `copies.Copy`). Raises BadPicture, OSError."""
    if _inspect(path, media_type) != media_type:
        raise BadPicture("The file is of another type than when it was verified.")
    request = {"do": "export", "path": str(path.resolve()), "media_type": media_type, "to": str(to.resolve())}
    return _finished(_POOL.ask({**request, "copy": dict(copy)}, FINISH_SECONDS), to)


def sheet(title: str, entries: Sequence[Mapping[str, str]], to: Path) -> int:
    """Draw a contact sheet of verified pictures to `to`, a PDF; how many pages. Raises BadPicture, OSError.

    An entry has `path`, `media_type`, `title` and `note`; at most `copies.MOST_ON_A_SHEET` of them.
    """
    request = {"do": "sheet", "title": title, "entries": list(entries), "to": str(to.resolve())}
    return int(_POOL.ask(request, FINISH_SECONDS)["pages"])


def colors(path: Path) -> tuple[str, ...]:
    """The colors of a verified SVG as "#rrggbb", the most used first. Raises BadPicture."""
    answer = _POOL.ask({"do": "colors", "path": str(path.resolve())})
    return tuple(str(color) for color in answer["colors"])


def phash(tile: Path) -> int:
    """The perceptual hash of a rendition, as a Look has it. Raises BadPicture."""
    return _hash(_POOL.ask({"do": "hash", "path": str(tile.resolve())}))


def sanitise(source: bytes) -> bytes:
    """A copy of an SVG that runs nothing and refers to nothing outside itself, as UTF-8. Raises BadPicture."""
    if len(source) > MAX_VECTOR_BYTES:
        raise BadPicture("The SVG is larger than 20 MB.")
    with tempfile.TemporaryDirectory(prefix="picture-") as folder:
        original, clean = Path(folder, "original.svg"), Path(folder, "clean.svg")
        original.write_bytes(source)
        _POOL.ask({"do": "sanitise", "path": str(original), "to": str(clean)})
        return clean.read_bytes()


def warm_up() -> None:
    """Start every child now (about 0.2 s each), so that the first pictures do not wait for it."""
    _POOL.warm_up()


def _inspect(path: Path, declared: str | None) -> str:
    with path.open("rb") as file:
        header = headers.read(file)
    limit = MAX_VECTOR_BYTES if header.media_type == SVG else MAX_RASTER_BYTES
    if path.stat().st_size > limit:
        raise BadPicture(f"The file is larger than {limit >> 20} MB.")
    _check_declared(header.media_type, declared)
    if header.media_type != SVG:
        check_size(header.width, header.height)
    if header.animated:
        raise BadPicture("The picture is animated; the studio keeps still pictures.")
    return header.media_type


def _check_declared(media_type: str, declared: str | None) -> None:
    bare = (declared or "").split(";")[0].strip().lower()
    if bare not in _SAYS_NOTHING and _ALIASES.get(bare, bare) != media_type:
        raise BadPicture(f"The file was announced as {bare[:60]} but its bytes say {media_type}.")


def _finished(answer: Mapping[str, Any], path: Path) -> Finished:
    # As with a look: paths are made here, and a type that no recipe makes is refused.
    media_type = str(answer["media_type"])
    if media_type not in (PNG, WEBP, JPEG, SVG, PDF):
        raise BadPicture("What came of it is no picture.")
    shown = path.with_suffix(".shown") if media_type == PDF else None
    return Finished(path, media_type, int(answer["width"]), int(answer["height"]), shown)


def _hash(answer: Mapping[str, Any]) -> int:
    return max(min(int(answer["phash"]), 2**63 - 1), -(2**63))


def _look(answer: Mapping[str, Any], into: Path) -> Look:
    # Paths are made here and never taken from the child: it has read a stranger's file.
    sizes = answer["renditions"]
    return Look(
        placeholder=str(answer["placeholder"]),
        colors=tuple((int(r), int(g), int(b)) for r, g, b in answer["colors"]),
        renditions=(
            Derived("tile", into / "tile.webp", WEBP, *map(int, sizes["tile"])),
            Derived("preview", into / "preview.webp", WEBP, *map(int, sizes["preview"])),
        ),
        phash=_hash(answer),
    )
