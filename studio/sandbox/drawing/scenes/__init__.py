"""
Compositions of flat shapes, each a function of (pen, lots, palette).

`OPEN` scenes stand on a ground that stays visible; the others fill the page. Words choose them in `words`.
"""

from collections.abc import Callable

from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.palettes import Palette
from studio.sandbox.drawing.scene import Pen
from studio.sandbox.drawing.scenes import abstract, animals, land, living, marks, tables, things

Draw = Callable[[Pen, Chance, Palette], None]

SCENES: dict[str, Draw] = {
    made.__name__: made
    for made in (
        abstract.bauhaus, abstract.cutouts, abstract.terrazzo, abstract.topography, abstract.flow,
        abstract.seigaiha, abstract.arcs, abstract.rays, abstract.truchet, abstract.blocks, abstract.balls,
        abstract.overlaps, animals.fox_head, animals.fox_curl, animals.fox_lines, animals.fox_run,
        animals.cat_on_sill, animals.cat_head, animals.bird, animals.koi, land.hills, land.peaks, land.sea,
        land.desert, land.forest, land.skyline, land.rolling_fields, things.balloons, things.lighthouse,
        tables.still_life, tables.chair, things.planet, things.rocket, things.houses, things.mushrooms,
        tables.pebbles, land.northern, marks.badge, marks.icons, marks.lemons, living.face, living.botanical,
        living.bouquet,
    )
}  # fmt: skip

ABSTRACT = (
    "bauhaus", "cutouts", "terrazzo", "topography", "flow", "seigaiha", "arcs", "rays", "truchet", "blocks", "balls",
    "overlaps",
)  # fmt: skip

OPEN = frozenset(
    (
        "terrazzo", "flow", "truchet", "balls", "overlaps", "fox_head", "fox_curl", "fox_lines", "fox_run",
        "cat_head", "bird", "koi", "still_life", "chair", "planet", "rocket", "mushrooms", "pebbles", "badge",
        "icons", "lemons", "face", "botanical", "bouquet",
    )
)  # fmt: skip
