"""
One form field for each kind of param.

A field only turns what was typed into a JSON-able value; whether the value is allowed is the catalogue's to say
(`OperationForm.clean`), so that no limit stands in two places. `prepare_value` turns a stored value back into what
a page shows, and leaves alone what a page showed already: a draft keeps half-typed text as it is.
"""

import re
from collections.abc import Iterable, Mapping
from functools import singledispatch
from itertools import zip_longest
from typing import Any

from django import forms

from studio.recraft import amounts, inputs, params
from studio.recraft.image_models import ImageModel

BOXED = {"class": "input"}
HALF = 0.5  # where a slider from 0 to 1 begins
HEX = re.compile(r"#[0-9a-fA-F]{6}")
# Spare rows of a palette and of a text layout; a person who needs more than these posts the page again.
PALETTE_ROWS = 8
LAYOUT_ROWS = 6


def to_hex(rgb: Iterable[int]) -> str:
    """[255, 0, 16] -> "#ff0010"."""
    return "#" + "".join(f"{part:02x}" for part in rgb)


def to_rgb(text: str) -> list[int]:
    """ "#ff0010" -> [255, 0, 16]. Raises ValidationError, in words for the person who typed it."""
    text = text.strip()
    if not HEX.fullmatch(text):
        raise forms.ValidationError(f"“{text[:20]}” is not a color. Colors look like #c4603a.")
    return [int(text[at : at + 2], 16) for at in (1, 3, 5)]


class NotTakenField(forms.Field):
    """A param that the chosen image model doesn't take: not shown, and refused with the reason when it is sent."""

    widget = forms.HiddenInput

    def __init__(self, param: params.Param, why_not: str) -> None:
        super().__init__(required=False, label=param.label)
        self.why_not = why_not

    def clean(self, value: Any) -> None:
        if value:
            raise forms.ValidationError(self.why_not)


class TextField(forms.CharField):
    """Text as a person typed it: line breaks are one character, as they are counted on the page."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return (text or "").replace("\r\n", "\n").strip() or None


class OpenChoiceField(forms.ChoiceField):
    """Offers a list, and leaves the refusal of anything else to the catalogue, which says why."""

    def validate(self, value: Any) -> None:
        pass

    def to_python(self, value: Any) -> str | None:
        return str(value) if value else None


class StepField(OpenChoiceField):
    """The number of a named step."""

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return int(chosen) if chosen and chosen.isdecimal() else chosen


class ColorListField(forms.CharField):
    """ "#c4603a, #2447b5" <-> [{"rgb": [...]}, ...]."""

    def clean(self, value: Any) -> list[dict[str, list[int]]] | None:
        texts = re.split(r"[\s,;]+", str(value or "").strip())
        return [{"rgb": to_rgb(text)} for text in texts if text] or None

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(to_hex(color["rgb"]) for color in value) if isinstance(value, list) else value or ""


class YesField(forms.BooleanField):
    """A ticked box is yes; an empty one is not sent."""

    def clean(self, value: Any) -> bool | None:
        return super().clean(value) or None


class ColorField(forms.CharField):
    """#rrggbb <-> {"rgb": [r, g, b]}."""

    def clean(self, value: Any) -> dict[str, list[int]] | None:
        text = str(value or "").strip()
        return {"rgb": to_rgb(text)} if text else None

    def prepare_value(self, value: Any) -> Any:
        return to_hex(value["rgb"]) if isinstance(value, Mapping) else value or ""


class RowsWidget(forms.Widget):
    """Several inputs per row, each named "<field>-<part>"; rows come back as dicts of text."""

    parts: tuple[str, ...] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]]:
        columns = [_all(data, f"{name}-{part}") for part in self.parts]
        rows = [dict(zip(self.parts, cells, strict=True)) for cells in zip_longest(*columns, fillvalue="")]
        return [row for row in rows if row[self.parts[0]].strip()]


class PaletteWidget(RowsWidget):
    parts = ("hex", "weight")


class LayoutWidget(RowsWidget):
    parts = ("text", "left", "top", "width", "height", "corners")


class PaletteField(forms.Field):
    """Rows of #rrggbb and a weight in percent <-> [{"rgb": [...], "weight": 0.4}]."""

    widget = PaletteWidget

    def clean(self, value: Any) -> list[dict[str, Any]] | None:
        return [self._color(row) for row in value or []] or None

    def _color(self, row: Mapping[str, str]) -> dict[str, Any]:
        color: dict[str, Any] = {"rgb": to_rgb(row["hex"])}
        if row["weight"].strip():
            color["weight"] = _percent(row["weight"], "A weight")
        return color

    def prepare_value(self, value: Any) -> list[dict[str, str]]:
        return [row if "hex" in row else _palette_row(row) for row in value or []]


class LayoutField(forms.Field):
    """
    Rows of a word and its box in percent of the picture <-> [{"text", "bbox": four corners}].

    A word that doesn't stand in a rectangle has its corners written out, and they decide: "10 20, 40 18, 41 30, 10 31".
    """

    widget = LayoutWidget

    def clean(self, value: Any) -> list[dict[str, Any]] | None:
        return [self._word(row) for row in value or []] or None

    def _word(self, row: Mapping[str, str]) -> dict[str, Any]:
        word = f"“{row['text'][:30]}”"
        bbox = _corners(row["corners"], word) if row["corners"].strip() else _box(row, word)
        return {"text": row["text"].strip(), "bbox": bbox}

    def prepare_value(self, value: Any) -> list[dict[str, str]]:
        return [row if "left" in row else _layout_row(row) for row in value or []]


BOX = LayoutWidget.parts[1:5]


class ListWidget(forms.Widget):
    """Everything that was ticked under one name."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        return list(dict.fromkeys(_all(data, name)))


class ListField(forms.Field):
    """Several of a list, in its order."""

    widget = ListWidget

    def clean(self, value: Any) -> list[str] | None:
        return list(value or ()) or None


class WeightsWidget(forms.Widget):
    """An input for each member of another list, named "<field>-<member>"; only those of ticked members count."""

    def __init__(self, of: str) -> None:
        super().__init__()
        self.of = of

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        return {
            member: str(data.get(f"{name}-{member}") or "").strip() for member in dict.fromkeys(_all(data, self.of))
        }


class WeightsField(forms.Field):
    """A weight in percent for each member of a list <-> [0.4, ...] in the list's order; none at all is left open."""

    def clean(self, value: Any) -> list[float] | None:
        texts = list((value or {}).values())
        if not any(texts):
            return None
        if not all(texts):
            raise forms.ValidationError("Weigh each one that is chosen, or none of them.")
        return [_percent(text, "A weight") for text in texts]


def _all(data: Mapping[str, Any], name: str) -> list[str]:
    found = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    return [str(each) for each in found]


def _percent(text: str, what: str) -> float:
    try:
        return round(float(text) / 100, 4)
    except (ValueError, OverflowError):
        raise forms.ValidationError(f"{what} is a number of percent, such as 40.") from None


def _palette_row(color: Mapping[str, Any]) -> dict[str, str]:
    weight = color.get("weight")
    return {"hex": to_hex(color["rgb"]), "weight": "" if weight is None else f"{weight * 100:g}"}


def _layout_row(word: Mapping[str, Any]) -> dict[str, str]:
    xs, ys = zip(*word["bbox"], strict=True)
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    box = (left, top, right - left, bottom - top)
    upright = word["bbox"] == [[left, top], [right, top], [right, bottom], [left, bottom]]
    corners = "" if upright else ", ".join(f"{x * 100:g} {y * 100:g}" for x, y in word["bbox"])
    sides = {part: f"{side * 100:g}" for part, side in zip(BOX, box, strict=True)}
    return {"text": word["text"], **sides, "corners": corners}


def _box(row: Mapping[str, str], word: str) -> list[list[float]]:
    left, top, width, height = (_percent(row[part] or "0", f"{word}: {part}") for part in BOX)
    right, bottom = round(left + width, 4), round(top + height, 4)
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


def _corners(text: str, word: str) -> list[list[float]]:
    points = [point.split() for point in re.split(r"[,;]", text.strip().strip(",;"))]
    if [len(point) for point in points] != [2] * 4:
        raise forms.ValidationError(f"{word}: corners are four points in percent, such as 10 20, 40 18, 41 30, 10 31.")
    return [[_percent(side, f"{word}: each part of a corner") for side in point] for point in points]


def _common(param: params.Param) -> dict[str, Any]:
    return {"required": False, "label": param.label, "help_text": param.help}


@singledispatch
def field_for(param: params.Param, image_model: ImageModel | None) -> forms.Field:
    """The field of one param, as this image model takes it."""
    raise NotImplementedError(f"No form field for {type(param).__name__}")


@field_for.register
def _(param: params.Text, image_model: ImageModel | None) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 2, "class": "input"}) if param.multiline else forms.TextInput(BOXED)
    return TextField(widget=widget, **_common(param))


@field_for.register
def _(param: params.Choice, image_model: ImageModel | None) -> forms.Field:

    def choices() -> list[tuple[str, Any]]:  # made when they are shown, which a submit need not wait for
        return [("", "Left to Recraft"), *param.choices_for(image_model)]

    return OpenChoiceField(choices=choices, widget=forms.Select({"class": "select"}), **_common(param))


@field_for.register
def _(param: params.Integer, image_model: ImageModel | None) -> forms.Field:
    widget = forms.NumberInput(attrs={"min": param.min, "max": param.max, "inputmode": "numeric", "class": "input"})
    return forms.IntegerField(widget=widget, initial=param.default, **_common(param))


@field_for.register
def _(param: params.Number, image_model: ImageModel | None) -> forms.Field:
    widget = forms.NumberInput(attrs={"min": param.min, "max": param.max, "step": "any", "class": "input"})
    return forms.FloatField(widget=widget, **_common(param))


@field_for.register
def _(param: amounts.Fraction, image_model: ImageModel | None) -> forms.Field:
    widget = forms.NumberInput(attrs={"type": "range", "min": param.min, "max": param.max, "step": "0.01"})
    widget.attrs["class"] = "slider"
    return forms.FloatField(widget=widget, initial=HALF, **_common(param))


@field_for.register
def _(param: amounts.Percentage, image_model: ImageModel | None) -> forms.Field:
    widget = forms.NumberInput(attrs={"min": 0, "max": 99, "step": "any", "class": "input"})
    return forms.FloatField(widget=widget, **_common(param))


@field_for.register
def _(param: amounts.Scale, image_model: ImageModel | None) -> forms.Field:
    choices = [("", "Choose"), *((number, step) for number, step in enumerate(param.steps, param.min))]
    return StepField(choices=choices, widget=forms.Select({"class": "select"}), **_common(param))


@field_for.register
def _(param: params.ExactPalette, image_model: ImageModel | None) -> forms.Field:
    return ColorListField(widget=forms.TextInput({**BOXED, "placeholder": "#c4603a, #2447b5"}), **_common(param))


@field_for.register
def _(param: inputs.Image, image_model: ImageModel | None) -> forms.Field:
    return TextField(widget=forms.HiddenInput, **_common(param))


@field_for.register
def _(param: inputs.References, image_model: ImageModel | None) -> forms.Field:
    return ListField(**_common(param))


@field_for.register
def _(param: params.StyleIds, image_model: ImageModel | None) -> forms.Field:
    return ListField(**_common(param))


@field_for.register
def _(param: amounts.Weights, image_model: ImageModel | None) -> forms.Field:
    return WeightsField(widget=WeightsWidget(param.of), **_common(param))


@field_for.register
def _(param: params.Flag, image_model: ImageModel | None) -> forms.Field:
    return YesField(widget=forms.CheckboxInput({"class": "switch"}), **_common(param))


@field_for.register
def _(param: params.Color, image_model: ImageModel | None) -> forms.Field:
    return ColorField(**_common(param))


@field_for.register
def _(param: params.Palette, image_model: ImageModel | None) -> forms.Field:
    return PaletteField(**_common(param))


@field_for.register
def _(param: params.TextLayout, image_model: ImageModel | None) -> forms.Field:
    return LayoutField(**_common(param))
