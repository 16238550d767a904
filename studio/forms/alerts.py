"""From where on to be warned, and whom else to tell."""

from django import forms

MOST_UNITS = 10**12


class AlertsForm(forms.Form):
    """What is left empty is never warned of."""

    low_balance = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_UNITS,
        label="When the provider's balance is below, in units",
        widget=forms.NumberInput({"class": "input num"}),
    )
    days_left = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=100,
        label="When it runs out within, in days",
        widget=forms.NumberInput({"class": "input num"}),
    )


class WebhookForm(forms.Form):
    """An address; whether it may be sent to, the service says."""

    url = forms.CharField(
        max_length=500,
        label="Address",
        widget=forms.TextInput(
            {"class": "input", "type": "url", "placeholder": "https://example.com/hook", "autocomplete": "off"}
        ),
    )
