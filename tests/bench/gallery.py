"""The gallery with a thousand, a hundred thousand and a million pictures, beside the usual form of the same.

Every line is one page of 60 pictures: what it takes to find them, with all its statements. Reading the 60 found and
rendering the page are measured apart, since they cost the same whatever was asked. Beside it, on the same rows and in
the same run, OFFSET with an exact COUNT, as InvokeAI's `image_records_sqlite.py` has it: favorites first, then by date,
joined, counted, and searched by LIKE.

What is told is processor time, of this process and of the one that answers it in PostgreSQL, so that other work on the
machine is not in it. The sizes are in GALLERY_SIZES, as "1000 100000"; a workspace that was filled before is used
again.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from unittest.mock import patch

from django.core.management import call_command
from django.db import connection
from django.test import Client

from studio.models import Asset, Favorite, User, Workspace
from studio.models.facets import SHARED
from studio.services import facets, gallery, looking, looks, members
from studio.services.gallery import Cursor, Page, Phrase, Search, Sort, Term
from studio.services.walks import FacetWalk, Span
from studio.views import doors
from tests.bench import machine
from tests.bench.figures import percentile, say

SIZES = tuple(int(size) for size in os.environ.get("GALLERY_SIZES", "1000 100000 1000000").split())
TIMES, MOST_SECONDS = 40, 4.0
FLAT, SQL_AIM, PAGE_AIM = 3.0, 1000.0, 60.0
WANTED = "workspace_id = %s AND asset.state = 'stored' AND asset.decision <> 'discarded' "
SEEN = "AND (asset.visibility = 'workspace' OR asset.person_id = %s)"


@dataclass
class Library:
    """A workspace with so many pictures, and somebody who looks at it."""

    workspace: Workspace
    person: User
    pictures: int
    middle: int = field(init=False)

    def __post_init__(self) -> None:
        ids = Asset.objects.filter(workspace=self.workspace).order_by("pk").values_list("pk", flat=True)
        self.middle = int(ids[self.pictures // 2])


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    libraries = [_seeded(size) for size in SIZES]
    stranger = _empty()
    machine.wait_until_quiet()
    if connection.vendor == "postgresql":
        # What a helper of the server does would not be counted.
        _run("SELECT set_config('max_parallel_workers_per_gather', '0', false)", ())
    label = "p50 of one page, ms of processor time"
    say(f"{label:44}" + "".join(f"{size:>10,}" for size in SIZES) + "    p95    flat   (aim at most 3)")
    for name, look in _looks().items():
        _line(name, [_timed(lambda library=library, look=look: look(library)) for library in libraries])
    nothing = [_timed(lambda: _find(stranger.person, stranger.workspace, Search())) for _ in libraries]
    _line("somebody who sees nothing", nothing)
    _beside(libraries[-1])


def _seeded(size: int) -> Library:
    began = time.monotonic()
    if there := Workspace.objects.filter(name=f"Studio of {size:,}").first():
        return Library(there, there.members.order_by("pk")[0], size)
    call_command("seed_gallery", pictures=size, force=True, workspace=f"Studio of {size:,}")
    workspace = Workspace.objects.get(name=f"Studio of {size:,}")
    person = workspace.members.order_by("pk")[0]
    few = list(
        Asset.objects.filter(workspace=workspace, visibility="workspace").order_by("-pk")[: min(200, size // 10)]
    )
    Favorite.objects.bulk_create(Favorite(person=person, asset=asset) for asset in few)
    facets.index([asset.pk for asset in few])
    say(f"{size:,} pictures were written in {time.monotonic() - began:.0f} s.")
    return Library(workspace, person, size)


@dataclass
class Stranger:
    person: User
    workspace: Workspace


def _empty() -> Stranger:
    if there := Workspace.objects.filter(name="Empty").first():
        return Stranger(there.members.get(), there)
    person = User.objects.create_user("nobody@example.com", None, name="Nobody")
    workspace = Workspace.objects.create(name="Empty")
    members.add(workspace, person, "viewer")
    return Stranger(person, workspace)


Look = Callable[[Library], Any]


def of(*terms: Term, words: Sequence[Phrase] = (), **more: Any) -> Look:
    search = Search(terms=terms, text=tuple(words), **more)
    return lambda library: _find(library.person, library.workspace, search)


def one(kind: str, *values: str) -> Term:
    return Term(kind, values)


def _looks() -> dict[str, Look]:
    """One page of each kind of search."""
    return {**_places(), **_filters(), **_words(), **_orders()}


def _places() -> dict[str, Look]:
    return {
        "first page": of(),
        "first page, with its pictures read": lambda at: gallery.page(at.person, at.workspace, Search()),
        "a page in the middle": lambda at: _find(at.person, at.workspace, Search(), Cursor(at.middle)),
        "a page back from the middle": lambda at: _find(
            at.person, at.workspace, Search(), Cursor(at.middle), back=True
        ),
        "jump to a month": _jump,
    }


def _filters() -> dict[str, Look]:
    near = Term("cell", tuple(looks.cells_near(looks.NAMES["blue"])))
    return {
        "mine": lambda at: _find(at.person, at.workspace, Search((one("person", str(at.person.pk)),))),
        "favorites": lambda at: _find(at.person, at.workspace, Search((one("favorite", str(at.person.pk)),))),
        "operation": of(one("operation", "crisp-upscale")),
        "model": of(one("model", "recraftv3")),
        "style": of(one("style", "Illustration")),
        "vector": of(one("kind", "vector")),
        "shape": of(one("aspect", "4:5")),
        "color": of(one("color", "blue")),
        "any color": of(near),
        "4 stars or more": of(one("rating", "4", "5")),
        "not rated": of(one("rating", "0")),
        "tag": of(one("tag", "poster")),
        "rare tag": of(one("tag", "rare tag")),
        "cost": of(Term("cost", low="000080", high="000300")),
        "a month by its days": lambda at: _find(at.person, at.workspace, _month(at)),
        "two filters": of(one("model", "recraftv3"), one("rating", "5")),
        "three filters": of(one("kind", "vector"), one("rating", "5"), one("color", "blue")),
        "two filters that never meet": of(one("model", "recraftv3"), one("kind", "vector")),
        "a rare tag, five stars": of(one("tag", "rare tag"), one("rating", "5")),
    }


def _words() -> dict[str, Look]:
    glass, fox, narwhal = (Phrase((word,)) for word in ("glass", "fox", "narwhal"))
    return {
        "a word": of(words=[glass]),
        "a rare word": of(words=[narwhal]),
        "two words": of(words=[glass, fox]),
        "a phrase": of(words=[Phrase(("glass", "fox"))]),
        "a word, and not another": of(words=[glass, Phrase(("fox",), wanted=False)]),
        "all without a word": of(words=[Phrase(("fox",), wanted=False)]),
        "words that never meet": of(words=[Phrase(("fox", "glass"))]),
        "a word and a filter": of(one("rating", "5"), words=[glass]),
        "a beginning": of(words=[Phrase(("va",), begins=True)]),
        "a word and a beginning": of(words=[glass, Phrase(("fo",), begins=True)]),
        "a beginning nothing has": of(words=[glass, Phrase(("xq",), begins=True)]),
    }


def _orders() -> dict[str, Look]:
    return {
        "best rated": of(sort=Sort.RATING),
        "costliest": of(sort=Sort.COST),
        "best rated of a model": of(one("model", "recraftv3"), sort=Sort.RATING),
        "the counts of a menu": lambda at: gallery.values(at.person, at.workspace, "tag"),
        "the months of the rail": lambda at: gallery.values(at.person, at.workspace, "month"),
    }


def _find(
    person: User, workspace: Workspace, search: Search, cursor: Cursor | None = None, *, back: bool = False
) -> looking.Found:
    return looking.Look(person, workspace, search).find(cursor, back, gallery.PAGE)


def _jump(at: Library) -> Any:
    months = sorted(month for month, _ in gallery.values(at.person, at.workspace, "month"))
    return _find(at.person, at.workspace, Search(), gallery.start_of(at.person, at.workspace, months[len(months) // 2]))


def _month(at: Library) -> Search:
    day = Asset.objects.get(pk=at.middle).created_at.date()
    return Search(since=day.replace(day=2), until=day.replace(day=27))


def _timed(look: Callable[[], Any]) -> list[float]:
    look()
    taken: list[float] = []
    deadline = time.monotonic() + MOST_SECONDS
    while len(taken) < TIMES and (not taken or time.monotonic() < deadline):
        server = _server()
        before = time.process_time()
        look()
        here = time.process_time() - before
        taken.append(1000 * (here + _server() - server))
    return taken


def _server() -> float:
    """Seconds that this connection's process in PostgreSQL has run; 0 on SQLite, which runs in this one."""
    if connection.vendor != "postgresql":
        return 0.0
    assert connection.connection is not None
    return machine.ran(connection.connection.info.backend_pid)


def _line(name: str, taken: Sequence[Sequence[float]]) -> None:
    medians = [median(each) for each in taken]
    flat = medians[-1] / medians[0]
    said = "" if flat <= FLAT else "   MISSED"
    say(
        f"{name:44}"
        + "".join(f"{each:10.2f}" for each in medians)
        + f"{percentile(taken[-1], 95):7.1f}{flat:8.2f}{said}"
    )


# --- beside the usual form ------------------------------------------------------------------------------------------


def _beside(at: Library) -> None:
    say(f"\n{'ms of processor time with ' + format(at.pictures, ','):44}{'ours':>10}{'OFFSET':>10}{'times':>10}")
    walk = _sql_of_ours(at)
    pairs: list[tuple[str, Callable[[], Any], Callable[[], Any]]] = [
        ("first page, its statement", lambda: _run(*walk(None)), lambda: _usual(at, 0)),
        ("in the middle, its statement", lambda: _run(*walk(at.middle)), lambda: _usual(at, at.pictures // 2)),
        ("first page of a model", lambda: gallery.ids(at.person, at.workspace, _model(), 60), lambda: _usual_model(at)),
        ("a rare word", lambda: gallery.ids(at.person, at.workspace, _rare(), 60), lambda: _usual_words(at)),
    ]
    for name, ours, usual in pairs:
        aim = SQL_AIM if "statement" in name else None
        _pair(name, _timed(ours), _timed(usual), aim)
    at.person.set_password("of the bench")
    at.person.save(update_fields=["password"])
    client = Client(HTTP_HOST="localhost")
    client.force_login(at.person)
    # A person lands in the oldest of their workspaces.
    session = client.session
    session[doors.CHOSEN] = at.workspace.pk
    session.save()
    ours_page = _timed(lambda: _got(client))
    with patch("studio.services.gallery.page", lambda *_, **__: _usual_page(at)):
        usual_page = _timed(lambda: _got(client))
    _pair("the whole page, rendered", ours_page, usual_page, PAGE_AIM)


def _pair(name: str, ours: Sequence[float], usual: Sequence[float], aim: float | None) -> None:
    times = median(usual) / median(ours)
    said = f"   aim {aim:.0f}: {'met' if times >= aim else 'MISSED'}" if aim else ""
    say(f"{name:44}{median(ours):10.3f}{median(usual):10.2f}{times:10.0f}{said}")


def _got(client: Client) -> None:
    assert client.get("/gallery/").status_code == 200


def _model() -> Search:
    return Search((Term("model", ("recraftv3",)),))


def _rare() -> Search:
    return Search(text=(Phrase(("narwhal",)),))


def _sql_of_ours(at: Library) -> Callable[[int | None], tuple[str, tuple[object, ...]]]:
    """The statement of a page of everything, as `services.walks` writes it."""
    known = looking.Look(at.person, at.workspace, Search()).fitting(looking.ALL)
    walk = FacetWalk(tuple((each.facet, each.scope) for each in known), parted=True)
    return lambda high: tuple(walk.select(Span(high=high), 60))  # type: ignore[return-value]


def _run(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _usual(at: Library, skip: int, more: str = "", join: str = "", *given: object) -> list[int]:
    # The join is InvokeAI's board_images; starred is a favorite here.
    start = (
        f"FROM studio_asset AS asset LEFT JOIN studio_favorite AS starred ON starred.asset_id = asset.id "
        f"AND starred.person_id = %s {join} WHERE asset.{WANTED} {SEEN} {more}"
    )
    parameters = (at.person.pk, at.workspace.pk, at.person.pk, *given)
    order = "ORDER BY CASE WHEN starred.id IS NULL THEN 0 ELSE 1 END DESC, asset.created_at DESC"
    _run(f"SELECT count(*) {start}", parameters)
    return [row[0] for row in _run(f"SELECT asset.* {start} {order} LIMIT 60 OFFSET {skip}", parameters)]


def _usual_model(at: Library) -> list[int]:
    join = "JOIN studio_job AS job ON job.id = asset.job_id"
    return _usual(at, 0, "AND job.image_model = %s", join, "recraftv3")


def _usual_words(at: Library) -> list[int]:
    join = "JOIN studio_job AS job ON job.id = asset.job_id"
    return _usual(at, 0, "AND CAST(job.params AS text) LIKE %s", join, "%narwhal%")


def _usual_page(at: Library) -> Page:
    return Page(gallery.fetch(at.person, at.workspace, SHARED, _usual(at, 0)))


if __name__ == "__main__":
    main()
