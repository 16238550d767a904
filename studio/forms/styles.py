"""The form of a new custom style: the fields of its catalogue entry, and the name it gets here."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from studio.forms.fields import BOXED
from studio.forms.operations import OperationForm
from studio.models import CustomStyle
from studio.recraft.amounts import Weights
from studio.services.styles import CREATE, LONGEST_NAME

BEGINNING = {"style": "any"}


class NewStyleForm(OperationForm):
    """What a person may ask of a new style. `own` are the styles that can be mixed."""

    def __init__(
        self, data: QueryDict | None = None, *, initial: Mapping[str, Any] = BEGINNING, own: Iterable[CustomStyle] = ()
    ) -> None:
        super().__init__(CREATE, data, initial=initial, own=own)
        widget = forms.TextInput({**BOXED, "maxlength": LONGEST_NAME})
        wanted = {"required": "Give the style a name."}
        self.fields["name"] = forms.CharField(
            label="Name", max_length=LONGEST_NAME, widget=widget, error_messages=wanted
        )

    def values(self) -> dict[str, Any]:
        """The catalogue's values: the name stays here."""
        return {name: value for name, value in super().values().items() if name != "name"}

    def refit(self) -> None:
        """After a change of model: a base style that it doesn't have gives way, and nothing is wrong yet."""
        self.full_clean()
        if "style" in self.errors and isinstance(self.data, QueryDict):
            kept = self.data.copy()
            kept["style"] = BEGINNING["style"]
            self.data = kept
        self.errors.clear()

    def chosen(self, name: str) -> list[str]:
        """What is ticked in a list, right or wrong."""
        return [str(member) for member in self[name].value() or ()]

    def weight(self, of: str, member: str) -> str:
        """What was typed as the weight of a member of a list."""
        weights = next(param for param in self.operation.params if isinstance(param, Weights) and param.of == of)
        return str((self[weights.name].value() or {}).get(member, ""))
