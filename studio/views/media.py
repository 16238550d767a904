"""
Files of pictures. The one place that hands out stored bytes, and only to somebody who may see their asset.

The type is the one found in the bytes when the file was stored. Whatever a file may hold, it can't act here: it is
sandboxed, its type is not guessed, and an original is saved rather than opened. An address never shows other bytes,
so a browser may keep them for good.
"""

from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from studio.models import Asset, Rendition
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
def serve(request: StudioRequest, public_id: str, variant: str) -> HttpResponse:
    """The original of a picture, or one of its renditions."""
    found = Asset.objects.kept_for(request.user).filter(public_id=public_id)
    if variant == "original":
        asset = get_object_or_404(found.select_related("job"))
        return _original(asset, as_image=request.headers.get("Sec-Fetch-Dest") == "image")
    # A page of the gallery asks for sixty of them, and of the picture itself nothing is told.
    rendition = get_object_or_404(Rendition, asset__in=found, name=variant)
    return _file(rendition.file, rendition.media_type)


def _original(asset: Asset, *, as_image: bool) -> HttpResponse:
    response = _file(asset.file, asset.media_type)
    # A browser that asks for an <img> runs nothing in an SVG; opened as a page it might, so it is saved instead.
    if not (as_image and asset.media_type == SVG):
        response["Content-Disposition"] = content_disposition_header(True, file_name(asset)) or "attachment"
    return response


def _file(name: str, media_type: str) -> HttpResponse:
    # At most 64 MB, mostly a few hundred KB. Under ASGI Django reads a streamed file whole as well, only more slowly.
    with default_storage.open(name) as file:
        return HttpResponse(file.read(), content_type=media_type, headers=HEADERS)


def file_name(asset: Asset) -> str:
    """A name people recognize, from the prompt or what was done, and the public id; never from a file."""
    named = asset.job.prompt or asset.name.partition(":")[0] if asset.job else ""
    words = slugify(named)[:48].strip("-") or "picture"
    return f"{words}-{asset.public_id[:6]}.{asset.extension}"
