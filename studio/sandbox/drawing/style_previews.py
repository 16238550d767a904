"""
A small picture of every built-in style: `python -m studio.sandbox.drawing.style_previews [folder]`.

The pictures beside the styles' names on the studio's pages are made by this. They are the sandbox's own hand, and the
pages say so. A style draws the same picture whenever it is asked; styles beside each other draw other things, so that a
page of them is no page of foxes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from studio.recraft.styles import STYLES, Style
from studio.sandbox.drawing.contact_sheet import Sample, thumbnail

SIDE = 224  # pixels: twice the width of a tile on a wide screen
QUALITY = 68

_PHOTOS = (
    "three ceramic vases in late afternoon light",
    "misty mountain ridge at sunrise",
    "a cactus in a pot",
    "city skyline at dusk",
    "citrus slices, summer",
    "stone arch by the water",
    "mid-century armchair with a floor lamp",
    "toadstools in the moss",
    "desert dunes",
    "stacked stones, zen",
)
_DRAWINGS = (
    "hot air balloons over hills",
    "a red fox",
    "rocket launch",
    "portrait of a woman",
    "sailing boat at sunset",
    "a robin on a branch",
    "lighthouse by the sea",
    "koi pond from above",
    "black cat on a window sill",
    "bouquet of peonies",
    "mountain hut",
    "ringed planet and stars",
)
_MARKS = ("mountain emblem", "coffee roaster emblem", "fox emblem", "sun emblem", "leaf emblem")
# What a group draws, by turns.
SUBJECTS = {
    "Photorealism": _PHOTOS,
    "Illustration": _DRAWINGS,
    "Vector art": _DRAWINGS,
    "Logo": _MARKS,
    "Icon": ("camping icons", "weather icons", "kitchen icons"),
    "Legacy": _DRAWINGS,
}
# Where the turn would show something else than the name says.
OF_ITS_OWN = {
    "Product photo": "skincare bottle on a podium",
    "Studio photo": "skincare bottle on a podium",
    "Urban Drama": "city skyline at dusk",
    "Urban Glow": "city skyline at dusk",
    "Urban sketching": "city skyline",
    "Forest life": "toadstools in the moss",
    "Village Realism": "mountain hut",
    "Linocut": "koi pond from above",
    "Clay": "isometric bedroom",
    "3D render": "glossy sculpture, 3d",
    "Voxel art": "isometric bedroom",
    "Cosmics": "ringed planet and stars",
    "realistic_image": "three ceramic vases in late afternoon light",
    "logo_raster": "coffee roaster emblem",
    "icon": "camping icons",
}


def previews() -> Iterator[tuple[Style, Sample]]:
    """Every style once, whichever image models have it, and what it draws."""
    seen: set[str] = set()
    for image_model, styles in STYLES.items():
        for turn, style in enumerate(styles):
            if style.slug not in seen:
                seen.add(style.slug)
                turns = SUBJECTS[style.group]
                subject = OF_ITS_OWN.get(style.name, turns[turn % len(turns)])
                yield style, Sample(subject, image_model, style=style.name, seed=turn)


def draw(folder: Path) -> None:
    """Write one WebP per style. Whatever else lies in the folder is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for style, sample in previews():
        thumbnail(sample.request(), SIDE).save(folder / f"{style.slug}.webp", "WEBP", quality=QUALITY, method=6)


if __name__ == "__main__":
    static = Path(__file__).resolve().parents[3] / "static" / "img" / "styles"
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else static)
