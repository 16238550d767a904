"""What people may say about a collection."""

from typing import Any

from django import forms

from studio.models import Collection, User, Visibility

AUDIENCES = [
    (Visibility.WORKSPACE.value, "Everybody in the workspace"),
    (Visibility.PRIVATE.value, "Only me and whom I choose"),
]


class NewCollectionForm(forms.Form):
    """A name is enough."""

    name = forms.CharField(max_length=80, widget=forms.TextInput({"class": "input", "placeholder": "Spring campaign"}))
    visibility = forms.ChoiceField(
        choices=AUDIENCES, initial=Visibility.WORKSPACE, required=False, widget=forms.Select({"class": "select"})
    )

    def clean_visibility(self) -> str:
        return str(self.cleaned_data["visibility"] or Visibility.WORKSPACE)


class CollectionForm(forms.Form):
    """Everything about a collection. One inside another has the audience of the outer one."""

    name = forms.CharField(max_length=80, widget=forms.TextInput({"class": "input"}))
    description = forms.CharField(max_length=2000, required=False, widget=forms.Textarea({"class": "input", "rows": 3}))
    visibility = forms.ChoiceField(choices=AUDIENCES, required=False, widget=forms.RadioSelect)
    members = forms.ModelMultipleChoiceField(
        User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, error_messages={"required": ""}
    )

    def __init__(self, collection: Collection, data: Any = None) -> None:
        chosen = collection.members.values_list("pk", flat=True)
        initial = {
            "name": collection.name,
            "description": collection.description,
            "visibility": collection.visibility,
            "members": list(chosen),
        }
        super().__init__(data, initial=initial)
        others = collection.workspace.members.exclude(pk=collection.owner_id).order_by("name", "pk")
        self.fields["members"].queryset = others  # type: ignore[attr-defined]

    def clean_visibility(self) -> str:
        return str(self.cleaned_data["visibility"] or Visibility.PRIVATE)
