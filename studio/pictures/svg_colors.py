"""The colors of a sanitized SVG: which there are, and others in their place. Runs in the limited child only.

A color stands in an attribute, in a style attribute or in a rule, and is written in many ways; two ways of writing one
color are one color here. Shapes without a fill are black, as SVG has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from lxml import etree
from PIL import ImageColor

from studio.pictures import css
from studio.pictures.svg import Drawing

PAINTS: Final = frozenset({"fill", "stroke", "stop-color", "flood-color", "lighting-color", "color"})
BLACK: Final = "#000000"
MOST: Final = 24  # colors a person is asked about
_IMPORTANT: Final = "!important"

Element = Any  # lxml's own has no name that its stubs and the library share


def colors(source: bytes) -> list[str]:
    """Up to MOST colors as "#rrggbb", the most used first."""
    counted: Counter[str] = Counter()

    def note(value: str) -> str:
        if found := _parsed(value):
            counted[found[0]] += 1
        return value

    _repainted(_tree(source), note)
    return [color for color, _ in counted.most_common(MOST)] or [BLACK]


def swapped(source: bytes, swaps: Mapping[str, str]) -> bytes:
    """The SVG with each color of `swaps` replaced; everything else stays as it is."""

    def swap(value: str) -> str:
        found = _parsed(value)
        return f"{swaps[found[0]]}{found[1]}" if found and found[0] in swaps else value

    root = _tree(source)
    _repainted(root, swap)
    if BLACK in swaps and not _says_fill(root):
        root.set("fill", swaps[BLACK])
    return bytes(etree.tostring(root, encoding="utf-8"))


def sized(drawing: Drawing, size: tuple[int, int]) -> bytes:
    """The SVG with another width and height, what it shows as large as goes into them."""
    root = _tree(drawing.source)
    if not root.get("viewBox"):
        root.set("viewBox", f"0 0 {drawing.exact_width:g} {drawing.exact_height:g}")
    root.set("width", str(size[0]))
    root.set("height", str(size[1]))
    return bytes(etree.tostring(root, encoding="utf-8"))


def _tree(source: bytes) -> Element:
    return etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _repainted(root: Element, paint: Callable[[str], str]) -> None:
    """Ask `paint` for every color of the document, and write what it says."""
    for element in root.iter():
        for name in PAINTS & set(element.keys()):
            element.set(name, paint(element.get(name)))
        if style := element.get("style"):
            element.set("style", css.text_of(list(_painted(css.declarations(style), paint))))
        if etree.QName(element).localname == "style" and element.text:
            rules = [
                css.Rule(rule.selector, list(_painted(rule.declarations, paint))) for rule in css.sheet(element.text)
            ]
            element.text = css.text(rules)


def _painted(declarations: css.Declarations, paint: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    for name, value in declarations:
        bare = value.removesuffix(_IMPORTANT)
        new = paint(bare.strip()) if name in PAINTS else bare.strip()
        yield name, f"{new} {_IMPORTANT}" if bare != value else new


def _says_fill(root: Element) -> bool:
    return bool(root.get("fill")) or any(name == "fill" for name, _ in css.declarations(root.get("style", "")))


def _parsed(value: str) -> tuple[str, str] | None:
    """A color as "#rrggbb" and its alpha as two hex digits or nothing; None for what names no color."""
    try:
        red, green, blue, *alpha = ImageColor.getrgb(value.strip())
    except ValueError:
        return None
    return f"#{red:02x}{green:02x}{blue:02x}", f"{alpha[0]:02x}" if alpha else ""
