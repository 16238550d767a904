"""Which movements a page of figures counts, by its address: days, and what to narrow them to."""

from typing import Any

from django import forms

from studio.models import ProviderAccount, User, Workspace
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import IMAGE_MODELS
from studio.services.spending import LONGEST, Filter, Range

PERIODS = {1: "Today", 7: "7 d", 30: "30 d", 90: "Quarter", 365: "Year"}
USUAL = 30
DATE = {"type": "date", "class": "input"}
MENU = {"class": "input select"}
OPERATION_CHOICES = [("", "All operations"), *((slug, operation.label) for slug, operation in OPERATIONS.items())]
MODEL_CHOICES = [("", "All models"), *((id, model.label) for id, model in IMAGE_MODELS.items())]


class SpendingForm(forms.Form):
    """A period of whole days up to today or between two dates, and filters. Every field may be left out."""

    days = forms.IntegerField(required=False, min_value=1, max_value=LONGEST)
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(DATE))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput(DATE))
    person = forms.ModelChoiceField(
        User.objects.none(), required=False, empty_label="Everybody", widget=forms.Select(MENU)
    )
    operation = forms.ChoiceField(choices=OPERATION_CHOICES, required=False, widget=forms.Select(MENU))
    model = forms.ChoiceField(choices=MODEL_CHOICES, required=False, widget=forms.Select(MENU))
    style = forms.CharField(required=False, max_length=80)

    def __init__(self, data: Any, workspace: Workspace) -> None:
        super().__init__(data)
        self._workspace = workspace
        people = self.fields["person"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = User.objects.filter(accounts__workspace=workspace).distinct().order_by("name")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day lies before the first.")
        elif since and ((until or Range.last(1, self._workspace).until) - since).days > LONGEST:
            self.add_error("since", "A range spans two years at most.")
        return cleaned

    def chosen(self, account: ProviderAccount) -> Filter:
        """What to count. A field that makes no sense counts as left out; the page says what was wrong with it."""
        self.is_valid()
        asked = self.cleaned_data
        return Filter(
            account,
            self._workspace,
            self._range(),
            asked.get("person"),
            *(asked.get(name) or "" for name in ("operation", "model", "style")),
        )

    @property
    def period(self) -> int | None:
        """The period of PERIODS that is shown; None between two dates."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("since"):
            return None
        return asked.get("days") or USUAL

    def _range(self) -> Range:
        asked = self.cleaned_data
        usual = Range.last(asked.get("days") or USUAL, self._workspace)
        if not asked.get("since"):
            return usual
        return Range(asked["since"], asked.get("until") or max(usual.until, asked["since"]), usual.zone)
