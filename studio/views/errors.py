"""Pages for what went wrong. One body for "missing" and "not yours", so that nothing can be learned by asking."""

import json
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

from studio.errors import NotAllowed

# What the database and Valkey raise while they can't be reached; wrong SQL or a wrong command is something else.
AWAY = (OperationalError, InterfaceError, RedisError)
AWAY_SECONDS = 5


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Says what the role lacks, where a service has said so; on an open page as a notice, which a fragment can't be."""
    why = exception.__cause__.message if exception and isinstance(exception.__cause__, NotAllowed) else ""
    if why and getattr(request, "htmx", None):
        said = {"text": "Nothing was changed.", "note": why, "state": "failed"}
        return HttpResponse(status=403, headers={"HX-Trigger": json.dumps({"toast": said})})
    return render(request, "errors/403.html", {"why": why}, status=403)


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
