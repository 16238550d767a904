"""The Celery application: two lanes, and messages that carry ids only.

The database is the queue of record; a message is a ring of the doorbell. Losing one costs latency, never a job.
"""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import task_prerun, worker_init, worker_process_init
from django.conf import settings
from django.db import close_old_connections, connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
# `migrate`, before each start, has checked the project. To do so again a worker would read every page and address.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

CONNECTION_SECONDS = 600  # a worker's connection is replaced after that

app = Celery("studio")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=2,
    broker_transport_options={
        "visibility_timeout": 600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_keepalive": True,
        "socket_connect_timeout": 2,
        "max_connections": 200,
        # A broker that is away must not hold up a submit: the clock rings when it is back.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    },
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    # Safe: a task of the bytes lane is idempotent, and one of the calls lane claims its job in the database.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_publish_retry=False,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    task_default_queue="bytes",
    task_routes={
        "studio.tasks.call_next": {"queue": "calls"},
        "studio.tasks.check_provider": {"queue": "provider"},
        "studio.tasks.forget_style": {"queue": "provider"},
    },
)
# Celery would close the database's connection before and after every task. A new one to PostgreSQL costs 3 ms, and its
# first queries as much again, since each backend reads the catalogs anew.
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize
app.autodiscover_tasks(["studio"])


@worker_init.connect
def keep_one_connection_each(**_: Any) -> None:
    """A pool is for the web process's many short threads, and does not survive a worker's fork."""
    database = connections.settings["default"]
    database["OPTIONS"].pop("pool", None)
    database["CONN_MAX_AGE"] = CONNECTION_SECONDS
    # Asked before the first query of each task: a database that was restarted meanwhile is no task's failure.
    database["CONN_HEALTH_CHECKS"] = True


@task_prerun.connect
def let_go_of_old_connections(**_: Any) -> None:
    close_old_connections()


@worker_process_init.connect
def remember_parent(**_: Any) -> None:
    """A forked caller notes who its parent is, so that it can outlive it for the length of one call."""
    os.environ["STUDIO_CALLER_PARENT"] = str(os.getppid())
