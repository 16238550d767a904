"""Comments on a picture: the list beside it, which brings its pins along, and what is done with one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from studio.errors import InvalidRequest, NotAllowed
from studio.forms.comments import CommentForm
from studio.models import Asset, Comment, User
from studio.services import comments
from studio.views.doors import StudioRequest, member

PAGE, MOST = 200, 2_000


@require_http_methods(["GET", "HEAD", "POST"])
@member
def all(request: StudioRequest, public_id: str) -> HttpResponse:
    """What was said about a picture last, with `shown` so many; a POST says something."""
    asset = get_object_or_404(Asset.objects.visible_to(request.user).select_related("workspace"), public_id=public_id)
    if request.method != "POST":
        return _answer(request, asset, shown=count(request.GET.get("shown", "")))
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            comments.add(request.user, asset, form.cleaned_data["text"], form.pin)
        except NotAllowed as error:
            raise PermissionDenied from error
        return _answer(request, asset)
    return _answer(request, asset, form=form, status=422)


@require_POST
@member
def one(request: StudioRequest, public_id: str, does: str) -> HttpResponse:
    """Change, delete, resolve or reopen a comment."""
    found = Comment.objects.visible_to(request.user).select_related("asset__workspace", "person")
    comment = get_object_or_404(found, public_id=public_id)
    try:
        if does == "edit":
            comments.edit(request.user, comment, request.POST.get("text", ""))
        elif does == "delete":
            comments.delete(request.user, comment)
        elif does in ("resolve", "reopen"):
            comments.resolve(request.user, comment, is_resolved=does == "resolve")
        else:
            raise Http404
    except NotAllowed as error:
        raise PermissionDenied from error
    except InvalidRequest as error:
        return _answer(request, comment.asset, problem=error.message, status=422)
    return _answer(request, comment.asset)


def count(text: str) -> int:
    """How many to show, as an address has it; 0 is as many as usual."""
    return int(text[:5]) if text.isdecimal() and text.isascii() else 0


def around(person: User, asset: Asset, shown: int = 0) -> dict[str, Any]:
    """What the list needs: the last comments, the pinned ones numbered, and who can be named."""
    most = min(max(shown, PAGE), MOST)
    visible = Comment.objects.visible_to(person).filter(asset=asset)
    said = list(visible.select_related("person").order_by("-pk")[: most + 1])[::-1]
    more, first = len(said) > most, 1
    if more:
        said = said[1:]
        first += visible.filter(pk__lt=said[0].pk, x__isnull=False).count()
    for number, comment in enumerate((each for each in said if each.is_pinned), first):
        comment.number = number  # type: ignore[attr-defined]
    earlier = most + PAGE if more and most < MOST else 0
    return {
        "comments": said,
        "earlier": earlier,
        "comments_shown": shown,
        "members": asset.workspace.members.filter(is_active=True).order_by("name"),
    }


def _answer(
    request: StudioRequest,
    asset: Asset,
    *,
    form: CommentForm | None = None,
    problem: str = "",
    status: int = 200,
    shown: int = 0,
) -> HttpResponse:
    if not request.htmx and status == 200 and not shown:
        return redirect("assets:page", asset.public_id)
    errors = [str(error) for each in (form.errors.values() if form else ()) for error in each]
    context = {
        "asset": asset,
        "problems": errors or ([problem] if problem else []),
        **around(request.user, asset, shown),
    }
    context["typed"] = request.POST if status != 200 else {}
    template = "comments/_comments.html" if request.htmx else "comments/page.html"
    return render(request, template, {**context, "oob": bool(request.htmx)}, status=status)
