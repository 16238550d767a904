"""Help with the words of a prompt: a proposal beside what was typed, never in its place; and one's earlier prompts."""

import hashlib

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from studio.errors import StudioError
from studio.models import Job
from studio.recraft.catalogue import OPERATIONS
from studio.services import jobs
from studio.views.doors import StudioRequest, member

ENHANCE = OPERATIONS["enhance-prompt"]
LONGEST_SEARCH = 200  # characters


@require_POST
@member
def enhance(request: StudioRequest) -> HttpResponse:
    """Ask for a more detailed prompt. The same words in the same form are one request, however often it is pressed."""
    prompt = request.POST.get("prompt", "").replace("\r\n", "\n").strip()
    key = hashlib.sha256(f"{request.POST.get('key', '')}\n{prompt}".encode()).hexdigest()
    try:
        job = jobs.submit(request.user, request.membership.workspace, ENHANCE, {"prompt": prompt}, key)
    except StudioError as error:
        return render(request, "create/_proposal.html", {"refusal": error.message})
    return render(request, "create/_proposal.html", {"job": job})


@require_GET
@member
def proposal(request: StudioRequest, public_id: str) -> HttpResponse:
    """What became of it."""
    asked = Job.objects.visible_to(request.user).filter(operation=ENHANCE.slug).prefetch_related("attempts")
    return render(request, "create/_proposal.html", {"job": get_object_or_404(asked, public_id=public_id)})


@require_GET
@member
def history(request: StudioRequest) -> HttpResponse:
    """The person's own earlier prompts, the newest first; `q` narrows them."""
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    prompts = Job.objects.prompts_of(request.user, request.membership.workspace, words)
    return render(request, "create/_history.html", {"prompts": prompts, "words": words})
