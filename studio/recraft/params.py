"""
The kinds of parameter an operation can take, as plain descriptions.

A param knows its limits, checks one value and says how the value goes on the wire. It does not know other params:
what holds between two of them is a rule (`rules.py`). Values are JSON-able; an absent value is never sent.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from studio.recraft.image_models import SHORT_PROMPT, ImageModel

Choices = tuple[tuple[str, str], ...]
Models = tuple[ImageModel, ...]


class InvalidParam(ValueError):
    """One value breaks its param's limits; `message` is plain words for the person who typed it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message


def is_absent(value: object) -> bool:
    """Whether a value stands for "not given". An empty text, palette or layout says no more than none at all."""
    return value is None or value in ([], ()) or (isinstance(value, str) and not value.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """
    One parameter of an operation.

    `path` is where the value goes in the request body, dots for nesting ("controls.colors"). The image model is None
    for an operation that has none.
    """

    name: str
    label: str
    path: str
    required: bool = False
    help: str = ""
    # Wire names inside the value, where it is an object or a list of them.
    parts: ClassVar[tuple[str, ...]] = ()

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        """Raises InvalidParam unless the value can be sent to this image model."""
        raise NotImplementedError

    def is_left_out(self, value: Any) -> bool:
        """Whether a value says no more than sending nothing would."""
        return is_absent(value)

    def to_wire(self, value: Any, image_model: ImageModel | None) -> Any:
        """The value as the API takes it."""
        return value

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        """The limits as short phrases for a page; `taking` are the image models that take the param, if there are."""
        return ()

    def invalid(self, message: str) -> InvalidParam:
        return InvalidParam(self.name, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Param):
    """Free text. Length is counted in characters; `max_length` None is the image model's own prompt limit."""

    max_length: int | None = None
    multiline: bool = False

    def limit(self, image_model: ImageModel | None) -> int:
        if self.max_length is not None:
            return self.max_length
        return image_model.prompt_limit if image_model else SHORT_PROMPT

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        if not isinstance(value, str):
            raise self.invalid("This must be text.")
        if len(value) > self.limit(image_model):
            raise self.invalid(f"At most {self.limit(image_model):,} characters; this is {len(value):,}.")
        if not all(map(_is_writable, value)):
            raise self.invalid("This text holds a character that can't be sent.")

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        limits: dict[int, list[str]] = {}
        for image_model in taking:
            limits.setdefault(self.limit(image_model), []).append(str(image_model.family))
        longest = max(limits, default=self.limit(None))
        shorter = [
            f"{' and '.join(sorted(set(families)))}: {limit:,}" for limit, families in limits.items() if limit < longest
        ]
        return (f"up to {longest:,} characters", *shorter)


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleId(Text):
    """The id of a custom style: a UUID."""

    noun: ClassVar[str] = "A style id"

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        try:
            # A UUID in braces or as a URN is read too, but the API is shown the plain form only.
            plain = isinstance(value, str) and str(uuid.UUID(value)) == value.lower()
        except ValueError:
            plain = False
        if not plain:
            raise self.invalid(f"{self.noun} looks like 229b2a75-05e4-4580-85f9-b47ee521a00d.")

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        return ("a UUID",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceId(StyleId):
    """
    Recraft's own id of a picture it made: a UUID. `made_by` are the operations whose pictures can be named.

    No bytes travel: the picture has to be one that Recraft still knows.
    """

    noun: ClassVar[str] = "A picture's id at Recraft"
    made_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleIds(Param):
    """Custom styles, by id."""

    max_count: int = 5

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        if not isinstance(value, list):
            raise self.invalid("This must be a list of styles.")
        if len(value) > self.max_count:
            raise self.invalid(f"At most {self.max_count} styles.")
        for id in value:
            StyleId(name=self.name, label=self.label, path=self.path).check(id, image_model)

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        return (f"up to {self.max_count} UUIDs",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Param):
    """One of a list, as (value, label); `by_model` gives the list when it depends on the image model."""

    choices: Choices = ()
    by_model: Callable[[ImageModel], Choices] | None = None
    # Says why a value is not on the list, in words fit for the kind of thing that is chosen.
    refusal: Callable[[ImageModel, str], str] = lambda image_model, value: f"{image_model.label} has no “{value}”."

    def choices_for(self, image_model: ImageModel | None) -> Choices:
        return self.by_model(image_model) if self.by_model and image_model else self.choices

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        if not isinstance(value, str):
            raise self.invalid("Choose one of the list.")
        if value not in dict(self.choices_for(image_model)):
            raise self.invalid(self.refusal(image_model, value[:60]) if image_model else "Choose one of the list.")

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        return ("depends on the model",) if self.by_model else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Size(Choice):
    """An aspect such as "4:5". Raster models are asked in pixels, vector models by the aspect itself."""

    def to_wire(self, value: Any, image_model: ImageModel | None) -> str:
        # Source: Recraft docs, Appendix: vector models list aspects only.
        if image_model is None or image_model.vector:
            return str(value)
        width, height = image_model.pixels(value)
        return f"{width}x{height}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Integer(Param):
    """A whole number from `min` to `max`, both included."""

    min: int
    max: int
    default: int | None = None

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.invalid("This must be a whole number.")
        if not self.min <= value <= self.max:
            raise self.invalid(f"From {self.min} to {self.max}.")

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        return (f"{self.min:,} to {self.max:,}", *([f"default {self.default}"] if self.default is not None else []))


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Param):
    """A number from `min` to `max`, both included."""

    min: float
    max: float

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        if not is_within(value, self.min, self.max):
            raise self.invalid(f"A number from {self.min:g} to {self.max:g}.")

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        return (f"{self.min:g} to {self.max:g}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Param):
    """Yes or no."""

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        if not isinstance(value, bool):
            raise self.invalid("This is yes or no.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Color(Param):
    """One color: {"rgb": [r, g, b]}, each 0 to 255."""

    parts: ClassVar[tuple[str, ...]] = ("rgb",)

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        _check_color(self, value, {"rgb"})


# The API names no limit; more than this is no palette any more, and a form has to end somewhere.
MAX_COLORS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette(Param):
    """Colors, each with an optional weight from 0 to 1: [{"rgb": [r, g, b], "weight": 0.4}]."""

    parts: ClassVar[tuple[str, ...]] = ("rgb", "weight")
    max_colors: int = MAX_COLORS

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        if not isinstance(value, list):
            raise self.invalid("This must be a list of colors.")
        if len(value) > self.max_colors:
            raise self.invalid(f"At most {self.max_colors} colors.")
        for color in value:
            _check_color(self, color, {"rgb", "weight"})
            weight = color.get("weight")
            if weight is not None and not is_within(weight, 0, 1):
                raise self.invalid("A weight is a number from 0 to 1.")

    def to_wire(self, value: Any, image_model: ImageModel | None) -> Any:
        return [{key: part for key, part in color.items() if part is not None} for color in value]

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        return (f"up to {self.max_colors} colors",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactPalette(Palette):
    """Colors without weights; on the wire [[r, g, b]]."""

    parts: ClassVar[tuple[str, ...]] = ()

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        Palette.check(self, value, image_model)
        if any(color.get("weight") is not None for color in value):
            raise self.invalid("Colors here have no weights.")

    def to_wire(self, value: Any, image_model: ImageModel | None) -> Any:
        return [color["rgb"] for color in value]


@dataclass(frozen=True, slots=True, kw_only=True)
class HexPalette(Palette):
    """Colors with weights; on the wire {"hex": "#rrggbb", "weight": 0.4}."""

    parts: ClassVar[tuple[str, ...]] = ("hex", "weight")

    def to_wire(self, value: Any, image_model: ImageModel | None) -> Any:
        plain = Palette.to_wire(self, value, image_model)
        return [{"hex": to_hex(color.pop("rgb")), **color} for color in plain]


# Source: Recraft docs, Endpoints page, Text layout, "Supported characters". Lower-case Latin letters are not in that
# list, but the example beside it writes "Recraft", so they are let through.
LAYOUT_CHARACTERS = frozenset(
    "!\"#$%&'()*+,-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_{}"
    "abcdefghijklmnopqrstuvwxyz"
    "ØĐĦŁŊŦ"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"  # Greek capitals
    "\u0406\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"  # Cyrillic capitals
    "ß\u1e9e"
)
# Ours; the API names no limit.
MAX_WORDS = 32
# Coordinates are relative to the picture and may lie outside it; ten pictures away nothing of a word is left.
MAX_OFFSET = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLayout(Param):
    """Words and where they stand: [{"text": "AI", "bbox": [[x, y] * 4]}], coordinates relative to the picture."""

    parts: ClassVar[tuple[str, ...]] = ("text", "bbox")
    max_words: int = MAX_WORDS
    characters: frozenset[str] = field(default=LAYOUT_CHARACTERS, repr=False)

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        if not isinstance(value, list):
            raise self.invalid("This must be a list of words.")
        if len(value) > self.max_words:
            raise self.invalid(f"At most {self.max_words} words.")
        for item in value:
            if not isinstance(item, dict) or item.keys() != {"text", "bbox"}:
                raise self.invalid("Each word has a text and four corners.")
            self._check_word(item["text"])
            if not _is_box(item["bbox"]):
                raise self.invalid(f"“{item['text']}” needs exactly four corners, each with x and y.")

    def _check_word(self, text: Any) -> None:
        if not isinstance(text, str) or len(text.split()) != 1:
            raise self.invalid("Each text is a single word.")
        strangers = sorted(set(text) - self.characters)
        if strangers:
            raise self.invalid(f"“{text[:60]}” holds characters that can't be drawn: {' '.join(strangers[:8])}")

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        return (f"up to {self.max_words} single words, each with four corners",)


def to_hex(rgb: Iterable[int]) -> str:
    """[255, 0, 16] -> "#ff0010"."""
    return "#" + "".join(f"{part:02x}" for part in rgb)


def _is_writable(character: str) -> bool:
    # Lone surrogates can't be encoded, and neither NUL nor the other controls belong in a prompt or a database.
    return character in "\t\n\r" or not (character < " " or "\x7f" <= character <= "\x9f" or _is_surrogate(character))


def _is_surrogate(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def is_within(value: object, low: float, high: float) -> bool:
    """Whether it is a number in [low, high]; false for NaN, infinities and integers too large for a float."""
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _check_color(param: Param, color: object, keys: set[str]) -> None:
    rgb = color.get("rgb") if isinstance(color, dict) and color.keys() <= keys else None
    if not isinstance(rgb, list) or len(rgb) != 3 or not all(map(_is_byte, rgb)):
        raise param.invalid("A color is three whole numbers from 0 to 255.")


def _is_byte(value: object) -> bool:
    return isinstance(value, int) and is_within(value, 0, 255)


def _is_box(box: object) -> bool:
    return isinstance(box, list) and len(box) == 4 and all(map(_is_point, box))


def _is_point(point: object) -> bool:
    return isinstance(point, list) and len(point) == 2 and all(is_within(c, -MAX_OFFSET, MAX_OFFSET) for c in point)
