"""A page is looked for no further than it takes, also where there is little or nothing to find."""

import random
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.models import AssetFacet, Facet, User
from studio.models.facets import SHARED
from studio.services import blocks, facets, gallery, looking, strides
from studio.services.blocks import List
from studio.services.gallery import Phrase, Search, Term
from studio.services.walks import FacetWalk, HasWords, InFacets, Saying, Span
from tests.views import making

pytestmark = pytest.mark.django_db


WHOLE = {name: getattr(blocks, name) for name in ("WIDTH", "FULL", "FEW", "ROWS")}


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in (
        (strides, "STRIDES", (6, 6)),
        (strides, "MOST_STEPS", 12),
        (strides, "FEW", 2),
        (strides, "MOST_NAMED", 9),
        (strides, "ENOUGH", 4),
        (looking, "FEW", 4),
        (gallery, "PAGE", 8),
        (blocks, "WIDTH", 64),
        (blocks, "FULL", 8),
        (blocks, "FEW", 2),
        (blocks, "ROWS", (2, 2)),  # two lists: one block, and one more
    ):
        monkeypatch.setattr(module, name, value)


def pictures(person: User, count: int, tags: Callable[[int], list[str]]) -> list[int]:
    job = making.job(person, params={"prompt": "A fox", "model": "recraftv3"}, images=9)
    made = [making.picture(person, job, rendered=False, tags=tags(number)).pk for number in range(count)]
    facets.index(made)
    return made


def tag(*values: str) -> Term:
    return Term("tag", values)


def plan(sql: str, parameters: object) -> str:
    """How the database means to go about a statement, with what it would do for few rows put aside."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for kind in ("seqscan", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{kind} = off")
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + sql, parameters)
        return "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())


@pytest.mark.parametrize("down", [True, False])
def test_scopes_are_merged_in_their_order_and_nothing_is_sorted(db: None, down: bool) -> None:
    walk = FacetWalk(((1, 0), (1, 7), (2, 0)), parted=True)
    tests = [InFacets((3, 4)).test(), HasWords((Saying(("fox",)),)).test()]
    start = walk.select(Span(high=900, down=down), 61)
    where = " AND ".join(test.sql for test in tests)
    given = (*start.parameters, *(each for test in tests for each in test.parameters))
    for sql, parameters in (
        (start.sql, start.parameters),
        (f"SELECT walked.asset_id FROM ({start.sql}) AS walked WHERE {where} LIMIT 9", given),
    ):
        found = plan(sql, parameters)
        assert not re.search(r"TEMP B-TREE|\bSort\b(?! Key)|Seq Scan", found), found


def test_lists_have_in_common_what_is_in_each(alice: User) -> None:
    rng = random.Random(3)
    made = pictures(alice, 70, lambda _: sorted(rng.sample(["one", "two", "three", "four"], rng.randrange(4))))
    has: dict[str, set[int]] = {"one": set(), "two": set(), "three": set(), "four": set()}
    known = {}
    for facet, value, asset in AssetFacet.objects.filter(facet__kind="tag").values_list(
        "facet", "facet__value", "asset"
    ):
        has[value].add(asset)
        known[value] = List(facet, 99)
    lists = [[known["one"], known["four"]], [known["two"]], [known["three"]]]
    both = sorted((has["one"] | has["four"]) & has["two"] & has["three"])
    assert len(both) > 2
    for edge in rng.sample(made, 12):
        for first, last in ((edge, made[0]), (edge, made[-1])):
            found, at = list[int](), first
            while True:
                stretches = list(blocks.common({SHARED: lists}, at, last))
                found += [pk for stretch in stretches for pk, _ in stretch.pictures]
                if (reached := stretches[-1].edge) is None:
                    break
                at = reached - 1 if last < first else reached + 1
            assert found == sorted(
                (pk for pk in both if min(first, last) <= pk <= max(first, last)), reverse=last < first
            )


def test_a_block_is_read_as_it_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    rng = random.Random(8)
    for pictures in (0, 1, blocks.FEW, blocks.FEW + 1, blocks.WIDTH):
        bits = sum(1 << at for at in rng.sample(range(blocks.WIDTH), pictures))
        assert blocks.read(blocks.written(bits)) == bits
        assert len(blocks.written(bits)) <= blocks.FULL


def test_a_stretch_without_anything_in_common_costs_its_blocks_and_not_its_pictures(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in WHOLE.items():
        monkeypatch.setattr(blocks, name, value)
    here = alice.workspaces.get()
    made = pictures(alice, 90, lambda at: ["both", "odd", "even"] if at == 1 else ["odd" if at % 2 else "even"])
    found = looking.Look(alice, here, Search((tag("odd"), tag("even")))).find(None, False, 8)
    assert ([place.id for place in found.places], found.further, found.stopped) == ([made[1]], None, False)
    found = looking.Look(alice, here, Search((tag("even"), tag("odd"), tag("both")))).find(None, False, 8)
    assert [place.id for place in found.places] == [made[1]]


def test_what_a_block_tells_is_looked_up_before_it_is_shown(alice: User) -> None:
    here = alice.workspaces.get()
    made = pictures(alice, 12, lambda at: ["odd" if at % 2 else "even"])
    (odd,) = Facet.objects.filter(kind="tag", value="odd")
    blocks.change([(odd.pk, SHARED, pk) for pk in made], [])
    assert not gallery.page(alice, here, Search((tag("odd"), tag("even")))).assets


def work(look: Callable[[], object]) -> int:
    """What a look costs the database: instructions on SQLite, statements on PostgreSQL."""
    look()  # what is parsed once is not counted
    ticks = 0

    def tick() -> int:
        nonlocal ticks
        ticks += 1
        return 0

    with CaptureQueriesContext(connection) as queries:
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(tick, 20)
        look()
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(None, 0)
    return ticks or len(queries)


def test_a_page_of_a_larger_library_costs_no_more(alice: User) -> None:
    here = alice.workspaces.get()
    searches = {
        "never met": Search((tag("odd"), tag("even"))),
        "often met": Search((tag("odd"), tag("third"))),
        "a word nothing has": Search((tag("odd"),), text=(Phrase(("wolf",)),)),
        "without a word that all have": Search((tag("odd"),), text=(Phrase(("fox",), wanted=False),)),
        "a word that all have": Search(text=(Phrase(("fox",)),)),
        "words that all have, but not so": Search(text=(Phrase(("fox", "a")),)),
        "a beginning that all have": Search(text=(Phrase(("f",), begins=True),)),
    }

    def tags(at: int) -> list[str]:
        return ["odd" if at % 2 else "even", *(["third"] if at % 3 == 0 else [])]

    def works() -> dict[str, int]:
        return {
            name: work(lambda search=search: looking.Look(alice, here, search).find(None, False, 8))  # type: ignore[misc]
            for name, search in searches.items()
        }

    pictures(alice, 36, tags)
    few = works()
    pictures(alice, 72, tags)
    # One statement more, where the ids lie so that the same pictures are in one block more.
    assert {name: each for name, each in works().items() if each > max(1.3 * few[name], few[name] + 1)} == {}


def test_what_is_never_met_is_given_up_and_said(alice: User) -> None:
    here = alice.workspaces.get()
    pictures(alice, 140, lambda at: ["odd" if at % 2 else "even"])
    page = gallery.page(alice, here, Search((tag("odd"), tag("even"))))
    assert page.stopped and page.after and page.reached
    assert not page.assets


def test_a_page_that_was_looked_for_long_enough_goes_on_without_a_word(alice: User) -> None:
    here = alice.workspaces.get()
    made = pictures(alice, 140, lambda at: ["every", *([] if at % 16 else ["some"])])
    page = gallery.page(alice, here, Search((tag("every"), tag("some"))))
    found = [asset.pk for asset in page.assets]
    assert strides.ENOUGH <= len(found) <= gallery.PAGE
    assert found == [made[at] for at in range(128, -1, -16)][: len(found)]
    assert page.after
    assert not page.stopped
