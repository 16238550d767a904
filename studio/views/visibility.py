"""Who sees a picture, said on its page by who made it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from studio.errors import NotAllowed
from studio.models import Asset, Visibility
from studio.services import visibility
from studio.views.doors import StudioRequest, entered, member


@require_POST
@member
def change(request: StudioRequest, public_id: str) -> HttpResponse:
    """Share a picture with its workspace, or keep it to oneself again."""
    asset = entered(request, Asset.objects.visible_to(request.user).select_related("job"), public_id)
    wanted = request.POST.get("visibility", "")
    if wanted not in Visibility.values:
        return render(request, "assets/_visibility.html", {"asset": asset}, status=422)
    try:
        visibility.show_to(request.user, asset, Visibility(wanted))
    except NotAllowed as error:
        raise PermissionDenied from error
    if not request.htmx:
        return redirect("assets:page", public_id)
    return render(request, "assets/_visibility.html", {"asset": asset})
