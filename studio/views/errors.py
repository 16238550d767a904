"""Pages for what went wrong. One body for "missing" and "not yours", so that nothing can be learned by asking."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

# What the database and Valkey raise while they can't be reached; wrong SQL or a wrong command is something else.
AWAY = (OperationalError, InterfaceError, RedisError)
AWAY_SECONDS = 5


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """More fields or bytes than any page sends, or what no browser makes."""
    return render(request, "errors/400.html", status=400)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: usually a page that was left open over a sign-out."""
    return render(request, "errors/stale_form.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """A failure nobody expected; Django calls this while it handles the exception."""
    if isinstance(sys.exception(), AWAY):
        response = render(request, "errors/503.html", status=503)
        response["Retry-After"] = AWAY_SECONDS
        return response
    return render(request, "errors/500.html", status=500)
