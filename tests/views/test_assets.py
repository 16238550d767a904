"""Pictures: the gallery, one picture's page, the panel and the lightbox."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from lxml import html

from studio.models import Asset, User
from studio.services import gallery
from tests.views.conftest import HTMX, Visit
from tests.views.making import SVG, job, picture

Queries = Callable[..., Any]


def test_the_gallery_shows_the_workspaces_pictures_and_no_strangers(
    visit: Visit, alice: User, bob: User, charlie: User
) -> None:
    mine, bobs, strange = picture(alice), picture(bob), picture(charlie)
    text = visit(alice).get("/gallery/").content.decode()
    assert mine.public_id in text
    assert bobs.public_id in text
    assert strange.public_id not in text


def test_filters_stand_in_the_address(visit: Visit, alice: User, bob: User) -> None:
    raster, vector = picture(alice), picture(alice, content=SVG)
    v3 = picture(bob, job(bob, params={"model": "recraftv3"}))
    client = visit(alice)

    def shown(query: str) -> set[str]:
        text = client.get(f"/gallery/?{query}").content.decode()
        return {each.public_id for each in (raster, vector, v3) if each.public_id in text}

    assert shown("who=mine") == {raster.public_id, vector.public_id}
    assert shown("kind=vector") == {vector.public_id}
    assert shown("kind=raster") == {raster.public_id, v3.public_id}
    assert shown("model=recraftv3") == {v3.public_id}
    assert shown("who=mine&kind=vector") == {vector.public_id}
    assert shown("kind=nonsense&model=nonsense&who=nonsense") == {raster.public_id, vector.public_id, v3.public_id}


def test_an_empty_result_names_the_filters_to_drop(visit: Visit, alice: User) -> None:
    picture(alice)
    text = visit(alice).get("/gallery/?kind=vector&model=recraftv2").content.decode()
    assert "No picture matches" in text
    assert 'href="/gallery/?model=recraftv2"' in text
    assert 'href="/gallery/?kind=vector"' in text
    assert "No pictures yet" not in text


def test_an_empty_gallery_shows_the_way_to_the_first_picture(visit: Visit, alice: User) -> None:
    assert "No pictures yet" in visit(alice).get("/gallery/").content.decode()


def test_days_are_those_of_the_workspaces_clock(visit: Visit, alice: User) -> None:
    workspace = alice.workspaces.get()
    workspace.time_zone = "Pacific/Auckland"
    workspace.save(update_fields=["time_zone"])
    picture(alice, created_at=datetime(2024, 3, 5, 12, 30, tzinfo=UTC))
    picture(alice, created_at=timezone.now() - timedelta(days=1))
    picture(alice)
    text = visit(alice).get("/gallery/").content.decode()
    assert text.index("Today") < text.index("Yesterday") < text.index("Wednesday, 6 March 2024")


def test_the_gallery_goes_on_without_repeating_a_picture_or_a_heading(
    visit: Visit, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.services.gallery.PAGE", 4)
    made = [picture(alice) for _ in range(10)]
    client, seen, query, texts = visit(alice), [], "", []
    while True:
        text = client.get(f"/gallery/?{query}", headers=HTMX).content.decode()
        texts.append(text)
        seen += [each.public_id for each in reversed(made) if f"tile-{each.public_id}" in text]
        if "Earlier pictures" not in text:
            break
        query = text.split('hx-get="/gallery/?')[1].split('"')[0].replace("&amp;", "&")
    assert seen == [each.public_id for each in reversed(made)]
    assert len(texts) == 3
    assert "".join(texts).count("grid-day") == 1


def test_the_gallery_asks_as_often_for_many_pictures_as_for_one(
    visit: Visit, alice: User, django_assert_num_queries: Queries
) -> None:
    client = visit(alice)
    picture(alice)
    with django_assert_num_queries(18):
        client.get("/gallery/")
    for _ in range(12):
        picture(alice)
    with django_assert_num_queries(18):
        client.get("/gallery/")


def test_a_picture_tells_everything_that_made_it(visit: Visit, alice: User) -> None:
    params = {
        "model": "recraftv3",
        "style": "Noir",
        "negative_prompt": "hands & feet",
        "no_text": True,
        "artistic_level": 0,
        "colors": [{"rgb": [196, 96, 58], "weight": 0.4}],
        "background_color": {"rgb": [255, 0, 16]},
        "text_layout": [{"text": "HELLO", "bbox": [[0, 0], [1, 0], [1, 1], [0, 1]]}],
    }
    made = picture(alice, job(alice, params=params), colors=[[1, 2, 3]])
    text = visit(alice).get(f"/assets/{made.public_id}/").content.decode()
    said = [
        "A fox at dusk",
        "Alice",
        "V3",
        "896 \u00d7 1152",
        "Noir",
        "hands &amp; feet",
        "#c4603a",
        "#ff0010",
        "HELLO",
    ]
    said += ["35 units", made.sha256, made.result.image_id, "PNG", "No text", "Artistic level", "#010203"]
    assert [each for each in said if each not in text] == []
    copied = text.split('id="parameters"')[1].split(">", 1)[1].split("</pre>")[0]
    unescaped = copied.replace("&quot;", '"').replace("&amp;", "&")
    assert json.loads(unescaped) == {"operation": "generate", **made.job.params}


def test_the_page_links_the_pictures_of_the_same_run(visit: Visit, alice: User) -> None:
    run = job(alice, images=2)
    one, two = picture(alice, run), picture(alice, run)
    text = visit(alice).get(f"/assets/{one.public_id}/").content.decode()
    assert f'href="/assets/{two.public_id}/"' in text


@pytest.mark.parametrize("view", ["panel", "lightbox"])
def test_panel_and_lightbox_are_fragments(visit: Visit, alice: User, view: str) -> None:
    made = picture(alice)
    text = visit(alice).get(f"/assets/{made.public_id}/{view}/", headers=HTMX).content.decode()
    assert "<html" not in text
    assert f'data-asset="{made.public_id}"' in text
    assert f"/media/{made.public_id}/preview" in text
    assert f"/media/{made.public_id}/original" in text


@pytest.mark.parametrize("view", ["", "lightbox/"])
def test_a_picture_with_a_title_still_has_its_prompt(visit: Visit, alice: User, view: str) -> None:
    made = picture(alice, job(alice, params={"prompt": "Four lamps on a shelf"}), given_title="Hall")
    page = html.fromstring(visit(alice).get(f"/assets/{made.public_id}/{view}").content.decode())
    assert page.xpath("string(//p[@class='lightbox__prompt'])") == "Four lamps on a shelf", "which is what is copied"
    assert page.xpath(f"string(//*[@id='titled-{made.public_id}'])") == "Hall"


@pytest.mark.parametrize("view", ["", "panel/", "lightbox/"])
def test_where_one_downloads_it_says_what_one_gets(visit: Visit, alice: User, view: str) -> None:
    drawn, added = picture(alice), picture(alice, kind="upload")
    for asset, said in ((drawn, "unchanged</span>"), (added, "unchanged, with what a camera wrote into it</span>")):
        text = visit(alice).get(f"/assets/{asset.public_id}/{view}").content.decode()
        assert f"The file as it came, {said}" in text


@pytest.mark.parametrize("view", ["", "panel/", "lightbox/"])
def test_a_strangers_picture_is_missing(visit: Visit, alice: User, charlie: User, view: str) -> None:
    made = picture(alice)
    foreign = visit(charlie).get(f"/assets/{made.public_id}/{view}")
    nowhere = visit(charlie).get(f"/assets/{'x' * 16}/{view}")
    assert foreign.status_code == nowhere.status_code == 404
    assert foreign.content == nowhere.content


@pytest.mark.parametrize("view", ["", "panel/", "lightbox/"])
def test_a_picture_without_its_copies_is_shown_all_the_same(visit: Visit, alice: User, view: str) -> None:
    raster, vector = picture(alice, rendered=False), picture(alice, content=SVG, rendered=False)
    client = visit(alice)
    assert f"/media/{raster.public_id}/original" in client.get(f"/assets/{raster.public_id}/{view}").content.decode()
    text = client.get(f"/assets/{vector.public_id}/{view}").content.decode()
    assert "preview is on its way" in text
    assert f'src="/media/{vector.public_id}/original' not in text, "an SVG is only ever shown as a raster"
    assert client.get("/gallery/").status_code == 200


def test_what_was_trashed_is_not_shown(visit: Visit, alice: User) -> None:
    made = picture(alice)
    Asset.objects.filter(pk=made.pk).update(state="trashed")
    client = visit(alice)
    assert made.public_id not in client.get("/gallery/").content.decode()
    assert "Restore" in client.get(f"/assets/{made.public_id}/").content.decode()
    Asset.objects.filter(pk=made.pk).update(state="purged")
    assert client.get(f"/assets/{made.public_id}/").status_code == 404
    assert client.get(f"/media/{made.public_id}/original").status_code == 404


def test_an_open_gallery_hears_of_new_pictures_without_being_moved(visit: Visit, alice: User, charlie: User) -> None:
    seen = picture(alice)
    client = visit(alice)
    after = gallery.written(gallery.Cursor(seen.pk))
    assert f"after={after}" in client.get("/gallery/?kind=raster").content.decode()

    def asked(query: str) -> str:
        return client.get(f"/gallery/newer/?{query}&after={after}", headers=HTMX).content.decode()

    picture(charlie)
    assert "new picture" not in asked("")
    picture(alice)
    picture(alice, content=SVG)
    assert "Show 2 new pictures" in asked("")
    assert "Show 1 new picture" in asked("kind=vector")
