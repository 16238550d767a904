"""Taking a person out of the studio without touching what the ledger, the gallery and the history refer to.

The row stays, with another name and an address that reaches nobody, and can't sign in. What was said about them by name
is said of "a former member", and comments that call them by @ call that. What they wrote and made belongs to the
workspace and stays, prompts included.
"""

from django.db.models import Model, Q
from django.db.models.functions import Now

from studio.models import (
    UNSENT,
    Alert,
    Delivery,
    Draft,
    Export,
    FavoriteStyle,
    Import,
    ImportState,
    Invitation,
    Job,
    Notice,
    NoticePreference,
    SignInLink,
    UnitsRequest,
    User,
)
from studio.services import comments, ledger

NAME = "Former member"
# Where sentences are kept that may name somebody. What the ledger keeps names nobody.
SENTENCES: tuple[tuple[type[Model], str], ...] = (
    (Notice, "text"),
    (Alert, "text"),
    (Delivery, "body"),
    (Job, "reason"),
)


def erase(person: User) -> None:
    """Make somebody who belongs to no workspace any more unknown, inside the caller's transaction."""
    name, email = person.name, person.email
    for job in Job.objects.filter(person=person, state__in=UNSENT):
        if Job.objects.cancel(job.pk):
            ledger.release(job, "Canceled")
            UnitsRequest.objects.withdraw_for(job)
    for mine in (Notice, NoticePreference, Draft, FavoriteStyle, SignInLink):
        mine._default_manager.filter(person=person).delete()
    Invitation.objects.filter(used_by=person).update(note="")
    for alert in Alert.objects.filter(details__person=email):
        alert.details["person"] = None
        alert.save(update_fields=["details"])
    comments.unname(person, NAME)
    # What they took out names who made each picture, and what they brought is called as on their machine.
    Export.objects.filter(person=person).exclude(file="").update(expires_at=Now())
    Import.objects.filter(person=person).exclude(state=ImportState.WAITING).delete()
    for model, field in SENTENCES:
        _rename(model, field, [each for each in (name, email) if each])
    person.name, person.email = NAME, f"former-{person.pk}@forgotten.invalid"
    person.is_active = person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.save(update_fields=["name", "email", "is_active", "is_staff", "is_superuser", "password"])


def _rename(model: type[Model], field: str, names: list[str]) -> None:
    naming = Q()
    for name in names:
        naming |= Q(**{f"{field}__contains": name})
    for row in model._default_manager.filter(naming) if names else ():
        text = str(getattr(row, field))
        for name in names:
            text = text.replace(name, NAME)
        setattr(row, field, text)
        row.save(update_fields=[field])
