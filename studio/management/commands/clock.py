"""The clock, and the keeper of this host's spool.

Run one beside each spool folder. The keeper part always works; the clock part works in one process at a time,
led by a lease in the database, so it survives a broker that loses everything.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections

from studio import tasks
from studio.services import (
    accounts,
    alerts,
    away,
    facets,
    imports,
    keeper,
    letters,
    memory,
    notices,
    packing,
    reconciliation,
    renditions,
    rings,
    spool,
    trash,
    upkeep,
    webhooks,
)

log = logging.getLogger(__name__)

TICK = 0.25  # seconds between looks at the queue
SWEEP = 5.0
LOOK_AROUND = 10.0
HOUSEKEEPING = 60.0
HOURLY = 3600.0
RING_AGAIN = 2.0  # a ring that nobody answered for this long is repeated


class Command(BaseCommand):
    help = __doc__
    # `migrate`, before each start, has checked the project.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        clock = Clock()
        memory.settle()
        while not stop.wait(TICK):
            try:
                clock.tick()
            except (DatabaseError, InterfaceError, OSError) as error:
                # The database or a disk is away; everything is found again at the next look.
                log.warning("The clock could not work: %s", error)
                close_old_connections()
                stop.wait(1.0)
        clock.stop()


class Clock:
    """Calls each piece of work when it is due."""

    def __init__(self) -> None:
        self.holder = f"{spool.host_id()}:{os.getpid()}"
        self._due: dict[Callable[[], None], float] = {}
        self._rung: dict[int, float] = {}
        self._leading = False
        self._followed = away.Followed()

    def tick(self) -> None:
        close_old_connections()
        self._every(SWEEP, self._keep)
        self._every(SWEEP, self._lead)
        if self._leading:
            self._every(TICK, self._ring_calls)
            self._every(SWEEP, self._sweep)
            self._every(SWEEP, upkeep.carry_over_log)
            self._every(LOOK_AROUND, self._look_around)
            self._every(HOUSEKEEPING, self._tidy)
            self._every(HOURLY, upkeep.look_at_tables)

    def stop(self) -> None:
        try:
            upkeep.stand_down(self.holder)
        except (DatabaseError, InterfaceError) as error:
            log.warning("The lease runs out by itself: %s", error)

    def _every(self, seconds: float, work: Callable[[], None]) -> None:
        now = time.monotonic()
        if now >= self._due.get(work, 0.0):
            self._due[work] = now + seconds
            work()

    def _lead(self) -> None:
        self._leading = upkeep.lead(self.holder)

    def _keep(self) -> None:
        tasks.ring_results(keeper.sweep())

    def _ring_calls(self) -> None:
        # Jobs for another account than this studio's wait until it runs on that one again.
        account = accounts.current()
        needed = upkeep.calls_to_ring(account)
        # While every caller is busy, the rings of the last look still wait; more of them help nobody.
        if needed and not rings.waiting("calls"):
            tasks.ring_calls(account.pk, needed)

    def _sweep(self) -> None:
        tasks.ring_results(self._fresh(upkeep.results_to_ring()))
        for asset in upkeep.assets_to_ring():
            tasks.ring(tasks.make_renditions, asset)
        for job in upkeep.finishes_to_ring():
            tasks.ring(tasks.finish_pictures, job)
        for waiting in imports.to_ring():
            tasks.ring(tasks.unpack_import, waiting)
        for export in packing.to_ring():
            tasks.ring(tasks.pack_export, export)
        facets.index_waiting()
        for action in upkeep.actions_to_ring():
            tasks.ring(tasks.carry_out_action, action)
        account = accounts.current()
        if reconciliation.wants_barrier(account):
            reconciliation.raise_barrier(account)
        if upkeep.provider_needs_probe(account) or reconciliation.is_waited_for(account):
            tasks.ring(tasks.check_provider)

    def _look_for_alerts(self) -> None:
        try:
            alerts.sweep()
        except DatabaseError:
            raise
        except Exception:  # whatever can't be said must not stop the clock, which rings the callers
            log.exception("Nobody was alerted")

    def _look_around(self) -> None:
        """What may come some seconds later: each of these is a question to the database, and nearly always in vain."""
        self._followed.look()
        if renditions.any_unhashed():
            tasks.ring(tasks.hash_pictures)
        for invitation in letters.invitations_to_send():
            tasks.ring(tasks.send_invitation, invitation)
        upkeep.begin_periods()
        upkeep.give_up_silent_hosts()
        upkeep.give_up_finishes()
        upkeep.give_up_actions()
        self._look_for_alerts()
        # Sent by a worker: a mail server that says nothing must not stop the clock.
        for person in notices.people_to_mail():
            tasks.ring(tasks.mail_notices, person)
        for delivery in webhooks.due():
            tasks.ring(tasks.deliver, delivery)

    def _tidy(self) -> None:
        upkeep.expire_queue()
        upkeep.count_anew()
        for style in upkeep.styles_to_forget(accounts.current()):
            tasks.ring(tasks.forget_style, style)
        trash.empty()
        upkeep.remove_old_temporaries()
        notices.remove_old()
        webhooks.remove_old()
        packing.remove_old()
        tasks.ring(tasks.look_for_alerts)

    def _fresh(self, results: list[int]) -> list[int]:
        """Those not rung a moment ago, so that a busy bytes lane is not flooded."""
        now = time.monotonic()
        self._rung = {result: at for result, at in self._rung.items() if now - at < RING_AGAIN}
        fresh = [result for result in results if result not in self._rung]
        self._rung.update(dict.fromkeys(fresh, now))
        return fresh
