"""Requests in words: what is asked for, and what a run that waits would make."""

from django import template

from studio.models import Job, UnitsRequest, User
from studio.models.scopes import is_open_to
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import IMAGE_MODELS

register = template.Library()

LASTING = {
    ("person", "total"): "",
    ("workspace", "total"): " for the workspace",
    ("workspace", "month"): " for the workspace this month",
    ("workspace", "week"): " for the workspace this week",
    ("workspace", "day"): " for the workspace today",
    ("person", "month"): " this month",
    ("person", "week"): " this week",
    ("person", "day"): " today",
    ("person", "run"): " for one run",
}


@register.filter
def asked_for(request: UnitsRequest) -> str:
    """840 units, one run; +1,000 today."""
    if request.job_id:
        return f"{request.units:,} units, one run"
    return f"+{request.units:,}{LASTING[request.scope, request.window]}"


@register.filter
def is_seen_by(job: Job, person: User) -> bool:
    return is_open_to(job, person)


@register.filter
def job_in_words(job: Job, person: User) -> str:
    """Generate 4 in V4.1 Pro: "Hero banner". Of what somebody keeps to themselves, not the prompt."""
    operation = OPERATIONS.get(job.operation)
    words = operation.label if operation else job.operation
    words += f" {job.images}" if job.images > 1 else ""
    model = IMAGE_MODELS.get(job.image_model)
    words += f" in {model.label}" if model else ""
    if not is_open_to(job, person):
        return f"{words}, private"
    prompt = job.prompt if len(job.prompt) <= 120 else job.prompt[:119].rstrip() + "…"
    return f"{words}: “{prompt}”" if prompt else words
