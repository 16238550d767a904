"""The person's side of local finishing: a recipe becomes a job of 0 units, done by the studio itself.

Such a job has the lineage of any other and none of the money: it is born `saving` with a charge of 0, so no caller
can claim it, and nothing is reserved for it. The bytes lane is rung after the commit; if that ring is lost, the clock
rings.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from studio import tasks
from studio.errors import InvalidRequest, KeyReused, StudioError, TooManyWaiting
from studio.models import LOCAL, Asset, Job, JobInput, JobState, May, User, Workspace
from studio.pictures import BadPicture, Picture, recipes
from studio.services import accounts, events, inputs, roles

MOST_UNDER_WAY = 200  # local jobs of one person that are not done


def finish(person: User, workspace: Workspace, asset: Asset, recipe: Mapping[str, Any], key: str) -> Job:
    """Take a local job on, or return the one that this key already made; `recipe` as in `pictures.recipes`.

    Raises InvalidRequest (also for a picture that is not there for this person), KeyReused, NotAllowed, TooManyWaiting.
    """
    fingerprint = _fingerprint(workspace, asset, recipe)
    try:
        asked = _check(person, workspace, asset, recipe)
    except StudioError:
        # What was taken once stays taken, even if the same would be refused by now.
        if earlier := Job.objects.filter(person=person, key=key).first():
            return _replay(earlier, fingerprint)
        raise
    job = Job(
        workspace=workspace,
        person=person,
        provider_account=accounts.current(),
        visibility=inputs.visibility(workspace, [JobInput(asset=asset)]),
        operation=LOCAL,
        params={"image": asset.public_id, **recipes.written(asked)},
        images=len(asked.titles),
        key=key,
        fingerprint=fingerprint,
        quoted_units=0,
        charged_units=0,
        state=JobState.SAVING,
    )
    try:
        return _insert(job, asset)
    except IntegrityError:
        # The unique key decides between posts that arrive together.
        earlier = Job.objects.filter(person=person, key=key).first()
        if earlier is None:
            raise
        return _replay(earlier, fingerprint)


def _check(person: User, workspace: Workspace, asset: Asset, recipe: Mapping[str, Any]) -> recipes.Recipe:
    roles.require(person, workspace, May.MAKE)
    if not Asset.objects.visible_to(person).pictures().filter(pk=asset.pk, workspace=workspace).exists():
        raise InvalidRequest({"image": inputs.MISSING})
    source = asset.source
    try:
        asked = recipes.read(recipe)
        asked.check(Picture(source.media_type, source.width, source.height))
    except BadPicture as error:
        raise InvalidRequest({"recipe": str(error)}) from error
    if Job.objects.filter(person=person, operation=LOCAL, state=JobState.SAVING).count() >= MOST_UNDER_WAY:
        raise TooManyWaiting(f"{MOST_UNDER_WAY} of your pictures are being finished. Let some come first.")
    return asked


@transaction.atomic
def _insert(job: Job, asset: Asset) -> Job:
    job.save(force_insert=True)
    JobInput.objects.create(job=job, asset=asset, param="image")
    transaction.on_commit(lambda: tasks.ring(tasks.finish_pictures, job.pk))
    events.publish(job)
    return job


def _replay(job: Job, fingerprint: str) -> Job:
    if job.fingerprint != fingerprint:
        raise KeyReused("This form was already sent with other settings. Reload the page and send it again.")
    return job


def _fingerprint(workspace: Workspace, asset: Asset, recipe: Mapping[str, Any]) -> str:
    request = json.dumps([LOCAL, workspace.pk, asset.public_id, recipe], sort_keys=True)
    return hashlib.sha256(request.encode()).hexdigest()
