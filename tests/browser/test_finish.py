"""Finishing in a real browser, with real workers: what is done here comes back by itself."""

import re

import pytest

from tests.browser.conftest import PHONE, Open
from tests.pictures.making import encoded, gradient, noise
from tests.pictures.test_finishing import FLAG

pytestmark = pytest.mark.browser


def test_a_copy_that_fits_leads_into_the_operation_by_itself(open_page: Open) -> None:
    page = open_page("/")
    files = page.locator("#upload input[type=file]")
    files.set_input_files(
        {"name": "long.png", "mimeType": "image/png", "buffer": encoded(gradient((4200, 900)), "PNG")}
    )
    page.wait_for_url("**/edit/**")
    long = page.url.split("/edit/")[1].split("/")[0]
    page.goto(f"/edit/{long}/remove-background/")
    page.get_by_role("button", name="Make a copy that fits").click()
    page.wait_for_url(lambda url: url.endswith("/remove-background/") and long not in url)
    assert page.get_by_role("button", name="Make a copy that fits").count() == 0
    assert page.locator(".crumbs").get_by_role("link", name="Made to fit, 4096 x 877: long.png").count() == 1


def test_a_crop_on_a_phone_shows_its_picture_below_the_whole_form(open_page: Open) -> None:
    page = open_page("/", size=PHONE)
    files = page.locator("#upload input[type=file]")
    files.set_input_files({"name": "vase.png", "mimeType": "image/png", "buffer": encoded(noise((640, 480)), "PNG")})
    page.wait_for_url("**/edit/**")
    page.goto(f"/edit/{page.url.split('/edit/')[1].split('/')[0]}/finish/")
    page.get_by_role("button", name="1:1").tap()
    assert page.locator("#crop-left").input_value() == "80"
    page.get_by_role("button", name="Crop").tap()
    run = page.locator("article.run[data-state=done]", has_text="Cropped to 480 x 480")
    run.locator(".tile__img:not(.tile__blur)").wait_for()
    form, below = page.locator("button[type=submit]", has_text="Crop").bounding_box(), run.bounding_box()
    assert form is not None
    assert below is not None
    assert form["y"] + form["height"] <= below["y"]
    assert page.evaluate("document.documentElement.scrollHeight") <= PHONE[1]


def test_a_color_of_an_svg_is_picked_and_swapped(open_page: Open) -> None:
    page = open_page("/")
    files = page.locator("#upload input[type=file]")
    # Another test recolors a flag, too: the same bytes would be the same picture, with what was made of it there.
    flag = FLAG.replace(b"</text>", b", swapped</text>")
    files.set_input_files({"name": "flag.svg", "mimeType": "image/svg+xml", "buffer": flag})
    page.wait_for_url("**/edit/**")
    page.goto(f"/edit/{page.url.split('/edit/')[1].split('/')[0]}/finish/?do=recolor")
    page.get_by_label("#ff0000").fill("#222222")
    page.get_by_role("button", name=re.compile(r"^Recolor \d+ unit")).click()
    page.locator("article.run[data-state=done]", has_text="Recolored 1 color").locator(".tile__mark--end").wait_for()
