"""Acting on pictures: the one address that every key, button and menu posts to, what came of it, and the trash."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget

from studio.errors import InvalidRequest, NotAllowed, StudioError
from studio.forms.acting import ActForm
from studio.models import Action, Asset, AssetEvent, AssetState, Favorite, User
from studio.services import acting, acts, durations, gallery, tags, trash
from studio.services.verbs import PERSONAL, UNDO, VERBS, in_words
from studio.views import comments
from studio.views.asked import asked, go_where
from studio.views.doors import StudioRequest, member, safe_next

PAGE = 60
MOST_EVENTS = 40
MOST_MARKS = 600  # tiles that a page holds
NOTHING_TO_UNDO = "There is nothing of yours to undo from the last 24 hours."


@require_POST
@member
def act(request: StudioRequest) -> HttpResponse:
    """Do something to some pictures; the answer is what they look like now."""
    if not request.htmx:  # a script says where the page is
        go_where(request, asked(request))
    try:
        action = ActForm(request.POST).act(request.membership)
    except StudioError as error:
        return _refused(request, error)
    return _done(request, action)


@require_POST
@member
def undo(request: StudioRequest) -> HttpResponse:
    """Take back what the person did last, or the action named."""
    if named := request.POST.get("action"):
        action = get_object_or_404(Action.objects.visible_to(request.user), public_id=named)
        back = acting.undo(request.user, action)
    else:
        back = acting.undo_last(request.user, request.membership.workspace)
    return _done(request, back) if back else _refused(request, InvalidRequest({"undo": NOTHING_TO_UNDO}))


@require_GET
@member
def action(request: StudioRequest, public_id: str) -> HttpResponse:
    """How far an action on many pictures is, and what it could not do; the fragment is live."""
    found = get_object_or_404(Action.objects.visible_to(request.user).defer("picked"), public_id=public_id)
    context = {"action": found, "told": told(found), "refused": _examples(request, found)}
    return render(request, "acting/_progress.html" if request.htmx else "acting/report.html", context)


@require_GET
@member
def marks(request: StudioRequest) -> HttpResponse:
    """What some pictures look like now, for a page that shows them while they are worked on, here or elsewhere."""
    names = request.GET.get("assets", "").split(",")[:MOST_MARKS]
    known = Asset.objects.kept_for(request.user).filter(public_id__in=names)
    context: dict[str, Any] = {"assets": know(request.user, list(known))}
    if shown := request.GET.get("shown"):
        context |= _shown(request, shown)
        if "said" in request.GET:
            context |= comments.around(request.user, context["shown"], comments.count(request.GET["said"]))
    if days := request.GET.get("days"):
        context["days"] = gallery.per_day(request.user, request.membership.workspace, days.split(",")[:MOST_MARKS])
    return render(request, "acting/_all_marks.html", context)


@require_GET
@member
def suggestions(request: StudioRequest) -> HttpResponse:
    """Tags to choose from, of pictures that the person sees."""
    found = tags.suggested(request.user, request.membership.workspace, request.GET.get("q", ""))
    return render(request, "acting/_tags.html", {"tags": found})


@require_GET
@member
def bin(request: StudioRequest) -> HttpResponse:
    """What is in the trash, the last thrown away first."""
    found = trash.held(request.user, request.membership.workspace, request.GET.get("before", ""))
    page = list(found.select_related("job", "workspace", "trashed_by")[: PAGE + 1])
    more = page[PAGE - 1].public_id if len(page) > PAGE else ""
    context = {"assets": know(request.user, page[:PAGE]), "more": more, "days": durations.TRASH_LIFE.days}
    is_next = request.htmx and "before" in request.GET
    return render(request, "acting/_bin.html" if is_next else "acting/bin.html", context)


# --- what others show -----------------------------------------------------------------------------------------------


def know(person: User, assets: Sequence[Asset]) -> Sequence[Asset]:
    """Mark which of these pictures are the person's favorites, as `is_favorite`, and how long the trash keeps them.

    One query.
    """
    liked = set(Favorite.objects.filter(person=person, asset__in=assets).values_list("asset_id", flat=True))
    for asset in assets:
        asset.is_favorite = asset.pk in liked  # type: ignore[attr-defined]
        asset.left = _left(asset)  # type: ignore[attr-defined]
    return assets


def _left(asset: Asset) -> str:
    """How long the trash keeps it, in words; "" for a picture that is not there."""
    if asset.state != AssetState.TRASHED or not asset.trashed_at:
        return ""
    days = trash.days_left(asset.trashed_at, timezone.now())
    return "1 day left" if days == 1 else f"{days} days left"


def history(asset: Asset) -> list[tuple[AssetEvent, str]]:
    """What was done to a picture, the last first, each in words."""
    events = asset.events.exclude(verb__in=PERSONAL).select_related("person", "action__undoes").order_by("-pk")
    return [(event, _happened(event)) for event in events[:MOST_EVENTS]]


def _happened(event: AssetEvent) -> str:
    after = event.after
    if event.verb == UNDO and event.action and event.action.undoes:
        return f"took back: {PAST.get(event.action.undoes.verb, event.action.undoes.verb)}"
    if event.verb in ("tag", "untag"):
        before, now = set(event.before["tags"]), set(after["tags"])
        return f"{PAST[event.verb]} {in_words('tag', sorted(now ^ before))}"
    if event.verb == "rate":
        return f"rated it {in_words('rate', after['rating'])}"
    return PAST.get(event.verb, event.verb)


PAST = {
    "rate": "rated it",
    "reject": "rejected it",
    "unreject": "brought it back",
    "accept": "accepted it",
    "reopen": "opened it again",
    "tag": "tagged it",
    "untag": "took off",
    "title": "changed the title",
    "note": "changed the note",
    "approve": "approved it",
    "withdraw": "withdrew the approval",
    "trash": "moved it to the trash",
    "restore": "restored it",
    "share": "shared it with the workspace",
    "unshare": "made it private",
    "collect": "put it into a collection",
    "uncollect": "took it out of a collection",
    "comment": "commented",
    "resolve": "settled a comment",
    "reopen-comment": "opened a comment again",
    "remove-comment": "removed a comment",
}


# --- answers --------------------------------------------------------------------------------------------------------


def told(action: Action) -> str:
    """What an action did, in a sentence."""
    done = f"{action.done:,} {'picture' if action.done == 1 else 'pictures'}"
    if action.undoes:
        return f"Undone: {done} put back."
    if not action.done and action.is_finished and not action.refused:
        return "That is so already."
    return VERBS[action.verb].done.format(n=done, value=in_words(action.verb, action.value))


def _done(request: StudioRequest, action: Action) -> HttpResponse:
    if not request.htmx:
        plain = action.is_finished and not action.refused
        return redirect(safe_next(request)) if plain else redirect("acting:action", action.public_id)
    context: dict[str, Any] = {"action": action, "told": told(action)}
    if not acts.is_large(action):
        context["assets"] = _pictures(request, action.picked or ())
    if shown := request.POST.get("shown"):
        context |= _shown(request, shown)
    response = render(request, "acting/_done.html", context)
    if action.is_finished:
        response["HX-Trigger"] = json.dumps({"toast": toast(action)})
    return response


def _shown(request: StudioRequest, public_id: str) -> dict[str, Any]:
    """The one picture that a page is about, and what was done to it."""
    known = Asset.objects.kept_for(request.user).select_related("job", "approved_by", "workspace")
    asset = get_object_or_404(known, public_id=public_id)
    return {"shown": know(request.user, [asset])[0], "history": history(asset)}


def toast(action: Action) -> dict[str, Any]:
    """The notice of an action that is done: what it did, what it left and why, and whether that can be undone."""
    reasons = " ".join(f"{each['count']:,} not: {why}" for why, each in action.refused.items())
    if action.refused and not action.done:
        return {"text": "Nothing was changed.", "note": " ".join(action.refused), "state": "failed"}
    can_undo = bool(action.done) and action.undoes is None
    return {"text": told(action), "note": reasons, "state": "unknown" if action.refused else "ok", "undo": can_undo}


def working(request: StudioRequest, action: Action) -> HttpResponse:
    """The notice of an action under way, for the place on a page where such notices stand."""
    context = {"action": action, "told": told(action)}
    return reswap(retarget(render(request, "acting/_progress.html", context), "#doings"), "beforeend")


def _refused(request: StudioRequest, error: StudioError) -> HttpResponse:
    status = 403 if isinstance(error, NotAllowed) else 422
    if not request.htmx:
        return render(
            request, "acting/refused.html", {"message": error.message, "back": safe_next(request)}, status=status
        )
    said = {"text": "Nothing was changed.", "note": error.message, "state": "failed"}
    return HttpResponse(status=status, headers={"HX-Trigger": json.dumps({"toast": said})})


def _pictures(request: StudioRequest, ids: Iterable[int]) -> Sequence[Asset]:
    return know(request.user, list(Asset.objects.known_to(request.user).filter(pk__in=list(ids))))


def _examples(request: StudioRequest, action: Action) -> list[tuple[str, int, list[Asset]]]:
    named = {public_id for each in action.refused.values() for public_id in each["assets"]}
    known = Asset.objects.visible_to(request.user).filter(public_id__in=named).select_related("job")
    found = {asset.public_id: asset for asset in known}
    return [
        (why, each["count"], [found[name] for name in each["assets"] if name in found])
        for why, each in action.refused.items()
    ]
