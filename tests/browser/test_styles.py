"""A style from its references to a picture drawn in it, by keys alone, and its end."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE, Open, generate, problems_by_axe, wait_until_drawn

pytestmark = pytest.mark.browser


def test_a_style_is_made_used_and_deleted(open_page: Open) -> None:
    page = open_page("/")
    wait_until_drawn(page, generate(page, "A jar of chalk", n="2"))
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/styles/")
    page.get_by_role("link", name="New style").first.click()

    page.get_by_label("Name").fill("Chalk dust")
    with page.expect_response("**/styles/new/fields/"):
        page.get_by_label("Image model").select_option("recraftv3_vector")
    page.locator("#style option[value=vector_illustration]").wait_for(state="attached")
    with page.expect_response("**/styles/new/fields/"):
        page.get_by_label("Image model").select_option("recraftv3")
    references = page.locator("input[name=images]")
    for at in (0, 1):
        references.nth(at).focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type("50")
    assert page.locator("input[name=images]:checked").count() == 2
    page.get_by_role("button", name="Make the style").click()
    page.wait_for_url("**/styles/")

    # Nothing is reloaded: the page hears of it.
    made = page.locator(".own-style", has_text="Chalk dust")
    made.wait_for()
    for theme in ("light", "dark"):
        for size in (DESKTOP, PHONE):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.wait_for_timeout(250)
            assert problems_by_axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})

    page.get_by_label("Find a style").fill("linoc")
    page.locator("#look-recraftv2_vector-linocut").wait_for()
    assert page.get_by_role("link", name="Use Linocut", exact=True).count() == 2
    heart = page.get_by_role("button", name="Favorite: Linocut, V3 Vector")
    heart.focus()
    page.keyboard.press("Enter")
    page.locator("#heart-recraftv3_vector-linocut[aria-pressed=true]").wait_for()
    assert page.evaluate("document.activeElement.id") == "heart-recraftv3_vector-linocut"
    page.get_by_role("link", name="Favorites").click()
    page.locator("#shelf .look", has_text="Linocut").wait_for()
    assert page.locator("#shelf .look").count() == 1
    made.get_by_role("link", name="Use it").click()
    page.wait_for_selector("#composer")
    assert page.locator("[popovertarget=pop-style]").inner_text().strip().endswith("Chalk dust")
    run = generate(page, "A heron in chalk", n="1")
    wait_until_drawn(page, run)
    assert "Chalk dust" in page.locator(f"#{run} .run__params").inner_text()

    page.locator("[popovertarget=pop-style]").click()
    with page.expect_response("**/fields/"):
        page.locator("#pop-style .style-card", has_text="Noir").click()
    assert page.locator("[popovertarget=pop-style]").inner_text().strip().endswith("Noir")

    page.goto("/styles/")
    made.get_by_role("link", name="1 picture").click()
    page.locator(".tile__hit").wait_for()
    assert page.locator(".tile__hit").count() == 1
    page.goto("/styles/")
    made.get_by_role("button", name="Delete Chalk dust").click()
    page.get_by_role("button", name="Delete the style").click()
    page.get_by_text("No style of your own yet").wait_for()
