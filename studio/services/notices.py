"""Telling people what happened: in the studio, and by mail to those who want it.

Each is told once: the key names what happened, and a unique constraint decides. A notice that goes by mail carries from
when on it may; the clock looks for those, so that what comes together goes out in one mail, and what is wanted once a
day has been read or goes out in the morning.
"""

import logging
import smtplib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse

from studio.models import (
    FOR_STEWARDS,
    STEWARDS,
    USUAL_WAYS,
    Membership,
    Notice,
    NoticeKind,
    NoticePreference,
    NoticeWay,
    UnitsRequest,
    User,
    Workspace,
)
from studio.services import durations, events, periods

log = logging.getLogger(__name__)

MORNING = time(8)  # when daily mails go out, by the workspace's clock
MOST_IN_A_MAIL = 50
BATCH = 500
MOST_TRIES = 8  # of one mail
LEASE = timedelta(minutes=2)  # for sending one
MOST_COUNTED = 99  # unread ones; more are "99+"


# --- telling --------------------------------------------------------------------------------------------------------


def tell(people: Iterable[User], workspace: Workspace, kind: str, text: str, url: str, key: str) -> None:
    """Tell each of these people, in the way they want, unless they were told of `key` before.

    `url` is a path of this studio: where one goes to see it.
    """
    assert url.startswith("/") and not url.startswith("//"), "a notice never leads out of the studio"
    told = {person.pk: person for person in people if person.is_active}
    ways = _ways(told, kind)
    now = durations.database_now()
    notices = [
        Notice(
            person=person,
            workspace=workspace,
            kind=kind,
            text=_short(text, 400),
            url=url[:300],
            key=key[:160],
            mail_at=_mail_at(ways[pk], workspace, now),
        )
        for pk, person in told.items()
        if ways[pk] != NoticeWay.OFF
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    events.publish_notices([notice.person_id for notice in notices])


def stewards(workspace: Workspace) -> list[User]:
    """Those who steer a workspace."""
    found = Membership.objects.filter(workspace=workspace, role__in=STEWARDS).select_related("person")
    return [membership.person for membership in found]


def _ways(people: Collection[int], kind: str) -> dict[int, str]:
    chosen = dict(NoticePreference.objects.filter(person__in=people, kind=kind).values_list("person", "way"))
    return {pk: chosen.get(pk, USUAL_WAYS.get(kind, NoticeWay.STUDIO)) for pk in people}


def _mail_at(way: str, workspace: Workspace, now: datetime) -> datetime | Now | None:
    if way == NoticeWay.MAIL:
        return Now()  # by the clock that it is looked for by: SQLite's reads milliseconds, and would be behind
    return _next_morning(workspace, now) if way == NoticeWay.DAILY else None


def _next_morning(workspace: Workspace, now: datetime) -> datetime:
    zone = periods.zone_of(workspace.time_zone) or periods.UTC_ZONE
    today = now.astimezone(zone).date()
    at = datetime.combine(today, MORNING, zone)
    return at if at > now else datetime.combine(today + timedelta(days=1), MORNING, zone)


def asked(request: UnitsRequest) -> None:
    """Say to those who may answer that somebody waits for them."""
    what = "needs approval for a run of" if request.job_id else "asks for"
    words = f": {request.words}" if request.words else "."
    others = [person for person in stewards(request.workspace) if person.pk != request.person_id]
    text = f"{request.person} {what} {request.units:,} units{words}"
    tell(others, request.workspace, NoticeKind.ASKED, text, "/requests/", f"asked:{request.pk}")


def answered(by: User, request: UnitsRequest, state: str, words: str) -> None:
    """Say to who asked what came of it."""
    if by.pk == request.person_id:
        return
    what = f"your run of {request.units:,} units" if request.job_id else f"{request.units:,} units for you"
    said = f": {words}" if words else "."
    url = f"/?who=mine#run-{request.job.public_id}" if request.job else "/requests/"
    text = f"{by} {state} {what}{said}"
    tell([request.person], request.workspace, NoticeKind.ANSWERED, text, url, f"answered:{request.pk}")


# --- reading --------------------------------------------------------------------------------------------------------


def unread(person: User) -> int:
    """How many notices a person has not read, up to one more than MOST_COUNTED."""
    return Notice.objects.visible_to(person).unread()[: MOST_COUNTED + 1].count()


def mark_read(person: User, pk: int | None = None) -> None:
    """Mark one notice of a person read, or all."""
    found = Notice.objects.visible_to(person)
    if (found.filter(pk=pk) if pk else found).read():
        events.publish_notices([person.pk])


def ways(person: User) -> dict[str, str]:
    """How a person is told, by kind; of what concerns stewards alone only if they are one."""
    chosen = dict(NoticePreference.objects.filter(person=person).values_list("kind", "way"))
    is_steward = person.memberships.filter(role__in=STEWARDS).exists()
    kinds = [kind for kind in NoticeKind if is_steward or kind not in FOR_STEWARDS]
    return {kind: chosen.get(kind, USUAL_WAYS.get(kind, NoticeWay.STUDIO)) for kind in kinds}


@transaction.atomic
def choose(person: User, chosen: Mapping[str, str]) -> None:
    """From now on, tell a person in these ways."""
    for kind, way in chosen.items():
        NoticePreference.objects.update_or_create(person=person, kind=kind, defaults={"way": way})


def remove_old() -> None:
    """Delete what was told long ago, the oldest first and not all at once."""
    oldest = Notice.objects.order_by("pk").values_list("pk", flat=True)[:BATCH]
    Notice.objects.filter(pk__in=list(oldest), created_at__lt=durations.database_now() - durations.NOTICE_LIFE).delete()


# --- by mail --------------------------------------------------------------------------------------------------------


def people_to_mail(most: int = 100) -> list[int]:
    """Whose mails are due, for the clock."""
    due = Notice.objects.to_mail().order_by("person").values_list("person", flat=True).distinct()
    return list(due[:most])


def mail(person_id: int) -> bool:
    """Send a person what is due, in one mail. False: there was nothing, or it could not be sent and is tried again."""
    claimed = _claim(person_id)
    fresh = _still_news(claimed)
    if not fresh:
        _done(claimed)
        return False
    person = fresh[0].person
    try:
        send_mail(_subject(fresh), _body(person, fresh), None, [person.email])
    except (OSError, smtplib.SMTPException) as error:
        _put_off(claimed, error)
        return False
    _done(claimed, mailed_at=Now())
    return True


@transaction.atomic
def _claim(person_id: int) -> list[Notice]:
    """What is due, leased: a worker that dies before it is sent leaves it to another."""
    due = Notice.objects.to_mail().filter(person=person_id).order_by("pk")
    # The row locks decide between two workers: whoever waited finds them leased.
    found = list(due.select_for_update(of=("self",)).select_related("person", "workspace")[:MOST_IN_A_MAIL])
    Notice.objects.filter(pk__in=[notice.pk for notice in found]).update(
        mail_at=durations.database_now() + LEASE, mail_tries=F("mail_tries") + 1
    )
    return found


def _still_news(claimed: list[Notice]) -> list[Notice]:
    """Those that are unread. What happens in a workspace that one has left is none of one's business any more."""
    mine = Notice.objects.visible_to(claimed[0].person).unread() if claimed else Notice.objects.none()
    news = set(mine.filter(pk__in=[notice.pk for notice in claimed]).values_list("pk", flat=True))
    return [notice for notice in claimed if notice.pk in news]


def _done(notices: Iterable[Notice], **changes: object) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mail_at=None, **changes)


def _put_off(notices: Iterable[Notice], error: Exception) -> None:
    log.warning("A mail could not be sent: %s", error)
    now = durations.database_now()
    for notice in notices:
        tries = notice.mail_tries + 1
        # After the last try it stays unread in the studio, where it can still be found.
        at = now + timedelta(minutes=2**tries) if tries < MOST_TRIES else None
        Notice.objects.filter(pk=notice.pk).update(mail_at=at)


def _subject(notices: list[Notice]) -> str:
    if len(notices) == 1:
        return _short(notices[0].text, 120)
    places = {str(notice.workspace) for notice in notices}
    return f"{len(notices)} things happened in {places.pop() if len(places) == 1 else 'your workspaces'}"


def _body(person: User, notices: list[Notice]) -> str:
    # The notice's own address knows which workspace it leads to; most pages are of the one that is worked in.
    lines = [
        f"{notice.text}\n{settings.STUDIO_URL}{reverse('notices:follow', args=[notice.pk])}\n" for notice in notices
    ]
    foot = f"How you are told, you choose here:\n{settings.STUDIO_URL}/notices/settings/"
    return "\n".join([f"Hello {person},\n", *lines, foot, ""])


def _short(text: str, most: int) -> str:
    # One line: what people typed ends up in the subject of a mail.
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
