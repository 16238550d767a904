"""What people may say about themselves and each other: addresses, passwords, roles."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm
from django.contrib.auth.forms import SetPasswordForm

from studio.models import May, Membership, Role, User

LARGE = {"class": "input input--lg"}


class SignInForm(forms.Form):
    """An address and a password. Whether they are right is the view's to find out."""

    email = forms.EmailField(widget=forms.EmailInput({**LARGE, "autocomplete": "username", "autofocus": True}))
    password = forms.CharField(
        strip=False, max_length=256, widget=forms.PasswordInput({**LARGE, "autocomplete": "current-password"})
    )


class NewPersonForm(forms.Form):
    """Who somebody is and the password they take; `person` is whom it is about, if they exist already."""

    email = forms.EmailField(max_length=254, widget=forms.EmailInput({**LARGE, "autocomplete": "username"}))
    name = forms.CharField(max_length=120, widget=forms.TextInput({**LARGE, "autocomplete": "name"}))
    password = forms.CharField(
        strip=False, max_length=256, widget=forms.PasswordInput({**LARGE, "autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        others = User.objects.exclude(pk=self.person.pk) if self.person else User.objects.all()
        if others.filter(email__iexact=email).exists():
            raise forms.ValidationError("Somebody here has this address already. Sign in with it instead.")
        return email

    def clean_name(self) -> str:
        """One line, as it is read: it stands in letters, too."""
        name = " ".join("".join(each if each.isprintable() else " " for each in self.cleaned_data["name"]).split())
        if not name:
            raise forms.ValidationError("Say what others call you.")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if password := cleaned.get("password"):
            somebody = User(email=cleaned.get("email", ""), name=cleaned.get("name", ""))
            try:
                password_validation.validate_password(password, somebody)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class PasswordForm(DjangoPasswordChangeForm):
    """The old password and the new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = LARGE["class"]
            field.help_text = ""


class ResetForm(forms.Form):
    """For whose account a new password is asked for. Whether there is one is nobody's to learn."""

    email = forms.EmailField(
        max_length=254, widget=forms.EmailInput({**LARGE, "autocomplete": "username", "autofocus": True})
    )


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """A new password, twice, where the old one is forgotten."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = LARGE["class"]
            field.help_text = ""


class InvitationForm(forms.Form):
    """Which role a link gives, whom it is sent to, or a note that says whom it is for."""

    role = forms.ChoiceField(choices=(), initial=Role.EDITOR, widget=forms.Select({"class": "select"}))
    note = forms.CharField(
        required=False, max_length=120, widget=forms.TextInput({"class": "input", "placeholder": "For whom"})
    )
    email = forms.EmailField(
        required=False, max_length=254, widget=forms.EmailInput({"class": "input", "placeholder": "ann@example.com"})
    )

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_given_by(by)  # type: ignore[attr-defined]


class UnitsForm(forms.Form):
    """Units to add to a budget's limit; a negative number takes some back."""

    units = forms.IntegerField(min_value=-10_000_000, max_value=10_000_000)


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(choices=Role.choices)


def roles_given_by(by: Membership) -> list[tuple[str, str]]:
    """The roles this steward may give: only an owner makes owners."""
    return [(value, label) for value, label in Role.choices if value != Role.OWNER or by.may(May.OWN)]
