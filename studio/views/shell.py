"""The frame around every page: where one can go, what one may spend, what everybody has to know now."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from studio.models import Account, Budget, Job, Membership, ProviderAccount, User, Workspace
from studio.models.styles import CustomStyleQuerySet
from studio.recraft.catalogue import COMPOSED
from studio.services import accounts, budgets, members, notices, styles
from studio.services.admission import ADVERBS
from studio.services.away import MOVING
from studio.services.periods import in_words
from studio.views.doors import CHOSEN, HEADER, StudioRequest, member, page_of

# Name, label, icon, key after `g`, and whether it is for stewards only.
PLACES = (
    ("create", "create:home", "Create", "paintbrush", "c", False),
    ("gallery", "assets:gallery", "Gallery", "images", "g", False),
    ("collections", "collections:index", "Collections", "folder", "l", False),
    ("styles", "styles:page", "Styles", "swatch-book", "s", False),
    ("queue", "jobs:queue", "Queue", "list-ordered", "q", False),
    ("credits", "credits:page", "Credits", "coins", "u", False),
    ("monitor", "monitor:page", "Monitor", "activity", "m", True),
    ("requests", "requests:page", "Requests", "hand-coins", "", True),
    ("members", "members:page", "Members", "users", "", True),
)
FIRST = ("create", "gallery", "queue", "credits")
WHOSE = {
    Account.Kind.PERSON: "your",
    Account.Kind.WORKSPACE: "the workspace's",
    Account.Kind.PROVIDER: "the provider account's",
}
NAMES = {
    Account.Kind.PERSON: "You",
    Account.Kind.WORKSPACE: "The workspace",
    Account.Kind.PROVIDER: "The provider account",
}
SPANS = {
    Budget.Window.DAY: ", today",
    Budget.Window.WEEK: ", this week",
    Budget.Window.MONTH: ", this month",
    Budget.Window.TOTAL: "",
}


@dataclass(frozen=True)
class Place:
    """One entry of the main navigation."""

    name: str
    url: str
    label: str
    icon: str
    key: str
    here: bool
    first: bool  # has a place of its own on a small screen; the others stand behind one button


@dataclass(frozen=True)
class Limit:
    """One budget, as a page shows it; the parts are percent of its limit."""

    budget: Budget
    decides: bool
    zone: str = "UTC"

    @property
    def name(self) -> str:
        return NAMES[Account.Kind(self.budget.kind)] + SPANS[Budget.Window(self.budget.window)]

    @property
    def left(self) -> int | None:
        return self.budget.left

    @property
    def over(self) -> int:
        """Units used beyond the limit, as a charge above its quote can leave."""
        return max(0, self.budget.used - self.budget.limit) if self.budget.limit is not None else 0

    @property
    def used_part(self) -> float:
        return _percent(self.budget.used, self.budget.limit)

    @property
    def held_part(self) -> float:
        return _percent(self.budget.held, self.budget.limit)

    @property
    def note(self) -> str:
        of = f" of {self.budget.limit:,}" if self.budget.limit is not None else ""
        held = f", {self.budget.held:,} held for runs in progress" if self.budget.held else ""
        soft = f", approval needed above {self.budget.soft_limit:,}" if self.budget.soft_limit is not None else ""
        again = f". Starts again {in_words(self.budget.ends_at, self.zone)}" if self.budget.ends_at else ""
        return f"{self.budget.used:,}{of} used{held}{soft}{again}"


@dataclass(frozen=True)
class UnderWay:
    """How many of a person's runs have not ended; and of these, how many end by themselves before long."""

    count: int
    moving: int

    @classmethod
    def of(cls, person: User, workspace: Workspace) -> "UnderWay":
        found = Job.objects.own_of(person, workspace).under_way()
        states = dict(found.values_list("state").annotate(count=Count("pk")))
        return cls(sum(states.values()), sum(states.get(state, 0) for state in MOVING))


class Standing:
    """What a person may spend, in the words of a page."""

    def __init__(self, standing: budgets.Standing, zone: str) -> None:
        self.binding = standing.binding
        self.left = standing.left
        # The nearest limit first: a person's own, the workspace's, the provider's; of each, the shortest.
        nearest = sorted(standing.budgets, key=_nearness)
        self.limits = [Limit(budget, budget == standing.binding, zone) for budget in nearest]

    @property
    def whose(self) -> str:
        if self.binding is None:
            return ""
        return f"{WHOSE[Account.Kind(self.binding.kind)]} {ADVERBS[self.binding.window]}limit"

    @property
    def asks(self) -> str:
        """The deciding limit, as the form that asks for more names it; "" where nobody here can raise it."""
        scopes = {Account.Kind.PERSON: "person", Account.Kind.WORKSPACE: "workspace"}
        scope = self.binding and scopes.get(Account.Kind(self.binding.kind))
        return f"{scope}.{self.binding.window}" if self.binding and scope else ""

    @property
    def part(self) -> float:
        """How much of the deciding limit is left, from 0 to 1."""
        return (self.left or 0) / self.binding.limit if self.binding and self.binding.limit else 0


class Shell:
    """What the frame shows; looked up only when a template asks, and once per request."""

    sandbox: bool = settings.STUDIO_SANDBOX

    def __init__(self, request: StudioRequest) -> None:
        self.request = request

    @classmethod
    def of(cls, request: StudioRequest) -> "Shell":
        """The frame of this request, the same one for view and template."""
        if not hasattr(request, "shell"):
            request.shell = cls(request)  # type: ignore[attr-defined]
        return request.shell  # type: ignore[attr-defined, no-any-return]

    @cached_property
    def membership(self) -> Membership:
        return self.request.membership

    @cached_property
    def account(self) -> ProviderAccount:
        return accounts.current()

    @cached_property
    def standing(self) -> Standing:
        workspace = self.membership.workspace
        return Standing(budgets.standing(self.request.user, workspace, self.account), workspace.time_zone)

    @cached_property
    def styles(self) -> CustomStyleQuerySet:
        return styles.offered(self.request.user, self.membership.workspace, self.account)

    @cached_property
    def favorites(self) -> frozenset[tuple[str, str]]:
        return styles.favorites(self.request.user)

    @cached_property
    def waiting(self) -> "UnderWay":
        return UnderWay.of(self.request.user, self.membership.workspace)

    @cached_property
    def unread(self) -> int:
        return notices.unread(self.request.user)

    @property
    def tools(self) -> list[tuple[str, str]]:
        """What can be made from nothing, by name; nothing for somebody who may only look."""
        return [(slug, each.label) for slug, each in COMPOSED.items()] if self.membership.may_make else []

    @cached_property
    def places(self) -> list[Place]:
        here = self.request.resolver_match.app_name if self.request.resolver_match else ""
        shown = [row for row in PLACES if not row[5] or self.membership.may_steward]
        return [
            Place(name, reverse(url), label, icon, key, _is_here(name, here, self.request.path), name in FIRST)
            for name, url, label, icon, key, _ in shown
        ]


def _is_here(name: str, app: str, path: str) -> bool:
    more = {
        "gallery": app == "assets",
        "queue": path == reverse("jobs:queue"),
        "monitor": app in ("monitor", "caps", "prices", "alerts"),
    }
    return more.get(name, app == name)


def _nearness(budget: Budget) -> tuple[int, int]:
    return list(NAMES).index(Account.Kind(budget.kind)), list(SPANS).index(Budget.Window(budget.window))


def _percent(part: int, whole: int | None) -> float:
    return round(100 * min(max(part, 0) / whole, 1), 2) if whole else 0


@require_GET
@member
def banner(request: StudioRequest) -> HttpResponse:
    """The notices for everybody, fetched again when one of them came or went."""
    if request.headers.get(HEADER):
        # This request speaks for its page. Where the session works meanwhile is another matter, which the page says.
        now = members.current(request.user, "", request.session.get(CHOSEN))
        request.elsewhere = now.workspace if now and now.workspace != request.membership.workspace else None
    # Without its fragment, or a link to it would stay on the page as it is.
    here = page_of(request).partition("#")[0]
    context = {"shell": Shell.of(request), "role": request.GET.get("role", ""), "here": here}
    return render(request, "shell/_banner.html", context)


@require_GET
@member
def units(request: StudioRequest) -> HttpResponse:
    """What the person may still spend, fetched again when a job of the workspace changed."""
    return render(request, "ledger/_units.html", {"standing": Shell.of(request).standing})
