"""Everything that is done to many pictures at once, by a worker that is killed in the middle of its second chunk.

A real SIGKILL to a real process, at the worst moment: all of the chunk is written and nothing of it is committed. What
was done before that stands, whoever goes on does the rest, each picture once, and undoing survives the same.
"""

import io
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from studio.models import (
    Action,
    Asset,
    AssetEvent,
    AssetFacet,
    AssetKind,
    CollectionItem,
    Export,
    FacetCount,
    Favorite,
    Import,
    Job,
    Rendition,
    User,
)
from studio.services import acts, collecting, collections, durations, exports, imports, packing, unpacking
from studio.services.verbs import BY_WHOM, FIELDS, SEEN_BY, VERBS, WHEN
from tests.pictures.making import encoded, noise
from tests.views.making import PNG, job, picture

COUNT, CHUNK, STEP = 12, 5, 2
# Started once: it forks a worker for each line, "function id table number", which dies at that write to that table.
WORKERS = f"""
import os, re, signal, sys
from django.conf import settings
settings.DATABASES["default"]["NAME"], settings.MEDIA_ROOT = sys.argv[1:3]
import django
django.setup()
from django.db import connection
from studio.services import acts, packing, unpacking
acts.CHUNK, packing.STEP = {CHUNK}, {STEP}
work = {{
    "act": acts.carry_out,
    "pack": packing.pack,
    "unpack": lambda pk: unpacking.unpack(pk, then=lambda asset: None),
}}

def deadly(table, left):
    def execute(run, sql, *rest):
        nonlocal left
        left -= bool(re.match(f'UPDATE "?{{table}}"? ', sql))
        if not left:
            os.kill(os.getpid(), {int(signal.SIGKILL)})
        return run(sql, *rest)
    return execute

for line in sys.stdin:
    name, pk, table, number = line.split()
    child = os.fork()
    if not child:
        with connection.execute_wrapper(deadly(table, int(number))):
            work[name](int(pk))
        os._exit(0)
    print(os.waitpid(child, 0)[1], flush=True)
"""
# A verb that changes something only after another one, with the values of both.
AFTER: dict[str, tuple[str, Any]] = {
    "unfavorite": ("favorite", None),
    "unreject": ("reject", None),
    "reopen": ("accept", None),
    "untag": ("tag", ["hero", "spring"]),
    "withdraw": ("approve", None),
    "restore": ("trash", None),
    "share": ("unshare", None),
}
VALUES = {"rate": 4, "tag": ["hero"], "untag": ["hero"]}


@pytest.fixture
def workers(committed: None) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "studio.settings"}
    command = [sys.executable, "-c", WORKERS, str(connection.settings_dict["NAME"]), str(settings.MEDIA_ROOT)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as server:
        yield server
        assert server.stdin
        server.stdin.close()


def killed(workers: subprocess.Popen[str], name: str, pk: int, table: str, number: int) -> None:
    """Let a worker do its work and die at that write to that table, counted from 1."""
    assert workers.stdin and workers.stdout
    workers.stdin.write(f"{name} {pk} {table} {number}\n")
    workers.stdin.flush()
    assert int(workers.stdout.readline()) == signal.SIGKILL, f"{name} ended before write {number} to {table}"


@pytest.fixture
def shelf(committed: None, alice: User) -> list[int]:
    """Alice's pictures, of two runs; one in five has been judged before."""
    runs = [job(alice, images=COUNT // 2) for _ in range(2)]
    made = [picture(alice, runs[at % 2], rating=2 if at % 5 == 0 else 0, tags=["old"]) for at in range(COUNT)]
    return [asset.pk for asset in made]


def everything() -> dict[str, Any]:
    """All that actions write, but for the keys of rows that come and go."""
    items = CollectionItem.objects.order_by("collection", "place")
    return {
        "assets": list(Asset.objects.order_by("pk").values("pk", SEEN_BY, *FIELDS, *BY_WHOM, *WHEN)),
        "favorites": set(Favorite.objects.values_list("person", "asset")),
        "items": list(items.values_list("collection", "asset", "place", "added_by", "units", "collection__cover")),
        "jobs": list(Job.objects.order_by("pk").values_list("pk", SEEN_BY)),
        "found by": set(AssetFacet.objects.values_list("facet__kind", "facet__value", "scope", "asset")),
        "counts": set(FacetCount.objects.filter(pictures__gt=0).values_list("facet", "scope", "pictures")),
    }


def carried_out(workers: subprocess.Popen[str], action: Action) -> Action:
    """An action that is killed in its second chunk, looked at, and gone on with."""
    # The first write counts the try, each of the others a chunk.
    killed(workers, "act", action.pk, "studio_action", 3)
    action.refresh_from_db()
    told = AssetEvent.objects.filter(action=action)
    assert (action.state, action.at) == ("waiting", CHUNK), action.verb
    assert told.count() == action.done == CHUNK, f"{action.verb}: nothing of the second chunk is left"
    acts.carry_out(action.pk)
    action.refresh_from_db()
    assert (action.state, action.at, action.done, action.refused) == ("done", COUNT, COUNT, {}), action.verb
    assert told.count() == told.values("asset").distinct().count() == COUNT, f"{action.verb}: each picture once"
    return action


def undone(action: Action, workers: subprocess.Popen[str] | None = None) -> None:
    back = acts.undo(action.person, action)
    assert back
    if workers:
        carried_out(workers, back)
    else:
        acts.carry_out(back.pk)


def test_every_action_survives_a_kill_and_is_undone_exactly(
    alice: User, shelf: list[int], workers: subprocess.Popen[str]
) -> None:
    workspace = alice.workspaces.get()
    spring = collections.create(alice.memberships.get(), "Spring")
    filed = collecting.named(alice, workspace, {"collection": spring.public_id, "share": False})
    values = VALUES | {"collect": filed, "uncollect": filed}
    before = AFTER | {"uncollect": ("collect", filed)}
    for verb in (name for name, each in VERBS.items() if not each.one_by_one):
        prepared = None
        if verb in before:
            prepared = acts.begin(alice, workspace, *before[verb], shelf)
            acts.carry_out(prepared.pk)
        state = everything()
        action = carried_out(workers, acts.begin(alice, workspace, verb, values.get(verb), shelf))
        assert everything() != state, verb
        undone(action, workers)
        assert everything() == state, verb
        if prepared:
            undone(prepared)


def test_an_action_on_what_a_search_matches_keeps_to_what_matched_at_first(
    alice: User, shelf: list[int], workers: subprocess.Popen[str]
) -> None:
    search = f"{acts.MATCHED}tag=old"
    asked = {"workspace": alice.workspaces.get(), "person": alice, "verb": "untag", "value": ["old"], "search": search}
    carried_out(workers, Action.objects.create(**asked))
    assert not Asset.objects.exclude(tags=[]).exists(), "those of the second chunk matched no more by then"


@pytest.mark.parametrize("kind", ["zip", "sheet"])
def test_an_export_survives_a_kill(alice: User, shelf: list[int], workers: subprocess.Popen[str], kind: str) -> None:
    by = alice.memberships.get()
    Rendition.objects.update(media_type="image/png")  # as the bytes of these are
    export = (
        exports.order_sheet(by, shelf, "All") if kind == "sheet" else exports.order(by, shelf, {"format": "original"})
    )
    # The first write takes it; each of the others is a step, of a sheet the only one.
    killed(workers, "pack", export.pk, "studio_export", 2 if kind == "sheet" else 3)
    export.refresh_from_db()
    assert (export.state, export.at) == ("waiting", 0 if kind == "sheet" else STEP)
    Export.objects.update(not_before=durations.database_now())  # its lease ran out
    packing.pack(export.pk)
    export.refresh_from_db()
    assert (export.state, export.at, export.left_out) == ("ready", COUNT, 0)
    with packing.media().open(export.file) as file:
        data = file.read()
    if kind == "sheet":
        assert data.startswith(b"%PDF")
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = [name for name in archive.namelist() if not name.startswith("manifest")]
        assert len(names) == len(set(names)) == COUNT
        assert {archive.read(name) for name in names} == {PNG}


def test_an_import_survives_a_kill(alice: User, workers: subprocess.Popen[str]) -> None:
    files = {f"{at}.png": encoded(noise((8 + at, 8)), "PNG") for at in range(4)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    order = imports.order(alice.memberships.get(), SimpleUploadedFile("pictures.zip", out.getvalue()))
    killed(workers, "unpack", order.pk, "studio_import", 3)
    order.refresh_from_db()
    assert (order.state, order.at) == ("waiting", 1)
    Import.objects.update(not_before=durations.database_now())  # its lease ran out
    unpacking.unpack(order.pk, then=lambda asset: None)
    order.refresh_from_db()
    assert (order.state, [each["name"] for each in order.taken]) == ("done", list(files))
    kept = Asset.objects.filter(kind=AssetKind.UPLOAD)
    assert sorted(kept.values_list("name", flat=True)) == list(files), "what was in already is linked, not copied"
