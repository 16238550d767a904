"""
What must hold between two params of one request.

A rule is a small frozen object on an operation's entry. It sees values that each passed their own param's check and
raises InvalidParam on the field a person would change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from studio.recraft import styles
from studio.recraft.image_models import ImageModel
from studio.recraft.params import InvalidParam, is_absent

Values = Mapping[str, Any]


class Rule(Protocol):
    # Read-only, so that frozen dataclasses satisfy it.
    @property
    def reads(self) -> tuple[str, ...]:
        """The params the rule looks at; it is not asked when one of them is wrong by itself."""
        ...

    def check(self, values: Values, image_model: ImageModel) -> None:
        """Raises InvalidParam when the rule is broken."""
        ...


@dataclass(frozen=True, slots=True)
class OneStyleOnly:
    """`style` and `style_id` exclude each other. Source: Recraft docs, Endpoints page, Generate image (2024)."""

    reads: tuple[str, ...] = ("style", "style_id")

    def check(self, values: Values, image_model: ImageModel) -> None:
        if not is_absent(values.get("style")) and not is_absent(values.get("style_id")):
            raise InvalidParam("style_id", "Choose a style or a custom style, not both.")


@dataclass(frozen=True, slots=True)
class SubstyleBelongs:
    """A substyle refines one legacy style. Source: the parameter tables of Recraft's own MCP server."""

    reads: tuple[str, ...] = ("style", "substyle")

    def check(self, values: Values, image_model: ImageModel) -> None:
        substyle = values.get("substyle")
        if is_absent(substyle):
            return
        if is_absent(values.get("style")):
            raise InvalidParam("substyle", "Choose the style this substyle belongs to.")
        style = styles.find(image_model.id, str(values["style"]))
        if style is None or substyle not in style.substyles:
            label = style.label if style else values["style"]
            raise InvalidParam("substyle", f"{label} on {image_model.label} has no such substyle.")


@dataclass(frozen=True, slots=True)
class WeightsSum:
    """The weights of a palette add up to at most 1. Source: Recraft docs, Endpoints page, Colors."""

    palette: str = "colors"
    reads: tuple[str, ...] = ("colors",)

    def check(self, values: Values, image_model: ImageModel) -> None:
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

    def check(self, values: Values, image_model: ImageModel) -> None:
        style = styles.find(image_model.id, str(values.get("style")))
        if style and style.vector is not self.vector:
            wanted = "vectors" if self.vector else "raster pictures"
            raise InvalidParam("style", f"{style.label} does not draw {wanted}.")
