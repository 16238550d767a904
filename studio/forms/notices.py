"""How somebody wants to be told, kind by kind."""

from collections.abc import Mapping
from typing import Any

from django import forms

from studio.models import NoticeKind, NoticeWay


class WaysForm(forms.Form):
    """One choice for each kind that concerns the person; `ways` is what they have now."""

    def __init__(self, data: Any = None, *, ways: Mapping[str, str]) -> None:
        super().__init__(data, initial=dict(ways))
        for kind in ways:
            self.fields[kind] = forms.ChoiceField(
                choices=NoticeWay.choices, label=NoticeKind(kind).label, widget=forms.Select({"class": "select"})
            )
