"""Bytes from outside become a picture here, or are refused.

The caller's own process looks at the header only. Everything that decodes, parses or draws runs in a limited child
(see `children`), so the worst a hostile file can do is end a child.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from studio.pictures import headers
from studio.pictures.children import Pool
from studio.pictures.picture import (
    MAX_RASTER_BYTES,
    MAX_VECTOR_BYTES,
    PNG,
    SVG,
    WEBP,
    BadPicture,
    Derived,
    Intake,
    Look,
    MaskFacts,
    Picture,
    check_size,
)

_POOL: Final = Pool()

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
    )
