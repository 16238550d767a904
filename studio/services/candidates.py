"""Candidates: what editing a picture brought, beside the picture it was made from, until somebody decides.

An accepted one is a version of its source: the editor goes on with it, and the source's page names it. A discarded one
leaves the gallery's first view and nothing else. Nothing is deleted, so every decision can be taken back.
"""

from django.db import transaction
from django.db.models.functions import Now

from studio.models import Asset, Decision, Job, May, User
from studio.models.assets import AssetQuerySet
from studio.services import events, roles


def decide(person: User, candidate: Asset, decision: Decision) -> bool:
    """Say what becomes of a candidate; False if that was said before. Raises NotAllowed."""
    roles.require(person, candidate.workspace_id, May.MAKE)
    return _set(person, candidate.job, Asset.objects.editable_by(person).filter(pk=candidate.pk), decision) == 1


def discard_rest(person: User, job: Job) -> int:
    """Discard whatever of a job nobody has decided on; how many those were. Raises NotAllowed."""
    roles.require(person, job.workspace_id, May.MAKE)
    still_open = Asset.objects.editable_by(person).filter(job=job, decision=Decision.OPEN)
    return _set(person, job, still_open, Decision.DISCARDED)


@transaction.atomic
def _set(person: User, job: Job | None, candidates: AssetQuerySet, decision: Decision) -> int:
    told = (
        {"decided_by": None, "decided_at": None}
        if decision == Decision.OPEN
        else {"decided_by": person, "decided_at": Now()}
    )
    # What was decided before keeps its person and its time: pressing twice is once.
    changed = candidates.exclude(decision=decision).update(decision=decision, **told)
    if changed and job:
        events.publish(job)
    return changed
