"""
The form of an operation, made from its catalogue entry: fields, limits, choices and rules are the catalogue's.

Every param of the operation is in the form. One that the chosen image model doesn't take is not shown but says why,
and is refused when it is sent all the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.crypto import get_random_string

from studio.errors import OverBudget
from studio.forms.fields import HEX, LAYOUT_ROWS, PALETTE_ROWS, LayoutWidget, NotTakenField, field_for
from studio.models import CustomStyle, Job
from studio.recraft import amounts, params, prices, styles
from studio.recraft.catalogue import InvalidValues, Operation
from studio.recraft.image_models import IMAGE_MODELS, ImageModel
from studio.recraft.params import is_absent
from studio.services.inputs import fits_another_model

# Fields that the composer shows as chips, beside the prompt.
IN_CHIPS = frozenset({"prompt", "model", "n", "size", "style", "substyle", "style_id", "colors", "background_color"})
IN_CHIPS |= {"random_seed"}
# A person chooses one style from one list: what starts like this is a custom one, by its id.
OWN = "own:"
AMOUNTS = (amounts.Fraction, amounts.Percentage, amounts.Expansion, amounts.Scale)


@dataclass(frozen=True)
class ModelLine:
    """One line of the model menu. `units` is the price of one picture, None where there is none."""

    model: ImageModel
    units: int | None


def new_key() -> str:
    """A fresh idempotency key: one per form shown, so that a double press is one job."""
    return get_random_string(32)


class OperationForm(forms.Form):
    """What a person may ask of one operation."""

    def __init__(
        self,
        operation: Operation,
        data: QueryDict | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        own: Iterable[CustomStyle] = (),
    ) -> None:
        self.operation = operation
        self.own = own
        data = one_style(data) if data is not None else None
        asked_for = data if data is not None else initial or {}
        self.image_model = _image_model(operation, asked_for.get("model"))
        # Ids carry no prefix of Django's: there is one composer on a page, and labels point at its fields.
        chosen = {"model": self.image_model.id} if self.image_model else {}
        super().__init__(data, initial={**(initial or {}), **chosen}, auto_id="%s")
        posted = data.get("key", "") if data is not None else ""
        self.key = str(posted)[:64] or new_key()
        shown = str(data.get("book", "")) if data is not None else ""
        # The edition of the price book that the price on the button was of.
        self.book = int(shown) if shown.isdecimal() and len(shown) < 10 else None
        self.twin: Job | None = None  # a job that asked for the same, to be offered instead
        self.over: OverBudget | None = None  # the limit that was in the way, to be asked about
        for param in operation.params:
            why_not = operation.why_not(param.name, self.image_model.id) if self.image_model else None
            self.fields[param.name] = NotTakenField(param, why_not) if why_not else field_for(param, self.image_model)

    def clean(self) -> dict[str, Any]:
        """Everything the catalogue says about these values, besides what could not even be read."""
        try:
            self.operation.validate(self.values())
        except InvalidValues as invalid:
            for name, message in invalid.errors.items():
                if name not in self.errors:
                    self.add_error(name if name in self.fields else None, message)
        own = self._own(self.cleaned_data.get("style_id"))
        if own and self.image_model and own.image_model != self.image_model.id:
            self.add_error("style_id", fits_another_model(own))
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """The catalogue's values: param name to value, without what was left open."""
        return {name: value for name, value in self.cleaned_data.items() if not is_absent(value)}

    def draft(self) -> dict[str, Any]:
        """What stands in the fields right now, right or wrong, to show it again later."""
        return {bound.name: bound.value() for bound in self if not isinstance(bound.field, NotTakenField)}

    @property
    def count(self) -> int:
        """Pictures that will come; the least there can be while the field holds nothing sensible."""
        count = self.operation.param("n")
        if not isinstance(count, params.Integer):
            return self.operation.pictures
        try:
            return min(max(int(self["n"].value() or count.min), count.min), count.max)
        except (TypeError, ValueError):
            return count.min

    @property
    def quote(self) -> int | None:
        """Units that pressing the button holds; None where the price book has no line."""
        try:
            return self.operation.quote({"model": self.image_model and self.image_model.id, "n": self.count})
        except prices.NoPrice:
            return None

    @property
    def models(self) -> list[ModelLine]:
        """The image models of the operation, with the price of one picture each."""
        return [_line(self.operation, id) for id in self.operation.image_models]

    @property
    def styled_models(self) -> list[ModelLine]:
        """Where styles are to be had, among the models that draw the same kind of picture."""
        return [line for line in self.models if "style" in line.model.takes and self._draws_like(line.model)]

    def _draws_like(self, other: ImageModel) -> bool:
        return self.image_model is not None and other.vector == self.image_model.vector

    @property
    def chosen_style(self) -> styles.Style | None:
        """The style that is set, if this image model has it."""
        if self.image_model is None or "style" not in self.fields:
            return None
        return styles.find(self.image_model.id, str(self["style"].value() or ""))

    @property
    def own_styles(self) -> list[CustomStyle]:
        """The custom styles that this image model draws in."""
        if self.image_model is None or isinstance(self.fields.get("style_id"), NotTakenField | None):
            return []
        return [style for style in self.own if style.image_model == self.image_model.id]

    @property
    def chosen_own(self) -> CustomStyle | None:
        """The custom style that is set, if it is one of the studio."""
        return self._own(self.other_style)

    @property
    def other_style(self) -> str:
        """The id of the custom style that is set, wherever it was made; "" without one."""
        return str(self["style_id"].value() or "") if "style_id" in self.fields else ""

    def _own(self, style_id: Any) -> CustomStyle | None:
        wanted = str(style_id or "").lower()
        return next((style for style in self.own if style.style_id == wanted), None) if wanted else None

    @property
    def style_groups(self) -> dict[str, list[styles.Style]]:
        """The styles of the image model by group, curated ones first."""
        groups: dict[str, list[styles.Style]] = {}
        for style in styles.styles_for(self.image_model.id) if self.image_model else ():
            groups.setdefault(style.group, []).append(style)
        return groups

    @property
    def substyles(self) -> list[tuple[str, str]]:
        """The substyles of the chosen style, as (id, label)."""
        return [(id, styles.substyle_label(id)) for id in (self.chosen_style.substyles if self.chosen_style else ())]

    @property
    def default_look(self) -> str:
        """What the image model draws without a style."""
        return styles.DEFAULT_LOOK.get(self.image_model.id if self.image_model else "", "No style")

    @property
    def palette_rows(self) -> list[dict[str, str]]:
        """The rows of the palette editor, spare ones included."""
        rows: list[dict[str, str]] = self["colors"].value()
        return rows + [{"hex": "", "weight": ""}] * max(1, PALETTE_ROWS - len(rows))

    @property
    def layout_rows(self) -> list[dict[str, str]]:
        """The rows of the text layout, spare ones included."""
        rows: list[dict[str, str]] = self["text_layout"].value()
        return rows + [dict.fromkeys(LayoutWidget.parts, "")] * max(1, LAYOUT_ROWS - len(rows))

    @property
    def layout(self) -> params.TextLayout | None:
        """The limits of the text layout, for a page that says them while somebody types."""
        param = self.operation.param("text_layout")
        return param if isinstance(param, params.TextLayout) else None

    @property
    def shown_colors(self) -> list[str]:
        """The colors of the palette that can be drawn on the chip already."""
        return [row["hex"] for row in self["colors"].value() if HEX.fullmatch(row["hex"])]

    @property
    def pixels(self) -> tuple[int, int] | None:
        """Width and height of the chosen size; None while Recraft chooses."""
        if self.image_model is None or "size" not in self.fields:
            return None
        return self.image_model.sizes.get(str(self["size"].value() or ""))

    @property
    def prompt_limit(self) -> int | None:
        """Characters the prompt may have; None where there is no prompt."""
        prompt = self.operation.param("prompt")
        return prompt.limit(self.image_model) if isinstance(prompt, params.Text) else None

    @property
    def in_sight(self) -> list[forms.BoundField]:
        """Fields that a person always decides: needed ones, amounts, and everything where there is no prompt."""
        return [bound for bound in self._without_chip if self._is_in_sight(bound.name)]

    @property
    def more(self) -> list[forms.BoundField]:
        """Fields that stand in the "more" sheet, in the catalogue's order."""
        return [bound for bound in self._without_chip if not self._is_in_sight(bound.name)]

    @property
    def _without_chip(self) -> list[forms.BoundField]:
        shown = (bound for bound in self if not bound.is_hidden and not isinstance(bound.field, NotTakenField))
        return [bound for bound in shown if bound.name not in IN_CHIPS]

    def _is_in_sight(self, name: str) -> bool:
        param = self.operation.param(name)
        assert param is not None, "a field is made from its param"
        return param.required or isinstance(param, AMOUNTS) or self.prompt_limit is None

    @property
    def more_count(self) -> int:
        """How many of those are set."""
        return sum(1 for bound in self.more if bound.value())

    @property
    def hidden_reasons(self) -> dict[str, list[str]]:
        """Why params of the operation are not shown: the reason, and whom it concerns."""
        reasons: dict[str, list[str]] = {}
        for field in self.fields.values():
            if isinstance(field, NotTakenField):
                reason = field.why_not.removeprefix(f"{field.label}: ")
                reasons.setdefault(reason, []).append(str(field.label))
        return reasons

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Everything wrong, as (label, sentence), in the form's order."""
        whole = [("", str(message)) for message in self.non_field_errors()]
        each = [(str(self[name].label), text) for name in self.fields for text in self.wrong_with(name)]
        # "Prompt is needed." names its field already.
        return whole + [("" if text.startswith(label) else label, text) for label, text in each]

    def wrong_with(self, name: str) -> list[str]:
        """What is wrong with one field, without its label in front."""
        return [str(text).removeprefix(f"{self[name].label}: ") for text in self.errors.get(name, ())]


def refit(operation: Operation, data: QueryDict, own: Iterable[CustomStyle] = ()) -> tuple[OperationForm, list[str]]:
    """The form after a change of model or style: what still fits stays, what does not is dropped and named."""
    data = one_style(data)
    form = OperationForm(operation, data, own=own)
    form.full_clean()
    dropped = [name for name in form.errors if _depends_on_model(form, name)]
    kept = data.copy()
    for name in list(kept):
        if name.partition("-")[0] in dropped:
            del kept[name]
    sentences = [f"{form[name].label} dropped: {' '.join(form.wrong_with(name))}" for name in dropped]
    refitted = OperationForm(operation, kept, own=own)
    refitted.full_clean()
    if not str(kept.get("prompt") or "").strip():
        refitted.errors.pop("prompt", None)  # nothing was asked for yet
    return refitted, sentences


def one_style(data: QueryDict) -> QueryDict:
    """What was posted, with a custom style under the name the API has for it, and then no built-in one beside it."""
    chosen = data.get("style") or ""
    typed = (data.get("style_other") or "").strip()
    style_id = typed or (chosen.removeprefix(OWN) if chosen.startswith(OWN) else "")
    if not style_id:
        return data
    data = data.copy()
    for name in ("style", "substyle", "style_other"):
        data.pop(name, None)
    data["style_id"] = style_id
    return data


def _depends_on_model(form: OperationForm, name: str) -> bool:
    param = next((param for param in form.operation.params if param.name == name), None)
    by_model = isinstance(param, params.Choice | params.StyleId)
    return name != "model" and (by_model or isinstance(form.fields.get(name), NotTakenField))


def _line(operation: Operation, id: str) -> ModelLine:
    try:
        return ModelLine(IMAGE_MODELS[id], operation.quote({"model": id, "n": 1}))
    except prices.NoPrice:
        return ModelLine(IMAGE_MODELS[id], None)


def _image_model(operation: Operation, asked_for: Any) -> ImageModel | None:
    if not operation.image_models:
        return None
    known = asked_for in operation.image_models if isinstance(asked_for, str) else False
    return IMAGE_MODELS[asked_for if known else operation.default_image_model]
