"""Styles that a client made, and the built-in ones by the ids under which they can be asked for too."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import NAMESPACE_URL, uuid5

from studio.recraft.styles import STYLES
from studio.sandbox.drawing import Reference


@dataclass(frozen=True, slots=True)
class CustomStyle:
    """
    One style. `style` is the legacy id it is based on, or the built-in style's own name.

    `model` is the image model it was made for, if one was named; `look` is None for a built-in style; `created_at`
    is Unix seconds.
    """

    id: str
    style: str
    model: str | None = None
    look: Reference | None = None
    prompt: str | None = None
    is_private: bool = True
    created_at: float = 0.0


def _basic() -> dict[str, CustomStyle]:
    made = {}
    for model, styles in STYLES.items():
        for style in styles:
            key = str(uuid5(NAMESPACE_URL, f"recraft:{model}:{style.name}"))
            made[key] = CustomStyle(key, style.name, model)
    return made


# Every built-in style has an id that stays the same.
BASIC: Mapping[str, CustomStyle] = MappingProxyType(_basic())
