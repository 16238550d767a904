"""A forgotten password: a link by e-mail, then a new one, and every session that used the old one ends.

Whoever asks gets one answer, in one time, whether there is such an account or not: the letter is written by a worker.
"""

from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode

from studio import tasks
from studio.errors import LinkSpent
from studio.models import User
from studio.services import members

NOBODY = 0


def ask(email: str) -> None:
    """Have a link sent to this address, if somebody here has it. A letter that never comes is asked for again."""
    person = User.objects.filter(email__iexact=email.strip()).values_list("pk", flat=True).first()
    # For an unknown address, too: what is rung tells nobody anything, and takes its time.
    tasks.ring(tasks.send_reset, person or NOBODY)


def find(uid: str, token: str) -> User | None:
    """Whose link this is, while it is good."""
    try:
        person = User.objects.filter(pk=int(force_str(urlsafe_base64_decode(uid))), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    good = person is not None and person.has_usable_password() and default_token_generator.check_token(person, token)
    return person if good else None


def take(uid: str, token: str, password: str) -> User:
    """Give the link's person a new password. Raises LinkSpent.

    The link is made of the old password, so it works once; and so is every session, so all of them end.
    """
    person = find(uid, token)
    if person is None:
        raise LinkSpent(members.SPENT)
    before = person.password
    person.set_password(password)
    # One UPDATE decides between two browsers that post the same link at the same moment.
    if not User.objects.filter(pk=person.pk, password=before).update(password=person.password):
        raise LinkSpent(members.SPENT)
    return person
