"""Review boards for members: making one, voting, the ranking, and what to do with it."""

import contextlib
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.errors import InvalidRequest, StudioError
from studio.models import Asset, Board, Collection
from studio.services import boards
from studio.services.rankings import Standing
from studio.views.asked import asked, go_where
from studio.views.asked import keys as _keys
from studio.views.doors import StudioRequest, entered, member
from studio.views.limits import too_often
from studio.views.pages import newest
from studio.views.reviews import blind_file

PAGE = 50


@require_GET
@member
def index(request: StudioRequest) -> HttpResponse:
    """The workspace's boards, the newest first."""
    found = Board.objects.visible_to(request.user).filter(workspace=request.membership.workspace)
    rows, more = newest(request, found.select_related("person"), PAGE)
    return render(request, "boards/index.html", {"boards": rows, "more": more})


@require_POST
@member
def new(request: StudioRequest) -> HttpResponse:
    """Make a board of a collection, or of some pictures."""
    go_where(request, asked(request))
    name, keys = "Review", _keys(request)
    if public_id := request.POST.get("collection"):
        collection = entered(request, Collection.objects.visible_to(request.user), public_id)
        items = collection.items.visible_to(request.user).kept().in_order()
        # The board is everybody's, and the name of a private collection is not.
        name = collection.name if collection.is_shared else name
        keys = list(items.values_list("asset_id", flat=True)[: boards.MOST + 1])
    try:
        board = boards.create(request.membership, name, keys)
    except StudioError as error:
        message = " ".join(error.errors.values()) if isinstance(error, InvalidRequest) else error.message
        return render(request, "exports/refused.html", {"problem": message}, status=422)
    return redirect("boards:page", board.public_id)


@require_GET
@member
def page(request: StudioRequest, public_id: str) -> HttpResponse:
    """How it stands. Who still votes learns that when the board is closed, so that nobody votes with the crowd."""
    return _page(request, _board(request, public_id))


def _page(request: StudioRequest, board: Board, status: int = 200, **more: Any) -> HttpResponse:
    may_edit = Board.objects.editable_by(request.user).filter(pk=board.pk).exists()
    shown = may_edit or board.closed_at is not None
    standings = boards.ranking(board) if shown else []
    voters = board.voters.select_related("person").prefetch_related("votes").order_by("pk")
    context: dict[str, Any] = {"board": board, "may_edit": may_edit, "shown": shown, "voters": voters}
    context |= {"rows": _rows(request, board, standings), "now": timezone.now(), **more}
    return render(request, "boards/page.html", context, status=status)


def _rows(request: StudioRequest, board: Board, standings: list[Standing]) -> list[tuple[Standing, Asset | None, str]]:
    """Each standing with its picture, for those who see that; for others with its key, which shows it blind."""
    items = {item.pk: item for item in board.items.all()} if standings else {}
    seen = Asset.objects.visible_to(request.user).select_related("job", "workspace")
    there = seen.in_bulk([item.asset_id for item in items.values()])
    blind = {item.pk for item in boards.seen(board)} if len(there) < len(items) else set()
    return [
        (each, there.get(items[each.item].asset_id), items[each.item].key if each.item in blind else "")
        for each in standings
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@member
def vote(request: StudioRequest, public_id: str) -> HttpResponse:
    """The next pair; a POST is a vote on the one before."""
    board = _board(request, public_id)
    if board.closed_at or not request.membership.may_judge:
        return redirect("boards:page", public_id)
    if request.method == "POST":
        with contextlib.suppress(InvalidRequest):  # the pair is gone: the next one is shown
            boards.vote(boards.voter(board, request.user), *(request.POST.get(name, "") for name in NAMES))
        return redirect("boards:vote", public_id)
    known = board.voters.filter(person=request.user).first()
    pair = boards.next_pair(known) if known else None
    if known and pair is None:
        return redirect("boards:page", public_id)
    return render(request, "boards/vote.html", {"board": board, "pair": pair, "known": known})


NAMES = ("left", "right", "winner")


@require_POST
@member
def begin(request: StudioRequest, public_id: str) -> HttpResponse:
    """Become one of its voters."""
    board = _board(request, public_id)
    if not board.closed_at and request.membership.may_judge:
        boards.voter(board, request.user)
    return redirect("boards:vote", public_id)


@require_GET
@member
def picture(request: StudioRequest, public_id: str, key: str) -> HttpResponse:
    """A picture of a pair, under a name that tells nothing."""
    found = blind_file(_board(request, public_id), key)
    if found is None:
        raise Http404
    return found


@require_POST
@member
def link(request: StudioRequest, public_id: str) -> HttpResponse:
    """A link for reviewers without an account, shown this once."""
    board = _board(request, public_id)
    if too_often(f"board:{request.user.pk}", 50, 86_400):
        return _page(request, board, 429, problem="That is enough links for a day. Try again tomorrow.")
    try:
        token = boards.open_link(request.user, board)
    except StudioError as error:
        return _page(request, board, 422, problem=error.message)
    board.refresh_from_db()
    return _page(request, board, link=request.build_absolute_uri(reverse("reviews:page", args=[token])))


@require_POST
@member
def close(request: StudioRequest, public_id: str) -> HttpResponse:
    """End the voting."""
    board = _board(request, public_id)
    try:
        boards.close(request.user, board)
    except StudioError as error:
        return _page(request, board, 422, problem=error.message)
    return redirect("boards:page", public_id)


@require_POST
@member
def ratings(request: StudioRequest, public_id: str) -> HttpResponse:
    """Write the result into the pictures' ratings."""
    board = _board(request, public_id)
    try:
        _, refused = boards.write_ratings(request.user, board)
    except StudioError as error:
        return _page(request, board, 422, problem=error.message)
    if refused:
        board.refresh_from_db()
        return _page(request, board, left=refused.items())
    return redirect("boards:page", public_id)


def _board(request: StudioRequest, public_id: str) -> Board:
    found = Board.objects.visible_to(request.user).select_related("person", "workspace")
    return entered(request, found, public_id)
