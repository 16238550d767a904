"""A studio with one of everything in it, and something on every page.

`filled(studio, email)` runs `fill` in a process of its own, on the database of a studio that runs. What its workers
would go on with is put off for good, so that it stays to be looked at.
"""

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from studio.management import lived_in
from studio.models import (
    Action,
    Alert,
    Asset,
    Attempt,
    Delivery,
    Export,
    ExportItem,
    Import,
    Job,
    Membership,
    Notice,
    User,
)
from studio.services import members, notices, renditions, shares, workspaces
from tests.addresses import one_of_each
from tests.pictures.making import encoded, gradient, noise
from tests.stories.drive import ROOT, DrivenStudio
from tests.views.making import candidates, job, picture

LONG_AGO, NEVER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
VECTOR = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><path fill="#c33" d="M0 0h9v9z"/></svg>'


@dataclass(frozen=True)
class Filled:
    """What was made: the values of `tests.addresses.Things`, addresses that carry a secret, sessions, and pages."""

    values: dict[str, str]
    paths: dict[str, str]
    sessions: dict[str, str]
    bodies: dict[str, str]


def filled(studio: DrivenStudio, email: str) -> Filled:
    program = f"from tests.browser import filled; filled.fill({email!r})"
    told = os.environ | {"STUDIO_VAR": str(studio.var), "DATABASE_URL": "", "STUDIO_TESTS_STRICT": ""}
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return Filled(**json.loads(done.stdout.splitlines()[-1]))


def fill(email: str) -> None:
    """Make everything, and print what `Filled` holds."""
    owner = User.objects.get(email=email)
    steward = Membership.objects.get(person=owner)
    people = [_member(steward, name) for name in ("Ben Hale", "Ines Vidal", "Tomas Okafor", "Ayo Brandt")]
    with transaction.atomic():
        values = _one_of_each(owner, people[0])
    shared, pictures = _pictures(steward, people)
    vector = picture(owner, content=VECTOR, width=10, height=10)
    # They were made without a call, and take none of the provider's room from those that are.
    Attempt.objects.filter(sent_at=None).update(claimed_at=LONG_AGO, sent_at=LONG_AGO, ended_at=LONG_AGO)
    with transaction.atomic():
        paths = _under_way(steward, pictures) | _links(steward, people, pictures)
    first = pictures[0]
    paths |= {
        "shared": f"/s/{shared.token}/",
        "one shared": f"/s/{shared.token}/{first}/",
        "review": f"/r/{shared.review}/",
        "collection": f"/collections/{shared.spring.public_id}/",
        "board": f"/boards/{shared.board.public_id}/",
        "asset": f"/assets/{first}/",
        "edit": f"/edit/{first}/",
        "fit": f"/edit/{vector.public_id}/fit/inpaint/",
        "two": ",".join(pictures[:2]),
    }
    print(json.dumps({"values": values, "paths": paths, "sessions": _sessions(steward), "bodies": _bodies()}))  # noqa: T201


def _member(steward: Membership, name: str) -> User:
    person = User.objects.create_user(f"{name.split()[0].lower()}@example.com", "three vases on a ledge", name=name)
    members.add(steward.workspace, person, "editor")
    return person


def _one_of_each(owner: User, other: User) -> dict[str, str]:
    made = one_of_each(owner, other).values
    Job.objects.filter(state="queued").update(not_before=NEVER)
    for waiting in (Export, Import):
        waiting.objects.update(not_before=NEVER)
    Delivery.objects.update(next_at=NEVER)
    return made


def _pictures(steward: Membership, people: list[User]) -> tuple[lived_in.Shared, list[str]]:
    """Some that can be seen, judged and shared as for a demonstration; the first of them is in a collection."""
    prompts = [subject for subject, _ in lived_in.BY_SUBJECT]
    for at in range(28):
        run = job(people[at % 4], params={"prompt": f"{prompts[at % 7]} in the evening, seen from a hill", "n": 1})
        content = encoded((gradient, noise)[at % 2]((60 + at, 48)), "PNG")
        made = picture(run.person, run, content=content, rendered=False, width=60 + at, height=48)
        renditions.make(made.pk)
    candidates(people[0], made, 2)
    shared = lived_in.live_in(steward, people, random.Random(4))
    items = shared.spring.items.in_order().select_related("asset")
    return shared, [item.asset.public_id for item in items]


def _under_way(steward: Membership, pictures: list[str]) -> dict[str, str]:
    """Work in every state, of each kind that has a list."""
    by = {"workspace": steward.workspace, "person": steward.person}
    job(steward.person, "failed", reason="Recraft refused the prompt.", ended_at=datetime.now(UTC))
    job(steward.person, "canceled", ended_at=datetime.now(UTC))
    Export.objects.create(**by, label="All of spring", options={"format": "png"}, total=4000, at=1200, not_before=NEVER)
    failed = Export.objects.create(
        **by, label="Icons", total=1, state="failed", reason="The disk was full.", left_out=1
    )
    asset = _asset(pictures[0])
    ExportItem.objects.create(export=failed, asset=asset, position=0, state="left_out", reason="It is in the trash.")
    Import.objects.create(**by, name="Scans.zip", total=80, at=31, not_before=NEVER)
    taken = [
        {"name": "fox.png", "asset": pictures[0], "new": True, "notes": ["It was turned upright."]},
        {"name": "owl.png", "asset": pictures[1], "new": False, "notes": []},
        {"name": "fake.png", "refusal": "This is no picture."},
    ]
    done = Import.objects.create(**by, name="Birds.zip", total=3, at=3, state="done", taken=taken)
    Import.objects.create(**by, name="Broken.zip", total=2, state="failed", reason="The zip is not there any more.")
    for kind, text in (("balance", "4,200 units are left."), ("drift", "Vectorize costs 12 units and not 10.")):
        Alert.objects.create(workspace=steward.workspace, kind=kind, key=kind, text=text, url="/monitor/")
    act = {**by, "verb": "rate", "value": 4, "total": 4000}
    going = Action.objects.create(**act, at=1500, done=1400, moved_at=NEVER)
    refused = {"It is approved. Withdraw the approval first.": {"count": 1, "assets": [pictures[0]]}}
    ended = Action.objects.create(**act, at=4000, done=3999, state="done", refused=refused)
    return {
        "import done": f"/uploads/{done.public_id}/",
        "action going on": f"/act/{going.public_id}/",
        "action done": f"/act/{ended.public_id}/",
        "export left out": f"/exports/{failed.public_id}/left-out/",
    }


def _asset(public_id: str) -> Asset:
    return Asset.objects.get(public_id=public_id)


def _links(steward: Membership, people: list[User], pictures: list[str]) -> dict[str, str]:
    """Addresses that nobody can know from the database, and a notice from another workspace."""
    keys = [_asset(public_id).pk for public_id in pictures]
    _, locked = shares.share(steward, shares.Terms(password="vases"), assets=keys[:2])
    other = workspaces.make(steward.person, "Northlight", "Europe/Berlin").workspace
    notices.tell([steward.person], other, "asked", "Ines asks for 500 units: the banner", "/requests/", "elsewhere")
    elsewhere = Notice.objects.get(workspace=other)
    reset = urlsafe_base64_encode(force_bytes(people[3].pk)), default_token_generator.make_token(people[3])
    return {
        "locked": f"/s/{locked}/",
        "elsewhere": f"/notices/{elsewhere.pk}/",
        "join": f"/join/{members.invite(steward, 'viewer')}/",
        "reset": f"/reset/{reset[0]}/{reset[1]}/",
    }


def _sessions(steward: Membership) -> dict[str, str]:
    """Cookies of people who are stopped at the door."""
    new = User.objects.create_user("new@example.com", None, name="")
    members.add(steward.workspace, new, "viewer")
    nobody = User.objects.create_user("nobody@example.com", "three vases on a ledge", name="Nobody")
    found = {}
    for name, person in (("introduce", new), ("nowhere", nobody)):
        client = Client()
        client.force_login(person)
        found[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return found


def _bodies() -> dict[str, str]:
    """Pages that only a broken studio shows."""
    request = RequestFactory().get("/")
    names = ("400", "403", "500", "503", "stale_form")
    return {name: render_to_string(f"errors/{name}.html", request=request) for name in names}
