"""What a run's card shows: the job, a slot for each promised picture, and how long it will take."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone

from studio.models import (
    Asset,
    AssetKind,
    Decision,
    Job,
    JobInput,
    JobState,
    ProviderAccount,
    Result,
    ResultState,
    User,
)
from studio.pictures import recipes
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import ASPECTS, ONE_MEGAPIXEL
from studio.services.accounts import current as current_account
from studio.services.inputs import starts_from_pictures
from studio.views.waiting import Place, is_open, places, usual_seconds

# A slot's state, from its result's. A waiting result is paid for and on its way, as a saving one is.
SLOT_STATES = {
    ResultState.WAITING: "saving",
    ResultState.SAVING: "saving",
    ResultState.DONE: "done",
    ResultState.LOST: "lost",
}
# How long a page listens for decisions after a run has ended; later ones are seen at the next load.
DECIDING = timedelta(hours=1)
WITHOUT_RESULTS = (JobState.HELD, JobState.QUEUED, JobState.RUNNING)  # an answer brings them, and ends these
WITH_TILES = (JobState.QUEUED, JobState.RUNNING, JobState.SAVING, JobState.DONE, JobState.PARTIAL)


@dataclass(frozen=True)
class Slot:
    """The place of one promised picture, numbered from 1."""

    number: int
    state: str
    result: Result | None = None
    asset: Asset | None = None

    @property
    def letter(self) -> str:
        return letter(self.number)


@dataclass(frozen=True)
class Card:
    """One run. `place` is its place in line; `usual` the seconds such a call takes, where that was measured."""

    job: Job
    slots: tuple[Slot, ...]
    place: Place | None = None
    usual: float | None = None
    is_stranded: bool = False  # waits for a provider account that this studio does not run on now

    @property
    def has_tiles(self) -> bool:
        """Whether the card shows a slot for each picture, or one slot and the reason."""
        return self.job.state in WITH_TILES

    @property
    def aspect(self) -> str:
        """The aspect of its slots; while Recraft chooses the size, that of the first picture, or a square."""
        first = next((slot.asset for slot in self.slots if slot.asset), None) or self.started_from
        return str(self.job.params.get("size") or (nearest_aspect(first.width, first.height) if first else "1:1"))

    @property
    def source(self) -> Asset | None:
        """The picture whose candidates these are; None where they are no candidates."""
        return None if self.job.is_local else self.started_from

    @property
    def started_from(self) -> Asset | None:
        """The picture it starts from, whose proportions most results keep."""
        return next((each.asset for each in self.job.inputs.all() if each.asset.kind != AssetKind.MASK), None)

    @property
    def is_wide(self) -> bool:
        width, height = (float(part) for part in self.aspect.split(":"))
        return width / height > 1.6

    @property
    def took(self) -> timedelta | None:
        """From the press of the button to the last picture."""
        return self.job.ended_at - self.job.created_at if self.job.ended_at else None

    @property
    def done(self) -> int:
        return sum(1 for slot in self.slots if slot.state == "done")

    @property
    def is_settled(self) -> bool:
        """Whether nothing on this card changes by itself any more: finished, with every copy made, and decided on."""
        made = [slot.asset for slot in self.slots if slot.asset]
        return self.job.is_finished and all(asset.rendered_at for asset in made) and not self._is_being_decided

    @property
    def _is_being_decided(self) -> bool:
        """Whether somebody may be looking at its candidates just now, and change what all others see."""
        if self.source is None:
            return False
        is_new = self.job.ended_at is not None and timezone.now() - self.job.ended_at < DECIDING
        return is_new and any(slot.asset.decision == Decision.OPEN for slot in self.slots if slot.asset)

    @property
    def operation_label(self) -> str:
        return operation_label(self.job)

    @property
    def title(self) -> str:
        """A name for the run, short enough to be read aloud."""
        prompt = self.job.name or self.job.prompt or self.operation_label
        return prompt if len(prompt) <= 60 else prompt[:59].rstrip() + "…"


def letter(number: int) -> str:
    """What the picture of this number is called among candidates: A, B, ..."""
    return chr(ord("A") + number - 1)


def operation_label(job: Job) -> str:
    """What a job does, or did, in words."""
    if job.is_local:
        return recipes.done(job.params)
    operation = OPERATIONS.get(job.operation)
    return operation.label if operation else job.operation


def nearest_aspect(width: int, height: int) -> str:
    """The documented aspect that is closest to these pixels."""
    wanted = width / height
    return min(ASPECTS, key=lambda aspect: abs(ONE_MEGAPIXEL[aspect][0] / ONE_MEGAPIXEL[aspect][1] - wanted))


def cards(jobs: Iterable[Job], person: User) -> list[Card]:
    """Cards of jobs that came through `Job.objects.for_cards()`, in a constant number of queries.

    A picture that the person may not see has no place on them, neither among the results nor as what they start from.
    """
    jobs = list(jobs)
    _attach(jobs, "results", [job for job in jobs if job.state not in WITHOUT_RESULTS], lambda: _results(person))
    takers = [job for job in jobs if starts_from_pictures(job.operation)]
    _attach(jobs, "inputs", takers, lambda: [Prefetch("inputs", _started_from(person))])
    open_jobs = [job for job in jobs if is_open(job)]
    accounts = {job.provider_account_id: job.provider_account for job in open_jobs}
    lines = {id: places(account) for id, account in accounts.items()}
    usual = {id: usual_seconds(account, _models(open_jobs, account)) for id, account in accounts.items()}
    here = current_account().pk if open_jobs else None
    made = _made([job for job in jobs if job.is_local], person)
    return [
        Card(
            job=job,
            slots=tuple(_local_slots(job, made[job.pk]) if job.is_local else _slots(job)),
            place=lines.get(job.provider_account_id, {}).get(job.pk),
            usual=usual.get(job.provider_account_id, {}).get(job.image_model),
            is_stranded=job.is_unsent and here is not None and job.provider_account_id != here,
        )
        for job in jobs
    ]


def _attach(jobs: list[Job], name: str, some: list[Job], what: "Callable[[], list[Prefetch[str]]]") -> None:
    """Look up for some jobs what all the others have none of, which needs no looking up, nor a query for it."""
    for job in jobs:
        if job not in some:
            vars(job).setdefault("_prefetched_objects_cache", {})[name] = ()  # as if it had been
    if some:
        prefetch_related_objects(some, *what())


def _results(person: User) -> "list[Prefetch[str]]":
    seen = Asset.objects.visible_to(person)
    return [Prefetch("results", Result.objects.order_by("index")), Prefetch("results__asset", seen)]


def _started_from(person: User) -> QuerySet[JobInput]:
    return JobInput.objects.visible_to(person).select_related("asset").order_by("id")


def _models(jobs: Iterable[Job], account: ProviderAccount) -> set[str]:
    return {job.image_model for job in jobs if job.provider_account_id == account.pk}


def _made(jobs: list[Job], person: User) -> dict[int, list[Asset]]:
    """What came of local jobs, which have no results, in the order of its making."""
    found: dict[int, list[Asset]] = {job.pk: [] for job in jobs}
    if jobs:
        seen = Asset.objects.visible_to(person).filter(job__in=jobs)
        for asset in seen.select_related("job", "workspace").order_by("pk"):
            found[asset.job_id or 0].append(asset)
    return found


def _local_slots(job: Job, made: list[Asset]) -> Iterable[Slot]:
    places: list[Asset | None] = [*made] if job.is_finished else [None] * job.images
    for number, asset in enumerate(places, 1):
        yield Slot(number, job.state, asset=asset)


def _slots(job: Job) -> Iterable[Slot]:
    for number, result in enumerate(job.slots, 1):
        if result is None:
            yield Slot(number, job.state)
        else:
            asset = result.asset if hasattr(result, "asset") else None
            # Stored, and yet not to be seen by whoever looks: somebody keeps it to themselves, or threw it away.
            if asset or result.state != ResultState.DONE:
                yield Slot(number, SLOT_STATES[ResultState(result.state)], result, asset)
