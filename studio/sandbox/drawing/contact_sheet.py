"""
Forty prompts on one sheet: `python -m studio.sandbox.drawing.contact_sheet [file.webp]`.

The sheet in the sandbox's README is made by this. Vector pictures are shown as their shapes painted, without going
through an SVG renderer.
"""

import io
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from studio.recraft.image_models import IMAGE_MODELS
from studio.sandbox.drawing import picture
from studio.sandbox.drawing.paint import paint
from studio.sandbox.drawing.request import Color, DrawRequest, Rgb

COLUMNS = 8
CELL = 240
GAP = 10
CAPTION = 34
PAPER, INK, GRAY = (250, 250, 248), (30, 30, 34), (120, 120, 126)


@dataclass(frozen=True)
class Sample:
    prompt: str
    model: str = "recraftv4_1"
    aspect: str = "1:1"
    style: str | None = None
    seed: int = 0
    colors: tuple[Color, ...] = ()
    background: Rgb | None = None

    def request(self) -> DrawRequest:
        model = IMAGE_MODELS[self.model]
        width, height = model.pixels(self.aspect)
        return DrawRequest(
            self.prompt, None, self.seed, 0, self.model, self.style, None, width, height, self.colors,
            self.background, "svg" if model.vector else "webp", False, None,
        )  # fmt: skip


def _even(*colors: Rgb) -> tuple[Color, ...]:
    return tuple((rgb, None) for rgb in colors)


V, V3, V3V, V2, V2V = "recraftv4_1_vector", "recraftv3", "recraftv3_vector", "recraftv2", "recraftv2_vector"

DESERT = _even((38, 70, 83), (42, 157, 143), (233, 196, 106), (231, 111, 81))

SAMPLES = (
    Sample("three ceramic vases in late afternoon light"),
    Sample("a red fox, minimal logo", V),
    Sample("misty mountain ridge at sunrise", aspect="3:2"),
    Sample("isometric bedroom, cozy"),
    Sample("hot air balloons over hills", V, seed=2),
    Sample("ringed planet and stars", "recraftv4_1_pro"),
    Sample("mid-century armchair with a floor lamp", aspect="4:5", seed=1),
    Sample("marble, blue and gold", "recraftv4"),
    Sample("portrait of a woman", V, "4:5", seed=3),
    Sample("citrus slices, summer", seed=1),
    Sample("northern lights over a lake", "recraftv4", "16:9"),
    Sample("koi pond from above", V, "4:5"),
    Sample("skincare bottle on a podium", "recraftv4_1_utility"),
    Sample("poster of a lighthouse at night", V, "2:3", seed=4),
    Sample("desert dunes under the moon", aspect="4:3"),
    Sample("black cat on a window sill", V),
    Sample("toadstools in the moss", "recraftv4_1", seed=1),
    Sample("city skyline at dusk", aspect="16:9", seed=2),
    Sample("camping icons", V, seed=1),
    Sample("stacked stones, zen", "recraftv4", "2:3"),
    Sample("sailing boat at sunset", "recraftv4_1", seed=5),
    Sample("coffee roaster emblem", V, seed=2),
    Sample("poppy meadow", V2, "3:2", style="Watercolor"),
    Sample("mountain hut", V3, style="Digital engraving"),
    Sample("jazz night", V3, "4:5", style="Risograph", seed=3),
    Sample("a robin on a branch", V3, style="Color engraving"),
    Sample("street in the rain", V3, "3:2", style="Noir"),
    Sample("arcade", V2, style="Pixel art", seed=5),
    Sample("stone arch by the water", V3, "16:9", style="Evening light"),
    Sample("a fox", V3V, style="Line art", seed=1),
    Sample("bouquet of peonies", V3V, "4:5", style="Cutout", seed=2),
    Sample("seamless lemon pattern", V, seed=3),
    Sample("ceramics", colors=_even((27, 73, 101), (202, 233, 255), (95, 168, 211)), seed=1),
    Sample("mountains", colors=_even((255, 89, 94), (255, 202, 58)), aspect="4:3"),
    Sample("abstract composition", V, colors=DESERT, seed=1),
    Sample("a cactus", background=(255, 214, 10)),
    Sample("fox", V, background=(20, 33, 61), seed=2),
    Sample("botanical print", V, "4:5", colors=_even((45, 106, 79)), seed=1),
    Sample("glossy sculpture, 3d", "recraftv4_pro", seed=1),
    Sample("something nobody has a word for", "recraftv4_1", seed=7),
)  # fmt: skip


def sheet(samples: tuple[Sample, ...] = SAMPLES) -> Image.Image:
    rows = -(-len(samples) // COLUMNS)
    size = (COLUMNS * (CELL + GAP) + GAP, rows * (CELL + CAPTION + GAP) + GAP)
    page = Image.new("RGB", size, PAPER)
    pencil = ImageDraw.Draw(page)
    font = ImageFont.load_default(11)
    for place, sample in enumerate(samples):
        x = GAP + place % COLUMNS * (CELL + GAP)
        y = GAP + place // COLUMNS * (CELL + CAPTION + GAP)
        small = thumbnail(sample.request())
        page.paste(small, (x + (CELL - small.width) // 2, y + CELL - small.height))
        pencil.text((x, y + CELL + 4), sample.prompt[:44], fill=INK, font=font)
        told = ", ".join(filter(None, (sample.model.removeprefix("recraft"), sample.style, _colors_said(sample))))
        pencil.text((x, y + CELL + 18), told, fill=GRAY, font=font)
    return page


def _colors_said(sample: Sample) -> str:
    said = f"{len(sample.colors)} colors" if len(sample.colors) > 1 else "1 color" if sample.colors else ""
    return " ".join(filter(None, (said, "background" if sample.background else "")))


def thumbnail(request: DrawRequest, side: int = CELL) -> Image.Image:
    if request.image_format == "svg":
        made = paint(picture.scene(request), request.width, request.height)
    else:
        made = Image.open(io.BytesIO(picture.draw(request))).convert("RGB")
    made.thumbnail((side, side), Image.Resampling.LANCZOS)
    return made


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "contact-sheet.webp"
    sheet().save(target, "WEBP", quality=82, method=6)
