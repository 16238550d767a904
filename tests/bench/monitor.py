"""How long the pages of figures take when the ledger is long, beside the same pages when it is short.

The pages are asked of Django in this process, so that nothing but they is measured: middleware, queries, template.
The reference is the monitor as it would be without tallies: in another time zone than they were counted in, it adds up
the entries themselves.
"""

import time
from collections.abc import Callable

from django.core.management import call_command
from django.test import Client

from studio.models import Entry, User, Workspace
from tests.bench import machine, seeding
from tests.bench.figures import HEAD, percentile, row, say, verdict

PAGES = ("/monitor/", "/monitor/now/", "/credits/")
FEW, MANY = 1_000, 1_000_000
TIMES = 25
MOST = 3.0  # times as long


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    owner = seeding.found()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(owner)
    say(HEAD)
    few = _measured(client, owner, FEW)
    many = _measured(client, owner, MANY)
    for page in PAGES:
        times = percentile(many[page], 50) / percentile(few[page], 50)
        what = f"{page} with {MANY:,} entries, in times of {FEW:,}"
        say(verdict(what, times, "x ", f"at most {MOST:.0f}", times <= MOST))
    Workspace.objects.update(time_zone="America/New_York")
    live = _timed(lambda: client.get("/monitor/"), 3)
    say(row(f"/monitor/ without tallies, n = {len(live)}", live))


def _measured(client: Client, owner: User, entries: int) -> dict[str, list[float]]:
    (seconds,) = _timed(lambda: seeding.fill(owner, entries), 1)
    seeding.settle_down()
    machine.wait_until_quiet()
    say(f"{Entry.objects.count():,} entries, written in {seconds:.0f} s; load {machine.load()}; n = {TIMES} each")
    found = {}
    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code == 200, (answer.status_code, answer.headers)
        found[page] = _timed(lambda page=page: client.get(page), TIMES)  # type: ignore[misc]
        say(row(f"{page} with {entries:,} entries", found[page]))
    return found


def _timed(work: Callable[[], object], times: int) -> list[float]:
    taken = []
    for _ in range(times):
        before = time.perf_counter()
        work()
        taken.append(time.perf_counter() - before)
    return taken


if __name__ == "__main__":
    main()
