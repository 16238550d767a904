"""The gallery's address: what is looked for stands in it whole, so that a search can be kept, sent and gone back to.

Whatever stands there is read without complaint. What means nothing is left out; what means something but can't be
done is said. A list of FILTERS is the whole of it: the menus, the chips and the search are made from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import timezone

from studio.models.collections import Collection
from studio.models.facets import DISCARDED, SHARED, TRASHED
from studio.models.people import User, Workspace
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import IMAGE_MODELS
from studio.services import facets, looks
from studio.services.gallery import Phrase, Search, Sort, Term
from studio.services.looking import FIRST_DAY
from studio.services.words import words

MOST_VALUES = 12  # of one filter
MOST_PHRASES = 12
MOST_UNITS = 999_999
ME = "me"
NOT_RATED = "0"

_TAG = re.compile(r"[^\x00-\x1f]{1,120}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_HEX = re.compile(r"[0-9a-f]{6}")
_ASKED = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')


@dataclass(frozen=True)
class Filter:
    """One way to narrow the gallery: its name in the address and of its facets, and which values it takes."""

    name: str
    label: str
    icon: str
    takes: Callable[[str], object]
    every: bool = False  # several values are all meant; otherwise any of them
    several: bool = True


def _one_of(names: Mapping[str, object] | frozenset[str]) -> Callable[[str], object]:
    return lambda value: value in names


FILTERS = {
    each.name: each
    for each in (
        Filter("person", "Person", "user", lambda value: value == ME or _NUMBER.fullmatch(value)),
        Filter("collection", "Collection", "folder", re.compile(r"[\w-]{1,40}").fullmatch, every=True),
        Filter("operation", "Operation", "wand-sparkles", _one_of({**OPERATIONS, "upload": "", "finish": ""})),
        Filter("model", "Model", "layers", _one_of(IMAGE_MODELS)),
        Filter("style", "Style", "swatch-book", _TAG.fullmatch),
        Filter("color", "Color", "palette", _one_of(looks.NAMES), every=True),
        Filter("kind", "Raster or vector", "pen-tool", _one_of(frozenset(("raster", "vector"))), several=False),
        Filter("aspect", "Shape", "ratio", _one_of(facets.ASPECTS)),
        Filter("rating", "Rating", "star", _one_of(frozenset("012345")), several=False),
        Filter("tag", "Tag", "tag", _TAG.fullmatch, every=True),
        Filter("state", "State", "circle-check", _one_of(frozenset(("accepted", "approved"))), every=True),
    )
}
SHELVES = {"": SHARED, "discarded": DISCARDED, "trash": TRASHED}
SPANS = {"today": "Today", "week": "This week", "month": "This month", "year": "This year"}
SORTS = {Sort.NEWEST: "Newest", Sort.OLDEST: "Oldest", Sort.RATING: "Best rated", Sort.COST: "Costliest"}


@dataclass(frozen=True)
class Query:
    """What an address asks for: `values` by name in the order they are written, and what could not be done."""

    values: Mapping[str, tuple[str, ...]]
    problems: tuple[str, ...] = ()
    today: date = FIRST_DAY  # by the workspace's clock

    @classmethod
    def of(cls, given: QueryDict, workspace: Workspace) -> Query:
        """What stands in an address. Never fails."""
        today = timezone.now().astimezone(ZoneInfo(workspace.time_zone)).date()
        found: dict[str, tuple[str, ...]] = {}
        for each in FILTERS.values():
            values = [value for value in dict.fromkeys(given.getlist(each.name)) if each.takes(value)][:MOST_VALUES]
            found[each.name] = tuple(values if each.several else values[:1])
        if given.get("who") == "mine" and ME not in found["person"]:
            found["person"] = (*found["person"], ME)
        found |= {name: _single(given, name) for name in ("q", "since", "until", "from_units", "to_units", "near")}
        found["favorite"] = ("1",) if given.get("favorite") == "1" else ()
        for name, known in (("shown", SHELVES), ("when", SPANS), ("sort", SORTS)):
            found[name] = tuple(value for value in _single(given, name) if value in known and value != Sort.NEWEST)
        found["like"] = tuple(value for value in _single(given, "like") if re.fullmatch(r"[\w-]{1,40}", value))
        return cls({name: values for name, values in found.items() if values}, today=today)._checked()

    @classmethod
    def read(cls, text: str, workspace: Workspace) -> Query:
        """The same of a query string that was kept somewhere."""
        return cls.of(QueryDict(text[:4000]), workspace)

    def _checked(self) -> Query:
        values, problems = dict(self.values), []
        for name in ("since", "until"):
            if name in values and _day(values[name][0]) is None:
                problems.append(f"“{values.pop(name)[0][:20]}” is no date. Write it as 2026-03-31.")
        for name in ("from_units", "to_units"):
            if name in values and not _NUMBER.fullmatch(values[name][0]):
                problems.append(f"“{values.pop(name)[0][:20]}” is no number of units.")
        if "near" in values:
            plain = values["near"][0].lower().lstrip("#")
            values["near"] = (plain,)
            if not _HEX.fullmatch(plain):
                problems.append(f"“{values.pop('near')[0][:20]}” is no color. Write it as c4603a.")
        if "q" in values and len(_phrases(values["q"][0])) > MOST_PHRASES:
            problems.append(f"Only the first {MOST_PHRASES} words are looked for.")
        return Query(values, tuple(problems), self.today)

    # --- what it means --------------------------------------------------------------------------------------------

    def search(self, person: User) -> Search:
        """The same for the gallery; `person` is who says "me"."""
        since, until = self.days
        return Search(
            terms=tuple(self._terms(person)),
            text=tuple(_phrases(self.one("q"))[:MOST_PHRASES]),
            since=since,
            until=until,
            shelf=SHELVES[self.one("shown")],
            sort=Sort(self.one("sort") or Sort.NEWEST),
        )

    def _terms(self, person: User) -> Iterator[Term]:
        for each in FILTERS.values():
            values = self.values.get(each.name, ())
            if each.name == "collection" and values:
                # One that this person may not open is none, whatever they see of its pictures.
                known = Collection.objects.visible_to(person).filter(public_id__in=values)
                theirs = set(known.values_list("public_id", flat=True))
                values = tuple(value if value in theirs else "" for value in values)
            if each.name == "rating" and values and values != (NOT_RATED,):
                yield Term("rating", tuple(str(stars) for stars in range(int(values[0]), 6)))
            elif each.every:
                yield from (Term(each.name, (value,)) for value in values)
            elif values:
                yield Term(each.name, tuple(str(person.pk) if value == ME else value for value in values))
        if self.one("favorite"):
            yield Term("favorite", (str(person.pk),))
        if near := self.one("near"):
            red, green, blue = bytes.fromhex(near)
            yield Term("cell", tuple(looks.cells_near((red, green, blue))))
        if self.one("from_units") or self.one("to_units"):
            low, high = int(self.one("from_units") or 0), int(self.one("to_units") or MOST_UNITS)
            yield Term("cost", low=f"{min(low, MOST_UNITS):06}", high=f"{min(high, MOST_UNITS):06}")

    @property
    def days(self) -> tuple[date | None, date | None]:
        """From when until when. A span such as "this week" is meant anew each day."""
        since, until = (_day(self.one(name)) for name in ("since", "until"))
        starts = {
            "today": self.today,
            "week": self.today - timedelta(days=self.today.weekday()),
            "month": self.today.replace(day=1),
            "year": self.today.replace(month=1, day=1),
        }
        return since or starts.get(self.one("when")), until

    # --- how it is written ----------------------------------------------------------------------------------------

    def one(self, name: str) -> str:
        return next(iter(self.values.get(name, ())), "")

    @cached_property
    def text(self) -> str:
        return self.encoded(self.values)

    @staticmethod
    def encoded(values: Mapping[str, tuple[str, ...]]) -> str:
        return urlencode([(name, value) for name, every in values.items() for value in every])

    def with_(self, name: str, *values: str) -> str:
        """The query string with other values of one name; without values, without it."""
        changed = {each: found for each, found in self.values.items() if each != name}
        return self.encoded({**changed, name: values})

    def toggled(self, name: str, value: str) -> str:
        """The query string with one value more, or with one less if it is there."""
        there = self.values.get(name, ())
        if value in there:
            return self.with_(name, *(each for each in there if each != value))
        several = name in FILTERS and FILTERS[name].several
        return self.with_(name, *there, value) if several else self.with_(name, value)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Everything but the words, for the form that asks for words."""
        return [(name, value) for name, values in self.values.items() if name != "q" for value in values]

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields that take one value."""
        return {name: self.one(name) for name in ("q", "near", "since", "until", "from_units", "to_units")}

    @property
    def all(self) -> list[tuple[str, str]]:
        """Everything, for a form that changes one thing."""
        return [(name, value) for name, values in self.values.items() for value in values]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.values.keys() - {"sort"})


def _single(given: QueryDict, name: str) -> tuple[str, ...]:
    value = given.get(name, "").replace("\x00", "").strip()[:300]
    return (value,) if value else ()


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return found if found and 1970 < found.year < 9000 else None


def _phrases(text: str) -> list[Phrase]:
    """What was typed: words, "words that follow one another", -words that must not be there, and begin* for beginnings.

    The last word may be one without a star: whoever types "vas" has not got to the end of "vases" yet, and finds no
    fewer by leaving something out behind it. What is quoted or left out is meant as it stands.
    """
    asked, found = list(_ASKED.finditer(text)), list[Phrase]()
    last = next((each for each in reversed(asked) if not each[1]), None)
    for each in asked:
        minus, quoted, word = each.groups(default="")
        begins = (each is last and bool(word)) or (quoted or word).endswith("*")
        if cut := tuple(words(quoted or word)):
            found.append(Phrase(cut, not minus, begins))
    return found
