"""A limit as a person sets it: whose, over which time, refused or held above it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from studio.models import Budget, Cap, User, Workspace
from studio.recraft.catalogue import OPERATIONS
from studio.services.budgets import Rule

WINDOWS = (
    ("day", "per day"),
    ("week", "per week"),
    ("month", "per month"),
    ("total", "in all"),
    ("run", "per run"),
)
OPERATION_CHOICES = [("", "Any operation"), *((slug, operation.label) for slug, operation in OPERATIONS.items())]
MENU = {"class": "select"}


class LimitForm(forms.Form):
    """Another limit for one budget, where it stands in a table. Left out: no limit."""

    units = forms.IntegerField(
        required=False, min_value=0, max_value=10**12, widget=forms.NumberInput({"class": "input num", "min": 0})
    )

    def __init__(self, budget: Budget, data: Any = None) -> None:
        super().__init__(data, initial={"units": budget.limit})
        self.budget = budget
        self.fields["units"].widget.attrs |= {"id": f"limit-{budget.pk}", "aria-label": "Limit in units"}

    @property
    def rule(self) -> Rule:
        account = self.budget.account
        scope = Cap.Scope.PERSON if account.person else Cap.Scope.WORKSPACE
        return Rule(self.budget.window, scope, account.person)


class CapForm(forms.Form):
    """`rule()`, `end` and the cleaned units are what `budgets.set_cap` takes. Units left out: no limit."""

    whose = forms.ChoiceField(widget=forms.Select(MENU))
    units = forms.IntegerField(
        required=False, min_value=0, max_value=10**12, widget=forms.NumberInput({"class": "input num", "min": 0})
    )
    window = forms.ChoiceField(choices=WINDOWS, widget=forms.Select(MENU))
    above = forms.ChoiceField(
        choices=(("refuse", "refuse"), ("ask", "wait for approval")), widget=forms.Select(MENU), label="Above it"
    )
    operation = forms.ChoiceField(choices=OPERATION_CHOICES, required=False, widget=forms.Select(MENU))
    until = forms.DateField(
        required=False, label="Until (optional)", widget=forms.DateInput({"type": "date", "class": "input"})
    )

    def __init__(self, data: Any = None, *, workspace: Workspace) -> None:
        super().__init__(data)
        self._workspace = workspace
        self._people = {str(person.pk): person for person in workspace.members.order_by("name")}
        people = [(pk, str(person)) for pk, person in self._people.items()]
        whose = self.fields["whose"]
        assert isinstance(whose, forms.ChoiceField)
        whose.choices = [*Cap.Scope.choices[:2], *people]

    def rule(self) -> Rule:
        asked = self.cleaned_data
        person: User | None = self._people.get(asked["whose"])
        scope = Cap.Scope.PERSON if person else asked["whose"]
        return Rule(asked["window"], scope, person, asked["operation"], soft=asked["above"] == "ask")

    @property
    def end(self) -> datetime | None:
        """The end of the last day, by the clock on the workspace's wall."""
        day = self.cleaned_data.get("until")
        zone = ZoneInfo(self._workspace.time_zone)
        return datetime.combine(day + timedelta(days=1), datetime.min.time(), zone) if day else None
