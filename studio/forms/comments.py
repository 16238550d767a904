"""What people may say in a comment, and where on the picture."""

from typing import Any

from django import forms

from studio.models.comments import MOST_LETTERS
from studio.services.comments import Pin

WHOLE = 100  # percent


class CommentForm(forms.Form):
    """Words, and perhaps a place in percent from the left and from the top."""

    text = forms.CharField(max_length=MOST_LETTERS, error_messages={"required": "Write something first."})
    x = forms.FloatField(required=False, min_value=0, max_value=WHOLE)
    y = forms.FloatField(required=False, min_value=0, max_value=WHOLE)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if (values.get("x") is None) != (values.get("y") is None) and not self.errors:
            self.add_error("x", "A pin has two numbers: from the left and from the top.")
        return values

    @property
    def pin(self) -> Pin | None:
        x, y = self.cleaned_data.get("x"), self.cleaned_data.get("y")
        return None if x is None or y is None else Pin(x / WHOLE, y / WHOLE)
