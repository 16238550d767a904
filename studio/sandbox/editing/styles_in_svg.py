"""
How an SVG element is painted: presentation attributes, `style` attributes and simple rules of style sheets.

Source: SVG 1.1, "Styling" and "Painting". Selectors are a tag, a class or an id; others are passed over.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from PIL import ImageColor

from studio.sandbox.drawing.request import Rgb
from studio.sandbox.editing import markup
from studio.sandbox.editing.markup import Element

Rules = Mapping[str, Mapping[str, str]]
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
NAMES = (
    "fill", "stroke", "stroke-width", "opacity", "fill-opacity", "stroke-opacity", "fill-rule", "color", "display",
    "visibility",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Style:
    """What is inherited. `fill` and `stroke` are colors, `#id` of a gradient, or None."""

    fill: Rgb | str | None = (0, 0, 0)
    stroke: Rgb | str | None = None
    width: float = 1.0
    fill_opacity: float = 1.0
    stroke_opacity: float = 1.0
    opacity: float = 1.0
    evenodd: bool = False
    color: Rgb = (0, 0, 0)
    hidden: bool = False


def sheet(root: Element) -> dict[str, dict[str, str]]:
    """The document's own rules by selector: `path`, `.cls-1`, `#sky`."""
    rules: dict[str, dict[str, str]] = {}
    for element in root.walk():
        if element.name == "style":
            for selectors, body in _RULE.findall(_COMMENT.sub("", element.text)):
                for selector in selectors.split(","):
                    rules.setdefault(selector.strip(), {}).update(declarations(body))
    return rules


def declarations(text: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in text.split(";") if ":" in part)
    return {name.strip().lower(): value.replace("!important", "").strip() for name, value in pairs}


def of(element: Element, inherited: Style, rules: Rules) -> Style:
    """The element's style: attributes, then rules, then its `style`, each stronger than the one before."""
    said: dict[str, str] = {name: element.attributes[name] for name in NAMES if name in element.attributes}
    said |= rules.get(element.name, {})
    for name in element.attributes.get("class", "").split():
        said |= rules.get(f".{name}", {})
    said |= rules.get(f"#{element.attributes.get('id', '')}", {})
    said |= declarations(element.attributes.get("style", ""))
    return _changed(inherited, said)


def _changed(style: Style, said: Mapping[str, str]) -> Style:
    color = _paint(said.get("color", ""), style.color, style.color)
    made = replace(
        style,
        color=color if isinstance(color, tuple) else style.color,
        opacity=style.opacity * _share(said.get("opacity", ""), 1.0),
        fill_opacity=_share(said.get("fill-opacity", ""), style.fill_opacity),
        stroke_opacity=_share(said.get("stroke-opacity", ""), style.stroke_opacity),
        evenodd=said["fill-rule"] == "evenodd" if "fill-rule" in said else style.evenodd,
        hidden=style.hidden or said.get("display") == "none" or said.get("visibility") in ("hidden", "collapse"),
    )
    width = markup.length(said.get("stroke-width", ""))
    return replace(
        made,
        fill=_paint(said.get("fill", ""), style.fill, made.color),
        stroke=_paint(said.get("stroke", ""), style.stroke, made.color),
        width=style.width if width is None else width,
    )


def _share(text: str, otherwise: float) -> float:
    value = markup.length(text, 1.0) if text else None
    return otherwise if value is None else min(1.0, max(0.0, value))


def _paint(text: str, inherited: Rgb | str | None, current: Rgb) -> Rgb | str | None:
    text = text.strip()
    if not text or text == "inherit":
        return inherited
    if text in ("none", "transparent"):
        return None
    if text.lower() == "currentcolor":
        return current
    found = re.match(r"url\(\s*['\"]?(#[^'\")]+)", text)
    return found[1] if found else color(text, inherited)


def color(text: str, otherwise: Rgb | str | None = (0, 0, 0)) -> Rgb | str | None:
    try:
        return ImageColor.getrgb(text.strip())[:3]
    except ValueError:
        return otherwise
