"""What Celery runs. A task decides when, never what: it is a doorbell in front of a service.

Messages carry ids only, and losing one costs latency, never a job: the clock rings again.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from celery.signals import worker_init, worker_process_init

from studio import pictures
from studio.celery import app
from studio.services import (
    acts,
    alerts,
    assets,
    execution,
    letters,
    memory,
    notices,
    packing,
    renditions,
    rings,
    unpacking,
    webhooks,
    workbench,
)


@app.task
def call_next(provider_account_id: int) -> None:
    """Carry out the next job of an account, if this process holds that account."""
    execution.run_next(provider_account_id, then=ring_results)


@app.task
def check_provider() -> None:
    execution.check_provider()


@app.task
def forget_style(style_id: int) -> None:
    execution.forget_style(style_id)


@app.task
def store_result(result_id: int) -> None:
    asset = assets.store(result_id)
    if asset is not None:
        ring(make_renditions, asset)


@app.task
def make_renditions(asset_id: int) -> None:
    renditions.make(asset_id)


@app.task
def hash_pictures() -> None:
    renditions.hash_waiting(200)


@app.task
def finish_pictures(job_id: int) -> None:
    for asset in workbench.carry_out(job_id):
        ring(make_renditions, asset)


@app.task
def send_invitation(invitation_id: int) -> None:
    letters.send_invitation(invitation_id)


@app.task
def send_reset(person_id: int) -> None:
    letters.send_reset(person_id)


@app.task
def mail_notices(person_id: int) -> None:
    notices.mail(person_id)


@app.task
def pack_export(export_id: int) -> None:
    if packing.pack(export_id):
        ring(pack_export, export_id)


@app.task
def unpack_import(import_id: int) -> None:
    if unpacking.unpack(import_id, then=lambda asset: ring(make_renditions, asset)):
        ring(unpack_import, import_id)


@app.task
def carry_out_action(action_id: int) -> None:
    acts.carry_out(action_id)


@app.task
def look_for_alerts() -> None:
    alerts.sweep_slowly()


@app.task
def deliver(delivery_id: int) -> None:
    webhooks.deliver(delivery_id)


def ring(task: Any, *args: int) -> None:
    """Send one message. A broker that is down is no error: the database knows what is to be done."""
    rings.send(task.name, _queue(task.name), args)


@cache
def _queue(task: str) -> str:
    routes = app.conf.task_routes
    return str(routes[task]["queue"] if task in routes else app.conf.task_default_queue)


def ring_calls(provider_account_id: int, times: int = 1) -> None:
    for _ in range(times):
        ring(call_next, provider_account_id)


def ring_results(result_ids: Iterable[int]) -> None:
    for result_id in result_ids:
        ring(store_result, result_id)


@worker_process_init.connect
def warm_up_caller(**_: Any) -> None:
    # Building a TLS context takes a tenth of a second; better now than in a person's first call.
    execution.client()


@worker_init.connect
def warm_up_reader(sender: Any, **_: Any) -> None:
    # Likewise the child that decodes, and the downloader.
    if sender.hostname.startswith("bytes@"):
        pictures.warm_up()
        assets.fetcher()
    memory.settle()  # before the callers are forked, which then share it
