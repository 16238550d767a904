"""A price as somebody sets it: of which line, how many units, why, and from when on."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from studio.models import Workspace
from studio.recraft.image_models import IMAGE_MODELS
from studio.services.prices import LINES, MOST_UNITS, Key

SEPARATOR = "/"


def name_of(key: Key) -> str:
    """A line's name in an address or a form."""
    return SEPARATOR.join(key)


class PriceForm(forms.Form):
    """`key` and `start` are what `prices.set_price` takes."""

    line = forms.ChoiceField(label="Price of", widget=forms.Select({"class": "select"}))
    units = forms.IntegerField(
        min_value=1, max_value=MOST_UNITS, label="Units", widget=forms.NumberInput({"class": "input num"})
    )
    since = forms.DateField(
        required=False,
        label="From (optional, else now)",
        widget=forms.DateInput({"type": "date", "class": "input"}),
    )
    reason = forms.CharField(max_length=200, label="Why", widget=forms.TextInput({"class": "input"}))

    def __init__(self, data: Any = None, *, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self._workspace = workspace
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (name_of((line, model)), f"{operation.label}, {IMAGE_MODELS[model].label}" if model else operation.label)
            for line, operation in LINES.items()
            for model in operation.image_models or ("",)
        ]

    @property
    def key(self) -> Key:
        line, _, model = str(self.cleaned_data["line"]).partition(SEPARATOR)
        return line, model

    @property
    def start(self) -> datetime | None:
        """The first midnight of the chosen day, by the clock on the workspace's wall."""
        day = self.cleaned_data["since"]
        return day and datetime.combine(day, datetime.min.time(), ZoneInfo(self._workspace.time_zone))
