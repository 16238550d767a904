"""
Who may come in: an anonymous visitor is sent to sign in, a person without a workspace is told so.

What a person may see in there is not decided here but by `visible_to` of each queryset; what is not theirs is
missing.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from studio.models import Asset, Board, Collection, Job, May, Membership, User, Workspace
from studio.services import members


class StudioRequest(HttpRequest):
    """A request of somebody who is signed in and belongs to a workspace.

    `membership` is the one of the workspace that this page is about; `elsewhere` is set where the address led into
    another workspace than the one the session works in, and is that one.
    """

    user: User
    htmx: HtmxDetails
    membership: Membership
    elsewhere: Workspace | None


HEADER = "X-Workspace"  # the public id of the workspace that a page was opened in
FIELD = "in_workspace"  # the same, in a form that is posted without a script
CHOSEN = "workspace"  # where a session keeps the id of the workspace it works in

# What an address names, and what belongs to a workspace.
Named = TypeVar("Named", Asset, Board, Collection, Job)

# A view takes what its URL carries, so its arguments differ from one to the next.
View = Callable[..., HttpResponseBase]


def member(view: View) -> View:
    """
    Only for members of a workspace: sets `request.membership`, of the workspace that the session works in.

    A page says with each of its own requests which workspace it was opened in (see `HEADER`), so a tab that was left
    open never acts in another one. Who came in by the first link takes a password first: the link is spent by then.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if not request.user.has_usable_password():
            return redirect("people:introduce")
        page = request.headers.get(HEADER) or request.POST.get(FIELD, "")
        membership = members.current(request.user, page, request.session.get(CHOSEN))
        if membership is None and request.headers.get(HEADER):
            return HttpResponseClientRefresh()  # they were removed while this page was open: it must not stay
        if membership is None:
            return render(request, "errors/no_workspace.html", status=403)
        if page and page != membership.workspace.public_id:
            # They have left the workspace of that page, or were removed.
            return HttpResponseClientRefresh() if request.headers.get(HEADER) else redirect("create:home")
        inside = cast(StudioRequest, request)
        inside.membership, inside.elsewhere = membership, None
        return view(inside, *args, **kwargs)

    return guarded


def signed_in(view: View) -> View:
    """Only for people who are signed in, whatever they belong to."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(cast(StudioRequest, request), *args, **kwargs)

    return guarded


def steward(view: View) -> View:
    """Only for owners and admins; for everybody else the page does not exist."""

    @member
    @wraps(view)
    def guarded(request: StudioRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.membership.may(May.STEER):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def enter(request: StudioRequest, workspace: int) -> None:
    """Make this page one of the workspace that its address names something of. The session stays where it is.

    Everything on the page is then that workspace's. Raises Http404 when the address names things of two.
    """
    if getattr(request, "entered", workspace) != workspace:
        raise Http404
    request.entered = workspace  # type: ignore[attr-defined]
    if workspace != request.membership.workspace_id:
        request.elsewhere = request.membership.workspace
        request.membership = members.membership(request.user, workspace)


def entered(request: StudioRequest, found: QuerySet[Named], public_id: str) -> Named:
    """The one of these that an address names, after entering its workspace. Raises Http404 when there is none."""
    row = get_object_or_404(found, public_id=public_id)
    enter(request, row.workspace_id)
    return row


def work_in(request: HttpRequest, workspace: Workspace) -> None:
    """From here on this session works in that workspace, and the person's next one begins there."""
    request.session[CHOSEN] = workspace.pk
    members.remember(cast(User, request.user), workspace)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back here afterwards. A fragment must not end up inside a page, so it moves the page."""
    htmx = cast(StudioRequest, request).htmx
    if not htmx:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    return HttpResponseClientRedirect(redirect_to_login(page_of(request), settings.LOGIN_URL).url)


def page_of(request: HttpRequest) -> str:
    """Where the page is that asks for a fragment, as its header says: a path of this studio, never another site."""
    try:
        here = cast(StudioRequest, request).htmx.current_url_abs_path or "/"
    except ValueError:  # no address at all
        return "/"
    # "//else.where/" is a path in a browser's address bar, and another site as a link.
    return here if url_has_allowed_host_and_scheme(here, None) else "/"


def safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: a path of this studio, never another site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    mine = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if mine else resolve_url(settings.LOGIN_REDIRECT_URL)
