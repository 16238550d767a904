"""Taking in pictures from a person's machine: files, many of them, and zips of them; into a collection if asked."""

from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from studio.errors import StudioError, WouldShare
from studio.models import Collection
from studio.services import archives, uploads
from studio.services import collections as services
from studio.views.doors import StudioRequest, member

MOST_FILES = 50
FEW = 12  # files that are each told of; of more, only what was refused or changed


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
    collection = _collection(request)
    taken = [each for file in files[:MOST_FILES] for each in _all_of(request, file)]
    asks = _put(request, collection, taken) if collection else {}
    only = taken[0].upload if len(taken) == 1 else None
    if only and not only.notes and not collection:
        return _go(request, only.asset.public_id)
    context: dict[str, Any] = {"taken": taken, "left_out": len(files[MOST_FILES:]), "most": MOST_FILES}
    context |= {"new": sum(bool(each.upload and each.upload.is_new) for each in taken), "few": len(taken) <= FEW}
    context |= {"known": sum(bool(each.upload and not each.upload.is_new) for each in taken)}
    context |= {"collection": collection, **asks}
    part = request.POST.get("part", "")
    context["part"] = part if part.isdecimal() and len(part) < 6 else ""
    if request.htmx:
        return render(request, "uploads/_taken.html", context)
    status = 200 if any(each.upload for each in taken) else 422
    return render(request, "uploads/page.html", context, status=status)


def _collection(request: StudioRequest) -> Collection | None:
    if not (public_id := request.GET.get("collection")):
        return None
    return get_object_or_404(Collection.objects.editable_by(request.user), public_id=public_id)


def _put(request: StudioRequest, collection: Collection, taken: list[Taken]) -> dict[str, Any]:
    """Put what was taken into a collection; the question, where everybody would see somebody's private pictures."""
    added = [each.upload.asset for each in taken if each.upload]
    try:
        services.add(request.user, collection, [asset.pk for asset in added])
    except WouldShare as question:
        return {"question": question, "assets": ",".join(asset.public_id for asset in added)}
    return {}


def _all_of(request: StudioRequest, file: "UploadedFile[bytes]") -> list[Taken]:
    """What became of a file, or of each one in it if it is a zip."""
    name = uploads.clean_name(file.name or "") or "A file without a name"
    if file.size is None or not archives.is_zip(file):
        return [_taken(request, name, file)]
    try:
        with archives.opened(file, file.size) as entries:
            return [_unpacked(request, entry) for entry in entries]
    except StudioError as error:
        return [Taken(name, refusal=error.message)]


def _unpacked(request: StudioRequest, entry: archives.Member) -> Taken:
    name = uploads.clean_name(entry.name) or "A file without a name"
    try:
        with archives.unpacked(entry) as file:
            return _taken(request, name, file)
    except StudioError as error:
        return Taken(name, refusal=error.message)


def _taken(request: StudioRequest, name: str, file: "File[bytes]") -> Taken:
    try:
        return Taken(name, uploads.take(request.user, request.membership.workspace, file))
    except StudioError as error:
        return Taken(name, refusal=error.message)


def _go(request: StudioRequest, public_id: str) -> HttpResponse:
    to = redirect("edit:start", public_id)
    return HttpResponseClientRedirect(to.url) if request.htmx else to
