"""A copy of an SVG that runs nothing and refers to nothing outside itself. Runs in the limited child only.

Nothing is removed from the original tree: a new document is written from what is known to be harmless, while the
parser walks by. What is not on the lists of `svg_names` is left out with everything inside it. So what slips past a
reader's attention is absent, not present, and the work stays linear in the size of the file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from lxml import etree

from studio.pictures import css, svg_links
from studio.pictures.picture import MAX_VECTOR_BYTES, MAX_VECTOR_SIDE, BadPicture
from studio.pictures.svg_names import ATTRIBUTES, ELEMENTS, FREE_TEXT, SVG_NAMESPACE, WITH_TEXT, XLINK, XML

MAX_NODES: Final = 200_000
MAX_ATTRIBUTES: Final = 120
MAX_USES: Final = 5_000
MAX_LETTERS: Final = 100_000  # of text that is drawn
MAX_MATCHES: Final = 20_000_000  # style rules times elements
MAX_DEPTH: Final = 200  # the drawing library gives up at about 250, by ending its process in older versions

# An SVG without any size is this large to a browser. Source: CSS 2.2, 10.3.2.
DEFAULT_SIZE: Final = (300.0, 150.0)

_PIXELS: Final = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54}
_LENGTH: Final = re.compile(r"\s*\+?(\d{1,9}(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d))?(px|pt|pc|in|cm|mm)?\s*")
_DECLARATION: Final = re.compile(r"\s*<\?xml\b([^>]{0,200})\?>")
_ENCODING: Final = re.compile(r"""\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Python's decoders do the decoding and the parser only ever sees UTF-8, so an odd encoding can't hide a tag from one
# reader and show it to another.
_ENCODINGS: Final = frozenset({"utf-8", "ascii", "iso8859-1", "cp1252", "utf-16"})
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SPECIAL: Final = re.compile(r'[&<>"\n\r\t]')
_QUOTE: Final = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_NAMES: Final = {f"{{{XLINK}}}href": "xlink:href", f"{{{XML}}}space": "xml:space", f"{{{XML}}}lang": "xml:lang"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A sanitized SVG. `source` is UTF-8; the exact size is in CSS pixels, as a browser lays it out."""

    source: bytes
    exact_width: float
    exact_height: float

    @property
    def width(self) -> int:
        return max(round(self.exact_width), 1)

    @property
    def height(self) -> int:
        return max(round(self.exact_height), 1)


def sanitised(source: bytes) -> Drawing:
    """The harmless copy of an SVG, in time linear to its size. Raises BadPicture."""
    if len(source) > MAX_VECTOR_BYTES:
        raise BadPicture("The SVG is larger than 20 MB.")
    text = _decoded(source)
    if "<!ENTITY" in text:
        raise BadPicture("The SVG declares entities, which the studio does not accept.")
    # Start tags, counted in a millisecond; the parser counts again.
    if text.count("<") - text.count("</") - text.count("<!") - text.count("<?") > MAX_NODES:
        raise BadPicture("The SVG has too many elements.")
    writer = _Writer()
    parser = etree.XMLParser(
        target=writer,  # type: ignore[arg-type] # the stubs ask for more than lxml does
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        parser.feed(text.encode())
        parser.close()
    except etree.XMLSyntaxError as error:
        raise BadPicture("The SVG is not well-formed.") from error
    return writer.drawing()


def _decoded(source: bytes) -> str:
    """The text of the document without its XML declaration."""
    encoding = next((name for bom, name in _BOMS if source.startswith(bom)), None)
    try:
        text = source.decode(encoding or _declared_encoding(source))
    except (UnicodeDecodeError, LookupError) as error:
        raise BadPicture("The SVG is not in the encoding it names.") from error
    return _DECLARATION.sub("", text, count=1) if _DECLARATION.match(text) else text


def _declared_encoding(source: bytes) -> str:
    declaration = _DECLARATION.match(source[:256].decode("latin-1"))
    named = _ENCODING.search(declaration[1]) if declaration else None
    name = codecs.lookup(named[1]).name if named else "utf-8"
    if name not in _ENCODINGS:
        raise BadPicture("The SVG is in an encoding the studio does not accept.")
    return name


class _Writer:
    """What the parser calls for each piece of the document, in order."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[str] = []
        self._skipped = 0  # depth inside an element that is left out
        self._css: list[str] | None = None
        self._empty = False  # has the element that began last nothing in it so far?
        self._nodes = 0
        self._uses = 0
        self._letters = 0
        self._rules = 0
        self._links = svg_links.Links()
        self._size = DEFAULT_SIZE

    def start(self, tag: str, attributes: Mapping[str, str], _namespaces: object = None) -> None:
        self._count(tag, attributes)
        name = _local(tag)
        if not self._open and not self._skipped and name != "svg":
            raise BadPicture("The file is XML, but not an SVG picture.")
        if self._skipped or name is None or (name == "style" and not _always_applies(attributes)):
            self._skipped += 1
            return
        if name == "a":
            # A link shows its content like a group does, and is one no longer.
            name = "tspan" if self._open[-1] in WITH_TEXT else "g"
        kept = _kept(name, attributes)
        if not self._open:
            kept = self._root(kept)
        self._open.append(name)
        if name == "style":
            self._css = []
            return
        self._links.enter(name, kept)
        self._out.append(f"<{name}{''.join(_attribute(key, value) for key, value in kept.items())}>")
        self._empty = True

    def data(self, text: str) -> None:
        if self._skipped or not self._open:
            return
        if self._css is not None:
            self._css.append(text)
        elif self._open[-1] in WITH_TEXT:
            self._letters += len(text)
            self._out.append(escape(text))
            self._empty = False

    def end(self, _tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        name = self._open.pop()
        if name == "style":
            self._end_style()
            return
        self._links.leave()
        if self._empty:
            self._out[-1] = f"{self._out[-1][:-1]}/>"
        else:
            self._out.append(f"</{name}>")
        self._empty = False

    def close(self) -> None:
        """Called by the parser at the end of the document, and after an error."""

    def drawing(self) -> Drawing:
        if not self._out:
            raise BadPicture("The file is XML, but not an SVG picture.")
        if self._letters > MAX_LETTERS:
            raise BadPicture("The SVG has too much text.")
        if self._rules * self._nodes > MAX_MATCHES:
            raise BadPicture("The SVG has too many style rules.")
        self._links.check()
        return Drawing("".join(self._out).encode(), *self._size)

    def _count(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._nodes += 1
        self._uses += tag == f"{{{SVG_NAMESPACE}}}use"
        if self._nodes > MAX_NODES or self._uses > MAX_USES:
            raise BadPicture("The SVG has too many elements.")
        if len(self._open) + self._skipped >= MAX_DEPTH:
            raise BadPicture("The SVG is nested too deeply.")
        if len(attributes) > MAX_ATTRIBUTES:
            raise BadPicture("The SVG has an element with too many attributes.")

    def _root(self, kept: dict[str, str]) -> dict[str, str]:
        self._size = width, height = _size(kept)
        if not (0 < width <= MAX_VECTOR_SIDE and 0 < height <= MAX_VECTOR_SIDE):
            raise BadPicture("The SVG has no usable size.")
        if not (_length(kept.get("width")) and _length(kept.get("height"))):
            # Browsers and renderers disagree about a missing size; said aloud, they can't.
            kept |= {"width": f"{width:g}", "height": f"{height:g}"}
        return {"xmlns": SVG_NAMESPACE, "xmlns:xlink": XLINK, **kept}

    def _end_style(self) -> None:
        rules = css.sheet("".join(self._css or ()))
        self._css = None
        if rules:
            self._rules += len(rules)
            self._links.style(rules)
            self._out.append(f"<style>{escape(css.text(rules))}</style>")
            self._empty = False


def _local(tag: str) -> str | None:
    """The name of an element that is kept, without its namespace; None for one that is left out."""
    namespace, _, name = tag.removeprefix("{").partition("}")
    if namespace != SVG_NAMESPACE:
        return None
    return name if name in ELEMENTS else None


def _always_applies(style: Mapping[str, str]) -> bool:
    """Whether a style element is CSS for every display; rules for print only must not become rules for all."""
    return style.get("media", "all") in ("all", "screen", "") and style.get("type", "text/css") in ("text/css", "")


def _attribute(name: str, value: str) -> str:
    # Nearly all values need no escaping; looking once is faster than replacing four times.
    return f' {name}="{escape(value, _QUOTE) if _SPECIAL.search(value) else value}"'


def _kept(element: str, attributes: Mapping[str, str]) -> dict[str, str]:
    kept = {}
    for qualified, value in attributes.items():
        name = _NAMES.get(qualified, qualified)
        if name in svg_links.HREFS:
            value = svg_links.kept_href(element, value)
        elif name == "style":
            value = css.text_of(css.declarations(value))
        elif name not in ATTRIBUTES or not (name in FREE_TEXT or css.is_harmless(name, value)):
            continue
        if value:
            kept[name] = value
    return kept


def _length(value: str | None) -> float | None:
    """An absolute length in CSS pixels; None for what is missing, relative or zero."""
    match = _LENGTH.fullmatch(value or "")
    if not match:
        return None
    number, exponent, unit = match.groups()
    return float(number) * 10.0 ** int(exponent or 0) * _PIXELS[unit or ""] or None


def _size(attributes: Mapping[str, str]) -> tuple[float, float]:
    """Width and height in CSS pixels: as written, else from the viewBox, else a browser's default."""
    width, height = _length(attributes.get("width")), _length(attributes.get("height"))
    if width and height:
        return width, height
    box = [float(number) for number in css.NUMBER.findall(attributes.get("viewBox", "")[:200])]
    if len(box) != 4 or box[2] <= 0 or box[3] <= 0:
        return width or DEFAULT_SIZE[0], height or DEFAULT_SIZE[1]
    ratio = box[2] / box[3]
    if width or height:
        return width or (height or 0) * ratio, height or (width or 0) / ratio
    return box[2], box[3]
