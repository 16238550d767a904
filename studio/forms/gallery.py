"""What a person writes about a search they want to keep."""

from django import forms


class SavedSearchForm(forms.Form):
    name = forms.CharField(max_length=60)
    shared = forms.BooleanField(required=False)
