"""
Files of pictures. The one place that hands out stored bytes, and only to somebody who may see their asset.

The type is the one found in the bytes when the file was stored. Whatever a file may hold, it can't act here: it is
sandboxed, its type is not guessed, and an original is saved rather than opened. An address never shows other bytes,
so a browser may keep them for good.
"""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from studio.models import Asset
from studio.views.doors import StudioRequest, member

SVG = "image/svg+xml"
HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
@member
def serve(request: StudioRequest, public_id: str, variant: str) -> HttpResponseBase:
    """The original of a picture, or one of its renditions."""
    asset = get_object_or_404(Asset.objects.visible_to(request.user).select_related("job"), public_id=public_id)
    if variant == "original":
        return _original(asset, as_image=request.headers.get("Sec-Fetch-Dest") == "image")
    rendition = asset.renditions.filter(name=variant).first()
    if rendition is None:
        raise Http404
    # Small, and asked for by the dozen: one read is cheaper than streaming it through a thread.
    with default_storage.open(rendition.file) as file:
        return HttpResponse(file.read(), content_type=rendition.media_type, headers=HEADERS)


def _original(asset: Asset, *, as_image: bool) -> FileResponse:
    # A browser that asks for an <img> runs nothing in an SVG; opened as a page it might, so it is saved instead.
    response = FileResponse(
        default_storage.open(asset.file),
        content_type=asset.media_type,
        as_attachment=not (as_image and asset.media_type == SVG),
        filename=file_name(asset),
        headers=HEADERS,
    )
    response["Content-Length"] = str(asset.size)
    return response


def file_name(asset: Asset) -> str:
    """A name people recognize, made from the prompt and the public id; never from a file."""
    words = slugify(asset.job.prompt if asset.job else "")[:48].strip("-") or "picture"
    return f"{words}-{asset.public_id[:6]}.{asset.extension}"
