"""What people may say about a workspace: its name, its clock, and who sees what is new in it."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from studio.models import Membership, Visibility, Workspace
from studio.services.workspaces import LONGEST_NAME

# Those that people know their place by; what is left out are other names of the same clocks.
AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
ZONES = ["UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in AREAS)]
SEEN = [
    (Visibility.WORKSPACE, "Everybody in the workspace"),
    (Visibility.PRIVATE, "Only who made it, until they share it"),
]


def _name() -> forms.CharField:
    return forms.CharField(max_length=LONGEST_NAME, widget=forms.TextInput({"class": "input", "autocomplete": "off"}))


def _zone() -> forms.ChoiceField:
    return forms.ChoiceField(choices=[(name, name.replace("_", " ")) for name in ZONES], widget=_select())


def _select() -> forms.Select:
    return forms.Select({"class": "select"})


class NewWorkspaceForm(forms.Form):
    """A workspace to be made."""

    name = _name()
    time_zone = _zone()


class WorkspaceForm(NewWorkspaceForm):
    """Its settings, which begin as they are."""

    new_pictures = forms.ChoiceField(choices=SEEN, widget=_select())

    def __init__(self, data: Any = None, *, workspace: Workspace, may_set_clock: bool) -> None:
        initial = {name: getattr(workspace, name) for name in ("name", "time_zone", "new_pictures")}
        super().__init__(data, initial=initial)
        zone = self.fields["time_zone"]
        if workspace.time_zone not in ZONES:
            zone.choices = [(workspace.time_zone, workspace.time_zone), *zone.choices]  # type: ignore[attr-defined]
        # Days, and with them budgets, begin by it: an owner's to change. A disabled field keeps what it has.
        zone.disabled = not may_set_clock


class HandOverForm(forms.Form):
    """Which member becomes the owner."""

    to = forms.ModelChoiceField(queryset=Membership.objects.none(), empty_label=None, widget=_select())

    def __init__(self, data: Any = None, *, by: Membership) -> None:
        super().__init__(data)
        others = Membership.objects.filter(workspace=by.workspace_id, person__is_active=True).exclude(pk=by.pk)
        field: Any = self.fields["to"]
        field.queryset = others.select_related("person").order_by("person__name")
        field.label_from_instance = lambda member: f"{member.person}, {member.get_role_display().lower()}"
