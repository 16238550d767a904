"""How many reservations a second the gate lets through, and whether it ever lets one too many through.

A reservation is what a submit waits for at the database: one transaction with the job and its quote held on every
budget that applies, all of them locked. Each client is a process of its own. Beside it, on a budget for a hundred
jobs, the gate as it is often built: look what is left, then book. In the database triggers would refuse what that one
lets through; they are taken away for it.
"""

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import NamedTuple

from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction
from django.db.models import F

from studio.errors import OverBudget
from studio.models import Budget, Job, User, guards
from studio.models.statements import insert
from studio.services import accounts, admission, audit, budgets, ledger
from tests import naive
from tests.bench import machine, seeding
from tests.bench.figures import HEAD, row, say, verdict

CLIENTS = (1, 4, 16)
SECONDS = 3.0
UNITS = 35
JOBS = 100  # that the budget of the race is for
CEILING = 100 / 60  # jobs per second, of one picture each. Source: Recraft docs, Appendix, "Policies"
MOST = 500  # times the ceiling

Gate = Callable[[Job], None]


class Taken(NamedTuple):
    """What became of one reservation. Seconds, and those of the client's processor."""

    seconds: float
    worked: float
    is_in: bool


def main() -> None:
    call_command("migrate", verbosity=0)
    owner = seeding.found()
    Budget.objects.update(limit=seeding.UNITS)
    machine.wait_until_quiet()
    say(HEAD)
    for clients in CLIENTS:
        taken = _at_once(owner, clients, _admit, SECONDS)
        seconds = [each.seconds for each in taken]
        rate = len(seconds) / SECONDS
        label = f"a reservation, {clients} client{'s' * (clients > 1)}, n = {len(seconds)}; load {machine.load()}"
        say(row(label, seconds))
        worked = 1000 * sum(each.worked for each in taken) / len(taken)
        say(f"{'processor time of one, without the database server':54}{worked:8.1f}")
        what = f"reservations per second, {rate:.0f}, in times of the provider's ceiling"
        say(verdict(what, rate / CEILING, "x ", f"at least {MOST}", rate / CEILING >= MOST))
    _race(owner, "ours", _admit)
    guards.remove()
    _race(owner, "look, then book", _look_then_book)
    guards.install()


def _race(owner: User, name: str, gate: Gate) -> None:
    """The most clients on a budget that is new, with units for JOBS jobs."""
    total = Budget.objects.get(account__person=owner, window="total")
    Budget.objects.filter(pk=total.pk).update(limit=total.used + total.held + JOBS * UNITS)
    let_in = sum(each.is_in for each in _at_once(owner, max(CLIENTS), gate, 60.0))
    total.refresh_from_db()
    over = max(0, total.used + total.held - (total.limit or 0))
    part = f"{100 * over / (JOBS * UNITS):.0f} % of the budget"
    say(f"{f'overdraft, {max(CLIENTS)} clients at once: {name}':54}{over:8} units   {let_in} of {JOBS} jobs, {part}")
    if gate is _admit:
        held = [line for line in audit.broken() if not line.startswith("I4")]  # limits were set without a grant
        assert not held, held


def _at_once(owner: User, clients: int, gate: Gate, seconds: float) -> list[Taken]:
    """What each client took, together; a client ends with the time, or when it is refused."""
    connections.close_all()  # processes that are forked must not share one, nor a pool whose threads they lack
    getattr(connection, "close_pool", lambda: None)()
    context = multiprocessing.get_context("fork")
    results: Queue[list[Taken]] = context.Queue()
    barrier = context.Barrier(clients)
    started = [
        context.Process(target=_client, args=(owner, number, gate, seconds, barrier, results), daemon=True)
        for number in range(clients)
    ]
    for process in started:
        process.start()
    taken = [each for _ in started for each in results.get(timeout=120)]
    for process in started:
        process.join()
    return taken


def _client(
    owner: User, number: int, gate: Gate, seconds: float, barrier: Barrier, results: "Queue[list[Taken]]"
) -> None:
    taken: list[Taken] = []
    begun = time.time_ns()
    workspace, account = owner.workspaces.get(), accounts.current()
    barrier.wait()
    ends = time.monotonic() + seconds
    try:
        while time.monotonic() < ends:
            job = Job(workspace=workspace, person=owner, provider_account=account, operation="generate")
            job.key, job.params, job.quoted_units = f"{begun}-{number}-{len(taken)}", {"prompt": "A vase"}, UNITS
            before = time.perf_counter(), time.process_time()
            is_in = _is_in(gate, job)
            taken.append(Taken(time.perf_counter() - before[0], time.process_time() - before[1], is_in))
            if not is_in:
                break
    finally:
        connection.close()
        results.put(taken)


def _is_in(gate: Gate, job: Job) -> bool:
    try:
        gate(job)
    except OverBudget:
        return False
    return True


def _admit(job: Job) -> None:
    with transaction.atomic():
        insert(job)
        admission.admit(job)


def _look_then_book(job: Job) -> None:
    left = budgets.standing(job.person, job.workspace, job.provider_account).left
    if left is not None and left < job.quoted_units:
        raise OverBudget("No room.", scope="person", window="total", left=left)
    while True:
        try:
            return _book(job)
        except OperationalError:  # two that wait for each other's rows: PostgreSQL lets one of them begin anew
            continue


@transaction.atomic
def _book(job: Job) -> None:
    insert(job)
    rows = naive.applying_to(job)
    rows.update(held=F("held") + job.quoted_units)
    ledger._write([ledger.Line(ledger._place(each), "reserve", UNITS) for each in rows], ledger.Origin(job.pk))


if __name__ == "__main__":
    main()
