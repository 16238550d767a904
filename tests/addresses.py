"""Every address of the studio, and one of everything that an address can name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from studio.models import Import, Notice, SavedSearch, User
from studio.services import acts, boards, collections, comments, exports, members, requests, shares, webhooks
from studio.services.requests import Limit
from tests.fixtures import budget_of
from tests.views.making import candidates, custom_style, day_cap, job, picture

STREAM = "events/"
# What an address can name that nobody makes.
FIXED = {
    "comments:does": "resolve",
    "media:variant": "tile",
    "queue:where": "rail",
    "gallery:name": "model",
    "monitor:extension": "csv",
    "credits:extension": "csv",
    "r:token": "no-such-token",
    "r:key": "no-such-key",
    "s:token": "no-such-token",
    "s:size": "tile",
    "welcome:token": "no-such-token",
    "join:token": "no-such-token",
    "reset:uid": "MQ",
    "reset:token": "no-such-token",
}
SLUGS = {"create": "generate", "edit": "inpaint", "reference": "inpaint"}


@dataclass(frozen=True)
class Things:
    """One of everything that an address can name, all of it Alice's."""

    values: dict[str, str]

    def address(self, pattern: str) -> str:
        def value(found: re.Match[str]) -> str:
            name = found["name"]
            place = pattern.split("/")[0]
            return self.values[f"{place}:{name}"] if name != "slug" else SLUGS[place]

        return "/" + re.sub(r"<\w+:(?P<name>\w+)>", value, pattern)


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if route.startswith("admin/"):
            continue  # Django's own, for staff alone; it has its own tests
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from _patterns(each, route)


PATTERNS = sorted(_patterns(get_resolver()))


def one_of_each(alice: User, bob: User) -> Things:
    """All of it Alice's, who is an owner; Bob belongs to her workspace."""
    made = picture(alice, job(alice))
    (candidate,) = candidates(alice, made)
    board = boards.create(alice.memberships.get(), "Spring", [made.pk, candidate.pk])
    saved = SavedSearch.objects.create(workspace=alice.workspaces.get(), person=alice, name="Vases", query="q=vase")
    members.invite(alice.memberships.get(), "viewer")
    hook, _ = webhooks.make(alice.memberships.get(), "https://example.com/hook")
    return Things(
        FIXED
        | {
            "requests:public_id": requests.ask(bob, bob.workspaces.get(), 100, Limit("person", "total")).public_id,
            "act:public_id": acts.begin(alice, alice.workspaces.get(), "rate", 4, [made.pk]).public_id,
            "comments:public_id": comments.add(alice, made, "Wider").public_id,
            "styles:public_id": custom_style(alice).public_id,
            "runs:public_id": job(alice, "queued").public_id,
            "assets:public_id": made.public_id,
            "edit:public_id": made.public_id,
            "edit:candidate": candidate.public_id,
            "create:public_id": job(alice, operation="enhance-prompt", images=0).public_id,
            "media:public_id": made.public_id,
            "members:pk": str(bob.memberships.get().pk),
            "monitor:pk": str(day_cap(alice).pk),
            "alerts:public_id": hook.public_id,
            "alerts:pk": str(webhooks.test(alice.memberships.get(), hook).pk),
            "notices:pk": str(Notice.objects.filter(person=alice).latest("pk").pk),
            "gallery:public_id": saved.public_id,
            "monitor:budget": str(budget_of(alice).pk),
            "collections:public_id": collections.create(alice.memberships.get(), "Spring").public_id,
            "exports:public_id": exports.order(alice.memberships.get(), [made.pk], {"format": "png"}).public_id,
            "uploads:public_id": Import.objects.create(workspace=made.workspace, person=alice, name="Zip").public_id,
            "boards:public_id": board.public_id,
            "boards:key": boards.seen(board)[0].key,
            "shares:public_id": shares.share(alice.memberships.get(), shares.Terms(), assets=[made.pk])[0].public_id,
            "s:public_id": made.public_id,
            "workspaces:public_id": alice.workspaces.get().public_id,
        }
    )
