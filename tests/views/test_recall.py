"""Recall: each thing a picture was made with goes over the draft, alone, and the page says so."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from studio.models import Asset, AssetKind, Draft, JobInput, Membership, ProviderAccount, Role, User
from tests.views.conftest import Visit
from tests.views.making import custom_style, job, picture

Queries = Callable[[int], AbstractContextManager[Any]]
MINE = {
    "prompt": "My own words", "model": "recraftv4_1", "size": "16:9", "n": 3, "random_seed": 99,
    "colors": [{"rgb": [1, 2, 3]}],
}  # fmt: skip
ALL_OF_IT: dict[str, Any] = {
    "prompt": "A fox at dusk", "model": "recraftv3", "style": "realistic_image", "substyle": "hdr", "size": "1:1",
    "colors": [{"rgb": [255, 0, 16], "weight": 0.4}], "background_color": {"rgb": [0, 0, 0]}, "random_seed": 7,
}  # fmt: skip


@pytest.fixture
def drafted(visit: Visit, alice: User) -> Client:
    """Alice's browser, with something half done in the composer."""
    Draft.objects.create(person=alice, workspace=alice.workspaces.get(), values=MINE)
    return visit(alice)


def menu(client: Client, asset: Asset) -> dict[str, Any]:
    """The lines of the menu by their label: a link, or the paragraph that says why there is none."""
    page = html.fromstring(client.get(f"/assets/{asset.public_id}/panel/").content.decode())
    lines = page.xpath(f"//*[@id='recall-{asset.public_id}']//*[contains(@class, 'act ') or @class='act']")
    return {line.xpath("string(span/text()[1])").strip(): line for line in lines}


def composer(client: Client, url: str) -> dict[str, Any]:
    """What stands in the composer of a page, and what the page says about it."""
    answer = client.get(url.partition("#")[0])
    assert answer.status_code == 200, url
    page = html.fromstring(answer.content)
    checked = {name: page.xpath(f"//input[@name='{name}' and @checked]/@value") for name in ("model", "style", "size")}
    return {name: (value or [""])[0] for name, value in checked.items()} | {
        "prompt": page.xpath("//textarea[@name='prompt']")[0].text or "",
        "n": page.xpath("//input[@name='n']/@value")[0],
        "seed": page.xpath("//input[@name='random_seed']/@value")[0],
        "colors": [value for value in page.xpath("//input[@name='colors-hex']/@value") if value],
        "weights": [value for value in page.xpath("//input[@name='colors-weight']/@value") if value],
        "background": page.xpath("//input[@name='background_color']/@value")[0],
        "substyle": (page.xpath("//select[@name='substyle']/option[@selected]/@value") or [""])[0],
        "said": " ".join(page.xpath("string(//*[@id='composer-problems'])").split()),
    }


DRAFT = {
    "model": "recraftv4_1", "style": "", "size": "16:9", "prompt": "My own words", "n": "3", "seed": "99",
    "colors": ["#010203"], "weights": [], "background": "", "substyle": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("label", "changed", "said"),
    [
        ("Use prompt", {"prompt": "A fox at dusk"}, "Prompt of “A fox at dusk” taken over."),
        (
            "Use style",
            {"model": "recraftv3", "style": "realistic_image", "substyle": "hdr"},
            "Style Realistic image with V3 of “A fox at dusk” taken over.",
        ),
        (
            "Use palette",
            {"colors": ["#ff0010"], "weights": ["40"], "background": "#000000"},
            "Palette of “A fox at dusk” taken over.",
        ),
    ],
)
def test_one_thing_goes_over_the_draft_and_nothing_else(
    drafted: Client, alice: User, label: str, changed: dict[str, Any], said: str
) -> None:
    asset = picture(alice, job(alice, params=ALL_OF_IT))
    shown = composer(drafted, menu(drafted, asset)[label].get("href"))
    assert shown == {**DRAFT, **changed, "said": f"{said} Everything else is your draft."}
    assert Draft.objects.get().values == MINE, "looking changes nothing"


def test_everything_again_with_its_seed_or_a_new_one(drafted: Client, alice: User) -> None:
    asset = picture(alice, job(alice, params=ALL_OF_IT))
    lines = menu(drafted, asset)
    whole = {
        "model": "recraftv3", "style": "realistic_image", "substyle": "hdr", "size": "1:1", "prompt": "A fox at dusk",
        "n": "1", "seed": "7", "colors": ["#ff0010"], "weights": ["40"], "background": "#000000",
    }  # fmt: skip
    same = composer(drafted, lines["Run again, same seed"].get("href"))
    assert same == {**whole, "said": "All settings of that run, and its seed: unchanged, the same picture again."}
    assert same == composer(drafted, lines["Use all settings"].get("href"))
    new = composer(drafted, lines["Run again, new seed"].get("href"))
    assert new == {**whole, "seed": "", "said": "All settings of that run, with a new seed."}
    assert lines["Run again, same seed"].xpath("string(*[@class='price'])") == "40"
    assert lines["Run again, same seed"].get("href").endswith("#go"), "the price button has the focus"


def test_a_custom_style_is_taken_over_while_it_is_there(drafted: Client, alice: User) -> None:
    style = custom_style(alice, name="Chalk")
    made = job(alice, style=style, params={"model": "recraftv3", "style_id": style.style_id})
    asset = picture(alice, made)
    url = menu(drafted, asset)["Use style"].get("href")
    shown = composer(drafted, url)
    assert (shown["model"], shown["style"]) == ("recraftv3", f"own:{style.style_id}")
    assert "Style Chalk with V3" in shown["said"]

    style.deleted_at = timezone.now()
    style.save(update_fields=["deleted_at"])
    line = menu(drafted, asset)["Use style"]
    assert line.tag == "p"
    assert "Its style “Chalk” was deleted. Choose one" in line.text_content()
    assert composer(drafted, url) == {**DRAFT, "said": "Its style “Chalk” was deleted. Everything else is your draft."}


def test_a_style_of_another_account_says_so(drafted: Client, alice: User) -> None:
    elsewhere = ProviderAccount.objects.create(kind="recraft", fingerprint="f" * 16)
    style = custom_style(alice, name="Chalk", provider_account=elsewhere)
    made = job(alice, style=style, params={"model": "recraftv3", "style_id": style.style_id})
    unnamed = job(alice, params={"model": "recraftv3", "style_id": style.style_id}, provider_account=elsewhere)
    for of in (made, unnamed):
        text = menu(drafted, picture(alice, of))["Use style"].text_content()
        assert "is known on another provider account only" in text


def test_without_a_palette_the_picture_s_own_colors_are_one(drafted: Client, alice: User) -> None:
    asset = picture(alice, job(alice), colors=[[255, 0, 16], [0, 0, 0]])
    line = menu(drafted, asset)["Use palette"]
    assert "The main colors" in line.text_content()
    shown = composer(drafted, line.get("href"))
    assert shown == {
        **DRAFT,
        "colors": ["#ff0010", "#000000"],
        "said": "The main colors of “A fox at dusk” taken over. Everything else is your draft.",
    }


def test_what_a_picture_has_none_of_says_why_and_is_no_control(drafted: Client, alice: User) -> None:
    plain = menu(drafted, picture(alice, job(alice, params={"prompt": ""})))
    assert {label for label, line in plain.items() if line.tag == "p"} == {"Use prompt", "Use style", "Use palette"}
    assert "It was drawn without a style. Choose one" in plain["Use style"].text_content()
    assert "its colors are not known yet" in plain["Use palette"].text_content()
    upload = picture(alice)
    Asset.objects.filter(pk=upload.pk).update(job=None, result=None, kind=AssetKind.UPLOAD, name="vase.png")
    lines = menu(drafted, upload)
    assert "An added picture has no prompt." in lines["Use prompt"].text_content()
    assert "An added picture has no style." in lines["Use style"].text_content()
    assert "Run again" not in lines


def test_as_input_takes_the_draft_along(drafted: Client, alice: User) -> None:
    asset = picture(alice)
    url = menu(drafted, asset)["Use as input"].get("href")
    assert url == f"/edit/{asset.public_id}/image-to-image/?with=draft"
    page = html.fromstring(drafted.get(url).content)
    assert page.xpath("//textarea[@name='prompt']")[0].text.strip() == "My own words"
    assert page.xpath("//input[@name='n']/@value") == ["3"]
    assert "This picture is the input" in page.text_content()
    alone = html.fromstring(drafted.get(url.partition("?")[0]).content)
    assert not (alone.xpath("//textarea[@name='prompt']")[0].text or "").strip()


def test_an_edit_is_run_again_where_it_was_made(drafted: Client, alice: User) -> None:
    source = picture(alice)
    edit = job(alice, operation="vectorize", image_model="", params={"random_seed": None, "prompt": None, "model": ""})
    JobInput.objects.create(job=edit, asset=source, param="image")
    line = menu(drafted, picture(alice, edit))["Run again"]
    assert line.get("href") == f"/edit/{source.public_id}/vectorize/?like={edit.public_id}#go"
    assert line.xpath("string(*[@class='price'])") == "10"


@pytest.mark.parametrize("use", ["style", "prompt", "palette"])
def test_a_stranger_s_picture_is_missing(drafted: Client, charlie: User, use: str) -> None:
    theirs = picture(charlie)
    assert drafted.get("/create/generate/", {"use": use, "of": theirs.public_id}).status_code == 404


def test_another_thing_is_missing(drafted: Client, alice: User) -> None:
    assert drafted.get("/create/generate/", {"use": "luck", "of": picture(alice).public_id}).status_code == 404


def test_who_can_only_look_is_offered_nothing(visit: Visit, alice: User, bob: User) -> None:
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    assert menu(visit(bob), picture(alice)) == {}


def test_the_menu_costs_no_query_of_its_own_per_line(
    drafted: Client, alice: User, django_assert_num_queries: Queries
) -> None:
    bare = picture(alice, job(alice))
    style = custom_style(alice)
    rich = picture(alice, job(alice, style=style, params={**ALL_OF_IT, "style": None, "style_id": style.style_id}))
    drafted.get(f"/assets/{bare.public_id}/panel/")
    with django_assert_num_queries(PANEL_QUERIES):
        drafted.get(f"/assets/{bare.public_id}/panel/")
    with django_assert_num_queries(PANEL_QUERIES):
        drafted.get(f"/assets/{rich.public_id}/panel/")


PANEL_QUERIES = 9
