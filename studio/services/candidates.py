"""Candidates: what editing a picture brought, beside the picture it was made from, until somebody decides.

An accepted one is a version of its source: the editor goes on with it, and the source's page names it. A discarded one
leaves the gallery's first view and nothing else. Nothing is deleted, so every decision can be taken back.
"""

from studio.errors import Frozen
from studio.models import Asset, Decision, Job, May, User, Workspace
from studio.services import acts, roles
from studio.services.verbs import FROZEN

VERBS = {Decision.ACCEPTED: "accept", Decision.DISCARDED: "reject", Decision.OPEN: "reopen"}


def decide(person: User, candidate: Asset, decision: Decision) -> bool:
    """Say what becomes of a candidate; False if that was said before. Raises NotAllowed, Frozen."""
    return _act(person, candidate.workspace, [candidate.pk], decision) == 1


def discard_rest(person: User, job: Job) -> int:
    """Discard whatever of a job nobody has decided on; how many those were. Raises NotAllowed."""
    rest = Asset.objects.editable_by(person).filter(job=job, decision=Decision.OPEN, approved_at=None)
    return _act(person, job.workspace, list(rest.values_list("pk", flat=True)), Decision.DISCARDED)


def _act(person: User, workspace: Workspace, candidates: list[int], decision: Decision) -> int:
    roles.require(person, workspace, May.MAKE)
    action = acts.begin(person, workspace, VERBS[Decision(decision)], None, candidates)
    acts.carry_out(action.pk)
    action.refresh_from_db()
    if FROZEN in action.refused:
        raise Frozen(FROZEN)
    return action.done
