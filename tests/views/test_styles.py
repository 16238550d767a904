"""The page of styles, the form for a new one, and a style on its way into a picture."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from lxml import html

from studio.models import CustomStyle, Job, JobInput, Membership, ProviderAccount, Role, User
from studio.recraft.styles import STYLES
from tests.fixtures import budget_of, limit_to
from tests.views.conftest import HTMX, Visit
from tests.views.making import SVG, custom_style, job, picture

QUERIES = 11  # of the workspace's styles
Queries = Callable[[int], AbstractContextManager[Any]]
ASKED = {"prompt": "A fox", "model": "recraftv3", "n": "1", "size": "1:1", "key": "key-1"}
NEW = {"name": "Chalk", "model": "recraftv3", "style": "any", "key": "key-1"}


def drawn_with(person: User, style: CustomStyle, **fields: Any) -> Job:
    return job(person, style=style, params={"model": style.image_model, "style_id": style.style_id}, **fields)


def test_the_page_shows_what_was_made_with_each_style(visit: Visit, alice: User, bob: User) -> None:
    style, unused = custom_style(bob, name="Chalk & slate"), custom_style(alice, name="Ink")
    pictures = [picture(alice, drawn_with(alice, style)) for _ in range(2)]
    text = visit(alice).get("/styles/").content.decode()
    assert "Chalk &amp; slate" in text
    assert "V3, by Bob" in text
    assert "2 pictures" in text
    assert f"/gallery/?style={style.public_id}" in text
    assert f"/media/{pictures[-1].public_id}/tile" in text, "the newest picture stands for its style"
    assert f"/create/generate/?style={unused.public_id}" in text
    assert "No picture yet" in text


def test_a_style_nobody_has_drawn_with_shows_its_first_reference(visit: Visit, alice: User) -> None:
    style, references = custom_style(alice), [picture(alice), picture(alice)]
    for position, asset in enumerate(references):
        JobInput.objects.create(job=style.job, asset=asset, param="images", position=position)
    text = visit(alice).get("/styles/").content.decode()
    assert f"/media/{references[0].public_id}/tile" in text
    assert f"/media/{references[1].public_id}/tile" not in text


def test_many_styles_cost_no_more_queries_than_one(
    visit: Visit, alice: User, django_assert_num_queries: Queries
) -> None:
    client = visit(alice)
    client.get("/styles/")
    picture(alice, drawn_with(alice, custom_style(alice)))
    with django_assert_num_queries(QUERIES):
        client.get("/styles/ours/")
    for _ in range(5):
        style = custom_style(alice)
        JobInput.objects.create(job=style.job, asset=picture(alice, drawn_with(alice, style)), param="images")
    with django_assert_num_queries(QUERIES):
        client.get("/styles/ours/")


def test_styles_of_strangers_other_accounts_and_the_past_are_not_shown(
    visit: Visit, alice: User, charlie: User
) -> None:
    custom_style(charlie, name="Of strangers")
    elsewhere = ProviderAccount.objects.create(kind="recraft", fingerprint="f" * 16)
    custom_style(alice, name="Of another account", provider_account=elsewhere)
    custom_style(alice, name="Of the past", deleted_at=timezone.now())
    text = visit(alice).get("/styles/").content.decode()
    assert "No style of your own yet" in text
    assert "Of " not in text


def test_a_style_on_its_way_and_one_that_failed_are_said(visit: Visit, alice: User, bob: User) -> None:
    made = {"operation": "create-style", "images": 0, "quoted_units": 40}
    job(bob, "queued", name="Slate", **made)
    job(alice, "failed", name="Mud", reason="Recraft could not read it.", ended_at=timezone.now(), **made)
    text = visit(alice).get("/styles/ours/", headers=HTMX).content.decode()
    assert "<strong>Slate</strong> by Bob is on its way, 40 units held." in text
    assert "<strong>Mud</strong> was not made. Recraft could not read it." in text


def looks(text: str) -> list[str]:
    """The built-in styles on the page, each as "<image model>/<name>"."""
    return [str(value) for value in html.fromstring(text).xpath("//*[@id='shelf']//button/@value")]


def test_built_in_styles_are_found_in_all_models_without_a_script(visit: Visit, alice: User) -> None:
    text = visit(alice).get("/styles/", {"q": "linoC", "model": "recraftv3"}).content.decode()
    assert looks(text) == ["recraftv3_vector/Linocut", "recraftv2_vector/Linocut"]
    assert "look=Linocut&amp;model=recraftv3_vector" in text
    assert "No built-in style is called" in visit(alice).get("/styles/", {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("image_model", STYLES)
def test_every_style_of_a_model_is_shown_with_its_picture(visit: Visit, alice: User, image_model: str) -> None:
    text = visit(alice).get("/styles/", {"model": image_model}).content.decode()
    assert looks(text) == [f"{image_model}/{style.name}" for style in STYLES[image_model]]
    pictures = [str(src) for src in html.fromstring(text).xpath("//*[@id='shelf']//img/@src")]
    assert len(pictures) == len(STYLES[image_model])
    assert all(finders.find(src.removeprefix("/static/")) for src in pictures)
    assert "These previews are drawn by" in text, "nobody takes them for Recraft's own"


def test_a_tile_leads_into_create_with_its_style_over_the_draft(visit: Visit, alice: User) -> None:
    client = visit(alice)
    client.post("/create/generate/draft/", {"prompt": "A heron", "model": "recraftv4_1", "n": "3", "size": "1:1"})
    shelf = html.fromstring(client.get("/styles/?model=recraftv2").content)
    (way,) = shelf.xpath("//*[@id='look-recraftv2-80-s']/a/@href")
    page = html.fromstring(client.get(str(way)).content)
    assert page.xpath("//input[@name='style' and @checked]/@value") == ["80's"]
    assert page.xpath("//input[@name='model' and @checked]/@value") == ["recraftv2"]
    assert page.xpath("//textarea[@name='prompt']")[0].text == "A heron"
    assert "Style 80's with V2 taken over. Everything else is your draft." in page.text_content()


def test_the_shelf_is_a_fragment_for_the_search(visit: Visit, alice: User) -> None:
    text = visit(alice).get("/styles/", {"q": "noir"}, headers=HTMX).content.decode()
    assert text.strip().startswith('<div class="stack stack--wide" id="shelf">')
    assert looks(text) == ["recraftv3/Noir"]


def test_a_favorite_is_marked_kept_and_taken_back(visit: Visit, alice: User, bob: User) -> None:
    client = visit(alice)
    assert looks(client.get("/styles/?model=favorites").content.decode()) == []
    heart = client.post("/styles/favorite/", {"on": "recraftv3/Noir"}, headers=HTMX).content.decode()
    assert 'aria-pressed="true"' in heart
    assert 'name="off" value="recraftv3/Noir"' in heart
    back = client.post("/styles/favorite/", {"on": "recraftv2/80's"})
    assert (back.status_code, back["Location"]) == (302, "/styles/?model=recraftv2#look-recraftv2-80-s")
    assert looks(client.get("/styles/?model=favorites").content.decode()) == ["recraftv3/Noir", "recraftv2/80's"]
    assert looks(visit(bob).get("/styles/?model=favorites").content.decode()) == []
    client.post("/styles/favorite/", {"off": "recraftv3/Noir"})
    assert looks(client.get("/styles/?model=favorites").content.decode()) == ["recraftv2/80's"]
    assert client.post("/styles/favorite/", {"on": "recraftv3/No such"}).status_code == 422


def test_the_composer_shows_favorites_first_and_each_style_once(
    visit: Visit, alice: User, django_assert_num_queries: Queries
) -> None:
    client, asked = visit(alice), {"prompt": "A fox", "model": "recraftv3", "style": "Noir"}
    client.post("/styles/favorite/", {"on": "recraftv3/Noir"})
    client.post("/styles/favorite/", {"on": "recraftv2/Watercolor"})
    page = html.fromstring(client.post("/create/generate/fields/", asked, headers=HTMX).content)
    (first, *_) = page.xpath("//*[@id='pop-style']//fieldset")
    assert first.xpath("legend/text()") == ["Favorites"]
    assert first.xpath(".//input/@value") == ["Noir"]
    assert page.xpath("//*[@id='pop-style']//input[@value='Noir']/@checked") == ["checked"]
    offered = page.xpath("//*[@id='pop-style']//input[@name='style']/@value")
    assert sorted(offered) == sorted(["", *(style.name for style in STYLES["recraftv3"])])
    pictures = page.xpath("//*[@id='pop-style']//img")
    assert len(pictures) == len(STYLES["recraftv3"])
    assert {picture.get("loading") for picture in pictures} == {"lazy"}, "a closed list loads nothing"


def test_who_can_only_look_is_led_nowhere(visit: Visit, alice: User, bob: User) -> None:
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    page = html.fromstring(visit(bob).get("/styles/").content)
    assert page.xpath("//*[@id='shelf']//li//a") == []
    assert len(page.xpath("//*[@id='shelf']//li//img")) == len(STYLES["recraftv3"])


def test_the_form_offers_pictures_of_the_workspace_that_can_be_sent(visit: Visit, alice: User, charlie: User) -> None:
    mine, drawing, theirs = picture(alice), picture(alice, content=SVG), picture(charlie)
    text = visit(alice).get("/styles/new/").content.decode()
    assert f'value="{mine.public_id}"' in text
    assert drawing.public_id not in text
    assert theirs.public_id not in text
    assert 'Make the style<span class="btn__price">40 units</span>' in text
    assert Job.objects.filter(operation="create-style").count() == 0


def test_a_style_is_made_of_pictures_and_of_styles(visit: Visit, alice: User) -> None:
    pictures, old = [picture(alice).public_id, picture(alice).public_id], custom_style(alice)
    weights = {f"image_weights-{id}": percent for id, percent in zip(pictures, ("70", "30"), strict=True)}
    given = {**NEW, **weights, "images": pictures, "source_styles": [old.style_id], "mix_policy": "MaxWeight"}
    answer = visit(alice).post("/styles/new/", given)
    assert (answer.status_code, answer["Location"]) == (302, "/styles/")
    made = Job.objects.get(state="queued")
    assert made.name == "Chalk"
    assert made.params == {
        "style": "any", "model": "recraftv3", "images": pictures, "image_weights": [0.7, 0.3],
        "source_styles": [old.style_id], "mix_policy": "MaxWeight",
    }  # fmt: skip
    assert budget_of(alice).held == 40
    assert visit(alice).post("/styles/new/", given).status_code == 302
    assert budget_of(alice).held == 40, "a second press is the same job"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Give the style a name."),
        ({"images": []}, "A style is made from references, from other styles, or both."),
        ({"style": "icon"}, "icon"),
        ({"style": ""}, "Base style is needed."),
        ({"images": ["A" * 16]}, "This picture is not there any more"),
        ({"model": "recraftv4_1"}, "works with V3 and V2 models"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_what_was_chosen_stays(
    visit: Visit, alice: User, wrong: dict[str, Any], said: str
) -> None:
    old, chosen = custom_style(alice), picture(alice)
    given = {**NEW, "images": [chosen.public_id], f"image_weights-{chosen.public_id}": "55", "prompt": "Dusty", **wrong}
    answer = visit(alice).post("/styles/new/", given)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert "Dusty" in text
    if given["images"] == [chosen.public_id]:
        page = html.fromstring(text)
        assert page.xpath("//input[@name='images' and @checked]/@value") == [chosen.public_id]
        assert page.xpath(f"//input[@name='image_weights-{chosen.public_id}']/@value") == ["55"]
    assert Job.objects.filter(state="queued").count() == 0
    assert old.style_id in text


def test_a_weight_for_one_is_a_weight_for_all(visit: Visit, alice: User) -> None:
    two = [picture(alice).public_id, picture(alice).public_id]
    text = visit(alice).post("/styles/new/", {**NEW, "images": two, f"image_weights-{two[0]}": "70"}).content.decode()
    assert "Weigh each one that is chosen, or none of them." in text


def test_a_picture_that_is_long_past_stays_chosen(visit: Visit, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.views.styles.MOST_PICTURES", 1)
    old, _ = picture(alice), picture(alice)
    text = visit(alice).post("/styles/new/", {**NEW, "name": "", "images": [old.public_id]}).content.decode()
    assert html.fromstring(text).xpath("//input[@name='images' and @checked]/@value") == [old.public_id]


@pytest.mark.parametrize("deleted", [False, True])
def test_a_style_that_is_not_theirs_to_mix_is_refused(visit: Visit, alice: User, charlie: User, deleted: bool) -> None:
    of = alice if deleted else charlie
    other = custom_style(of, deleted_at=timezone.now() if deleted else None)
    answer = visit(alice).post("/styles/new/", {**NEW, "source_styles": [custom_style(alice).style_id, other.style_id]})
    assert answer.status_code == 422
    assert "or is not one of this workspace on this account" in answer.content.decode()


def test_too_few_units_are_said(visit: Visit, alice: User) -> None:
    limit_to(budget_of(alice), 39)
    text = visit(alice).post("/styles/new/", {**NEW, "images": [picture(alice).public_id]}).content.decode()
    assert "This needs 40 units" in text


@pytest.mark.parametrize("fragment", [True, False])
def test_a_model_has_base_styles_of_its_own(visit: Visit, alice: User, fragment: bool) -> None:
    given = {**NEW, "name": "", "model": "recraftv2_vector", "style": "realistic_image"}
    text = visit(alice).post("/styles/new/fields/", given, headers=HTMX if fragment else {}).content.decode()
    assert ("<html" in text) is not fragment
    assert html.fromstring(text).xpath("//select[@name='style']/option[@selected]/@value") == ["any"]
    assert 'value="icon"' in text
    assert "callout--bad" not in text


def test_a_style_is_deleted_by_its_maker(visit: Visit, alice: User, bob: User) -> None:
    style = custom_style(alice)
    assert visit(bob).post(f"/styles/{style.public_id}/delete/").status_code == 403
    assert f"delete-{style.public_id}" not in visit(bob).get("/styles/").content.decode()
    assert visit(alice).post(f"/styles/{style.public_id}/delete/")["Location"] == "/styles/"
    style.refresh_from_db()
    assert style.deleted_at
    assert style.name not in visit(alice).get("/styles/ours/").content.decode()


def test_a_viewer_looks_and_makes_nothing(visit: Visit, alice: User) -> None:
    Membership.objects.filter(person=alice).update(role=Role.VIEWER)
    style, client = custom_style(alice), visit(alice)
    text = client.get("/styles/").content.decode()
    assert style.name in text
    assert "Use it" not in text
    assert "/styles/new/" not in text
    assert client.post("/styles/new/", {**NEW, "images": [picture(alice).public_id]}).status_code == 422


def test_using_a_style_opens_the_composer_with_it(visit: Visit, alice: User) -> None:
    style, client = custom_style(alice, image_model="recraftv3_vector", name="Ink & lime"), visit(alice)
    client.post("/create/generate/draft/", {**ASKED, "prompt": "A half-typed heron", "style": "Noir"}, headers=HTMX)
    text = client.get(f"/create/generate/?style={style.public_id}").content.decode()
    page = html.fromstring(text)
    assert page.xpath("//input[@name='style' and @checked]/@value") == [f"own:{style.style_id}"]
    assert page.xpath("//input[@name='model' and @checked]/@value") == ["recraftv3_vector"]
    assert '<span class="clip">Ink &amp; lime</span>' in text
    assert "A half-typed heron" in text
    look = html.fromstring(client.get("/create/generate/?look=Linocut&model=recraftv3_vector").content.decode())
    assert look.xpath("//input[@name='style' and @checked]/@value") == ["Linocut"]


def test_a_style_that_is_not_there_opens_nothing(visit: Visit, alice: User, charlie: User) -> None:
    theirs, client = custom_style(charlie, name="Charlie's linoleum"), visit(alice)
    picture(charlie, drawn_with(charlie, theirs))
    assert client.get(f"/create/generate/?style={theirs.public_id}").status_code == 404
    text = client.get(f"/gallery/?style={theirs.public_id}").content.decode()
    assert "linoleum" not in text
    assert 'class="tile"' not in text
    assert client.get("/create/generate/?look=Linocut&model=recraftv4_1").status_code == 404


def test_a_run_in_a_style_names_it_everywhere(visit: Visit, alice: User) -> None:
    style, client = custom_style(alice, name="Ink & lime"), visit(alice)
    answer = client.post("/create/generate/", {**ASKED, "style": f"own:{style.style_id}"}, headers=HTMX)
    made = Job.objects.get(state="queued")
    assert (made.style, made.params["style_id"]) == (style, style.style_id)
    assert "style" not in made.params
    assert "<span>Ink &amp; lime</span>" in answer.content.decode()
    asset = picture(alice, drawn_with(alice, style))
    facts = client.get(f"/assets/{asset.public_id}/panel/").content.decode()
    assert "<dt>Custom style</dt><dd>Ink &amp; lime</dd>" in facts
    assert style.style_id not in facts
    gallery = client.get(f"/gallery/?style={style.public_id}").content.decode()
    assert asset.public_id in gallery
    assert "Ink &amp; lime" in gallery
    assert picture(alice).public_id not in client.get(f"/gallery/?style={style.public_id}").content.decode()


def test_a_stranger_s_style_is_refused_in_the_composer(visit: Visit, alice: User, charlie: User) -> None:
    theirs = custom_style(charlie, name="Of strangers")
    answer = visit(alice).post("/create/generate/", {**ASKED, "style": f"own:{theirs.style_id}"}, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "or is not one of this workspace on this account" in text
    assert "Of strangers" not in text
    assert not Job.objects.filter(state="queued").exists()
