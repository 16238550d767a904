"""Files from a person's machine, many of them and zips of them, into a collection if asked; and what came of it."""

from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from studio.errors import StudioError, WouldShare
from studio.models import Asset, Collection, Import
from studio.services import archives, collecting, imports, intake, uploads
from studio.services import collections as services
from studio.services.unpacking import UNNAMED
from studio.views.doors import StudioRequest, entered, member
from studio.views.pages import newest

PAGE = 20
MOST_FILES = 50
FEW = 12  # files that are each told of; of more, only what was refused or changed


@dataclass(frozen=True)
class Taken:
    """What became of one file: the picture, the sentence that refuses it, or the zip that is unpacked."""

    name: str
    upload: intake.Upload | None = None
    refusal: str = ""
    order: Import | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@member
def take(request: StudioRequest) -> HttpResponse:
    """Take files in; a GET is the list of what one brought."""
    return _take(request) if request.method == "POST" else _index(request)


def _index(request: StudioRequest) -> HttpResponse:
    """My imports, the newest first."""
    found = Import.objects.visible_to(request.user).filter(workspace=request.membership.workspace)
    rows, more = newest(request, found.select_related("workspace", "collection"), PAGE)
    template = "uploads/_rows.html" if request.htmx and "before" in request.GET else "uploads/index.html"
    return render(request, template, {"orders": rows, "more": more})


def _take(request: StudioRequest) -> HttpResponse:
    """One good file opens the editor; of several, each is listed with what became of it."""
    files = request.FILES.getlist("file")
    collection = _collection(request)
    taken = [_one_of(request, file, collection) for file in files[:MOST_FILES]]
    asks = _put(request, collection, taken) if collection else {}
    only = taken[0] if len(taken) == 1 else None
    if only and only.upload and not only.upload.notes and not collection:
        return _go(request, only.upload.asset.public_id)
    if only and only.order and not request.htmx:
        return redirect("uploads:card", only.order.public_id)
    part = request.POST.get("part", "")
    context = _told(taken, collection) | {"left_out": len(files[MOST_FILES:]), "most": MOST_FILES, **asks}
    context["part"] = part if part.isdecimal() and len(part) < 6 else ""
    if request.htmx:
        return render(request, "uploads/_taken.html", context)
    status = 200 if any(each.upload or each.order for each in taken) else 422
    return render(request, "uploads/page.html", context, status=status)


@require_GET
@member
def card(request: StudioRequest, public_id: str) -> HttpResponse:
    """How far a zip is unpacked, and then what became of each file in it; the fragment is live."""
    found = Import.objects.visible_to(request.user).select_related("collection", "workspace")
    order = get_object_or_404(found, public_id=public_id)
    context: dict[str, Any] = {"order": order}
    if request.htmx and "row" in request.GET:
        return render(request, "uploads/_row.html", context)
    if not order.is_waiting:
        collection = Collection.objects.editable_by(request.user).filter(pk=order.collection_id or 0).first()
        taken = _unpacked(request, order)
        context |= _told(taken, collection) | {"part": f"-{order.public_id}", "reason": order.reason}
        context |= _question(request, collection, taken) if collection else {}
    return render(request, "uploads/_import.html" if request.htmx else "uploads/page.html", context)


def _told(taken: list[Taken], collection: Collection | None) -> dict[str, Any]:
    """What a list says of what was taken."""
    uploaded = [each.upload for each in taken if each.upload]
    new = sum(upload.is_new for upload in uploaded)
    told = {"taken": taken, "few": len(taken) <= FEW, "collection": collection if uploaded else None}
    return told | {"new": new, "known": len(uploaded) - new}


def _unpacked(request: StudioRequest, order: Import) -> list[Taken]:
    """What became of the files in a zip, as its worker wrote it down."""
    names = [each["asset"] for each in order.taken if "asset" in each]
    there = {asset.public_id: asset for asset in Asset.objects.visible_to(request.user).filter(public_id__in=names)}
    found = []
    for each in order.taken:
        asset = there.get(each.get("asset", ""))
        upload = intake.Upload(asset, tuple(each["notes"]), each["new"]) if asset else None
        found.append(Taken(each["name"], upload, each.get("refusal", "It was added, and is not here any more.")))
    return found


def _question(request: StudioRequest, collection: Collection, taken: list[Taken]) -> dict[str, Any]:
    """Ask before everybody sees private pictures that are not in their collection yet."""
    keys = [each.upload.asset.pk for each in taken if each.upload]
    inside = set(collection.items.visible_to(request.user).filter(asset__in=keys).values_list("asset", flat=True))
    names = [each.upload.asset.public_id for each in taken if each.upload and each.upload.asset.pk not in inside]
    try:
        collecting.ask(request.user, collection, names)
    except WouldShare as question:
        return {"question": question, "assets": ",".join(names)}
    return {}


def _collection(request: StudioRequest) -> Collection | None:
    if not (public_id := request.GET.get("collection")):
        return None
    return entered(request, Collection.objects.editable_by(request.user), public_id)


def _put(request: StudioRequest, collection: Collection, taken: list[Taken]) -> dict[str, Any]:
    """Put what was taken into a collection; the question, where everybody would see somebody's private pictures."""
    added = [each.upload.asset for each in taken if each.upload]
    try:
        services.add(request.user, collection, [asset.pk for asset in added])
    except WouldShare as question:
        return {"question": question, "assets": ",".join(asset.public_id for asset in added)}
    return {}


def _one_of(request: StudioRequest, file: "UploadedFile[bytes]", collection: Collection | None) -> Taken:
    """What became of a file; a zip is kept, and unpacked in the background."""
    name = intake.clean_name(file.name or "") or UNNAMED
    if file.size is None or not archives.is_zip(file):
        return _taken(request, name, file)
    try:
        return Taken(name, order=imports.order(request.membership, file, collection))
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
