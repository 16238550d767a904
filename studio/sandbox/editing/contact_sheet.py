"""
Every edit on one sheet: `python -m studio.sandbox.editing.contact_sheet [file.webp]`.

Each row starts with its source. Vector answers are shown as their shapes painted.
"""

import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from studio.recraft.image_models import IMAGE_MODELS
from studio.sandbox.drawing import DrawRequest
from studio.sandbox.drawing.contact_sheet import GRAY, INK, PAPER
from studio.sandbox.editing import (
    cutout,
    drawn,
    enlarging,
    erasing,
    masked,
    outpainting,
    recomposing,
    references,
    remixing,
    tracing,
    wording,
)
from studio.sandbox.editing.drawn import Drawn
from studio.sandbox.editing.intake import Source
from studio.sandbox.editing.outpainting import Frame
from studio.sandbox.editing.tracing import Options

CELL, GAP, CAPTION, COLUMNS = 200, 10, 24, 8
SIDE = 768
CHECKER = (226, 226, 230)
Cell = tuple[str, Image.Image]


def _request(prompt: str, model: str = "recraftv3", size: tuple[int, int] = (SIDE, SIDE), seed: int = 1) -> DrawRequest:
    kind = "svg" if IMAGE_MODELS[model].vector else "webp"
    return DrawRequest(prompt, None, seed, 0, model, None, None, *size, (), None, kind, False, None)  # type: ignore[arg-type]


def _source(prompt: str, model: str = "recraftv4_1", seed: int = 1) -> Source:
    made = drawn.generated(_request(prompt, model, seed=seed))
    return Source(made.data, "svg" if made.media_type.endswith("xml") else "webp", made.width, made.height)


def _mask(box: tuple[float, float, float, float], source: Source) -> Source:
    picture = Image.new("L", source.size)
    ImageDraw.Draw(picture).ellipse([round(v * SIDE) for v in box], fill=255)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return Source(out.getvalue(), "png", *source.size)


def _seen(made: Drawn | Source) -> Image.Image:
    kind = "svg" if made.data.lstrip()[:1] == b"<" else "webp"
    picture = drawn.raster_of(Source(made.data, kind, made.width, made.height))
    page = Image.new("RGB", picture.size, PAPER)
    pencil, step = ImageDraw.Draw(page), max(8, picture.width // 24)
    for y in range(0, picture.height, step):
        for x in range(y // step % 2 * step, picture.width, 2 * step):
            pencil.rectangle((x, y, x + step - 1, y + step - 1), fill=CHECKER)
    page.paste(picture.convert("RGB"), (0, 0), picture.convert("RGBA").getchannel("A"))
    return page


def rows() -> Iterator[tuple[str, list[Cell]]]:
    """Title and cells of each row."""
    vases, ridge, fox = (
        _source("three ceramic vases"),
        _source("misty ridge", seed=3),
        _source("fox", "recraftv4_1_vector"),
    )
    yield (
        "Image to image, winter forest",
        [
            (f"strength {s:g}", _seen(recomposing.image_to_image(_request("winter forest"), vases, s)))
            for s in (0, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1)
        ],
    )
    yield "Masks and backgrounds", list(_masked(vases, ridge, fox))
    yield "Outpainting", list(_larger(vases, ridge, fox))
    yield "Background removed, regions erased, upscales", list(_processed(vases, fox))
    yield "Vectorize", list(_traced(vases))
    yield "Remix", [("source", _seen(vases)), *_remixed(vases, "recraftv4_1"), *_remixed(fox, "recraftv4_1_vector")][:8]
    for prompt, model in (("toadstools", "recraftv4_1"), ("a red fox", "recraftv4_1_vector")):
        explored = [recomposing.explored(replace(_request(prompt, model), index=k)) for k in range(8)]
        yield f"Explore, {prompt}", [(f"place {k}", _seen(each)) for k, each in enumerate(explored)]
        yield "Similar to place 1", list(_similar(explored[1], _request(prompt, model)))
    yield "Custom styles and enhanced prompts", list(_styled(vases, ridge))


def _masked(vases: Source, ridge: Source, fox: Source) -> Iterator[Cell]:
    hole = _mask((0.3, 0.3, 0.72, 0.92), vases)
    yield "source", _seen(vases)
    yield "inpaint, cactus", _seen(masked.inpaint(_request("a cactus"), vases, hole))
    yield (
        "inpaint, planet",
        _seen(masked.inpaint(_request("ringed planet"), ridge, _mask((0.3, 0.05, 0.8, 0.5), ridge))),
    )
    yield "inpaint, V3 Vector", _seen(masked.inpaint(_request("black cat", "recraftv3_vector"), fox, hole))
    yield "replace background", _seen(masked.replace_background(_request("desert dunes"), vases))
    yield "the same, V3 Vector", _seen(masked.replace_background(_request("hills", "recraftv3_vector"), fox))
    top = _mask((-0.4, -0.6, 1.4, 0.42), ridge)
    yield "generate background", _seen(masked.generate_background(_request("northern lights"), ridge, top))
    yield "the same, V3 Vector", _seen(masked.generate_background(_request("city", "recraftv3_vector"), ridge, top))


def _larger(vases: Source, ridge: Source, fox: Source) -> Iterator[Cell]:
    wide, zoomed = Frame(SIDE + 500, SIDE, 250, 0, SIDE, SIDE), Frame(SIDE, SIDE, 160, 160, 448, 448)
    size = (wide.width, wide.height)
    for source, name in ((vases, "vases"), (ridge, "ridge"), (fox, "fox")):
        yield f"{name}, to both sides", _seen(outpainting.outpaint(_request("a quiet place", size=size), source, wide))
        yield f"{name}, zoomed out", _seen(outpainting.outpaint(_request("a quiet place"), source, zoomed))
    vector = _request("a quiet place", "recraftv3_vector", size)
    yield "fox, V3 Vector", _seen(outpainting.outpaint(vector, fox, wide))


def _processed(vases: Source, fox: Source) -> Iterator[Cell]:
    chair = _source("mid-century armchair", seed=2)
    for source in (vases, chair, fox):
        yield "without background", _seen(cutout.remove_background(source, "webp"))
    yield "source", _seen(chair)
    yield "erased", _seen(erasing.erase_region(chair, _mask((0.5, 0.05, 0.95, 0.4), chair), "webp"))
    yield "erased in an SVG", _seen(erasing.erase_region(fox, _mask((0.1, 0.1, 0.5, 0.6), fox), "webp"))
    small = _seen(vases).resize((192, 192)).crop((64, 64, 128, 128))
    out = io.BytesIO()
    small.save(out, "PNG")
    tiny = Source(out.getvalue(), "png", *small.size)
    yield "crisp, detail", _seen(enlarging.crisp(tiny, "png"))
    yield "creative, detail", _seen(enlarging.creative(tiny, "png"))


def _traced(vases: Source) -> Iterator[Cell]:
    palette = ((20, 30, 60), (240, 120, 60), (250, 240, 220), (120, 150, 110))
    said: tuple[tuple[str, Options], ...] = (
        ("as it is", Options()), ("color_reduction", Options(few_colors=True)),
        ("max_num_shapes 40", Options(most_shapes=40)), ("return_gradients", Options(gradients=True)),
        ("small_shape_filter", Options(without_small=True)), ("cut_out", Options(cut_out=True)),
        ("svg_compression", Options(compressed=True)), ("strict_color_palette", Options(palette=palette)),
    )  # fmt: skip
    for name, options in said:
        yield name, _seen(tracing.vectorize(vases, options))


def _remixed(source: Source, model: str) -> Iterator[Cell]:
    for k, aspect in enumerate(("1:1", "16:9", "4:5", "1:1")):
        request = replace(_request("", model, IMAGE_MODELS[model].pixels(aspect)), index=k)
        yield f"remix {aspect}", _seen(remixing.remix(request, source))


def _similar(explored: Drawn, request: DrawRequest) -> Iterator[Cell]:
    kind = "svg" if explored.media_type.endswith("xml") else "webp"
    source = Source(explored.data, kind, explored.width, explored.height)
    yield "source", _seen(explored)
    style = recomposing.hand(kind == "svg", 1)
    for step in (1, 2, 3, 4, 5):
        made = remixing.similar(replace(request, style=style, index=2), source, step)
        yield f"similarity {step}", _seen(made)


def _styled(vases: Source, ridge: Source) -> Iterator[Cell]:
    for source, name in ((vases, "vases"), (ridge, "ridge")):
        look = references.look(source.data)
        yield f"reference: {name}", _seen(source)
        for model in ("recraftv3", "recraftv3_vector"):
            yield f"{name}'s style", _seen(drawn.generated(replace(_request("lighthouse", model), reference=look)))
    yield "lighthouse", _seen(drawn.generated(_request("lighthouse")))
    yield "lighthouse, enhanced", _seen(drawn.generated(_request(wording.enhanced("lighthouse"))))


def sheet() -> Image.Image:
    made = list(rows())
    high = CELL + CAPTION + GAP
    page = Image.new("RGB", (COLUMNS * (CELL + GAP) + GAP, len(made) * (high + CAPTION) + GAP), PAPER)
    pencil, font = ImageDraw.Draw(page), ImageFont.load_default(11)
    for row, (title, cells) in enumerate(made):
        top = GAP + row * (high + CAPTION)
        pencil.text((GAP, top + 4), title, fill=INK, font=font)
        for column, (name, picture) in enumerate(cells):
            picture.thumbnail((CELL, CELL), Image.Resampling.LANCZOS)
            x, y = GAP + column * (CELL + GAP), top + CAPTION
            page.paste(picture, (x, y + CELL - picture.height))
            pencil.text((x, y + CELL + 4), name, fill=GRAY, font=font)
    return page


if __name__ == "__main__":
    folder = Path(__file__).resolve().parent.parent
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else folder / "contact-sheet-edits.webp"
    sheet().save(target, "WEBP", quality=80, method=6)
