"""What the gallery can be narrowed by, in words: chips for what is, menus for what could be."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from studio.models import Collection, CustomStyle, SavedSearch, User, Workspace
from studio.recraft.catalogue import OPERATIONS
from studio.recraft.image_models import IMAGE_MODELS
from studio.services import gallery, looks
from studio.services.gallery import Term
from studio.services.queries import FILTERS, ME, NOT_RATED, SHELVES, SPANS, Filter, Query

MINE = {"upload": "Uploaded", "finish": "Finished here"}  # operations that the catalogue doesn't know
KINDS = {"raster": "Raster", "vector": "Vector"}
STATES = {"accepted": "Accepted", "approved": "Approved"}
STARS = {NOT_RATED: "Not rated", "5": "5 stars", **{str(stars): f"{stars} stars or more" for stars in (4, 3, 2)}}
STARS["1"] = "1 star or more"
LAID_ASIDE = {"discarded": "Discarded", "trash": "In the trash"}


# What has no menu of values: its icon, and what it says.
SAID: dict[str, tuple[str, Callable[[str], str]]] = {
    "q": ("search", lambda text: text[:40]),
    "near": ("palette", lambda color: f"Near #{color}"),
    "favorite": ("heart", lambda _: "Favorites"),
    "when": ("calendar-days", lambda span: SPANS[span]),
    "since": ("calendar-days", lambda day: f"Since {_day(day)}"),
    "until": ("calendar-days", lambda day: f"Until {_day(day)}"),
    "from_units": ("coins", lambda units: f"From {int(units):,} units"),
    "to_units": ("coins", lambda units: f"Up to {int(units):,} units"),
    "shown": ("trash-2", lambda shelf: LAID_ASIDE[shelf]),
    "like": ("images", lambda _: "Like one picture"),
}


@dataclass(frozen=True)
class Chip:
    """One thing the gallery is narrowed to, and the query without it. `helps`: without it there are pictures."""

    label: str
    icon: str
    without: str
    colors: tuple[str, ...] = ()
    helps: bool = False


@dataclass(frozen=True)
class Choice:
    """One line of a menu: the query that it leads to, and how many pictures it has."""

    label: str
    query: str
    on: bool
    pictures: int | None = None
    colors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Month:
    """One entry of the rail; `part` of the width that the fullest has, in percent."""

    value: str
    label: str
    pictures: int
    part: int
    opens_year: str = ""


class Words:
    """What values are called in one workspace."""

    def __init__(self, person: User, workspace: Workspace) -> None:
        self.person, self.workspace = person, workspace

    def of(self, kind: str, values: Sequence[str]) -> dict[str, str]:
        known: dict[str, dict[str, str]] = {
            "operation": {slug: each.label for slug, each in OPERATIONS.items()} | MINE,
            "model": {id: each.label for id, each in IMAGE_MODELS.items()},
            "kind": KINDS,
            "state": STATES,
            "rating": STARS,
            "color": {name: name.capitalize() for name in looks.NAMES},
        }
        if kind == "person":
            return self._people(values)
        if kind == "collection":
            return {value: self.collections(values).get(value, "A collection") for value in values}
        if kind == "style":
            mine = CustomStyle.objects.visible_to(self.person)
            styles = mine.filter(workspace=self.workspace, public_id__in=values)
            return {value: value for value in values} | {style.public_id: style.name for style in styles}
        return {value: known.get(kind, {}).get(value, value) for value in values}

    def collections(self, values: Sequence[str]) -> dict[str, str]:
        """The names of those of these collections that the person may open."""
        seen = Collection.objects.visible_to(self.person).filter(workspace=self.workspace, public_id__in=values)
        return dict(seen.values_list("public_id", "name"))

    def _people(self, values: Sequence[str]) -> dict[str, str]:
        # Whoever has pictures here is named, also after they left; nobody else is.
        ids = [int(value) for value in values if value != ME]
        drew = User.objects.filter(pk__in=ids, assets__workspace=self.workspace).distinct() if ids else []
        named = {str(each.pk): "You" if each == self.person else str(each) for each in drew}
        return {value: "You" if value == ME else named.get(value, "Nobody here") for value in values}


def chips(query: Query, words: Words) -> list[Chip]:
    """What the gallery is narrowed to."""
    return list(_chips(query, words))


def _chips(query: Query, words: Words) -> Iterator[Chip]:
    for name in dict.fromkeys(("q", *FILTERS, *SAID)):
        values = query.values.get(name, ())
        if values and name in FILTERS:
            each, names = FILTERS[name], words.of(name, values)
            for value in values:
                yield Chip(names[value], each.icon, query.toggled(name, value), _color(each, value))
        elif values:
            icon, say = SAID[name]
            yield Chip(say(values[0]), icon, query.with_(name), (f"#{values[0]}",) if name == "near" else ())


def helping(query: Query, words: Words) -> list[Chip]:
    """The chips of a search that finds nothing, each with whether there is something without it."""
    person, workspace = words.person, words.workspace
    found = []
    for chip in chips(query, words)[:8]:
        without = Query.read(chip.without, workspace)
        helps = gallery.finds(person, workspace, without.search(person))
        found.append(Chip(chip.label, chip.icon, chip.without, chip.colors, helps))
    return sorted(found, key=lambda chip: not chip.helps)


def choices(name: str, query: Query, words: Words) -> list[Choice]:
    """The lines of one menu: every value that has pictures of this person's, and those that are chosen."""
    each, shelf = FILTERS[name], SHELVES[query.one("shown")]
    counted = dict(gallery.values(words.person, words.workspace, name, shelf))
    if name == "person" and str(words.person.pk) in counted:
        counted = {ME: counted.pop(str(words.person.pk)), **counted}
    if name == "rating":
        counted = _at_least(counted)
    if name == "collection":
        # Pictures everybody sees may lie in somebody's private collection, which nobody else hears of.
        open_to = words.collections(list(counted))
        counted = {value: pictures for value, pictures in counted.items() if value in open_to}
    chosen = query.values.get(name, ())
    values = [*counted, *(value for value in chosen if value not in counted)]
    if name in ("color", "rating"):
        order = list(looks.NAMES) if name == "color" else list(STARS)
        values.sort(key=order.index)
    names = words.of(name, values)
    return [
        Choice(names[value], query.toggled(name, value), value in chosen, counted.get(value, 0), _color(each, value))
        for value in values
    ]


def _at_least(counted: dict[str, int]) -> dict[str, int]:
    """Stars mean so many or more, so their counts add up."""
    found = {}
    for value in STARS:
        pictures = counted.get(value, 0)
        if value != NOT_RATED:
            pictures = sum(counted.get(str(stars), 0) for stars in range(int(value), 6))
        if pictures:
            found[value] = pictures
    return found


def months(person: User, workspace: Workspace, shelf: int) -> list[Month]:
    """The months that have pictures, the last one first."""
    counted = sorted(gallery.values(person, workspace, "month", shelf, most=240), reverse=True)
    most, year, found = max((pictures for _, pictures in counted), default=1), "", []
    for value, pictures in counted:
        opens = value[:4] if value[:4] != year else ""
        year = value[:4]
        label = f"{date.fromisoformat(f'{value}-01'):%b}"
        found.append(Month(value, label, pictures, max(round(22 * pictures / most), 4), opens))
    return found


def library(query: Query, words: Words) -> list[tuple[str, str, str, int, bool]]:
    """The standing searches beside the gallery: label, icon, query, pictures, and whether it is the one shown."""
    person, workspace = words.person, words.workspace
    every, mine = Term("all", ("",)), Term("person", (str(person.pk),))
    favorite, unrated = Term("favorite", (str(person.pk),)), Term("rating", (NOT_RATED,))
    kept = gallery.many(person, workspace, (every, mine, favorite, unrated))
    aside = {name: gallery.many(person, workspace, (every,), SHELVES[name])[every] for name in LAID_ASIDE}
    lines = [
        ("All pictures", "images", "", kept[every]),
        ("Mine", "user", "person=me", kept[mine]),
        ("Favorites", "heart", "favorite=1", kept[favorite]),
        ("To rate", "inbox", "rating=0", kept[unrated]),
        ("Discarded", "circle-slash", "shown=discarded", aside["discarded"]),
        ("Trash", "trash-2", "shown=trash", aside["trash"]),
    ]
    return [(*line, line[2] == query.text) for line in lines]


def saved(query: Query, words: Words) -> list[tuple[SavedSearch, bool]]:
    """Searches that were kept, and which of them is the one shown."""
    kept = SavedSearch.objects.visible_to(words.person, words.workspace)[:300]
    return [(each, each.query == query.text) for each in kept]


def _color(each: Filter, value: str) -> tuple[str, ...]:
    return ("#" + bytes(looks.NAMES[value]).hex(),) if each.name == "color" else ()


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"
