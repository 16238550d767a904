"""
What must hold between two params of one request.

A rule is a small frozen object on an operation's entry. It sees values that each passed their own param's check and
raises InvalidParam on the field a person would change. One that has to look at the pictures is a FileRule: it is asked
when the files are at hand. `words` is the rule as a page states it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from studio.recraft import styles
from studio.recraft.image_models import ImageModel
from studio.recraft.inputs import MAX_SIDE, Files
from studio.recraft.params import InvalidParam, is_absent

Values = Mapping[str, Any]


class Rule(Protocol):
    # Read-only, so that frozen dataclasses satisfy it.
    @property
    def reads(self) -> tuple[str, ...]:
        """The params the rule looks at; it is not asked when one of them is wrong by itself."""
        ...

    @property
    def words(self) -> str: ...

    def check(self, values: Values, image_model: ImageModel | None) -> None:
        """Raises InvalidParam when the rule is broken."""
        ...


class FileRule(Protocol):
    @property
    def reads(self) -> tuple[str, ...]:
        """The params the rule looks at; it is not asked when one of them is wrong by itself."""
        ...

    @property
    def words(self) -> str: ...

    def check_files(self, values: Values, files: Files) -> None:
        """Raises InvalidParam when the rule is broken."""
        ...


@dataclass(frozen=True, slots=True)
class OneStyleOnly:
    """`style` and `style_id` exclude each other. Source: Recraft docs, Endpoints page, Generate image (2024)."""

    reads: tuple[str, ...] = ("style", "style_id")
    words: str = "A style or a custom style, not both."

    def check(self, values: Values, image_model: ImageModel | None) -> None:
        if not is_absent(values.get("style")) and not is_absent(values.get("style_id")):
            raise InvalidParam("style_id", "Choose a style or a custom style, not both.")


@dataclass(frozen=True, slots=True)
class SubstyleBelongs:
    """A substyle refines one legacy style. Source: the parameter tables of Recraft's own MCP server."""

    reads: tuple[str, ...] = ("style", "substyle")
    words: str = "A substyle goes with the style it refines."

    def check(self, values: Values, image_model: ImageModel | None) -> None:
        substyle = values.get("substyle")
        if is_absent(substyle):
            return
        if is_absent(values.get("style")):
            raise InvalidParam("substyle", "Choose the style this substyle belongs to.")
        style = styles.find(image_model.id, str(values["style"])) if image_model else None
        if style is None or substyle not in style.substyles:
            label = style.label if style else values["style"]
            drawn_with = f" on {image_model.label}" if image_model else ""
            raise InvalidParam("substyle", f"{label}{drawn_with} has no such substyle.")


@dataclass(frozen=True, slots=True)
class WeightsSum:
    """The weights of a palette add up to at most 1. Source: Recraft docs, Endpoints page, Colors."""

    palette: str = "colors"
    reads: tuple[str, ...] = ("colors",)
    words: str = "The weights of a palette add up to at most 1."

    def check(self, values: Values, image_model: ImageModel | None) -> None:
        weights = [color.get("weight") or 0 for color in values.get(self.palette) or ()]
        # In binary 0.05 + 0.55 + 0.3 + 0.1 is a hair over 1.
        if sum(weights) > 1 + 1e-9:
            raise InvalidParam(self.palette, f"The weights add up to {sum(weights):.2f}; at most 1.00 is allowed.")


@dataclass(frozen=True, slots=True)
class StyleDraws:
    """
    An endpoint for one kind of output takes only styles that draw it; its image models are listed on the entry.

    Source: Recraft docs, Endpoints page, Generate image, the variants raster and vector.
    """

    vector: bool
    reads: tuple[str, ...] = ("style",)

    @property
    def words(self) -> str:
        return f"The style draws {'vectors' if self.vector else 'raster pictures'}."

    def check(self, values: Values, image_model: ImageModel | None) -> None:
        style = styles.find(image_model.id, str(values.get("style"))) if image_model else None
        if style and style.vector is not self.vector:
            wanted = "vectors" if self.vector else "raster pictures"
            raise InvalidParam("style", f"{style.label} does not draw {wanted}.")


@dataclass(frozen=True, slots=True)
class Needs:
    """`name` means nothing without `other`, or with another value of it than `value`."""

    name: str
    other: str
    words: str
    value: str | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.name, self.other)

    def check(self, values: Values, image_model: ImageModel | None) -> None:
        if is_absent(values.get(self.name)):
            return
        found = values.get(self.other)
        if is_absent(found) or (self.value is not None and found != self.value):
            raise InvalidParam(self.name, self.words)


@dataclass(frozen=True, slots=True)
class OneOf:
    """At least one of `reads` is given. The first is the field that says so."""

    reads: tuple[str, ...]
    words: str

    def check(self, values: Values, image_model: ImageModel | None) -> None:
        if all(is_absent(values.get(name)) for name in self.reads):
            raise InvalidParam(self.reads[0], self.words)


@dataclass(frozen=True, slots=True)
class AsManyWeights:
    """
    As many weights as members of what they weigh.

    Source: Recraft docs, Endpoints page, Create style, image_weights and source_style_weights.
    """

    weights: str
    members: str
    noun: str

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.weights, self.members)

    @property
    def words(self) -> str:
        return f"One weight for each {self.noun}, or none at all."

    def check(self, values: Values, image_model: ImageModel | None) -> None:
        weights, members = values.get(self.weights) or [], values.get(self.members) or []
        if weights and len(weights) != len(members):
            counted = f"{len(weights)} weights for {len(members)}."
            raise InvalidParam(self.weights, f"{counted} {self.words}")


EXPANSIONS = ("expand_left", "expand_right", "expand_top", "expand_bottom")


@dataclass(frozen=True, slots=True)
class OutpaintGrows:
    """
    A size or pixels per side, not both; at least one of these or a zoom.

    Source: Recraft docs, Endpoints page, Image outpainting.
    """

    reads: tuple[str, ...] = ("size", "zoom_out_percentage", *EXPANSIONS)
    words: str = "A size or pixels per side, not both; at least one of these or a zoom."

    def check(self, values: Values, image_model: ImageModel | None) -> None:
        expands, sized = any(values.get(name) for name in EXPANSIONS), not is_absent(values.get("size"))
        if expands and sized:
            raise InvalidParam("size", "Choose a size or pixels per side, not both.")
        if not expands and not sized and not values.get("zoom_out_percentage"):
            raise InvalidParam("size", "Say how far to go: a size, pixels on a side, or a zoom.")


@dataclass(frozen=True, slots=True)
class OutpaintFits:
    """
    The picture with its new sides is at most 4,096 pixels wide and high.

    Source: Recraft docs, Endpoints page, Image outpainting ("after applying expand_*").
    """

    reads: tuple[str, ...] = ("image", *EXPANSIONS)
    words: str = f"The result is at most {MAX_SIDE:,} pixels wide and high."

    def check_files(self, values: Values, files: Files) -> None:
        picture = files["image"][0]
        width, height = expanded(values, picture.width, picture.height)
        for pixels, side, names in ((width, "wide", EXPANSIONS[:2]), (height, "high", EXPANSIONS[2:])):
            if pixels > MAX_SIDE:
                grown = max(names, key=lambda name: values.get(name) or 0)
                over = f"The result would be {pixels:,} px {side}; at most {MAX_SIDE:,}"
                raise InvalidParam(grown, f"{over}: take {pixels - MAX_SIDE:,} px off.")


def expanded(values: Values, width: int, height: int) -> tuple[int, int]:
    """Width and height in pixels after the sides were expanded."""
    left, right, top, bottom = (values.get(name) or 0 for name in EXPANSIONS)
    return width + left + right, height + top + bottom


@dataclass(frozen=True, slots=True)
class MaskFits:
    """A mask has exactly its picture's pixels. Source: Recraft docs, Endpoints page, parameter `mask`."""

    reads: tuple[str, ...] = ("image", "mask")
    words: str = "The mask is exactly as large as the picture."

    def check_files(self, values: Values, files: Files) -> None:
        picture, mask = files["image"][0], files["mask"][0]
        if (mask.width, mask.height) != (picture.width, picture.height):
            found, wanted = f"{mask.width} x {mask.height}", f"{picture.width} x {picture.height}"
            raise InvalidParam("mask", f"The mask is {found}, the picture {wanted}: they must be the same.")
