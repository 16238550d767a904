"""Taking pictures out: the order, and the list of what was ordered."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from studio.errors import InvalidRequest, StudioError
from studio.forms.exports import NOTES, ExportForm
from studio.models import Asset, Collection, Export, ExportState, ItemState
from studio.services import exports, filenames
from studio.views import ranges
from studio.views.asked import asked, go_where, keys, whole
from studio.views.doors import StudioRequest, entered, member
from studio.views.media import HEADERS
from studio.views.pages import newest

PAGE = 30
PIECE = 2**18  # bytes of a file that are sent at a time
MOST_TOLD = 50  # pictures that were left out, by name


@require_GET
@member
def index(request: StudioRequest) -> HttpResponse:
    """My exports, the newest first, of whichever of one's workspaces: they are one's own."""
    found = Export.objects.visible_to(request.user).select_related("workspace")
    rows, more = newest(request, found, PAGE)
    template = "exports/_rows.html" if request.htmx and "before" in request.GET else "exports/index.html"
    return render(request, template, {"exports": rows, "more": more})


@require_GET
@member
def card(request: StudioRequest, public_id: str) -> HttpResponse:
    """How far one is; it asks again whenever it got on."""
    return render(request, "exports/_export.html", {"export": _export(request, public_id)})


@require_GET
@member
def report(request: StudioRequest, public_id: str) -> HttpResponse:
    """What was left out, and why."""
    export = _export(request, public_id)
    missing = export.items.filter(state=ItemState.LEFT_OUT).select_related("asset__job").order_by("position")
    there = Asset.objects.visible_to(request.user).filter(pk__in=missing.values("asset"))
    seen = set(there.values_list("pk", flat=True))
    context = {"export": export, "missing": missing[:MOST_TOLD], "seen": seen, "most": MOST_TOLD}
    return render(request, "exports/report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def new(request: StudioRequest) -> HttpResponse:
    """Choose the format, the size and the names; a POST orders it."""
    collection = _collection(request)
    names = [] if collection else asked(request)
    go_where(request, names)
    # A POST that chooses nothing yet only names pictures: more of them than fit an address.
    form = ExportForm(request.POST if "format" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            exports.order(request.membership, _keys(request, collection), form.options(), _label(collection))
        except InvalidRequest as error:
            form.add_error(None, " ".join(error.errors.values()))
        except StudioError as error:
            form.add_error(None, error.message)
        else:
            return redirect("exports:index")
    context: dict[str, Any] = {"form": form, "collection": collection, "assets": ",".join(names), "count": len(names)}
    context |= {"notes": NOTES, "fields": filenames.FIELDS, "first": _first(request, names)}
    context |= whole(request)
    return render(request, "exports/new.html", context, status=422 if form.is_bound else 200)


@require_POST
@member
def sheet(request: StudioRequest) -> HttpResponse:
    """A contact sheet of a collection, or of some pictures."""
    collection = _collection(request)
    go_where(request, asked(request))
    try:
        label = _label(collection) or "Contact sheet"
        exports.order_sheet(request.membership, _keys(request, collection), label)
    except StudioError as error:
        return render(request, "exports/refused.html", {"problem": error.message}, status=422)
    return redirect("exports:index")


@require_safe
@member
def file(request: StudioRequest, public_id: str) -> HttpResponseBase:
    """The file of an export, for its person alone; of one that was interrupted, the rest."""
    export = _export(request, public_id)
    if export.state != ExportState.READY:
        raise Http404
    etag = f'"{export.file.rpartition("/")[2]}"'  # the hash of its bytes
    part = ranges.asked(request, export.size, etag)
    # Given as an asynchronous stream: Django would read any other whole before it sends the first byte.
    pieces = _pieces(export.file, part.start, part.length if request.method == "GET" else 0)
    response = StreamingHttpResponse(pieces, status=part.status, content_type=export.media_type)
    for name, value in HEADERS.items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    response["Content-Length"] = str(part.length)
    response["Content-Disposition"] = content_disposition_header(True, export.name) or "attachment"
    response["Accept-Ranges"], response["ETag"] = "bytes", etag
    if part.status != 200:
        response["Content-Range"] = part.content_range
    return response


async def _pieces(name: str, start: int, left: int) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(default_storage.open, name) as opened:
        opened.seek(start)
        while piece := await asyncio.to_thread(opened.read, min(PIECE, left)):
            left -= len(piece)
            yield piece


@require_POST
@member
def delete(request: StudioRequest, public_id: str) -> HttpResponse:
    """Be done with one before its week is over, or before it is made."""
    exports.delete(_export(request, public_id))
    return redirect("exports:index")


def _export(request: StudioRequest, public_id: str) -> Export:
    return get_object_or_404(Export.objects.visible_to(request.user), public_id=public_id)


def _collection(request: StudioRequest) -> Collection | None:
    sent = request.POST if request.method == "POST" else request.GET
    if not (public_id := sent.get("collection")):
        return None
    return entered(request, Collection.objects.visible_to(request.user), public_id)


def _keys(request: StudioRequest, collection: Collection | None) -> list[int]:
    if collection is None:
        return keys(request)
    items = collection.items.visible_to(request.user).kept().in_order()
    return list(items.values_list("asset_id", flat=True)[: exports.MOST + 1])


def _label(collection: Collection | None) -> str:
    return collection.name if collection else ""


def _first(request: StudioRequest, names: list[str]) -> Asset | None:
    return Asset.objects.visible_to(request.user).filter(public_id__in=names[:1]).first()
