"""Ten thousand pictures at once: killed half way, gone on with, reported, and undone to the last one."""

import os
import subprocess
import sys
import time

import pytest
from django.db import connection

from studio.models import Action, Asset, AssetEvent, User
from studio.services import acting, acts, upkeep
from studio.services.verbs import FROZEN
from tests.fixtures import at_once

COUNT, APPROVED = int(os.environ.get("STUDIO_TEST_SELECTION", "10000")), 250
WORKER = """
import sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from studio.services import acts
acts.CHUNK = 100
acts.carry_out(int(sys.argv[2]))
"""


@pytest.fixture
def shelf(committed: None, alice: User) -> list[str]:
    """Rows of pictures without files; some are approved, and every tenth has a rating."""
    workspace = alice.workspaces.get()
    rows = [
        Asset(
            workspace=workspace,
            person=alice,
            media_type="image/png",
            width=1,
            height=1,
            size=1,
            sha256="0" * 64,
            file="",
            rating=at % 10 == 0,
            approved_at="2026-01-01T00:00:00Z" if at < APPROVED else None,
        )
        for at in range(COUNT)
    ]
    Asset.objects.bulk_create(rows)
    return [row.public_id for row in rows]


def ratings() -> list[tuple[int, int]]:
    return list(Asset.objects.order_by("pk").values_list("pk", "rating"))


def kill_half_way(action: Action) -> Action:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "studio.settings"}
    command = [sys.executable, "-c", WORKER, str(connection.settings_dict["NAME"]), str(action.pk)]
    with subprocess.Popen(command, env=environment) as worker:
        while worker.poll() is None:
            action.refresh_from_db(fields=["at"])
            if action.at >= COUNT // 3:
                worker.kill()
                break
            time.sleep(0.005)
    action.refresh_from_db()
    return action


def test_ten_thousand_pictures_survive_a_kill_and_are_undone_exactly(alice: User, shelf: list[str]) -> None:
    before = ratings()
    action = acting.act(alice, alice.workspaces.get(), "rate", "4", shelf)
    assert (action.total, action.at, action.state) == (COUNT, 0, "waiting"), "nobody waits for it"
    killed = kill_half_way(action)
    assert 0 < killed.at < COUNT
    assert AssetEvent.objects.filter(action=action).count() == killed.done, "the books agree at any moment"
    Action.objects.update(moved_at="2026-01-01T00:00:00Z")
    assert upkeep.actions_to_ring() == [action.pk], "the clock finds it"
    at_once(2, lambda _: acts.carry_out(action.pk))
    action.refresh_from_db()
    assert (action.state, action.done, action.refused_count) == ("done", COUNT - APPROVED, APPROVED)
    assert list(action.refused) == [FROZEN]
    assert Asset.objects.filter(rating=4).count() == AssetEvent.objects.count() == COUNT - APPROVED

    back = acting.undo_last(alice, alice.workspaces.get())
    assert back is not None
    acts.carry_out(kill_half_way(back).pk)
    back.refresh_from_db()
    assert (back.state, back.done, back.refused) == ("done", COUNT - APPROVED, {})
    assert ratings() == before
