"""What people may say when they ask for units, and when they answer."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms

from studio.models import Workspace
from studio.services import periods
from studio.services.requests import MOST_UNITS, Limit

NAMES = {
    Limit("person", "total"): "In all",
    Limit("person", "month"): "This month",
    Limit("person", "week"): "This week",
    Limit("person", "day"): "Today",
    Limit("person", "run"): "For one run",
    Limit("workspace", "total"): "The workspace, in all",
    Limit("workspace", "month"): "The workspace, this month",
    Limit("workspace", "week"): "The workspace, this week",
    Limit("workspace", "day"): "The workspace, today",
}
LONGEST = 300  # characters


class AskForm(forms.Form):
    """How many units more, under which of the limits that stand in the person's way, and what for."""

    units = forms.IntegerField(
        min_value=1, max_value=MOST_UNITS, widget=forms.NumberInput({"class": "input input--lg num", "step": "1"})
    )
    limit = forms.ChoiceField(choices=(), widget=forms.Select({"class": "select"}))
    words = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(
            {"class": "input", "rows": "3", "placeholder": "Hero banner in Pro for the Friday review"}
        ),
    )

    def __init__(self, *args: Any, limits: list[Limit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["limit"].choices = [(".".join(each), NAMES[each]) for each in limits]  # type: ignore[attr-defined]

    def clean_limit(self) -> Limit:
        return Limit(*self.cleaned_data["limit"].split("."))


class AnswerForm(forms.Form):
    """A word, and the day up to which a limit is raised, the day included."""

    words = forms.CharField(required=False, max_length=LONGEST)
    until = forms.DateField(required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    @property
    def end(self) -> datetime | None:
        """The midnight that ends the day, by the clock on the workspace's wall."""
        until = self.cleaned_data["until"]
        zone = periods.zone_of(self.workspace.time_zone) or periods.UTC_ZONE
        return until and datetime.combine(until + timedelta(days=1), time(), zone)
