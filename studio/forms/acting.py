"""What people may say when they act on pictures: a verb with its value, and the pictures."""

from typing import Any

from django import forms

from studio.errors import InvalidRequest
from studio.models import Action, Membership
from studio.services import acting


class ActForm(forms.Form):
    """`do` is a verb, perhaps with its value behind it ("rate 4"), so that a plain button says all of it.

    The pictures are named one by one, with commas between, or by the search that they match.
    """

    do = forms.CharField(max_length=80)
    value = forms.CharField(required=False, strip=False)
    assets = forms.CharField(required=False)
    search = forms.CharField(required=False, max_length=2000)
    all = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        verb, _, value = values.get("do", "").partition(" ")
        ids = [each for each in values.get("assets", "").split(",") if each]
        return values | {"verb": verb, "value": value or values.get("value", ""), "ids": ids}

    def act(self, by: Membership) -> Action:
        """Do it. Raises InvalidRequest, NotAllowed."""
        if not self.is_valid():
            raise InvalidRequest({name: str(errors[0]) for name, errors in self.errors.items()})
        given = self.cleaned_data
        if given["all"]:
            return acting.act_on_all(by.person, by.workspace, given["verb"], given["value"], given["search"])
        return acting.act(by.person, by.workspace, given["verb"], given["value"], given["ids"])
