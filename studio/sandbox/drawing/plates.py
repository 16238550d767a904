"""
Plates: finished pictures made for this project, cut, turned and recolored into new ones.

A plate knows where its subject is (shares of its width and height), so that no crop cuts it off, and whether its
backdrop can be told from the subject by color alone.
"""

from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageOps

from studio.sandbox.drawing.chance import Chance
from studio.sandbox.drawing.request import Rgb

FOLDER = Path(__file__).resolve().parent.parent / "plates"
KEPT_IN_MEMORY = 12  # about 2 MB each


class Kind(Enum):
    OBJECT = auto()  # a subject on a backdrop: crops keep the subject
    PLACE = auto()  # a landscape: any part of it is one
    PATTERN = auto()  # form without place: may be turned and enlarged


@dataclass(frozen=True)
class Plate:
    name: str
    width: int
    height: int
    kind: Kind
    subject: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)  # left, top, right, bottom
    ground: Rgb | None = None  # the backdrop's color, where nothing else has its hue

    def kept(self, width: int, height: int) -> float:
        """The part of the subject's box that the largest crop of this shape can show."""
        wide = min(self.width, self.height * width / height) / self.width
        high = min(self.height, self.width * height / width) / self.height
        left, top, right, bottom = self.subject
        return min(1.0, wide / (right - left)) * min(1.0, high / (bottom - top))


_VASE = (0.04, 0.2, 0.96, 0.78)
_POD = (0.12, 0.22, 0.95, 0.88)
_CHAIR = (0.03, 0.25, 0.9, 0.82)

PLATES = {
    plate.name: plate
    for plate in (
        *(Plate(f"arch-{x}", 1008, 576, Kind.OBJECT, (0.2, 0.02, 0.85, 0.9)) for x in "ab"),
        Plate("arch-c", 672, 864, Kind.OBJECT, (0.0, 0.18, 0.95, 0.8)),
        Plate("aurora", 1008, 576, Kind.PLACE),
        Plate("cactus", 672, 864, Kind.OBJECT, (0.1, 0.2, 0.9, 0.85), (250, 204, 196)),
        Plate("chair-a", 672, 864, Kind.OBJECT, _CHAIR),
        Plate("chair-b", 672, 864, Kind.OBJECT, _CHAIR),
        Plate("citrus", 768, 768, Kind.PATTERN),
        Plate("city", 1008, 576, Kind.PLACE),
        Plate("dune-a", 1008, 656, Kind.PLACE),
        Plate("dune-b", 672, 864, Kind.PLACE),
        Plate("gloss-a", 768, 768, Kind.OBJECT, (0.1, 0.12, 0.95, 0.93)),
        Plate("gloss-b", 768, 768, Kind.OBJECT, (0.08, 0.14, 0.92, 0.95), (32, 35, 165)),
        Plate("marble-a", 768, 768, Kind.PATTERN),
        Plate("marble-b", 672, 864, Kind.PATTERN),
        Plate("marble-c", 1008, 656, Kind.PATTERN),
        Plate("meadow", 960, 640, Kind.PLACE),
        Plate("mush", 960, 640, Kind.OBJECT, (0.12, 0.1, 0.86, 0.88)),
        Plate("oil-dusk", 576, 864, Kind.PLACE),
        Plate("planet-a", 672, 864, Kind.OBJECT, (0.02, 0.15, 0.98, 0.8)),
        Plate("planet-b", 768, 768, Kind.OBJECT, (0.12, 0.05, 0.95, 0.97)),
        *(Plate(f"pod-{x}", 768, 768, Kind.OBJECT, _POD) for x in "abcd"),
        Plate("ridge-a", 1008, 576, Kind.PLACE),
        Plate("ridge-b", 1008, 576, Kind.PLACE),
        Plate("ridge-c", 576, 864, Kind.PLACE),
        Plate("ridge-d", 768, 1008, Kind.PLACE),
        Plate("riso-a", 672, 864, Kind.OBJECT, (0.0, 0.1, 1.0, 1.0)),
        Plate("riso-b", 768, 768, Kind.PATTERN),
        Plate("room-a", 768, 768, Kind.OBJECT, (0.0, 0.02, 1.0, 0.95)),
        Plate("room-b", 768, 768, Kind.OBJECT, (0.0, 0.02, 1.0, 0.95)),
        Plate("stones", 576, 864, Kind.OBJECT, (0.15, 0.27, 0.87, 0.9)),
        Plate("vase-a", 896, 1152, Kind.OBJECT, _VASE),
        *(Plate(f"vase-a{n}", 672, 864, Kind.OBJECT, _VASE) for n in (1, 2, 3, 4)),
        *(Plate(f"vase-{x}", 672, 864, Kind.OBJECT, _VASE) for x in "bc"),
        Plate("vase-d", 672, 864, Kind.OBJECT, _VASE, (16, 25, 120)),
        Plate("vase-wide", 1050, 864, Kind.OBJECT, (0.15, 0.2, 0.95, 0.84)),
    )
}

ZOOM = {Kind.OBJECT: 1.16, Kind.PLACE: 1.7, Kind.PATTERN: 2.1}
ENOUGH = {Kind.OBJECT: 0.74, Kind.PLACE: 0.3, Kind.PATTERN: 0.0}


def fits(name: str, width: int, height: int) -> bool:
    """Whether a crop of this shape still shows what the plate is of."""
    plate = PLATES[name]
    return plate.kept(width, height) >= ENOUGH[plate.kind]


@lru_cache(maxsize=KEPT_IN_MEMORY)
def load(name: str) -> Image.Image:
    with Image.open(FOLDER / f"{name}.webp") as plate:
        return plate.convert("RGB")


def cut(plate: Plate, width: int, height: int, lots: Chance, mirrored: bool, calm: bool = False) -> Image.Image:
    """A part of the plate in the shape asked, in the plate's own pixels. `calm` stays close to the whole."""
    picture = load(plate.name)
    wide, high = _largest(plate, width / height)
    zoom = lots.uniform(1.0, 1.1 if calm else ZOOM[plate.kind])
    if plate.kind is Kind.PATTERN and lots.random() < 0.5:
        picture = picture.transpose(Image.Transpose.ROTATE_180)
    if mirrored:
        picture = ImageOps.mirror(picture)
        plate = _mirrored(plate)
    wide, high = wide / zoom, high / zoom
    left, top, right, bottom = plate.subject
    x = _place(left * plate.width, right * plate.width, wide, plate.width, lots)
    y = _place(top * plate.height, bottom * plate.height, high, plate.height, lots)
    return picture.crop((round(x), round(y), round(x + wide), round(y + high)))


def _largest(plate: Plate, aspect: float) -> tuple[float, float]:
    return min(plate.width, plate.height * aspect), min(plate.height, plate.width / aspect)


def _mirrored(plate: Plate) -> Plate:
    left, top, right, bottom = plate.subject
    return Plate(plate.name, plate.width, plate.height, plate.kind, (1 - right, top, 1 - left, bottom), plate.ground)


def _place(start: float, end: float, size: float, whole: float, lots: Chance) -> float:
    """Where a crop of `size` begins so that it holds start to end, or the middle of it when it is too small."""
    low, high = sorted((end - size, start))
    if size < end - start:
        low, high = (low + high) / 2 - 0.04 * size, (low + high) / 2 + 0.04 * size
    low, high = min(max(0.0, low), whole - size), min(max(0.0, high), whole - size)
    return lots.uniform(low, high)
