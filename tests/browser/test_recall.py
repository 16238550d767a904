"""Going on with what was made: earlier prompts by key and by search, a picture dropped on the composer, its things."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Open, generate, problems_by_axe, wait_until_drawn
from tests.pictures.test_finishing import FLAG

pytestmark = pytest.mark.browser

FIRST, SECOND = "An otter on a raft, ink", "A harbor in fog, gouache"


@pytest.fixture
def page(open_page: Open) -> Page:
    """Create, after two prompts were sent."""
    # From a starter: another test's draft may name a style that is gone.
    page = open_page("/create/generate/?start=podium")
    for prompt in (FIRST, SECOND):
        if not page.locator("article.run", has_text=prompt).count():
            wait_until_drawn(page, generate(page, prompt, n="1"))
    page.goto("/")
    return page


def test_alt_and_the_arrows_walk_through_earlier_prompts_and_back(page: Page) -> None:
    prompt = page.locator("#prompt")
    prompt.fill("Half a thought")
    prompt.press("Alt+ArrowUp")
    expect(prompt).to_have_value(SECOND)
    page.get_by_text(re.compile(r"Earlier prompt 1 of \d+\.")).wait_for()
    prompt.press("Alt+ArrowUp")
    expect(prompt).to_have_value(FIRST)
    for _ in range(2):
        prompt.press("Alt+ArrowDown")
    expect(prompt).to_have_value("Half a thought")
    assert page.locator("#earlier [data-note]").is_hidden()
    prompt.press("Alt+ArrowUp")
    expect(prompt).to_have_value(SECOND)
    page.locator("#earlier").get_by_role("button", name="Undo").click()
    expect(prompt).to_have_value("Half a thought")


def test_an_earlier_prompt_is_searched_for_and_taken_and_given_back(page: Page) -> None:
    prompt = page.locator("#prompt")
    prompt.fill("Half a thought")
    page.get_by_role("button", name="Earlier prompts").click()
    page.locator("#history").get_by_role("button", name=SECOND).wait_for()
    assert problems_by_axe(page) == []
    page.get_by_label("Find an earlier prompt").fill("raft otter")
    expect(page.locator("#history button")).to_have_count(1)
    page.keyboard.press("Enter")
    assert page.locator("#pop-history").is_visible(), "a search sends no run"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(prompt).to_have_value(FIRST)
    expect(prompt).to_be_focused()
    page.locator("#draft-saved").wait_for()
    page.locator("#earlier").get_by_role("button", name="Undo").click()
    expect(prompt).to_have_value("Half a thought")


def test_the_editor_has_them_as_well(page: Page) -> None:
    asset = str(page.locator(".tile__hit").first.get_attribute("href"))
    page.goto(asset.replace("/assets/", "/edit/") + "image-to-image/")
    page.locator("#prompt").press("Alt+ArrowUp")
    expect(page.locator("#prompt")).to_have_value(SECOND)
    page.get_by_role("button", name="Earlier prompts").click()
    page.locator("#history").get_by_role("button", name=FIRST).click()
    expect(page.locator("#prompt")).to_have_value(FIRST)
    assert problems_by_axe(page) == []


def test_a_phone_has_its_earlier_prompts_too(page: Page, open_page: Open) -> None:
    phone = open_page("/", size=PHONE)
    phone.get_by_role("button", name="Earlier prompts").tap()
    phone.locator("#history").get_by_role("button", name=FIRST).tap()
    expect(phone.locator("#prompt")).to_have_value(FIRST)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_picture_dropped_on_the_composer_is_the_input_of_what_is_typed(page: Page) -> None:
    tile = page.locator("article.run[data-state=done] .tile").first
    asset = str(tile.get_attribute("id")).removeprefix("tile-")
    page.locator("#prompt").fill("The same in winter")
    over = page.locator("asset-drop")
    assert over.is_hidden()
    tile.hover()
    page.mouse.down()
    box = page.locator("#composer").bounding_box()
    assert box is not None
    for x in (200, 240):
        page.mouse.move(box["x"] + x, box["y"] + 40)
    over.wait_for()
    assert over.inner_text() == "Drop to use as input"
    page.mouse.up()
    page.wait_for_url(f"**/edit/{asset}/image-to-image/?with=draft")
    expect(page.locator("#prompt")).to_have_value("The same in winter")
    page.get_by_text("This picture is the input").wait_for()


def test_a_picture_dropped_in_the_gallery_s_bar_or_the_editor_is_worked_on(page: Page) -> None:
    page.goto("/gallery/")
    tiles = page.locator(".tile")
    first, second = (str(tiles.nth(at).get_attribute("id")).removeprefix("tile-") for at in (0, 1))
    tiles.nth(0).drag_to(page.locator(".gallery__bar"), target_position={"x": 300, "y": 10})
    page.wait_for_url(f"**/edit/{first}/image-to-image/?with=draft")
    # Another studio window's picture arrives by the same name.
    drop = """id => {
      const data = new DataTransfer();
      data.setData("application/x-atelier-asset", id);
      const stage = document.querySelector(".editor__stage");
      const event = { dataTransfer: data, bubbles: true, cancelable: true };
      for (const type of ["dragover", "drop"]) stage.dispatchEvent(new DragEvent(type, event));
    }"""
    page.goto(f"/edit/{first}/remove-background/")
    page.evaluate(drop, second)
    page.wait_for_url(f"**/edit/{second}/remove-background/")


def test_what_is_typed_and_a_file_are_left_alone_by_the_drop(page: Page) -> None:
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "words");
          const over = new DragEvent("dragover", { dataTransfer: data, bubbles: true, cancelable: true });
          document.querySelector("#prompt").dispatchEvent(over);
          document.body.dataset.taken = over.defaultPrevented;
        }"""
    )
    expect(page.locator("body")).to_have_attribute("data-taken", "false")
    assert page.locator("asset-drop").is_hidden()


def test_the_things_of_a_picture_go_over_the_draft(page: Page) -> None:
    page.locator("#prompt").fill("Words of my own")
    page.locator("#draft-saved").wait_for()
    run = page.locator("article.run", has_text=FIRST).first
    run.locator(".tile__hit").first.click()
    page.locator("#panel[data-asset]").get_by_role("link", name="Use palette").click()
    page.get_by_text("The main colors of “An otter on a raft, ink” taken over.").wait_for()
    expect(page.locator("#prompt")).to_have_value("Words of my own")
    expect(page.locator("[popovertarget=pop-palette]")).to_contain_text("colors")
    page.locator("article.run", has_text=FIRST).first.locator(".tile__hit").first.click()
    page.locator("#panel[data-asset]").get_by_role("link", name="Run again, same seed").click()
    page.get_by_text("All settings of that run, and its seed").wait_for()
    expect(page.locator("#prompt")).to_have_value(FIRST)
    expect(page.locator("#go")).to_be_focused()


def test_fewer_colors_come_by_themselves(open_page: Open) -> None:
    page = open_page("/")
    files = page.locator("#upload input[type=file]")
    # Another test recolors a flag, too: the same bytes would be the same picture, with what was made of it there.
    flag = FLAG.replace(b"</text>", b", in fewer colors</text>")
    files.set_input_files({"name": "flag.svg", "mimeType": "image/svg+xml", "buffer": flag})
    page.wait_for_url("**/edit/**")
    page.goto(f"/edit/{page.url.split('/edit/')[1].split('/')[0]}/finish/?do=recolor")
    page.get_by_text("Fewer colors, proposed by Recraft").click()
    page.get_by_label(re.compile("Keep of")).fill("2")
    page.get_by_role("button", name="Propose colors").click()
    page.get_by_text("2 colors proposed, 10 units.").wait_for()
    wells = {str(well.input_value()) for well in page.locator("input[name=to]").all()}
    assert len(wells) == 2
    page.get_by_role("button", name=re.compile(r"^Recolor \d+ unit")).click()
    done = page.locator("article.run[data-state=done]", has_text="Recolored 1 color")
    done.locator(".tile__mark--end").wait_for()
