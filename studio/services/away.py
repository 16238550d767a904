"""Runs that ended while nobody looked: told once, when the last of them is through.

Whoever has a page open sees their runs end, and is told nothing. Whoever has not is told of all the runs they left
behind in one notice, as soon as none is under way any more: what waits for an approval or for reconciliation does not
count, since that may take days.

What is being followed lives in the memory of the clock that leads; a clock that takes over follows what it finds under
way. Nothing that has to be kept hangs on it: the runs themselves are in the feed.
"""

from collections import Counter, defaultdict

from studio.models import LOCAL, Job, JobState, NoticeKind, User, Workspace
from studio.services import events, notices

MOVING = (JobState.QUEUED, JobState.RUNNING, JobState.SAVING)
WELL = (JobState.DONE, JobState.PARTIAL)
BADLY = (JobState.FAILED, JobState.LOST, JobState.EXPIRED)

Whose = tuple[int, int]  # person, workspace


class Followed:
    """The runs of everybody who has some under way, since they last looked."""

    def __init__(self) -> None:
        self._jobs: dict[Whose, set[int]] = {}

    def look(self) -> None:
        """Tell those whose last run has ended, and who are not here."""
        moving: dict[Whose, set[int]] = defaultdict(set)
        found = Job.objects.filter(state__in=MOVING).exclude(operation=LOCAL)
        for person, workspace, job in found.values_list("person", "workspace", "pk"):
            moving[person, workspace].add(job)
        here = {person for person, _ in self._jobs.keys() | moving.keys() if events.is_here(person)}
        for whose, jobs in self._jobs.items():
            if whose not in moving and whose[0] not in here:
                _tell(whose, jobs)
        self._jobs = {
            whose: jobs if whose[0] in here else jobs | self._jobs.get(whose, set()) for whose, jobs in moving.items()
        }


def _tell(whose: Whose, jobs: set[int]) -> None:
    ended = list(Job.objects.filter(pk__in=jobs, state__in=WELL + BADLY).order_by("pk"))
    if not ended:
        return  # canceled, all of them
    person, workspace = User.objects.get(pk=whose[0]), Workspace.objects.get(pk=whose[1])
    url = f"/?who=mine#run-{ended[0].public_id}" if len(ended) == 1 else "/?who=mine"
    notices.tell([person], workspace, NoticeKind.RUNS, _text(ended), url, f"runs:{ended[-1].pk}")


def _text(ended: list[Job]) -> str:
    states = Counter(job.state in WELL for job in ended)
    well, badly = states[True], states[False]
    if len(ended) == 1:
        about = f": {ended[0].prompt[:80]}" if ended[0].prompt else ""
        return f"Your run is done{about}" if well else f"Your run failed{about}. {ended[0].reason}"
    done = f"{well} runs are done" if well != 1 else "1 run is done"
    failed = f"{badly} failed" if badly else "none failed"
    return f"While you were away: {done}, {failed}."
