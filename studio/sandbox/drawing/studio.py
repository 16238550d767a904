"""From request to bytes: a raster model gets a plate, a vector model gets shapes."""

import hashlib
import io
import random
import re
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageOps

from studio.sandbox.drawing.request import DrawRequest

PLATES = Path(__file__).resolve().parent.parent / "plates"


def draw(request: DrawRequest) -> bytes:
    """The picture's bytes: WebP, PNG or UTF-8 SVG, of exactly the size asked."""
    chance = random.Random(_effective_seed(request))  # noqa: S311 - pictures, not secrets
    if request.image_format == "svg":
        return _vector(request, chance).encode()
    return _encode(_raster(request, chance), request.image_format)


def _effective_seed(request: DrawRequest) -> int:
    said = f"{request.prompt}|{request.seed}|{request.index}|{request.model}|{request.style}|{request.substyle}"
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], "big")


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in PLATES.glob("*.webp")))


@lru_cache(maxsize=12)
def _plate(name: str) -> Image.Image:
    with Image.open(PLATES / f"{name}.webp") as plate:
        return plate.convert("RGB")


def _raster(request: DrawRequest, chance: random.Random) -> Image.Image:
    words = set(re.findall(r"[a-z]+", request.prompt.lower()))
    fitting = [name for name in _names() if name.split("-")[0] in words] or list(_names())
    plate = _plate(chance.choice(fitting))
    if chance.random() < 0.5:
        plate = ImageOps.mirror(plate)
    framing = (chance.random(), chance.random())
    return ImageOps.fit(plate, (request.width, request.height), Image.Resampling.BICUBIC, centering=framing)


def _vector(request: DrawRequest, chance: random.Random) -> str:
    width, height = request.width, request.height
    inks = [rgb for rgb, _ in request.colors] or [(31, 63, 143), (228, 87, 46), (242, 193, 78), (27, 31, 58)]
    shapes = "".join(
        f'<circle cx="{chance.uniform(0, width):.0f}" cy="{chance.uniform(0, height):.0f}" '
        f'r="{chance.uniform(0.05, 0.25) * min(width, height):.0f}" fill="#%02x%02x%02x"/>' % chance.choice(inks)
        for _ in range(40)
    )
    ground = "#%02x%02x%02x" % (request.background or (246, 231, 207))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<g id="ground"><rect width="{width}" height="{height}" fill="{ground}"/></g><g id="shapes">{shapes}</g></svg>'
    )


def _encode(picture: Image.Image, image_format: str) -> bytes:
    out = io.BytesIO()
    if image_format == "png":
        picture.save(out, "PNG", compress_level=1)
    else:
        picture.save(out, "WEBP", quality=86, method=2)
    return out.getvalue()
