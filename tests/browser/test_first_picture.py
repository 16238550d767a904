"""The main story, as somebody lives through it in front of the screen."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESKTOP, PHONE, Open, generate, wait_until_drawn
from tests.browser.waiting import until, until_it_listens, until_nothing_runs
from tests.stories.drive import DrivenStudio

pytestmark = pytest.mark.browser

# Notes every state that each run passes through, from inside the page.
WATCH = """
window.seen = [];
const look = () => document.querySelectorAll("article.run").forEach((run) => {
  const last = window.seen.at(-1);
  if (!last || last[0] !== run.id || last[1] !== run.dataset.state) window.seen.push([run.id, run.dataset.state]);
});
new MutationObserver(look).observe(document.getElementById("runs"), {subtree: true, childList: true, attributes: true});
"""

# In one go: the element in the place is another one when its picture has come.
PLACE = "run => document.querySelector(`#${run} .run__tiles > li > *`).getBoundingClientRect().toJSON()"


def states(page: Page, run: str) -> list[str]:
    seen = [state for id, state in page.evaluate("window.seen") if id == run]
    return list(dict.fromkeys(seen))


def sha256(page: Page, studio: DrivenStudio, asset: str) -> str:
    ((stored,),) = studio.rows(f"SELECT sha256 FROM studio_asset WHERE public_id = '{asset}'")
    return str(stored)


def test_from_a_prompt_to_the_file_on_disk(open_page: Open, studio: DrivenStudio) -> None:
    page = open_page("/", reduced_motion="no-preference")
    until_nothing_runs(page)
    page.evaluate(WATCH)
    run = generate(page, "Three vases on a sunlit ledge, olive branch", n="2")
    tiles = page.locator(f"#{run} .run__tiles > li > *")
    assert tiles.count() == 2
    expect(page).to_have_title("(1) Create · Atelier")
    place = page.evaluate(PLACE, run)
    wait_until_drawn(page, run)
    assert page.evaluate(PLACE, run) == place, "nothing moved while the picture came"
    expect(page).to_have_title("Create · Atelier")
    passed = states(page, run)
    assert passed[-1] == "done"
    assert "running" in passed, "it was seen being drawn"
    assert passed == sorted(passed, key=["queued", "running", "saving", "done"].index)

    page.locator(f"#{run} .tile__hit").first.focus()
    page.keyboard.press("Space")
    content = page.locator("#lightbox-content[data-asset]")
    content.wait_for()
    with page.expect_download() as download:
        page.keyboard.press("d")
    saved = Path(str(download.value.path())).read_bytes()
    asset = str(content.get_attribute("data-asset"))
    assert hashlib.sha256(saved).hexdigest() == sha256(page, studio, asset)
    assert download.value.suggested_filename.startswith("three-vases-on-a-sunlit-ledge")


def test_the_same_without_a_pointer(open_page: Open) -> None:
    page = open_page("/gallery/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.locator("#composer").wait_for()
    page.wait_for_load_state()  # until then nobody listens to keys
    page.keyboard.press("/")
    page.keyboard.type("A fox at dusk, by keys alone")
    page.keyboard.press("Control+Enter")
    run = page.locator("article.run", has_text="by keys alone").first
    run.wait_for()
    wait_until_drawn(page, str(run.get_attribute("id")))
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.tile__hit')"):
            break
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.locator("#lightbox[open] #lightbox-content[data-asset]").wait_for()
    with page.expect_download():
        page.keyboard.press("d")
    page.keyboard.press("Escape")
    page.locator("#lightbox[open]").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.matches('.tile__hit')"), "the focus is back where it was"
    page.keyboard.press("Enter")
    page.locator("#panel[data-asset]").wait_for()
    page.keyboard.press("Escape")
    page.locator("#panel").wait_for(state="hidden")
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()


def test_two_presses_at_once_are_one_run(open_page: Open, studio: DrivenStudio) -> None:
    page = open_page("/")
    page.locator("#prompt").fill("Pressed twice")
    page.evaluate("const form = document.getElementById('composer'); form.requestSubmit(); form.requestSubmit();")
    page.locator("article.run", has_text="Pressed twice").first.wait_for()
    page.wait_for_timeout(1000)
    assert page.locator("article.run", has_text="Pressed twice").count() == 1
    assert studio.rows("SELECT count(*) FROM studio_job WHERE params LIKE '%Pressed twice%'") == [(1,)]


def test_a_vector_is_shown_as_a_raster_and_saved_as_it_is(open_page: Open) -> None:
    page = open_page("/")
    run = generate(page, "Fox mark, two flat colors", model="recraftv4_1_vector", n="1")
    wait_until_drawn(page, run)
    assert page.locator(f"#{run} .tile__mark", has_text="SVG").count() == 1
    shown = page.locator(f"#{run} .tile__img:not(.tile__blur)").first
    assert page.request.get(str(shown.get_attribute("src"))).headers["content-type"] == "image/webp"
    assert page.locator("main svg:not(.icon, .swatch, .slot__prime, .ring, .meter, .logo)").count() == 14, (
        "no drawing stands in the page itself, but for the outlines of the sizes"
    )
    with page.expect_download() as download:
        page.locator(f"#{run} [data-download]").first.dispatch_event("click")
    assert Path(str(download.value.path())).read_text().lstrip()[:5] in ("<svg ", "<?xml")


def test_a_run_of_another_tab_and_the_units_come_by_themselves(open_page: Open) -> None:
    first, second = (open_page("/", reduced_motion="no-preference") for _ in range(2))
    until_nothing_runs(first)
    before = first.locator(".units b").inner_text()
    generate(second, "From the other tab")
    first.locator("article.run", has_text="From the other tab").wait_for()
    expect(first.locator(".units b")).not_to_have_text(before)
    ids = first.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) == len(set(ids))


def test_polling_takes_over_while_the_stream_is_down(open_page: Open) -> None:
    page = open_page("/gallery/")
    page.route("**/events/", lambda route: route.fulfill(status=429))
    page.goto("/")
    run = generate(page, "Without a stream")
    wait_until_drawn(page, run)


def test_the_stream_is_open_only_while_the_page_is_seen(open_page: Open) -> None:
    page = open_page("/")
    until_it_listens(page)
    streams: list[str] = []
    page.on("request", lambda request: streams.append("open") if request.url.endswith("/events/") else None)
    page.on("requestfailed", lambda request: streams.append("closed") if request.url.endswith("/events/") else None)
    hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    for hidden, streams_then in (("true", ["closed"]), ("false", ["closed", "open"])):
        page.evaluate(hide % hidden + "document.dispatchEvent(new Event('visibilitychange'))")
        until(page, lambda then=streams_then: streams == then, f"the streams are {streams_then}")
        page.wait_for_timeout(500)
        assert streams == streams_then, "and no more than that"
    until_it_listens(page)
    assert page.evaluate(BURST) == 2, "the last of a burst is never lost: it may say what came of it all"


BURST = """async () => {
  const { source } = document.querySelector("live-stream");
  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  let told = 0;
  source.addEventListener("burst@1s", () => { told += 1; });
  await wait(50);
  told = 0;
  for (let times = 0; times < 5; times++) source.forward(new MessageEvent("burst"));
  for (let times = 0; told < 2 && times < 50; times++) await wait(50);
  return told;
}"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "narrow"])
def test_without_javascript_the_forms_work(open_page: Open, size: tuple[int, int]) -> None:
    page = open_page("/", size=size, java_script_enabled=False)
    page.locator("#prompt").fill("No script at all")
    page.get_by_role("button", name="Generate").click()
    page.locator("article.run", has_text="No script at all").first.wait_for()
    page.locator("#prompt").fill("")
    page.get_by_role("button", name="Generate").click()
    page.locator("#composer-problems", has_text="Prompt is needed.").wait_for()


def test_a_selected_picture_is_a_sheet_on_a_phone(open_page: Open) -> None:
    page = open_page("/", size=PHONE)
    run = generate(page, "A sheet on a phone")
    wait_until_drawn(page, run)
    page.locator(f"#{run} .tile__hit").first.tap()
    sheet = page.locator("#panel[data-asset]")
    sheet.wait_for()
    page.wait_for_timeout(500)
    box = sheet.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] > 100
    assert round(box["y"] + box["height"]) == 844
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Close panel").tap()
    sheet.wait_for(state="hidden")
    nothing_is_missing_on_a_phone(page)


def nothing_is_missing_on_a_phone(page: Page) -> None:
    expect(page.get_by_role("button", name="Enhance")).to_be_in_viewport(ratio=1)
    composer, adding = page.locator("#composer").bounding_box(), page.locator(".drop__pick").bounding_box()
    assert composer and adding
    assert composer["y"] < adding["y"] < adding["y"] + adding["height"] < composer["y"] + composer["height"]
    page.get_by_role("link", name="Explore", exact=True).tap()
    page.wait_for_url("**/create/explore/")


def test_what_is_typed_while_a_press_is_answered_stays_and_follows(open_page: Open) -> None:
    page = open_page("/")
    page.route("**/create/generate/", lambda route: (page.wait_for_timeout(700), route.continue_()))
    prompt = page.locator("#prompt")
    prompt.fill("A heron, the first of two")
    prompt.press("Control+Enter")
    prompt.press("Control+Enter")  # a double press is one run
    prompt.fill("A kingfisher, the second of two")
    prompt.press("Control+Enter")
    page.locator("article.run", has_text="the first of two").wait_for()
    page.locator("article.run", has_text="the second of two").wait_for()
    assert prompt.input_value() == "A kingfisher, the second of two"
    page.reload()
    assert page.locator("article.run", has_text="the first of two").count() == 1
    assert page.locator("article.run", has_text="the second of two").count() == 1


def test_what_is_typed_while_settings_are_answered_counts(open_page: Open) -> None:
    page = open_page("/")
    slow = [600, 0]  # the answer to the three comes after the two was typed, and before it was asked for
    page.route("**/create/generate/fields/", lambda route: (page.wait_for_timeout(slow.pop(0)), route.continue_()))
    page.route("**/create/generate/", patiently)
    page.goto("/create/generate/")
    count = page.locator("#n")
    with page.expect_request("**/fields/"):
        count.fill("3")
        count.blur()
    count.fill("2")
    with page.expect_response("**/fields/"):
        count.blur()
    page.get_by_role("button", name="Generate 2").wait_for()
    assert count.input_value() == "2"


def patiently(route: Route) -> None:
    """A page that takes its time to ask after a change."""
    answer = route.fetch()
    text = answer.text()
    assert "change delay:40ms" in text
    route.fulfill(response=answer, body=text.replace("change delay:40ms", "change delay:900ms"))
