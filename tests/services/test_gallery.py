"""Every search finds what looking at each picture would find, and reads little for it."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.models import Asset, Favorite, User, Workspace
from studio.models.facets import DISCARDED, SHARED, TRASHED
from studio.services import blocks, facets, gallery, looking, looks, strides
from studio.services.gallery import Cursor, Phrase, Search, Sort, Term
from studio.services.words import words
from tests.views import making

pytestmark = pytest.mark.django_db

WORDS = ["fox", "vase", "vases", "blue", "dusk", "dust", "red", "hill"]
TAGS = ["poster", "spring", "draft"]
COLORS = [(200, 30, 40), (30, 60, 200), (20, 20, 20), (240, 240, 240)]
FIRST = datetime(2026, 1, 20, 22, 30, tzinfo=UTC)


def library(people: list[User], rng: random.Random, count: int) -> list[Asset]:
    """Pictures that share things in every way, made over three months."""
    jobs = [
        making.job(
            person,
            operation=rng.choice(["generate", "vectorize"]),
            params={"prompt": " ".join(rng.choices(WORDS, k=3)), "model": rng.choice(["recraftv3", "recraftv4_1"])},
            images=9,
        )
        for person in people
        for _ in range(3)
    ]
    made = []
    for number in range(count):
        job = rng.choice(jobs)
        state = rng.choice(["stored"] * 6 + ["trashed"])
        asset = making.picture(
            job.person,
            job,
            rendered=False,
            rating=rng.choice([0, 0, 1, 3, 5]),
            units=rng.choice([0, 35, 40, 250]),
            tags=sorted(rng.sample(TAGS, rng.randrange(3))),
            colors=[list(color) for color in rng.sample(COLORS, rng.randrange(3))],
            note=rng.choice(["", "Blue hill"]),
            decision=rng.choice(["open"] * 4 + ["accepted", "discarded"]),
            visibility=rng.choice(["workspace", "workspace", "private"]),
            width=rng.choice([100, 200]),
            height=100,
            # Nearly in the order of the ids: whoever began first need not be the first to end.
            created_at=FIRST + timedelta(days=2 * number, hours=rng.randrange(-60, 60)),
        )
        if state == "trashed":
            Asset.objects.filter(pk=asset.pk).update(state=state)
        made.append(asset)
    favorites = [asset.pk for asset in made if rng.random() < 0.3]
    Favorite.objects.bulk_create(Favorite(person=people[0], asset_id=pk) for pk in favorites)
    facets.index([asset.pk for asset in made])
    everything = list(Asset.objects.select_related("job", "workspace").filter(pk__in=[asset.pk for asset in made]))
    for asset in everything:
        asset.loved = asset.pk in favorites  # type: ignore[attr-defined]
    return everything


def random_search(rng: random.Random, people: list[User]) -> Search:
    low = rng.choice([0, 35, 40])
    near = looks.cells_near(rng.choice(COLORS))
    terms = [
        Term("person", tuple(str(person.pk) for person in rng.sample(people, rng.randint(1, 2)))),
        Term("operation", ("vectorize",)),
        Term("model", ("recraftv3", "recraftv2")),
        Term("kind", (rng.choice(["raster", "vector"]),)),
        Term("aspect", (rng.choice(["1:1", "2:1"]),)),
        Term("rating", tuple(str(stars) for stars in range(rng.randint(1, 5), 6))),
        Term("rating", ("0",)),
        Term("tag", (rng.choice(TAGS),)),
        Term("tag", (rng.choice([*TAGS, "nobody's"]),)),
        Term("color", (looks.name_of(rng.choice(COLORS)),)),
        Term("cell", tuple(near)),
        Term("favorite", (str(people[0].pk),)),
        Term("state", ("accepted",)),
        Term("cost", low=f"{low:06}", high=f"{low + 5:06}"),
    ]
    phrases = [
        Phrase((rng.choice(WORDS),)),
        Phrase(tuple(rng.choices(WORDS, k=2))),
        Phrase((rng.choice(WORDS)[: rng.randrange(1, 3)],), begins=True),
        Phrase((rng.choice(WORDS), rng.choice(WORDS)[:1]), begins=True),
        Phrase((rng.choice(WORDS),), wanted=False),
        Phrase((rng.choice(WORDS)[:1],), wanted=False, begins=True),
    ]
    since = (FIRST + timedelta(days=rng.randrange(-3, 80))).date()
    return Search(
        terms=tuple(rng.sample(terms, rng.choice([0, 1, 1, 2, 3]))),
        text=tuple(rng.sample(phrases, rng.choice([0, 0, 1, 2]))),
        since=rng.choice([None, None, since]),
        until=rng.choice([None, None, since + timedelta(days=rng.choice([0, 5, 70]))]),
        shelf=rng.choice([SHARED] * 4 + [DISCARDED, TRASHED]),
        sort=rng.choice(list(Sort)),
    )


def naive(library: list[Asset], person: User, workspace: Workspace, search: Search) -> list[int]:
    """The same, by looking at every picture."""
    found = [asset for asset in library if _seen(asset, person, workspace, search.shelf) and _matches(asset, search)]
    keys: dict[Sort, Callable[[Asset], Any]] = {
        Sort.NEWEST: lambda asset: asset.pk,
        Sort.OLDEST: lambda asset: -asset.pk,
        Sort.RATING: lambda asset: (asset.rating, asset.pk),
        Sort.COST: lambda asset: (asset.units, asset.pk),
    }
    return [asset.pk for asset in sorted(found, key=keys[search.sort], reverse=True)]


def _seen(asset: Asset, person: User, workspace: Workspace, shelf: int) -> bool:
    lies = TRASHED if asset.state == "trashed" else DISCARDED if asset.decision == "discarded" else SHARED
    sees = asset.visibility == "workspace" or asset.person_id == person.pk
    return asset.workspace_id == workspace.pk and sees and lies == shelf


def _matches(asset: Asset, search: Search) -> bool:
    assert asset.job
    has: dict[str, set[str]] = {
        "person": {str(asset.person_id)},
        "operation": {asset.job.operation},
        "model": {asset.job.image_model},
        "kind": {"vector" if asset.media_type == "image/svg+xml" else "raster"},
        "aspect": {"1:1" if asset.width == asset.height else "2:1"},
        "rating": {str(asset.rating)},
        "tag": set(asset.tags),
        "color": {looks.name_of((c[0], c[1], c[2])) for c in asset.colors},
        "cell": set(looks.cells(asset.colors)),
        "state": {"accepted"} if asset.decision == "accepted" else set(),
        "cost": {f"{asset.units:06}"},
    }
    day = asset.created_at.date()
    if (search.since and day < search.since) or (search.until and day > search.until):
        return False
    texts = [words(text) for text in (asset.job.prompt, asset.note, *asset.tags)]
    for phrase in search.text:
        size = len(phrase.words)
        told = any(_says(text[at : at + size], phrase) for text in texts for at in range(len(text)))
        if told != phrase.wanted:
            return False
    for term in search.terms:
        values = has.get(term.kind, set())
        if term.kind == "favorite":
            if not asset.loved:  # type: ignore[attr-defined]
                return False
        elif not any(value in term.values if term.values else term.low <= value <= term.high for value in values):
            return False
    return True


def _says(text: list[str], phrase: Phrase) -> bool:
    if not phrase.begins:
        return tuple(text) == phrase.words
    *before, last = phrase.words
    return len(text) == len(phrase.words) and text[:-1] == before and text[-1].startswith(last)


def walked(person: User, workspace: Workspace, search: Search) -> Iterator[list[int]]:
    """Every page of a search, on to the end, also past places where it stopped."""
    cursor = None
    for _ in range(400):
        page = gallery.page(person, workspace, search, cursor)
        yield [asset.pk for asset in page.assets]
        if page.after is None:
            return
        cursor = gallery.read(gallery.written(page.after))
    raise AssertionError("a list without an end")


def walked_back(person: User, workspace: Workspace, search: Search, last: int, value: str) -> list[int]:
    found: list[int] = []
    cursor: Cursor | None = Cursor(last, value)
    while cursor:
        page = gallery.page(person, workspace, search, cursor, back=True)
        found = [asset.pk for asset in page.assets] + found
        cursor = page.before
    return found


@pytest.fixture(params=["as it is", "with little patience"])
def patience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pages; and the bounds of a walk so small that a small library meets them."""
    monkeypatch.setattr(gallery, "PAGE", 7)
    if request.param == "with little patience":
        for module, name, value in (
            (strides, "STRIDES", (2, 1, 3)),
            (strides, "MOST_STEPS", 6),
            (strides, "FEW", 2),
            (strides, "MOST_NAMED", 3),
            (strides, "ENOUGH", 3),
            (looking, "FEW", 6),
            (looking, "MOST_RANGES", 3),
            (looking, "MOST_PARTS", 3),
            (looking, "MOST_WORDS", 4),
            (looking, "MOST_LEGS", 2),
            (blocks, "WIDTH", 64),
            (blocks, "FULL", 8),
            (blocks, "FEW", 2),
            (blocks, "ROWS", (2, 3, 4)),
        ):
            monkeypatch.setattr(module, name, value)


def test_a_search_finds_what_looking_at_every_picture_finds(
    patience: None, alice: User, bob: User, charlie: User
) -> None:
    rng = random.Random(11)
    here, elsewhere = alice.workspaces.get(), charlie.workspaces.get()
    every = library([alice, bob], rng, 60) + library([charlie], rng, 12)
    hits = 0
    for number in range(140):
        search = random_search(rng, [alice, bob])
        person, workspace = rng.choice([(alice, here), (bob, here), (charlie, elsewhere)])
        expected = naive(every, person, workspace, search)
        hits += len(expected)
        pages = list(walked(person, workspace, search))
        assert [pk for page in pages for pk in page] == expected, (number, person, search)
        assert gallery.ids(person, workspace, search, 1000) == expected
        if expected:
            last = next(asset for asset in every if asset.pk == expected[-1])
            value = {Sort.RATING: str(last.rating), Sort.COST: f"{last.units:06}"}.get(search.sort, "")
            assert walked_back(person, workspace, search, last.pk, value) == expected[:-1], (number, search)
    assert hits > 300


def test_what_there_is_to_find_is_counted_for_each_person(alice: User, bob: User, charlie: User) -> None:
    rng = random.Random(2)
    here = alice.workspaces.get()
    every = library([alice, bob], rng, 40) + library([charlie], rng, 10)
    for person in (alice, bob):
        for kind, column in (("rating", "rating"), ("tag", "tags"), ("person", "person_id")):
            expected: dict[str, int] = {}
            for asset in every:
                if _seen(asset, person, here, SHARED):
                    value = getattr(asset, column)
                    for each in value if isinstance(value, list) else [value]:
                        expected[str(each)] = expected.get(str(each), 0) + 1
            assert dict(gallery.values(person, here, kind)) == expected
            terms = [Term(kind, (value,)) for value in [*expected, "none"]]
            told = gallery.many(person, here, terms)
            assert {term.values[0]: told[term] for term in terms} == {**expected, "none": 0}


def test_a_month_is_jumped_to(alice: User) -> None:
    rng = random.Random(4)
    here = alice.workspaces.get()
    every = [asset for asset in library([alice], rng, 40) if _seen(asset, alice, here, SHARED)]
    months = dict(gallery.values(alice, here, "month"))
    assert len(months) > 2
    for month in months:
        cursor = gallery.start_of(alice, here, month)
        assert cursor
        first = gallery.page(alice, here, Search(), cursor).assets[0]
        assert first.pk == max(asset.pk for asset in every if f"{asset.created_at:%Y-%m}" == month)
    assert gallery.start_of(alice, here, "1999-01") is None


@pytest.mark.parametrize("sort", Sort)
def test_the_statements_do_not_grow_with_the_library(alice: User, sort: Sort) -> None:
    here = alice.workspaces.get()
    rng = random.Random(1)
    search = Search((Term("kind", ("raster",)),), text=(Phrase(("fox",)),), sort=sort)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert gallery.page(alice, here, search).assets
        for query in queries:
            assert "OFFSET" not in query["sql"].upper()
            assert "COUNT(" not in query["sql"].upper()
        return len(queries)

    library([alice], rng, 30)
    few = statements()
    library([alice], rng, 30)
    assert statements() == few <= 5


def test_a_cursor_of_somebody_elses_making_is_none() -> None:
    assert gallery.read(gallery.written(Cursor(5, "4"))) == Cursor(5, "4")
    for text in ("", "x", "1:2", gallery.written(Cursor(5))[:-2], "\x00", "é" * 300):
        assert gallery.read(text) is None
