"""Colors from pictures: what a palette can be taken from."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studio.models import Asset
from studio.views.doors import StudioRequest, member

MOST_PICTURES = 12


@require_GET
@member
def pictures(request: StudioRequest) -> HttpResponse:
    """The newest pictures of the workspace whose colors are known, as a fragment."""
    found = Asset.objects.seen_in(request.user, request.membership.workspace)
    found = found.pictures().kept().exclude(rendered_at=None).exclude(colors=[])
    newest = found.select_related("job").order_by("-id")[:MOST_PICTURES]
    return render(request, "create/_palette_pictures.html", {"pictures": newest})
