"""
SVG text as a tree of elements, if it is safe: no scripts, no entities, nothing from elsewhere, nothing endless.

The parser is expat without a document type; whatever could reach outside of the file or run is refused, not removed.
Source of "unsafe SVGs are rejected": Recraft docs: Endpoints page, "Remove background".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

MOST_ELEMENTS = 50_000
MOST_DEPTH = 200
DEFAULT_SIZE = (300.0, 150.0)  # Source: CSS 2.1, "Replaced elements"
UNSAFE = frozenset(
    {"script", "foreignObject", "iframe", "object", "embed", "handler", "audio", "video", "animate", "set"}
)
UNITS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}
_LENGTH = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?)\s*([a-zA-Z]*)\s*")
_START = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?svg[\s>]", re.S
)
HEAD_BYTES = 4096


class BadSvg(Exception):
    """Why this SVG is refused."""


@dataclass(slots=True)
class Element:
    name: str
    attributes: dict[str, str]
    children: "list[Element]" = field(default_factory=list)
    text: str = ""

    def walk(self) -> "Iterator[Element]":
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))


def looks_like_svg(data: bytes) -> bool:
    head = data[:HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    return bool(_START.match(head)) or (head.lstrip()[:1] == b"<" and b"<svg" in head)


def parse(data: bytes) -> Element:
    """The root element. Raises BadSvg."""
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BadSvg("it is not well-formed") from error
    if reader.root is None or reader.root.name != "svg":
        raise BadSvg("it is not an SVG")
    return reader.root


class _Reader:
    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []
        self.count = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.said
        self.parser.EntityDeclHandler = self.entity
        self.parser.ProcessingInstructionHandler = self.instruction

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS:
            raise BadSvg("it has too many elements")
        if len(self.open) >= MOST_DEPTH:
            raise BadSvg("it is nested too deeply")
        element = Element(name.rpartition(":")[2], _safe(attributes))
        if element.name in UNSAFE:
            raise BadSvg(f"it has a {element.name} element")
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = self.root or element
        self.open.append(element)

    def end(self, name: str) -> None:
        element = self.open.pop()
        if element.name == "style":
            _check_css(element.text)

    def said(self, text: str) -> None:
        if self.open and self.open[-1].name == "style":
            self.open[-1].text += text

    def entity(self, *_: object) -> None:
        raise BadSvg("it declares entities")

    def instruction(self, target: str, data: str) -> None:
        if target.lower() == "xml-stylesheet":
            raise BadSvg("it refers to a stylesheet")


def _safe(attributes: dict[str, str]) -> dict[str, str]:
    kept = {}
    for name, value in attributes.items():
        local = name.rpartition(":")[2]
        if local.lower().startswith("on"):
            raise BadSvg("it has event handlers")
        if local == "href" and not value.strip().startswith(
            ("#", "data:image/png", "data:image/jpeg", "data:image/webp")
        ):
            raise BadSvg("it refers to something outside of itself")
        if "url(" in value or local == "style":
            _check_css(value)
        kept[local] = value
    return kept


def _check_css(text: str) -> None:
    lowered = re.sub(r"\s+", "", text.lower())
    if "@import" in lowered or "expression(" in lowered or "javascript:" in lowered or "\\" in lowered:
        raise BadSvg("it has unsafe styles")
    if re.search(r"url\((?!['\"]?#)", lowered):
        raise BadSvg("it refers to something outside of itself")


def length(text: str, whole: float = 0.0) -> float | None:
    """A length in pixels; `whole` is what percents are of. None when it isn't one."""
    text = text.strip()
    if text.endswith("%"):
        part = length(text[:-1])
        return None if part is None else part / 100 * whole
    found = _LENGTH.fullmatch(text)
    if found is None or found[2].lower() not in UNITS:
        return None
    return float(found[1]) * UNITS[found[2].lower()]


def view_box(root: Element) -> tuple[float, float, float, float] | None:
    parts = re.split(r"[\s,]+", root.attributes.get("viewBox", "").strip())
    values = [length(part) for part in parts]
    if len(values) != 4 or any(value is None for value in values):
        return None
    x, y, width, height = (float(value or 0) for value in values)
    return (x, y, width, height) if width > 0 and height > 0 else None


def size(root: Element) -> tuple[float, float]:
    """Width and height in pixels. Raises BadSvg when there is nothing to see."""
    box = view_box(root)
    shape = box[2:] if box else DEFAULT_SIZE
    width, height = (length(root.attributes.get(name, "100%"), 0.0) or None for name in ("width", "height"))
    if width is None and height is None:
        width, height = shape
    elif width is None or height is None:
        ratio = shape[0] / shape[1]
        width, height = (width, width / ratio) if width else ((height or 1.0) * ratio, height or 1.0)
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise BadSvg("it has no size")
    return width, height
