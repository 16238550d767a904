"""Comments: who may say something about a picture, who may change it, and whom it names.

`@Mara Lind` names a member of the workspace, by their name or by what stands before the @ of their address. The words
stay as they were typed; who was named is kept beside them.
"""

import re
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.text import Truncator

from studio.errors import InvalidRequest, NotAllowed
from studio.models import Asset, AssetEvent, Comment, May, NoticeKind, User, Visibility, Workspace
from studio.models.comments import MOST_LETTERS
from studio.services import changes, notices, roles

NOT_YOURS = "Only who wrote a comment can change it."


class Pin(NamedTuple):
    """A place on a picture, in parts of its width and height, 0 to 1."""

    x: float
    y: float


@transaction.atomic
def add(person: User, asset: Asset, text: str, pin: Pin | None = None) -> Comment:
    """Say something about a picture. Raises NotAllowed, InvalidRequest."""
    _check(person, asset)
    words = _clean(text)
    if pin and not all(0 <= part <= 1 for part in pin):
        raise InvalidRequest({"x": "A pin lies on the picture: 0 to 100 % from its left and its top."})
    x, y = pin or (None, None)
    comment = Comment.objects.create(workspace_id=asset.workspace_id, asset=asset, person=person, text=words, x=x, y=y)
    _name(comment)
    _log(person, asset, "comment")
    _say(asset)
    return comment


@transaction.atomic
def edit(person: User, comment: Comment, text: str) -> None:
    """Say it in other words. Raises NotAllowed, InvalidRequest."""
    _check(person, comment.asset)
    if comment.person_id != person.pk:
        raise NotAllowed(NOT_YOURS)
    comment.text = _clean(text)
    comment.edited_at = Now()
    comment.save(update_fields=["text", "edited_at"])
    comment.refresh_from_db()
    _name(comment)
    _say(comment.asset)


@transaction.atomic
def delete(person: User, comment: Comment) -> None:
    """Take back what one has said; a steward takes away what others have. Raises NotAllowed."""
    is_own = comment.person_id == person.pk
    if not is_own and not roles.may(person, comment.workspace_id, May.STEER):
        raise NotAllowed(NOT_YOURS)
    deleted = Comment.objects.filter(pk=comment.pk, deleted_at=None).update(deleted_at=Now())
    if deleted and not is_own:
        _log(person, comment.asset, "remove-comment")
    _say(comment.asset)


@transaction.atomic
def resolve(person: User, comment: Comment, *, is_resolved: bool) -> None:
    """Say that a comment is settled, or open again. Raises NotAllowed."""
    _check(person, comment.asset)
    told = {"resolved_at": Now(), "resolved_by": person} if is_resolved else {"resolved_at": None, "resolved_by": None}
    # Pressing twice is once: the first one keeps its name and its time.
    changed = Comment.objects.filter(pk=comment.pk, resolved_at__isnull=is_resolved).update(**told)
    if changed:
        _log(person, comment.asset, "resolve" if is_resolved else "reopen-comment")
        _say(comment.asset)


def mentioned(workspace: Workspace | int, text: str) -> list[User]:
    """The members that a text names, longest name first, so that Anna Bell is not taken for Anna."""
    members = User.objects.filter(memberships__workspace=workspace, is_active=True)
    names = sorted(((name, each) for each in members for name in _names(each)), key=lambda pair: -len(pair[0]))
    found: list[User] = []
    for name, person in names:
        text, count = re.subn(rf"(?<!\w)@{re.escape(name)}(?!\w)", " ", text, flags=re.IGNORECASE)
        if count and person not in found:
            found.append(person)
    return found


def unname(person: User, other: str) -> None:
    """Let no comment name somebody any more, by @ or by their address; `other` is said instead."""
    own = _names(person)
    naming = Q(mentions=person) | Q(text__icontains=person.email)
    for name in own:
        naming |= Q(text__icontains=f"@{name}")
    for comment in Comment.objects.filter(naming).distinct().prefetch_related("mentions"):
        # Who is called Anna Bell is still called that when Anna is forgotten.
        rest = {name.lower() for each in comment.mentions.all() if each != person for name in _names(each)}
        comment.text = _without(comment.text, {name.lower() for name in own}, rest, other)
        comment.text = re.sub(re.escape(person.email), other, comment.text, flags=re.IGNORECASE)
        comment.save(update_fields=["text"])
    person.mentioned_in.clear()


def _without(text: str, own: set[str], rest: set[str], other: str) -> str:
    longest_first = sorted(own | rest, key=len, reverse=True)
    pattern = "|".join(re.escape(name) for name in longest_first)

    def said(found: re.Match[str]) -> str:
        return f"@{other}" if found[1].lower() in own else found[0]

    return re.sub(rf"(?<!\w)@({pattern})(?!\w)", said, text, flags=re.IGNORECASE)


def _names(person: User) -> set[str]:
    return {person.name, person.email.partition("@")[0]} - {""}


def _name(comment: Comment) -> None:
    before = set(comment.mentions.all())
    named = mentioned(comment.workspace_id, comment.text)
    comment.mentions.set(named)
    _tell(comment, [each for each in named if each not in before and each.pk != comment.person_id])


def _tell(comment: Comment, named: list[User]) -> None:
    """Those it names for the first time, and whose picture it is, are told of it, each once."""
    asset, workspace = comment.asset, comment.workspace
    url = f"{reverse('assets:page', args=[asset.public_id])}#comment-{comment.public_id}"
    said = f"“{Truncator(comment.text).chars(120)}”, about {Truncator(asset.title).chars(60)}"
    # Of a private picture only its person hears: the others could not go there.
    seeing = [each for each in named if Asset.objects.visible_to(each).filter(pk=asset.pk).exists()]
    notices.tell(
        seeing, workspace, NoticeKind.MENTION, f"{comment.person} mentions you: {said}", url, f"mention {comment.pk}"
    )
    if asset.person_id != comment.person_id and asset.person not in seeing:
        notices.tell(
            [asset.person], workspace, NoticeKind.COMMENT, f"{comment.person}: {said}", url, f"comment {comment.pk}"
        )


def _say(asset: Asset) -> None:
    """Open pages that show the picture look at what is said of it once more."""
    is_shared = asset.visibility == Visibility.WORKSPACE
    changes.tell([(asset.workspace_id, changes.EVERYBODY if is_shared else asset.person_id)])


def _check(person: User, asset: Asset) -> None:
    roles.require(person, asset.workspace_id, May.JUDGE)


def _clean(text: str) -> str:
    words = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not words:
        raise InvalidRequest({"text": "Write something first."})
    if len(words) > MOST_LETTERS:
        raise InvalidRequest({"text": f"That is {len(words):,} characters; {MOST_LETTERS:,} fit."})
    return words


def _log(person: User, asset: Asset, verb: str) -> None:
    AssetEvent.objects.create(workspace_id=asset.workspace_id, asset=asset, person=person, verb=verb)
