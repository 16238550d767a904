"""What people choose when they share pictures, and what guests type."""

from typing import Any

from django import forms

from studio.models import Size
from studio.services import shares

_DAYS = {1: "1 day", 7: "7 days", 30: "30 days", 90: "90 days", 365: "A year"}


class ShareForm(forms.Form):
    """The terms of a link; as little as possible unless told otherwise."""

    title = forms.CharField(
        max_length=120, required=False, widget=forms.TextInput({"class": "input", "placeholder": "Shared pictures"})
    )
    days = forms.TypedChoiceField(
        choices=[(days, _DAYS[days]) for days in shares.CHOICES],
        coerce=int,
        initial=shares.DAYS,
        widget=forms.Select({"class": "select"}),
    )
    password = forms.CharField(
        max_length=128,
        required=False,
        strip=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "off", "spellcheck": "false"}),
    )
    largest = forms.ChoiceField(choices=Size.choices, initial=Size.PREVIEW, widget=forms.Select({"class": "select"}))
    may_download = forms.BooleanField(required=False, widget=forms.CheckboxInput({"class": "switch"}))
    tells_words = forms.BooleanField(required=False, widget=forms.CheckboxInput({"class": "switch"}))
    tells_people = forms.BooleanField(required=False, widget=forms.CheckboxInput({"class": "switch"}))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("largest") == Size.ORIGINAL and not cleaned.get("may_download"):
            self.add_error("largest", shares.ORIGINALS_ARE_DOWNLOADS)
        return cleaned

    def terms(self) -> shares.Terms:
        return shares.Terms(**self.cleaned_data)


class LinkPasswordForm(forms.Form):
    """The password of a link."""

    password = forms.CharField(
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"class": "input input--lg", "autocomplete": "off", "autofocus": True}),
    )
