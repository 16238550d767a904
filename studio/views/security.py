"""
Headers of every response, and requests that are refused before a view sees them.

Personal pages are kept by no cache and vary with HX-Request, because one URL is both a page and a fragment. A
request that changes something and says that it comes from another site is refused, beside Django's CSRF token.
"""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware

from studio.views.errors import unreadable

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# "none" is a person who typed the address; "same-site" is another host of this domain, which is not us.
TRUSTED_SITES = frozenset({"", "same-origin", "none"})
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"

Response = HttpResponseBase


@sync_and_async_middleware
def headers(
    get_response: Callable[[HttpRequest], Response | Awaitable[Response]],
) -> Callable[[HttpRequest], Response | Awaitable[Response]]:
    """Middleware, inside Django's own security middleware."""
    if iscoroutinefunction(get_response):

        async def guard_async(request: HttpRequest) -> Response:
            refused = _refusal(request)
            response = refused or await get_response(request)
            return _dress(response)

        return guard_async

    def guard(request: HttpRequest) -> Response:
        refused = _refusal(request)
        return _dress(refused or get_response(request))  # type: ignore[arg-type]

    return guard


def _refusal(request: HttpRequest) -> HttpResponse | None:
    # No browser makes such an address, and PostgreSQL fails at a text with this character.
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return unreadable(request)
    if request.method in SAFE_METHODS:
        return None
    elsewhere = request.headers.get("Sec-Fetch-Site", "") not in TRUSTED_SITES
    # A sandboxed frame or a data: page says "null"; treating that as "no origin" has been somebody's CVE.
    if elsewhere or request.headers.get("Origin") == "null":
        return render(request, "errors/403.html", status=403)
    return None


def _dress(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", PERMISSIONS)
    patch_vary_headers(response, ["HX-Request"])
    return response
