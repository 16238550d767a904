"""What can be done to a picture, each thing described once: who may, what it changes, what it is called.

A verb looks at a picture's facts, which are plain values that JSON can hold, and answers with those it changes, with
none, or with the sentence that says why not. So the same table serves one press, ten thousand pictures, and undo.

An approved picture is frozen: what was approved is what will be used. Whoever wants to change it withdraws that first.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from studio.errors import InvalidRequest
from studio.models import Asset, AssetState, Decision, May, Visibility
from studio.models.assets import MOST_STARS

MOST_TAGS = 20  # on one picture
TAG_LETTERS = 40
TITLE_LETTERS = 120
NOTE_LETTERS = 4000

FROZEN = "It is approved. Withdraw the approval first."
IN_TRASH = "It is in the trash. Restore it first."
CHANGED_SINCE = "Somebody changed it since, so it was left as it is."
GONE = "It is not here any more."
NOT_THEIRS = "Only who made a picture decides who sees it."
STAYS_PRIVATE = "It is private, and everybody sees this collection."

Facts = dict[str, Any]
FIELDS = ("rating", "given_title", "note", "tags", "decision", "state")
BY_WHOM = ("decided_by_id", "approved_by_id", "trashed_by_id")
WHEN = ("decided_at", "approved_at", "trashed_at")
FAVORITE = "favorite"  # stands in a table of its own, since it is the person's and not the picture's
SEEN_BY = "visibility"
OF = "person_id"  # who made it, which nothing changes
# Where it stands in the collection that an action is about: [key, place, who added it, whether it is the cover]. Of one
# that is still to come the first two are 0, and known once it is written.
ITEM = "item"
IS_OPEN = "is_open"  # whether the whole workspace sees that collection


def facts(asset: Asset, is_favorite: bool) -> Facts:
    """What verbs may change of a picture."""
    moments = {name: moment.isoformat() if (moment := getattr(asset, name)) else None for name in WHEN}
    plain = {name: getattr(asset, name) for name in (*FIELDS, *BY_WHOM, SEEN_BY, OF)}
    return plain | moments | {FAVORITE: is_favorite}


@dataclass(frozen=True)
class Press:
    """Who presses, and when: what a verb may write down besides its value."""

    person: int
    at: str  # ISO 8601


Change = Callable[[Facts, Any, Press], Facts | str]


@dataclass(frozen=True)
class Verb:
    """`done` is said afterwards: {n} is "3 pictures", {value} what was given."""

    name: str
    done: str
    change: Change
    may: May = May.MAKE
    clean: Callable[[Any], Any] = lambda value: None
    thaws: bool = False  # also for approved pictures
    in_trash: bool = False  # also for what is in the trash
    one_by_one: bool = False  # makes no sense for many
    shows: bool = False  # may change who sees it

    def plan(self, now: Facts, value: Any, press: Press) -> Facts | str:
        """What changes, or why nothing may."""
        if now["state"] == AssetState.PURGED:
            return GONE
        if now["state"] == AssetState.TRASHED and not self.in_trash:
            return IN_TRASH
        wanted = self.change(now, value, press)
        if isinstance(wanted, str) or not wanted:
            return wanted
        return FROZEN if now["approved_at"] and not self.thaws else wanted


def plan_undo(now: Facts, before: Facts, after: Facts, thaws: bool) -> Facts | str:
    """What puts a picture back, unless somebody changed the same since. Other people's tags stay."""
    if now["state"] == AssetState.PURGED:
        return GONE
    if now["state"] == AssetState.TRASHED and not before.keys() & {"state", ITEM}:
        return IN_TRASH
    if now["approved_at"] and not thaws:
        return FROZEN
    if set(before) == {"tags"}:
        had, got, has = (set(each["tags"]) for each in (before, after, now))
        tags = sorted((has - (got - had)) | (had - got))
        # Where somebody has put them back already, nothing is left to do.
        return {"tags": tags} if set(tags) != has and len(tags) <= MOST_TAGS else CHANGED_SINCE
    return dict(before) if all(_is_so(now, name, value) for name, value in after.items()) else CHANGED_SINCE


def _is_so(now: Facts, name: str, value: Any) -> bool:
    if name == ITEM and now[ITEM] and value:
        return bool(now[ITEM][0] == value[0])  # wherever in the collection it was moved since
    return bool(now[name] == value)


# --- what people may say ----------------------------------------------------------------------------------------------


def normal_tag(text: str) -> str:
    """ "  Spring  HERO " -> "spring hero"."""
    plain = "".join(each for each in unicodedata.normalize("NFC", text) if each.isprintable())
    return re.sub(r"\s+", " ", plain.replace(",", " ")).strip().lower()


def _stars(value: Any) -> int:
    if not re.fullmatch(rf"[0-{MOST_STARS}]", str(value)):
        raise InvalidRequest({"value": f"A rating is 0 to {MOST_STARS} stars."})
    return int(value)


def _tags(value: Any) -> list[str]:
    given = value.split(",") if isinstance(value, str) else value or []
    tags = sorted({normal_tag(str(each)) for each in given} - {""})
    if not tags:
        raise InvalidRequest({"value": "Write a tag, or several with commas between."})
    if any(len(tag) > TAG_LETTERS for tag in tags):
        raise InvalidRequest({"value": f"A tag has at most {TAG_LETTERS} characters."})
    if len(tags) > MOST_TAGS:
        raise InvalidRequest({"value": f"A picture has at most {MOST_TAGS} tags."})
    return tags


def _text(most: int) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        text = str(value or "").replace("\r\n", "\n").replace("\0", "").strip()
        if len(text) > most:
            raise InvalidRequest({"value": f"That is {len(text):,} characters; {most:,} fit."})
        return text

    return clean


def _collection(value: Any) -> dict[str, Any]:
    """ "ID", or "ID share" from who agreed that their private pictures are shared by it."""
    found = re.fullmatch(r"([\w-]{1,40})( share)?", str(value or ""))
    if not found:
        raise InvalidRequest({"value": "Choose a collection."})
    return {"collection": found[1], "share": bool(found[2])}


# --- what changes -----------------------------------------------------------------------------------------------------


def _set(name: str) -> Change:
    return lambda now, value, press: {} if now[name] == value else {name: value}


def _favor(is_favorite: bool) -> Change:
    return lambda now, value, press: {} if now[FAVORITE] == is_favorite else {FAVORITE: is_favorite}


def _decide(decision: Decision) -> Change:
    def change(now: Facts, value: Any, press: Press) -> Facts:
        # What was decided before keeps its person and its time: pressing twice is once.
        if now["decision"] == decision:
            return {}
        is_open = decision == Decision.OPEN
        by = {"decided_by_id": None, "decided_at": None} if is_open else {}
        return {"decision": decision.value, "decided_by_id": press.person, "decided_at": press.at} | by

    return change


def _unreject(now: Facts, value: Any, press: Press) -> Facts:
    return _decide(Decision.OPEN)(now, value, press) if now["decision"] == Decision.DISCARDED else {}  # type: ignore[return-value]


def _tag(now: Facts, value: Iterable[str], press: Press) -> Facts | str:
    tags = sorted({*now["tags"], *value})
    if len(tags) > MOST_TAGS:
        return f"It would have more than {MOST_TAGS} tags."
    return {"tags": tags} if tags != now["tags"] else {}


def _untag(now: Facts, value: Iterable[str], press: Press) -> Facts:
    tags = sorted(set(now["tags"]) - set(value))
    return {"tags": tags} if tags != now["tags"] else {}


def _approve(now: Facts, value: Any, press: Press) -> Facts:
    return {} if now["approved_at"] else {"approved_at": press.at, "approved_by_id": press.person}


def _withdraw(now: Facts, value: Any, press: Press) -> Facts:
    return {"approved_at": None, "approved_by_id": None} if now["approved_at"] else {}


def _trash(now: Facts, value: Any, press: Press) -> Facts:
    if now["state"] == AssetState.TRASHED:
        return {}
    return {"state": AssetState.TRASHED.value, "trashed_at": press.at, "trashed_by_id": press.person}


def _restore(now: Facts, value: Any, press: Press) -> Facts:
    if now["state"] == AssetState.STORED:
        return {}
    return {"state": AssetState.STORED.value, "trashed_at": None, "trashed_by_id": None}


def _show_to(visibility: Visibility) -> Change:
    def change(now: Facts, value: Any, press: Press) -> Facts | str:
        if now[SEEN_BY] == visibility:
            return {}
        return {SEEN_BY: visibility.value} if now[OF] == press.person else NOT_THEIRS

    return change


def _collect(now: Facts, value: Any, press: Press) -> Facts | str:
    if now[ITEM]:
        return {}
    plan = {ITEM: [0, 0, press.person, False]}
    if now[IS_OPEN] and now[SEEN_BY] == Visibility.PRIVATE:
        return plan | {SEEN_BY: Visibility.WORKSPACE.value} if value["share"] else STAYS_PRIVATE
    return plan


def _uncollect(now: Facts, value: Any, press: Press) -> Facts:
    return {ITEM: None} if now[ITEM] else {}


VERBS: Mapping[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("rate", "{n} rated {value}.", _set("rating"), May.JUDGE, _stars),
        Verb("favorite", "{n} among your favorites.", _favor(True), May.LOOK, thaws=True),
        Verb("unfavorite", "{n} no longer among your favorites.", _favor(False), May.LOOK, thaws=True),
        Verb("reject", "{n} rejected.", _decide(Decision.DISCARDED)),
        Verb("unreject", "{n} brought back.", _unreject),
        Verb("accept", "{n} accepted.", _decide(Decision.ACCEPTED)),
        Verb("reopen", "{n} open again.", _decide(Decision.OPEN)),
        Verb("tag", "{n} tagged {value}.", _tag, clean=_tags),
        Verb("untag", "{value} taken off {n}.", _untag, clean=_tags),
        Verb("title", "Title kept.", _set("given_title"), clean=_text(TITLE_LETTERS), one_by_one=True),
        Verb("note", "Note kept.", _set("note"), clean=_text(NOTE_LETTERS), one_by_one=True),
        Verb("approve", "{n} approved.", _approve, May.JUDGE, thaws=True),
        Verb("withdraw", "Approval of {n} withdrawn.", _withdraw, May.JUDGE, thaws=True),
        Verb("trash", "{n} in the trash.", _trash, in_trash=True),
        Verb("restore", "{n} restored.", _restore, thaws=True, in_trash=True),
        Verb("share", "{n} shared with the workspace.", _show_to(Visibility.WORKSPACE), thaws=True, shows=True),
        Verb("unshare", "{n} made private.", _show_to(Visibility.PRIVATE), thaws=True, shows=True),
        Verb("collect", "{n} put into {value}.", _collect, clean=_collection, thaws=True, shows=True),
        Verb("uncollect", "{n} taken out of {value}.", _uncollect, clean=_collection, thaws=True, in_trash=True),
    )
}
COLLECTING = ("collect", "uncollect")
UNDO = "undo"
PERSONAL = ("favorite", "unfavorite")  # nobody else's business, so in nobody's history


def in_words(verb: str, value: Any) -> str:
    """The value as a sentence has it: "4 stars", "“hero”", "“Spring”"."""
    if verb == "rate":
        return "0 stars" if not value else "1 star" if value == 1 else f"{value} stars"
    if verb in COLLECTING:
        return f"“{value['name']}”"
    return ", ".join(f"“{tag}”" for tag in value) if isinstance(value, list) else str(value or "")
