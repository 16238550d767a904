"""
What a guest sees behind a share link: the pictures, and nothing else of the studio.

One answer, to the byte, for a link that has expired, was revoked, or never was. Nothing here is kept by a cache, found
by a search engine, or named to another site. Where there is a password it comes by POST, and who knew it carries a
signed cookie for this link alone.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.forms.shares import LinkPasswordForm
from studio.models import Asset, Share, Size
from studio.services import shares
from studio.views.limits import address, too_often
from studio.views.media import HEADERS as MEDIA_HEADERS
from studio.views.media import file_name

PAGE = 60
COOKIE = "shared"
COOKIE_SECONDS = 12 * 3600
TRIES_PER_PEER = (10, 3600)
TRIES_PER_LINK = (100, 3600)
TOO_OFTEN = "Too many tries. Wait an hour, or ask who sent you the link."
HEADERS = {
    "Cache-Control": "no-store",
    # The address is the secret, and no other site hears it. With "no-referrer" a browser would send these pages' own
    # forms with the origin "null", which is refused.
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive, noimageindex",
}

View = Callable[..., HttpResponse]
_signer = TimestampSigner(salt="studio.shared")


def guest(view: View) -> View:
    """Find the link's share; a link that doesn't open gets the one answer there is for all of them."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **named: Any) -> HttpResponse:
        share = shares.find(token)
        if share is None:
            response = render(request, "shares/over.html", status=404)
        elif not _unlocked(request, share):
            response = _locked(request, token)
        else:
            response = view(request, share, token, **named)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return guarded


def _unlocked(request: HttpRequest, share: Share) -> bool:
    if not share.password:
        return True
    try:
        return bool(_signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=COOKIE_SECONDS) == shares.proof(share))
    except BadSignature:
        return False


def _locked(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        return _open(request, token)
    return render(request, "shares/locked.html", {"token": token, "form": LinkPasswordForm()})


def _open(request: HttpRequest, token: str) -> HttpResponse:
    """The password, posted to whatever address of the link asked for it."""
    share, form = shares.find(token), LinkPasswordForm(request.POST)
    status = 422
    # Both count, also when the first is full already: otherwise one full bucket would hide the other.
    full = [too_often(f"s:{token}:{address(request)}", *TRIES_PER_PEER), too_often(f"s:{token}", *TRIES_PER_LINK)]
    if any(full):
        form.add_error(None, TOO_OFTEN)
        status = 429
    elif form.is_valid() and share:
        if shares.opens(share, form.cleaned_data["password"]):
            response = redirect("shared:page", token)
            signed, path = _signer.sign(shares.proof(share)), reverse("shared:page", args=[token])
            safe = request.is_secure()
            response.set_cookie(COOKIE, signed, COOKIE_SECONDS, path=path, secure=safe, httponly=True, samesite="Lax")
            return response
        form.add_error(None, "This is not the password.")
    return render(request, "shares/locked.html", {"token": token, "form": form}, status=status)


@sensitive_post_parameters("password")
@guest
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, share: Share, token: str) -> HttpResponse:
    """The pictures in order, page by page."""
    if request.method == "POST":
        return redirect("shared:page", token)
    found = share.items.select_related("asset__job", "asset__person")
    if after := request.GET.get("after"):
        place, _, pk = after.partition("_")
        if not (place.removeprefix("-").isdecimal() and pk.isdecimal() and len(after) < 42):
            raise Http404
        found = found.after(int(place), int(pk))
    items = list(found[: PAGE + 1])
    more = f"{items[PAGE - 1].place}_{items[PAGE - 1].pk}" if len(items) > PAGE else ""
    shown = [Shown(share, token, item.asset) for item in items[:PAGE]]
    return render(request, "shares/page.html", {"share": share, "token": token, "shown": shown, "more": more})


@guest
@require_safe
def picture(request: HttpRequest, share: Share, token: str, public_id: str) -> HttpResponse:
    """One picture, as large as the link allows."""
    asset = shares.picture(share, public_id)
    if asset is None:
        return render(request, "shares/over.html", status=404)
    return render(request, "shares/picture.html", {"share": share, "token": token, "each": Shown(share, token, asset)})


@guest
@require_POST
def seen(request: HttpRequest, share: Share, token: str) -> HttpResponse:
    """A page was looked at by somebody with a browser: programs that fetch a preview of a link don't count."""
    if not too_often(f"seen:{share.pk}:{address(request)}", 1, 1800):
        shares.seen(share)
    return HttpResponse(status=204)


@guest
@require_safe
def media(request: HttpRequest, share: Share, token: str, public_id: str, size: str) -> HttpResponse:
    """A file of a picture. `?save=1` saves it, where the link allows that."""
    asset = shares.picture(share, public_id)
    found = shares.file(share, asset, size) if asset else None
    save = bool(request.GET.get("save")) or size == Size.ORIGINAL
    if asset is None or found is None or (save and not share.may_download):
        return render(request, "shares/over.html", status=404)
    with default_storage.open(found.file) as file:
        response = HttpResponse(file.read(), content_type=found.media_type, headers=MEDIA_HEADERS)
    if save:
        name = file_name(asset) if share.tells_words else f"picture-{asset.public_id[:6]}.{asset.extension}"
        name = f"{name.rpartition('.')[0]}.{EXTENSIONS[found.media_type]}"
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


EXTENSIONS = {
    "image/webp": "webp",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/svg+xml": "svg",
    "application/pdf": "pdf",
}


class Shown:
    """A picture as a guest sees it: what the link doesn't tell is not here for a template to tell."""

    def __init__(self, share: Share, token: str, asset: Asset) -> None:
        self.id = asset.public_id
        self.width, self.height = asset.width, asset.height
        self.placeholder = asset.placeholder
        self.is_ready = asset.rendered_at is not None
        self.words = asset.told if share.tells_words else ""
        self.person = str(asset.person.name) if share.tells_people else ""
        sizes = share.sizes()
        self.tile = self._address(token, Size.TILE)
        self.large = self._address(token, Size.PREVIEW if Size.PREVIEW in sizes else Size.TILE)
        self.page = reverse("shared:picture", args=[token, asset.public_id])
        self.save = f"{self._address(token, share.largest)}?save=1" if share.may_download else ""

    def _address(self, token: str, size: str) -> str:
        return reverse("shared:media", args=[token, self.id, size])
