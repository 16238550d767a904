"""Nothing leaks: a word planted in every text of somebody's rows is found nowhere by anybody who may not see them.

Every address of the studio is asked, with the ids of what is hidden and with those of what is shared beside it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from studio.models import (
    Asset,
    Attempt,
    Draft,
    Import,
    Job,
    JobInput,
    Membership,
    Role,
    SavedSearch,
    User,
    Visibility,
)
from studio.services import acts, boards, budgets, collections, comments, exports
from tests.addresses import PATTERNS, STREAM, Things, one_of_each
from tests.views.conftest import HTMX, Visit
from tests.views.making import PNG, candidates, custom_style, job, picture

CANARY = "xq7canaryxq7"
# What is no text that somebody wrote, or what the studio finds its way by.
KEEP = {"public_id", "token_hash", "sha256", "file", "media_type", "key", "fingerprint", "twin", "operation"}
KEEP |= {"image_model", "image_id", "url", "param", "time_zone", "window_key", "style_id", "kind", "value"}
KEEP |= {"password", "placeholder", "error", "verb"}
# Addresses that show nobody's rows, and those that would end what is being tested.
SAME_FOR_ALL = ("reference/", "healthz", "readyz", "welcome/", "join/", "forgot/", "reset/", "sign-in/", "password/")
ENDING = ("sign-out/", "workspace/leave/", STREAM)
WAYS = (
    "job__",
    "asset__",
    "account__",
    "board__",
    "share__",
    "export__",
    "collection__",
)  # from a row to its workspace
NAMING = re.compile(r"<\w+:(public_id|candidate|pk)>")
# Entries and caps are never changed: theirs are made with the word in them.
UNCHANGING = {"Entry", "Cap"}
QUERIES = {
    "create/<slug:slug>/": ("?like={job}", "?use=prompt&of={asset}", "?style={style}"),
    "gallery/": ("?before={asset}", "?after={asset}", "?style={style}", "?shown=discarded", "?who=everyone"),
    "gallery/newer/": ("?after={asset}",),
    "runs/": ("?before={job}&who=everyone", "?who=everyone"),
    "runs/newer/": ("?after={first}&who=everyone", "?after={job}"),
    "assets/<slug:public_id>/": ("?compare=1",),
    "edit/<slug:public_id>/<slug:slug>/": ("?like={job}", "?with=draft"),
    "edit/<slug:public_id>/finish/": ("?like={job}", "?fewer={job}"),
    "edit/<slug:public_id>/fit/<slug:slug>/": ("?run={job}",),
    "styles/": ("?q=xq7", "?model=recraftv3"),
    "styles/new/": ("?images={asset}", "?style={style}"),
    "create/history/": ("?q=xq7",),
}


@dataclass
class Hidden:
    """What is not to be seen, and what an address may name beside it."""

    rows: list[models.Model]
    addresses: list[Things]
    ids: list[dict[str, str]] = field(default_factory=list)


def things(person: User, asset: Asset, candidate: Asset, made_by: Job, other: dict[str, str]) -> Things:
    given = {
        **dict.fromkeys(("assets:public_id", "edit:public_id", "media:public_id"), asset.public_id),
        **dict.fromkeys(("runs:public_id", "create:public_id"), made_by.public_id),
        "edit:candidate": candidate.public_id,
        "media:variant": "original",
        "queue:where": "rail",
        **dict.fromkeys(("monitor:extension", "credits:extension"), "csv"),
        **other,
    }
    return Things(Anything(given))


class Anything(dict[str, str]):
    """What an address may name that is not part of this."""

    def __missing__(self, name: str) -> str:
        return "1"


def plant(rows: Iterable[models.Model]) -> None:
    """The word, in every text of these rows that somebody wrote or the provider said."""
    for row in rows:
        texts = [each for each in row._meta.concrete_fields if _is_said(each)]
        changes: dict[str, Any] = {each.attname: _with_canary(each, row) for each in texts}
        if changes and type(row).__name__ not in UNCHANGING:
            type(row)._base_manager.filter(pk=row.pk).update(**changes)


def _is_said(column: Any) -> bool:
    text = isinstance(column, models.CharField | models.TextField | models.JSONField)
    return text and not column.choices and column.name not in KEEP and (column.max_length or 99) >= 20


def _with_canary(column: Any, row: models.Model) -> Any:
    if isinstance(column, models.EmailField):
        return f"{CANARY}{row.pk}@example.com"
    if not isinstance(column, models.JSONField):
        return f"{CANARY} {row.pk}"
    value = getattr(row, column.attname)
    if column.name in ("params", "values"):
        return {**(value or {}), "prompt": CANARY, "negative_prompt": CANARY}
    if column.name == "answer":
        return {"data": {"enhanced_prompt": CANARY}}
    return [CANARY] if column.name == "tags" else value


def rows_of(jobs: Iterable[Job], assets: Iterable[Asset]) -> list[models.Model]:
    jobs, assets = list(jobs), list(assets)
    return [*jobs, *assets, *Attempt.objects.filter(job__in=jobs)]


def crawl(client: Client, hidden: Hidden) -> Iterator[tuple[str, str]]:
    """Everything that the studio answers, as (address, all of the answer as text)."""
    for pattern in PATTERNS:
        if pattern.startswith((*SAME_FOR_ALL, *ENDING)):
            continue
        named = list(zip(hidden.addresses, hidden.ids, strict=True))
        for place, ids in named if NAMING.search(pattern) or pattern in QUERIES else named[:1]:
            address = place.address(pattern)
            yield address, _text(client.get(address))
            for query in QUERIES.get(pattern, ()):
                asked = address + query.format(**ids)
                yield asked, _text(client.get(asked, headers=HTMX))
            if pattern.startswith(("create/", "edit/", "assets/", "runs/", "styles/")):
                given = {"image": ids["asset"], "mask": ids["asset"], "style_id": ids["style_id"], "key": "k" * 32}
                given |= {"prompt": "A fox", "model": "recraftv3", "images": ids["asset"], "decision": "open", "n": "1"}
                yield f"POST {address}", _text(client.post(address, given, headers=HTMX))


def _text(response: Any) -> str:
    body = response.content if not response.streaming else b"".join(response.streaming_content)
    return f"{response.headers}\n{body.decode('utf-8', 'replace')}"


def found_in(answers: Iterable[tuple[str, str]]) -> set[str]:
    return {address for address, text in answers if CANARY in text}


@pytest.fixture
def private(alice: User, bob: User) -> Hidden:
    """What Alice keeps to herself, woven into what everybody sees."""
    shared_job = job(alice, images=2)
    shown, half = picture(alice, shared_job), picture(alice, shared_job, content=PNG + CANARY.encode())
    secret_job = job(alice, visibility=Visibility.PRIVATE)
    secret = picture(alice, secret_job, content=PNG + CANARY.encode())
    # Made from a private picture and shared; made from a shared one and private; and the same with the studio's hands.
    (child,) = candidates(alice, secret)
    (own,) = candidates(alice, shown, visibility=Visibility.PRIVATE)
    finished = job(alice, operation="finish", params={"do": "crop"}, visibility=Visibility.PRIVATE)
    JobInput.objects.create(job=finished, asset=shown, param="image")
    cropped = picture(alice, finished)
    style = custom_style(alice)
    JobInput.objects.create(job=style.job, asset=secret, param="images")
    upload = picture(alice, content=PNG + CANARY.encode() + b"!", kind="upload")
    lonely = [job(alice, state, visibility=Visibility.PRIVATE) for state in ("queued", "failed", "running", "held")]
    asked = job(alice, operation="enhance-prompt", images=0, visibility=Visibility.PRIVATE)
    draft = Draft.objects.create(person=alice, workspace=alice.workspaces.get())
    secrets = [half, secret, own, cropped, upload]
    Asset.objects.filter(pk__in=[each.pk for each in secrets]).update(visibility=Visibility.PRIVATE)
    Job.objects.filter(pk=upload.job_id).update(visibility=Visibility.PRIVATE)
    jobs = [secret_job, own.job, finished, asked, upload.job, *lonely]
    kept = around(alice, secret, own)
    other = {
        **kept.values,
        "styles:public_id": style.public_id,
        "members:pk": str(bob.memberships.get().pk),
        "monitor:pk": "1",
        "requests:public_id": "none",
        "workspaces:public_id": "none",
    }
    style_id = {"style": style.public_id, "style_id": style.style_id, "first": shown.job.public_id}
    return Hidden(
        [*rows_of([each for each in jobs if each], secrets), draft, *kept.rows],
        [
            things(alice, secret, own, secret_job, other),
            things(alice, shown, own, lonely[0], other),
            things(alice, child, child, asked, other),
        ],
        [
            {"asset": secret.public_id, "job": secret_job.public_id, **style_id},
            {"asset": shown.public_id, "job": finished.public_id, **style_id},
            {"asset": child.public_id, "job": child.job.public_id, **style_id},
        ],
    )


@dataclass
class Kept:
    """What somebody does with private pictures, and how addresses name it."""

    rows: list[models.Model]
    values: dict[str, str]


def around(alice: User, *secrets: Asset) -> Kept:
    by, keys = alice.memberships.get(), [each.pk for each in secrets]
    own = {"workspace": by.workspace, "person": alice, "name": "Own"}
    collection = collections.create(by, "Own", visibility=Visibility.PRIVATE)
    collections.add(alice, collection, keys)
    # A board is everybody's, what is on it may not be.
    board = boards.create(by, "Blind", keys)
    comment = comments.add(alice, secrets[0], "Wider")
    export = exports.order(by, keys, {"format": "png"})
    saved, zipped = SavedSearch.objects.create(**own), Import.objects.create(**own)
    action = acts.begin(alice, by.workspace, "rate", 4, keys)
    values = {
        "collections:public_id": collection.public_id,
        "boards:public_id": board.public_id,
        "boards:key": boards.seen(board)[0].key,
        "comments:public_id": comment.public_id,
        "exports:public_id": export.public_id,
        "gallery:public_id": saved.public_id,
        "uploads:public_id": zipped.public_id,
        "act:public_id": action.public_id,
    }
    return Kept([collection, comment, export, saved, zipped, action], values)


@pytest.mark.parametrize("role", [Role.OWNER, Role.EDITOR, Role.VIEWER])
def test_a_colleague_finds_nothing_of_what_is_private(
    visit: Visit, private: Hidden, alice: User, bob: User, role: str
) -> None:
    plant(private.rows)
    Membership.objects.filter(person=bob).update(role=role)
    assert found_in(crawl(visit(bob), private)) == set()


def test_who_made_it_finds_it_in_many_places(visit: Visit, private: Hidden, alice: User) -> None:
    # Without this, a crawl that asks for nothing would pass.
    plant(private.rows)
    found = found_in(crawl(visit(alice), private))
    places = {re.sub(r"[a-zA-Z0-9]{16}", "*", address).partition("?")[0] for address in found}
    assert places >= {"/", "/gallery/", "/runs/", "/queue/", "/assets/*/", "/edit/*/finish/", "/media/*/original"}
    assert len(places) > 20


def test_an_outsider_finds_nothing_of_another_workspace(visit: Visit, alice: User, bob: User, charlie: User) -> None:
    workspace = alice.workspaces.get()
    everything = one_of_each(alice, bob).values
    made_by = job(alice)
    asset = picture(alice, made_by, content=PNG + CANARY.encode())
    (candidate,) = candidates(alice, asset)
    style = custom_style(alice)
    waiting = job(alice, "held")
    budgets.set_cap(alice.memberships.get(), budgets.Rule("total"), 70_000, reason=CANARY)
    Draft.objects.create(person=alice, workspace=workspace)
    hidden = [row for model in apps.get_app_config("studio").get_models() for row in _of(model, workspace)]
    kinds = {"Asset", "Job", "CustomStyle", "Workspace", "User", "Invitation", "Collection", "Board", "Share", "Export"}
    assert {type(row).__name__ for row in hidden} >= kinds | {"Comment", "Import", "SavedSearch", "Notice", "Webhook"}
    named = {"assets:public_id", "edit:public_id", "edit:candidate", "runs:public_id", "create:public_id"}
    other = {name: value for name, value in everything.items() if name not in named}
    other["styles:public_id"] = style.public_id
    ids = {"asset": asset.public_id, "job": made_by.public_id, "style": style.public_id, "style_id": style.style_id}
    all_of_it = Hidden(hidden, [things(alice, asset, candidate, waiting, other)], [ids | {"first": waiting.public_id}])
    plant(hidden)
    assert found_in(crawl(visit(charlie), all_of_it)) == set()
    assert found_in(crawl(visit(alice), all_of_it))


def _of(model: type[models.Model], workspace: Any) -> Iterable[models.Model]:
    """The rows of a model that belong to a workspace, as far as they say so."""
    names = {each.name for each in model._meta.concrete_fields}
    if model is type(workspace):
        return [workspace]
    if model is User:
        return User.objects.filter(memberships__workspace=workspace)
    way = next((f"{name}workspace" for name in ("", *WAYS) if _has(model, names, name)), "")
    return model._base_manager.filter(**{way: workspace}) if way else []


def _has(model: type[models.Model], names: set[str], way: str) -> bool:
    return "workspace" in names if not way else way.removesuffix("__") in names
