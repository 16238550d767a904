"""Acting on pictures by the one address that keys, buttons and menus post to; the report; the trash; comparing."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from studio.models import Action, Asset, Membership, Role, User
from studio.services import acting, acts
from studio.views.compare import rows, words
from tests.views.conftest import HTMX, Visit
from tests.views.making import job, picture


def post(client: Client, do: str, *assets: Asset, **more: str) -> tuple[str, dict[str, str]]:
    """What comes back: the fragments, and the notice."""
    given = {"do": do, "assets": ",".join(asset.public_id for asset in assets)} | more
    response = client.post("/act/", given, headers=HTMX)
    return response.content.decode(), json.loads(response.get("HX-Trigger", "{}")).get("toast", {})


def without_tools(page: str) -> str:
    """A page without what is not shown while its picture lies in the trash."""
    tree = html.fromstring(page)
    for part in tree.find_class("if-stored"):
        part.drop_tree()
    return html.tostring(tree, encoding="unicode")


def test_a_press_answers_with_what_the_pictures_look_like_now(visit: Visit, alice: User) -> None:
    one, two = picture(alice), picture(alice)
    text, toast = post(visit(alice), "rate 4", one, two)
    assert toast == {"text": "2 pictures rated 4 stars.", "note": "", "state": "ok", "undo": True}
    assert text.count('data-rating="4"') == 2
    assert "judge-" not in text


def test_the_page_of_a_picture_gets_its_judgement_anew(visit: Visit, alice: User) -> None:
    asset = picture(alice)
    text, _ = post(visit(alice), "favorite", asset, shown=asset.public_id)
    assert f'id="judge-{asset.public_id}"' in text
    assert 'value="unfavorite"' in text
    named, _ = post(visit(alice), "title", asset, value="Four lamps", shown=asset.public_id)
    assert f'<span id="titled-{asset.public_id}">Four lamps</span>' in named, "and what stands over it"


def test_what_took_something_back_says_what(visit: Visit, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its card takes the place of the card that still offers to undo."""
    monkeypatch.setattr(acts, "AT_ONCE", 1)
    one, two = picture(alice), picture(alice)
    client = visit(alice)
    post(client, "favorite", one, two)
    done = Action.objects.get()
    acts.carry_out(done.pk)
    text = client.post("/act/undo/", headers=HTMX).content.decode()
    assert f'data-undoes="action-{done.public_id}"' in text


def test_what_was_not_permitted_is_said(visit: Visit, alice: User) -> None:
    one, two = picture(alice, approved_at=timezone.now()), picture(alice)
    _, toast = post(visit(alice), "trash", one, two)
    assert (toast["text"], toast["state"]) == ("1 picture in the trash.", "unknown")
    assert toast["note"] == "1 not: It is approved. Withdraw the approval first."
    assert post(visit(alice), "trash", one)[1]["text"] == "Nothing was changed."


@pytest.mark.parametrize("do", ["rate 9", "dance", "", "tag"])
def test_nonsense_is_refused_with_a_sentence(visit: Visit, alice: User, do: str) -> None:
    response = visit(alice).post("/act/", {"do": do, "assets": picture(alice).public_id}, headers=HTMX)
    assert response.status_code == 422
    assert json.loads(response["HX-Trigger"])["toast"]["note"]


def test_without_a_script_a_button_leads_back_or_to_what_happened(visit: Visit, alice: User, bob: User) -> None:
    asset = picture(alice)
    here = f"/assets/{asset.public_id}/"
    given = {"do": "approve", "assets": asset.public_id, "next": here}
    assert visit(alice).post("/act/", given)["Location"] == here
    refused = visit(alice).post("/act/", given | {"do": "rate 2"})
    assert "It is approved." in visit(alice).get(refused["Location"]).content.decode()
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    answer = visit(bob).post("/act/", given)
    assert (answer.status_code, "can look, but not judge" in answer.content.decode()) == (403, True)


def test_u_takes_back_the_last_press_and_then_says_that_there_is_nothing(visit: Visit, alice: User) -> None:
    asset, client = picture(alice), visit(alice)
    post(client, "rate 4", asset)
    for said in ("Undone: 1 picture put back.", "Nothing was changed."):
        response = client.post("/act/undo/", {"shown": asset.public_id}, headers=HTMX)
        assert json.loads(response["HX-Trigger"])["toast"]["text"] == said
    assert Asset.objects.get(pk=asset.pk).rating == 0


def test_many_pictures_are_a_live_notice_and_a_report(visit: Visit, alice: User) -> None:
    many = [picture(alice, rendered=False).public_id for _ in range(3)]
    action = acts.begin(alice, alice.workspaces.get(), "rate", 4, list(Asset.objects.values_list("pk", flat=True)))
    client, here = visit(alice), f"/act/{action.public_id}/"
    assert f"sse:{action.public_id}" in client.get(here, headers=HTMX).content.decode()
    acts.carry_out(action.pk)
    text = client.get(here, headers=HTMX).content.decode()
    assert "sse:" not in text
    assert f"{len(many)} pictures rated 4 stars." in text
    assert "<h1" in client.get(here).content.decode()


def test_nobody_else_sees_what_somebody_did(visit: Visit, alice: User, bob: User) -> None:
    asset = picture(alice)
    post(visit(alice), "rate 4", asset)
    action = Action.objects.get()
    assert visit(bob).get(f"/act/{action.public_id}/").status_code == 404
    assert visit(bob).post("/act/undo/", {"action": action.public_id}).status_code == 404


def test_the_page_tells_who_did_what_and_keeps_favorites_to_oneself(visit: Visit, alice: User, bob: User) -> None:
    asset = picture(alice)
    for do in ("rate 4", "favorite", "tag hero"):
        post(visit(bob), do, asset)
    text = visit(alice).get(f"/assets/{asset.public_id}/").content.decode()
    activity = text.partition(f'id="history-{asset.public_id}"')[2]
    assert "rated it 4 stars" in activity
    assert "tagged it “hero”" in activity
    assert "avorite" not in activity.partition("</section>")[0]


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.EDITOR, {"rate 1", "favorite", "reject", "trash", "approve", "tag"}),
        (Role.REVIEWER, {"rate 1", "favorite", "approve"}),
        (Role.VIEWER, {"favorite"}),
    ],
)
def test_only_what_the_role_allows_is_offered(
    visit: Visit, alice: User, bob: User, role: Role, offered: set[str]
) -> None:
    Membership.objects.filter(person=bob).update(role=role)
    text = visit(bob).get(f"/assets/{picture(alice).public_id}/").content.decode()
    judge = text.partition('class="section judge"')[2].partition("</section>")[0]
    for do in ("rate 1", "favorite", "reject", "trash", "approve", "tag"):
        assert (f'name="do" value="{do}"' in judge) == (do in offered), do


def test_the_trash_shows_days_left_and_restores(visit: Visit, alice: User, charlie: User) -> None:
    asset = picture(alice)
    client = visit(alice)
    post(client, "trash", asset)
    Asset.objects.update(trashed_at=timezone.now() - timedelta(days=20, minutes=1))
    text = client.get("/trash/").content.decode()
    assert asset.public_id in text
    assert "10 days left" in text
    page = client.get(f"/assets/{asset.public_id}/").content.decode()
    assert "In the trash" in page
    assert 'value="restore"' in page
    for leads in (f"/edit/{asset.public_id}/", f"/shares/new/?asset={asset.public_id}", f"?like={asset.public_id}"):
        for shown in (page, client.get(f"/assets/{asset.public_id}/lightbox/").content.decode()):
            assert leads not in without_tools(shown), "it is restored first"
    assert client.get(f"/media/{asset.public_id}/tile").status_code == 200
    assert asset.public_id not in visit(charlie).get("/trash/").content.decode()
    post(client, "restore", asset)
    assert asset.public_id not in client.get("/trash/").content.decode()


def test_marks_are_told_anew_for_what_one_may_see(visit: Visit, alice: User, charlie: User) -> None:
    mine, strange = picture(alice, rating=3), picture(charlie, rating=5)
    text = visit(alice).get(f"/act/marks/?assets={mine.public_id},{strange.public_id},x").content.decode()
    assert 'data-rating="3"' in text
    assert strange.public_id not in text


def test_tags_are_proposed_from_what_the_person_sees(visit: Visit, alice: User, bob: User, charlie: User) -> None:
    acting.act(charlie, charlie.workspaces.get(), "tag", "heresy", [picture(charlie).public_id])
    assets = [picture(alice), picture(bob)]
    for asset, tags in zip(assets, ("hero", "hero, hedge, dusk"), strict=True):
        post(visit(alice), "tag", asset, value=tags)
    text = visit(alice).get("/act/tags/?q=dusk, HE").content.decode()
    assert [tag for tag in ("hero", "hedge", "dusk", "heresy") if f'"{tag}"' in text] == ["hero", "hedge"]
    assert text.index("hero") < text.index("hedge")


def test_two_to_four_pictures_are_compared_and_nobody_elses(visit: Visit, alice: User, charlie: User) -> None:
    assets = [picture(alice).public_id for _ in range(5)]
    client = visit(alice)
    for count, status in ((1, 404), (2, 200), (4, 200), (5, 404)):
        assert client.get(f"/compare/?pictures={','.join(assets[:count])}").status_code == status
    assert visit(charlie).get(f"/compare/?pictures={','.join(assets[:2])}").status_code == 404
    three = client.get(f"/compare/?pictures={','.join(assets[:3])}&way=slider").content.decode()
    assert "before-after data" not in three, "a slider takes two"


def test_what_differs_is_marked_and_stands_first(alice: User) -> None:
    one = picture(alice, job(alice, params={"prompt": "A red fox at dusk", "random_seed": 1}))
    two = picture(alice, job(alice, params={"prompt": "A blue fox at dusk, fog", "random_seed": 2}))
    assert [(part.text, part.is_other) for part in words(one, two)] == [
        ("A", False),
        ("blue", True),
        ("fox at", False),
        ("dusk, fog", True),
    ]
    brought = picture(alice)
    brought.job = None
    assert words(brought, brought) == [], "the page says that it has no prompt"
    found = rows([one, two])
    assert [row.label for row in found if row.differs] == ["Seed"]
    assert found[0].values == ["1", "2"]
