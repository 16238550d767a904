"""
The endpoints without pictures: a prompt made richer, colors brought down to fewer, the list of image models.

Source: Recraft docs: Endpoints page, "Enhance prompt"; published OpenAPI specification for the other two.
"""

import math
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from studio.recraft import prices
from studio.recraft.image_models import IMAGE_MODELS, Family
from studio.sandbox import answers, choices
from studio.sandbox.drawing import color
from studio.sandbox.drawing.request import Rgb
from studio.sandbox.editing.wording import enhanced
from studio.sandbox.fields import BadValue, array, in_range, number, text, thing, whole
from studio.sandbox.inputs import Asked
from studio.sandbox.work import Shape, Work

LONGEST_PROMPT = 2000
HEX = re.compile(r"#?[0-9a-fA-F]{6}")
MOST_COLORS = 1000
# Unix seconds of the first of the month in which a family came out. Source: Recraft docs: changelog and models pages.
CREATED = {
    Family.V2: 1709251200,
    Family.V3: 1730246400,
    Family.V4: 1769904000,
    Family.V4_1: 1777593600,
    Family.V4_1_UTILITY: 1777593600,
}


async def enhance(asked: Asked) -> Work:
    prompt = text(asked.fields, "prompt") or ""
    if not 1 <= len(prompt) <= LONGEST_PROMPT:
        raise BadValue(choices.LENGTH_MESSAGE.format(name="prompt", low=1, high=LONGEST_PROMPT))
    answer = {"enhanced_prompt": enhanced(prompt)}
    return Work(price=prices.price("enhance-prompt", None, 1), prompt=prompt, shape=Shape.OTHER, answer=answer)


async def optimize_colors(asked: Asked) -> Work:
    """Every color and the one that stands for it, when only so many may stay."""
    entries, limit = array(asked.fields, "colors"), whole(asked.fields, "num_colors_limit")
    for name, given in (("colors", entries), ("num_colors_limit", limit)):
        if not given and given != 0:
            raise BadValue(choices.REQUIRED_MESSAGE.format(name=name))
    in_range("num_colors_limit", limit, 1, MOST_COLORS)
    if len(entries) > MOST_COLORS:
        raise BadValue(choices.LENGTH_MESSAGE.format(name="colors", low=1, high=MOST_COLORS))
    weighted = [_weighted(entry, k) for k, entry in enumerate(entries)]
    kept = fewer([(rgb, weight) for _, rgb, weight in weighted], limit or 1)
    mapping = [{"from": said, "to": color.hexed(_nearest(rgb, kept))} for said, rgb, _ in weighted]
    return Work(price=prices.price("optimize-colors", None, 1), shape=Shape.OTHER, answer={"mapping": mapping})


def _weighted(entry: Any, k: int) -> tuple[str, Rgb, float]:
    body = thing({"entry": entry}, "entry") if isinstance(entry, dict) else {}
    said = text(body, "hex") or ""
    if not HEX.fullmatch(said):
        raise BadValue(choices.HEX_MESSAGE.format(name=f"colors[{k}].hex"))
    weight = number(body, "weight", f"colors[{k}].weight")
    in_range(f"colors[{k}].weight", weight, 0, MOST_COLORS)
    return said, color.unhexed(said), 1.0 if weight is None else weight


def fewer(weighted: list[tuple[Rgb, float]], limit: int) -> list[Rgb]:
    """At most `limit` of the colors: the one whose loss is least seen goes first."""
    shares: dict[Rgb, float] = {}
    for rgb, weight in weighted:
        shares[rgb] = shares.get(rgb, 0.0) + weight
    while len(shares) > limit:
        gone = min(shares, key=lambda rgb: shares[rgb] * min(_far(rgb, other) for other in shares if other != rgb))
        weight = shares.pop(gone)
        shares[_nearest(gone, list(shares))] += weight
    return list(shares)


def _far(one: Rgb, other: Rgb) -> float:
    return math.dist(color.lab(one), color.lab(other))


def _nearest(rgb: Rgb, kept: list[Rgb]) -> Rgb:
    return min(kept, key=lambda other: _far(rgb, other))


async def models(request: Request) -> Response:
    return answers.as_json({"data": [_model(id) for id in IMAGE_MODELS]})


def _model(id: str) -> dict[str, Any]:
    model = IMAGE_MODELS[id]
    # Units are thousandths of a US dollar; the specification says text and no more.
    dollars = prices.price("generate", id, 1) / 1000
    return {
        "id": id,
        "name": f"Recraft {model.label}",
        "created": CREATED[model.family],
        "description": model.note,
        "input_modalities": ["text"] if model.family is Family.V2 else ["text", "image"],
        "output_modalities": ["image"],
        "pricing": {"image": f"{dollars:g}"},
    }
