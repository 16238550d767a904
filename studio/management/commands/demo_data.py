"""Fill a studio that is not running with a month of believable work, to look at its pages.

    manage.py demo_data
    manage.py demo_data --days 30 --jobs 200 --seed 4

People are made, limits set, and pictures drawn by the sandbox, through the same services as always, each on its day;
then they are judged, filed, talked about and shared (see `lived_in`).
The clock of the ledger is moved for that, and the rows of each job are dated back when it is done. On the sandbox only,
and only where nobody has drawn anything yet: what is in the ledger stays there.
"""

import contextlib
import fcntl
import logging
import random
import secrets
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import F

from studio.errors import StudioError
from studio.management import lived_in
from studio.models import Asset, Job, Membership, Role, User, Workspace
from studio.recraft.catalogue import OPERATIONS
from studio.services import accounts, assets, budgets, durations, execution, facets, jobs, members, renditions, requests
from studio.services.requests import Limit

DAYS, JOBS = 30, 160
PEOPLE = ("Ines Vidal", "Tomas Okafor", "Ayo Brandt", "Priya Sen", "Leo Marin")
BUSY = (6, 5, 4, 4, 3, 2)  # how much each draws beside the others, the owner first
SUBJECTS = (
    "Three hand-thrown ceramic vases on a sunlit plaster ledge",
    "Fox mark for a trail-running brand, geometric, two flat colors",
    "Hot-air balloons over layered hills at first light, travel poster",
    "Tiny isometric room, morning light, wooden floor",
    "Skincare bottle and jar on a round podium, palm shadow",
    "Arches in still water, pastel, calm",
    "Two cacti on a window sill, soft light",
    "Folding bicycle, side view, studio backdrop",
    "Field guide icons: leaf, beetle, feather, stone",
)
MODELS = ("recraftv4_1",) * 6 + ("recraftv4_1_vector",) * 3 + ("recraftv4_1_pro", "recraftv3", "recraftv3", "recraftv4")
STYLES = ("Photorealism", "Illustration", "Hand drawn")
TOOLS = ("remove-background", "vectorize", "crisp-upscale", "creative-upscale")
SIZES = ("1:1", "4:5", "3:4", "16:9")
LARGEST = 2048 * 2048  # pixels of a picture that an operation starts from; larger ones take long to draw
WEEKEND = 5
PART_OF_TOOLS = 0.18  # of the jobs that start from a picture
QUIET_WEEKEND = 0.8  # share of a weekend's work that waits for Monday


@dataclass(frozen=True)
class Wish:
    """One job to be: days from the beginning, which of the people, and what they ask for."""

    day: float
    person: int
    operation: str
    values: dict[str, Any]
    starts_from_picture: bool = False  # one that is there by then; `values` lack it


def plan(days: int, count: int, until: datetime, chance: random.Random) -> list[Wish]:
    """About `count` jobs in the order of their days, the last of which is `until`; weekends are quiet."""
    return [_wish(day, chance) for day in sorted(_moments(days, count, until, chance))]


def _moments(days: int, count: int, until: datetime, chance: random.Random) -> Iterator[float]:
    for _ in range(count):
        day = chance.uniform(0, days)
        weekday = (until - timedelta(days=days - day)).weekday()
        if weekday < WEEKEND or chance.random() > QUIET_WEEKEND:
            yield day


def _wish(day: float, chance: random.Random) -> Wish:
    (person,) = chance.choices(range(len(BUSY)), BUSY)
    if chance.random() < PART_OF_TOOLS:
        return Wish(day, person, chance.choice(TOOLS), {}, starts_from_picture=True)
    model = chance.choice(MODELS)
    values = {
        "prompt": chance.choice(SUBJECTS),
        "model": model,
        "n": chance.choice((1, 2, 2, 4)),
        "size": chance.choice(SIZES),
        "random_seed": chance.randrange(2**32),
    }
    return Wish(day, person, "generate", values | ({"style": chance.choice(STYLES)} if model == "recraftv3" else {}))


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS)
        parser.add_argument("--jobs", type=int, default=JOBS, help="about so many; half a second each")
        parser.add_argument("--seed", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.STUDIO_SANDBOX:
            raise CommandError("This studio runs on Recraft, where work costs money. Demo data is for the sandbox.")
        if Job.objects.exists():
            raise CommandError("Somebody has worked here already. Take an empty folder: STUDIO_VAR=var-demo.")
        logging.getLogger("studio").setLevel(logging.CRITICAL)
        with _alone(), _provider():
            month = _Month(options["days"], random.Random(options["seed"]))  # noqa: S311  the same month each time
            done = month.live(options["jobs"])
            execution.check_provider()
            shared = month.show()
            made = Asset.objects.count()
        self.stdout.write(
            f"{done} jobs of {len(month.people)} people in {month.workspace}, {made} pictures. Now start it: make run\n"
            f"What a guest sees, without an account: /s/{shared.token}/, and to vote: /r/{shared.review}/"
        )


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold the studio's folder, so that no caller takes these jobs for its own."""
    with (settings.VAR / "supervisor.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError(f"A studio runs on {settings.VAR}. Stop it first.") from error
        yield


@contextlib.contextmanager
def _provider() -> Iterator[None]:
    """The studio's own sandbox, for as long as this takes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    limits = ("--requests-per-second", "1000", "--images-per-minute", "100000", "--latency", "0")
    folder = settings.VAR / "sandbox"
    command = [sys.executable, "-m", "studio.sandbox", "--dir", str(folder), "--port", str(port), *limits]
    settings.RECRAFT_BASE_URL = f"http://127.0.0.1:{port}/v1"
    settings.PROVIDER_REQUESTS_PER_SECOND, settings.PROVIDER_IMAGES_PER_MINUTE = 1000, 100_000
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, stderr=subprocess.DEVNULL)  # noqa: S603  our own program
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        else:
            raise CommandError("The sandbox did not start.")
        yield
    finally:
        process.terminate()
        process.wait(30)


class _Month:
    """Some people's work, day by day."""

    def __init__(self, days: int, chance: random.Random) -> None:
        self.days, self.chance = days, chance
        self.account = accounts.current()
        self.raster: list[str] = []
        with durations.shifted(-timedelta(days=days)):
            self.workspace, owner = _workspace()
            self.people = [owner, *(self._member(name) for name in PEOPLE)]
            steward = owner.memberships.get(workspace=self.workspace)
            for window, units in (("day", 2_500), ("month", 12_000)):
                budgets.set_cap(steward, budgets.Rule(window, "member"), units)
            budgets.set_cap(steward, budgets.Rule("run", "member", soft=True), 500)

    def live(self, count: int) -> int:
        done = 0
        for number, wish in enumerate(plan(self.days, count, durations.database_now(), self.chance)):
            age = timedelta(days=self.days - wish.day)
            done += self._work(f"demo-{number}", wish, max(age, timedelta(minutes=2)))
        self._ask()
        return done

    def show(self) -> lived_in.Shared:
        """What the team does with the pictures, besides making them."""
        owner, *others = self.people
        return lived_in.live_in(owner.memberships.get(workspace=self.workspace), others, self.chance)

    def _work(self, key: str, wish: Wish, age: timedelta) -> bool:
        values = wish.values
        if wish.starts_from_picture:
            if not self.raster:
                return False
            values = {"image": self.chance.choice(self.raster)}
        with durations.shifted(-age):
            try:
                person = self.people[wish.person]
                job = jobs.submit(person, self.workspace, OPERATIONS[wish.operation], values, key)
            except StudioError:
                return False  # over a limit, as happens
            Job.objects.filter(pk=job.pk).update(not_before=F("not_before") - age)
            found: list[int] = []
            execution.run_next(self.account.pk, found.extend)
            for result in found:
                self._keep(assets.store(result))
        _date_back(job, age)
        return True

    def _keep(self, asset_id: int | None) -> None:
        if asset_id is None:
            return
        renditions.make(asset_id)
        asset = Asset.objects.get(pk=asset_id)
        if not asset.is_vector and asset.width * asset.height <= LARGEST:
            self.raster.append(asset.public_id)

    def _ask(self) -> None:
        """Two things wait for an answer: a run above the limit, and a wish."""
        ines, tomas = self.people[1], self.people[2]
        values = {"prompt": "Hero banner, skincare line, palm shadow", "model": "recraftv4_1_pro", "n": 4}
        with contextlib.suppress(StudioError):
            jobs.submit(ines, self.workspace, OPERATIONS["generate"], values, "demo-held")
        requests.ask(tomas, self.workspace, 1000, Limit("person", "day"), "Icon set for the field guide, 12 to go")

    def _member(self, name: str) -> User:
        email = f"{name.split()[0].lower()}@example.com"
        person = User.objects.create_user(email, secrets.token_urlsafe(24), name=name)
        members.add(self.workspace, person, Role.EDITOR)
        return person


def _workspace() -> tuple[Workspace, User]:
    """The first workspace with its owner, as the first start makes them."""
    members.first_link()
    owner = Membership.objects.filter(role=Role.OWNER).select_related("workspace", "person").order_by("id")[0]
    return owner.workspace, owner.person


def _date_back(job: Job, age: timedelta) -> None:
    """Move the times that the database itself wrote; the ledger's are right."""
    times = {"created_at": F("created_at") - age}
    Job.objects.filter(pk=job.pk).update(**times, ended_at=F("ended_at") - age)
    job.results.update(**times)
    job.attempts.update(sent_at=F("sent_at") - age, ended_at=F("ended_at") - age)
    job.assets.update(**times, rendered_at=F("rendered_at") - age)
    facets.index(job.assets.values_list("pk", flat=True))
