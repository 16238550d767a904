"""Taking in pictures from a person's machine, several at once."""

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from studio.errors import StudioError
from studio.services import uploads
from studio.views.doors import StudioRequest, member

MOST_FILES = 50


@dataclass(frozen=True)
class Taken:
    """What became of one file: the picture, or the sentence that refuses it."""

    name: str
    upload: uploads.Upload | None = None
    refusal: str = ""


@require_POST
@member
def take(request: StudioRequest) -> HttpResponse:
    """Take files in. One good file opens the editor; of several, each is listed with what became of it."""
    files = request.FILES.getlist("file")
    taken = [_taken(request, file) for file in files[:MOST_FILES]]
    only = taken[0].upload if len(taken) == 1 else None
    if only and not only.notes:
        return _go(request, only.asset.public_id)
    context = {"taken": taken, "left_out": len(files) - len(taken), "most": MOST_FILES}
    if request.htmx:
        return render(request, "uploads/_taken.html", context)
    status = 200 if any(each.upload for each in taken) else 422
    return render(request, "uploads/page.html", context, status=status)


def _taken(request: StudioRequest, file: "UploadedFile[bytes]") -> Taken:
    name = uploads.clean_name(file.name or "") or "A file without a name"
    try:
        return Taken(name, uploads.take(request.user, request.membership.workspace, file))
    except StudioError as error:
        return Taken(name, refusal=error.message)


def _go(request: StudioRequest, public_id: str) -> HttpResponse:
    to = redirect("edit:start", public_id)
    return HttpResponseClientRedirect(to.url) if request.htmx else to
