"""The editor in the studio itself: from a file on disk to a mask, a run and a picture beside the one before."""

from io import BytesIO
from pathlib import Path

import numpy
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Open, answered
from tests.browser.mask_page import Stage
from tests.pictures.making import encoded, noise
from tests.stories.drive import DrivenStudio

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 1510, 2010  # upright: not square, and larger than any window of these tests
ORIENTATION = 0x0112


def turned_photo(quality: int = 90) -> bytes:
    """A photo that lies on its side, as a camera writes it that was held upright. Of another quality it is another."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    buffer = BytesIO()
    lying = Image.linear_gradient("L").resize((HEIGHT, WIDTH)).convert("RGB")
    lying.save(buffer, "JPEG", exif=exif, quality=quality)
    return buffer.getvalue()


def add(page: Page, data: bytes, name: str) -> str:
    """Add a picture by the button; its public id."""
    page.locator("#upload input[type=file]").set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": data})
    page.locator("#upload-answer").get_by_role("link", name="Edit").click()
    page.wait_for_url("**/edit/**")
    return page.url.split("/edit/")[1].split("/")[0]


@pytest.mark.parametrize("scale", [1, 2], ids=["at scale 1", "at scale 2"])
def test_a_mask_over_a_turned_photo_lands_on_the_painted_pixels(
    open_page: Open, studio: DrivenStudio, scale: int
) -> None:
    page = open_page("/", device_scale_factor=scale)
    asset = add(page, turned_photo(), f"photo-{scale}.jpg")
    page.goto(f"/edit/{asset}/inpaint/")
    stage = Stage(page, WIDTH, HEIGHT)
    page.locator("mask-canvas > img[style*=transform]").wait_for()
    page.wait_for_timeout(100)  # as everywhere in these tests: the stage has taken its height
    for _ in range(scale):
        stage.act("zoom-in")
    stage.tool("rectangle")
    box = page.locator(".stage__draw").bounding_box()
    assert box is not None
    x, y = round(box["x"] + box["width"] / 2), round(box["y"] + box["height"] / 2)
    painted = stage.rectangle(*stage.drag((x - 40, y - 60), (x + 50, y + 30)))
    page.locator("#prompt").fill("A bee")
    runs = page.locator("article.run").count()  # the same photo is the same asset, with what was made of it before
    page.locator(".edit__go button").click()
    expect(page.locator("article.run")).to_have_count(runs + 1, timeout=30_000)
    ((file,),) = studio.rows(
        "SELECT a.file FROM studio_asset a JOIN studio_jobinput i ON i.asset_id = a.id "
        "WHERE i.param = 'mask' ORDER BY i.id DESC LIMIT 1"
    )
    with Image.open(Path(studio.var) / "media" / file) as mask:
        assert (mask.mode, mask.size) == ("L", (WIDTH, HEIGHT))
        pixels = numpy.asarray(mask)
    assert set(numpy.unique(pixels)) == {0, 255}
    assert numpy.array_equal(pixels == 255, painted)


def test_a_frame_is_dragged_typed_and_drawn(open_page: Open) -> None:
    page = open_page("/")
    asset = add(page, turned_photo(quality=85), "framed.jpg")
    page.goto(f"/edit/{asset}/outpaint/")
    page.locator("#prompt").fill("More of the wall")
    page.locator("[data-aspect='1:1']").click()
    assert page.locator("#expand_left").input_value() == "250"
    page.locator("#expand_left").fill("300")
    page.locator("#expand_left").blur()
    page.get_by_text("2060 \u00d7 2010").wait_for()
    page.locator("#n").fill("1")
    with answered(page):
        page.locator("#n").blur()
    page.get_by_role("button", name="Outpaint 1").click()
    expect(page.locator("article.run")).to_have_count(1)
    page.locator("article.run[data-state=done] .tile__img:not(.tile__blur)").first.wait_for(timeout=60_000)
    page.goto(str(page.locator(".tile__hit").first.get_attribute("href")) + "?compare=1")
    page.locator("before-after input[type=range]").press("End")
    page.get_by_text("Made from").wait_for()


def test_the_editor_works_with_a_finger(open_page: Open) -> None:
    page = open_page("/", size=PHONE)
    data = encoded(noise((640, 480)), "PNG")
    page.locator("#upload input[type=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": data})
    page.wait_for_url("**/edit/**")
    asset = page.url.split("/edit/")[1].split("/")[0]
    page.goto(f"/edit/{asset}/erase-region/")
    box = page.locator(".stage__draw").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator("#mask-part", has_text="will change").wait_for()
    expect(page.locator("article.run")).to_have_count(0)
    page.get_by_role("button", name="Erase").last.tap()
    expect(page.locator("article.run")).to_have_count(1)
