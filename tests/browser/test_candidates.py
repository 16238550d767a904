"""Candidates in the studio itself: they come live, are compared, decided on by keys, and the accepted one goes on."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import BUSY, PHONE, Open, answered, problems_by_axe
from tests.browser.waiting import until, until_it_listens
from tests.pictures.making import encoded, gradient, noise

pytestmark = pytest.mark.browser


def add(page: Page, name: str, size: tuple[int, int]) -> str:
    """Add a picture by the button; its public id."""
    data = encoded(noise(size), "PNG")
    page.locator("#upload input[type=file]").set_input_files({"name": name, "mimeType": "image/png", "buffer": data})
    page.wait_for_url("**/edit/**")
    return page.url.split("/edit/")[1].split("/")[0]


def edited(page: Page, asset: str, pictures: int = 2) -> None:
    """Two pictures made from a picture, on its editor."""
    page.goto(f"/edit/{asset}/image-to-image/")
    page.locator("#prompt").fill("A jug of glass")
    if pictures != 2:
        page.locator("#n").fill(str(pictures))
        with answered(page):
            page.locator("#n").blur()
    page.locator(".edit__go button").click()
    expect(page.locator("article.run[data-state=done] .tile__img:not(.tile__blur)")).to_have_count(
        pictures, timeout=60_000
    )


def test_candidates_come_live_and_are_decided_on_by_keys(open_page: Open) -> None:
    page = open_page("/")
    asset = add(page, "jug.png", (640, 480))
    edited(page, asset)
    tiles, candidate = page.locator(".tile__hit"), page.locator("#candidate")
    expect(candidate).to_be_hidden()
    tiles.first.click()
    expect(candidate.get_by_role("button", name="Accept A")).to_be_visible()
    expect(candidate.locator("input[type=range]")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator(".editor__stage .editor__fit")).to_be_hidden()
    page.keyboard.press("n")
    expect(candidate.get_by_role("button", name="Accept B")).to_be_visible()
    page.keyboard.press("p")
    expect(candidate.get_by_role("button", name="Accept A")).to_be_visible()
    page.keyboard.press("x")
    expect(candidate.get_by_role("button", name="Accept B")).to_be_visible()
    expect(page.locator("#announce")).to_contain_text("A discarded; it stays in the history")
    expect(page.locator(".cand").first).to_contain_text("Discarded")
    expect(page.get_by_label("Lineage").locator("summary").last).to_have_text("1 discarded")
    expect(candidate.locator("input[type=range]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(candidate).to_be_hidden()
    expect(tiles.nth(1)).to_be_focused()
    tiles.first.click()
    expect(candidate.get_by_role("button", name="Bring back")).to_be_visible()
    page.keyboard.press("u")
    expect(candidate.get_by_role("button", name="Discard A", exact=True)).to_be_visible()
    page.keyboard.press("a")
    page.wait_for_url(lambda url: url.endswith("/image-to-image/") and asset not in url)
    lineage = page.locator(".way").first
    expect(lineage.locator("a")).to_have_count(2)
    expect(lineage.locator("[aria-current]")).to_contain_text("Image to image")
    page.goto(f"/assets/{asset}/")
    expect(page.locator(".way--on").first.locator("a")).to_have_count(1)


def test_another_page_sees_a_decision_at_once(open_page: Open) -> None:
    page = open_page("/")
    asset = add(page, "shared.png", (540, 420))
    edited(page, asset)
    other = open_page(f"/edit/{asset}/remix/")
    expect(other.locator(".tile__hit")).to_have_count(2)
    until_it_listens(other)
    page.locator(".tile__hit").first.click()
    page.get_by_role("button", name="Discard A", exact=True).click()
    expect(other.locator(".cand").first).to_contain_text("Discarded")


def test_a_key_in_the_prompt_is_only_a_letter(open_page: Open) -> None:
    page = open_page("/")
    asset = add(page, "letters.png", (600, 400))
    edited(page, asset, pictures=1)
    page.locator(".tile__hit").first.click()
    expect(page.get_by_role("button", name="Accept A")).to_be_visible()
    page.locator("#prompt").fill("")
    page.locator("#prompt").press_sequentially("axxa")
    assert page.locator("#prompt").input_value() == "axxa"
    expect(page.get_by_role("button", name="Accept A")).to_be_visible()


def test_what_was_painted_is_there_after_a_look_at_a_candidate(open_page: Open) -> None:
    page = open_page("/")
    asset = add(page, "painted.png", (512, 512))
    edited(page, asset, pictures=1)
    page.goto(f"/edit/{asset}/inpaint/")
    box = page.locator(".stage__draw").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator("#mask-part", has_text="will change").wait_for()
    painted = page.locator("#mask-part").text_content()
    page.locator(".tile__hit").first.click()
    expect(page.get_by_role("button", name="Accept A")).to_be_visible()
    page.keyboard.press("Shift+V")  # the mask's own key, which must not reach it now
    page.keyboard.press("Escape")
    expect(page.locator(".stage__draw")).to_be_visible()
    assert page.locator("#mask-part").text_content() == painted


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_a_candidate_is_a_sheet_within_the_screen(open_page: Open, theme: str) -> None:
    page = open_page("/", size=PHONE, color_scheme=theme, reduced_motion="reduce")
    data = encoded(gradient((700, 500 if theme == "dark" else 520)), "PNG")
    page.locator("#upload input[type=file]").set_input_files(
        {"name": f"{theme}.png", "mimeType": "image/png", "buffer": data}
    )
    page.wait_for_url("**/edit/**")
    edited(page, page.url.split("/edit/")[1].split("/")[0])
    page.locator(".tile__hit").last.tap()
    accept = page.get_by_role("button", name="Accept B")
    expect(accept).to_be_visible()
    for part in (accept, page.get_by_role("button", name="Discard B"), page.locator(".before-after__box")):
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE[0]
        assert box["y"] >= 0 and box["y"] + box["height"] <= PHONE[1]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert problems_by_axe(page) == []
    page.get_by_role("button", name="Close, back to the tools").tap()
    expect(page.locator("#candidate")).to_be_hidden()


def test_colors_of_the_picture_fill_the_palette_with_one_click(open_page: Open) -> None:
    page = open_page("/")
    asset = add(page, "colors.png", (480, 480))
    page.goto(f"/edit/{asset}/image-to-image/")
    from_it = page.locator("#pop-palette").get_by_text("From this picture")

    def are_known() -> int:
        page.reload()
        return from_it.count()

    until(page, are_known, "its colors are known")
    page.locator("[popovertarget=pop-palette]").click()
    with answered(page):
        page.get_by_role("button", name="From this picture").click()
    expect(page.locator("[data-sum]")).to_have_text("100 % of the picture")
    weights = [int(each.input_value() or 0) for each in page.locator("[data-weight]").all()]
    assert sum(weights) == 100
    page.get_by_role("button", name="From a picture…").click()
    pictures = page.locator("#palette-pictures [data-colors]")
    expect(pictures.first).to_be_visible()
    with answered(page):
        pictures.last.click()
    expect(page.locator("[data-sum]")).to_have_text("100 % of the picture")
    with answered(page):
        page.get_by_role("button", name="Undo").click()
    assert [int(each.input_value() or 0) for each in page.locator("[data-weight]").all()][:3] == weights[:3]


def test_a_word_is_placed_and_drawn(open_page: Open) -> None:
    page = open_page("/")
    asset = add(page, "poster.png", (640, 640))
    page.goto(f"/edit/{asset}/image-to-image/")
    page.locator("[popovertarget=pop-model]").click()
    with answered(page):
        page.locator("label:has(#model-recraftv3)").click()
    page.locator("[popovertarget=pop-more]").click()
    page.get_by_role("button", name="Add word").click()
    page.keyboard.type("HELLO")
    page.get_by_role("button", name="Add word").click()
    page.keyboard.type("MOON", delay=120)  # while the answer about the first word is on its way, and comes
    assert page.locator("#layout-row-2 [name=text_layout-text]").input_value() == "MOON"
    word = page.locator(".quad__word", has_text="HELLO")
    with answered(page):
        word.focus()
    with answered(page):
        page.keyboard.press("ArrowDown")
    expect(word).to_be_focused()
    assert page.locator("#layout-row-1 [name=text_layout-top]").input_value() == "11"
    an_answer_that_comes_late_moves_no_word(page)
    page.keyboard.press("Escape")
    page.locator("#prompt").fill("A poster")
    page.locator("#n").fill("1")
    page.locator(".edit__go button").click()
    run = page.locator("article.run[data-state=done]").first
    run.locator(".tile__img:not(.tile__blur)").wait_for(timeout=60_000)
    page.goto(str(page.locator(".tile__hit").first.get_attribute("href")))
    expect(page.locator("dd", has_text="HELLO MOON")).to_be_visible()


def an_answer_that_comes_late_moves_no_word(page: Page) -> None:
    """What was asked for before a word was moved, and is answered before its new place is told."""
    late: list[Route] = []
    page.route("**/fields/", lambda route: route.continue_() if late else late.append(route))
    with page.expect_request("**/fields/"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    until(page, lambda: late, "the question is held")
    late[0].continue_()
    page.wait_for_timeout(200)
    top = page.locator("#layout-row-1 [name=text_layout-top]")
    assert top.input_value() == "13"
    expect(page.locator(BUSY)).to_have_count(0)
    assert top.input_value() == "13"
    page.unroute("**/fields/")
