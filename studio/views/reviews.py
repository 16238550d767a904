"""
A review board as somebody without an account sees it: a name, then pairs of pictures, and nothing else of the studio.

As with shared pictures there is one answer for every link that doesn't open, nothing is kept by a cache, and no file
says whose it is. A signed cookie for this link alone carries who votes; they alone learn that the voting is over.
"""

import contextlib
from collections.abc import Callable
from functools import wraps

from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from studio.errors import InvalidRequest
from studio.models import Board, Voter
from studio.services import boards
from studio.views.limits import address, too_often
from studio.views.media import HEADERS as MEDIA_HEADERS
from studio.views.shared import HEADERS

COOKIE, COOKIE_SECONDS = "voter", 30 * 86_400
_signer = TimestampSigner(salt="studio.reviews")

View = Callable[..., HttpResponse]


def reviewer(view: View) -> View:
    """Find the link's board."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **named: str) -> HttpResponse:
        board = boards.find(token)
        if board is not None:
            response = view(request, board, token, **named)
        elif _voters(request).filter(board__closed_at__isnull=False).exists():
            response = render(request, "boards/done.html", {"closed": True})
        else:
            response = render(request, "shares/over.html", status=404)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return guarded


@reviewer
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, board: Board, token: str) -> HttpResponse:
    """A name first, then one pair after the other."""
    voter = _voter(request, board)
    if request.method == "POST":
        return _vote(request, voter, token) if voter else _join(request, board, token)
    if voter is None:
        return render(request, "boards/join.html", {"board": board, "token": token})
    pair = boards.next_pair(voter)
    return render(request, "boards/pair.html" if pair else "boards/done.html", {"pair": pair, "token": token})


@reviewer
@require_safe
def picture(request: HttpRequest, board: Board, token: str, key: str) -> HttpResponse:
    """A picture of a pair, for who gave a name."""
    found = blind_file(board, key) if _voter(request, board) else None
    return found or render(request, "shares/over.html", status=404)


def blind_file(board: Board, key: str) -> HttpResponse | None:
    """A picture of the board without anything that says whose it is; its metadata is not in a rendition."""
    item = next((item for item in boards.seen(board) if item.key == key), None)
    if item is None:
        return None
    rendition = next((each for each in item.asset.renditions.all() if each.name == "preview"), None)
    if rendition is None:
        return None
    with default_storage.open(rendition.file) as file:
        headers = {**MEDIA_HEADERS, "Cache-Control": "no-store"}
        return HttpResponse(file.read(), content_type=rendition.media_type, headers=headers)


def _voter(request: HttpRequest, board: Board) -> Voter | None:
    return _voters(request).filter(board=board).select_related("board__person", "board__workspace").first()


def _voters(request: HttpRequest) -> QuerySet[Voter]:
    """The guest whom the cookie of this link names."""
    try:
        pk = _signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=COOKIE_SECONDS)
    except BadSignature:
        return Voter.objects.none()
    return Voter.objects.filter(pk=pk, person=None)


def _join(request: HttpRequest, board: Board, token: str) -> HttpResponse:
    context = {"board": board, "token": token}
    if too_often(f"review:{address(request)}", 20, 3600):
        return render(request, "boards/join.html", {**context, "problem": "Try again in an hour."}, status=429)
    try:
        voter = boards.guest(board, request.POST.get("name", ""))
    except InvalidRequest as error:
        return render(request, "boards/join.html", {**context, "problem": error.message}, status=422)
    here = reverse("reviews:page", args=[token])
    response = redirect(here)
    signed, safe = _signer.sign(str(voter.pk)), request.is_secure()
    response.set_cookie(COOKIE, signed, COOKIE_SECONDS, path=here, secure=safe, httponly=True, samesite="Lax")
    return response


def _vote(request: HttpRequest, voter: Voter, token: str) -> HttpResponse:
    with contextlib.suppress(InvalidRequest):  # the pair is gone: the next one is shown
        boards.vote(voter, *(request.POST.get(name, "") for name in ("left", "right", "winner")))
    return redirect("reviews:page", token)
