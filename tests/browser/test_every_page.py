"""Every page in both themes, wide and narrow: readable by everybody, within the screen, quiet on the console."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.addresses import PATTERNS, STREAM, Things
from tests.browser.conftest import (
    DESKTOP,
    EMAIL,
    PHONE,
    Open,
    Show,
    answered,
    generate,
    look_at,
    problems_by_axe,
    problems_in_either_theme,
    wait_until_drawn,
)
from tests.browser.filled import Filled, filled
from tests.browser.looking import problems
from tests.stories.drive import DrivenStudio
from tests.views.test_doors import PUBLIC

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "narrow"])
# By image model; of the second those that another model makes different.
POPOVERS = {
    "recraftv4_1": ("history", "model", "style", "palette", "size", "seed", "more", "units", "account"),
    "recraftv3": ("style", "palette", "size", "more"),
}


@pytest.fixture
def drawn(open_page: Open) -> str:
    """A run with pictures."""
    page = open_page("/")
    shown = page.locator("article.run[data-state=done]").first
    if shown.count():
        return str(shown.get_attribute("id"))
    run = generate(page, "Something to look at", n="2")
    wait_until_drawn(page, run)
    return run


def is_fine(page: Page, size: tuple[int, int], within: str = "html") -> None:
    """On a phone it is the same as on a desktop, but for what can be seen of it."""
    if size == PHONE:
        look_at(page, "dark")
        assert problems_by_axe(page, within, only="color-contrast") == []
    else:
        assert problems_in_either_theme(page, within) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


# Addresses whose GET leads elsewhere, and why; what is behind them is looked at there.
LEADING_ON = {
    "assets/<slug:public_id>/comments/": "without a script to the picture's page",
    "edit/<slug:public_id>/": "to the first tool",
    "edit/<slug:public_id>/fit/<slug:slug>/": "where nothing needs to fit to the tool",
    "introduce/": "who has a password is in",
    "monitor/budgets/<int:budget>/": "without a script to the table",
    "notices/<int:pk>/": "to what the notice is about",
    "sign-in/": "who is in is in",
}
MISSING = {
    "compare/": "nothing to compare is named",
    "exports/<slug:public_id>/file": "it is not made yet",
}
# More than one page at an address, and what is there only for some: {name} is one of `Filled.paths`.
VARIANTS = (
    *("{asset}", "{fit}", "{board}", "{collection}", "{elsewhere}", "{import done}", "{export left out}"),
    *("{action going on}", "{action done}", "/compare/?pictures={two}", "/compare/?pictures={two}&way=slider"),
    *("/create/explore/", "/gallery/?kind=vector&model=recraftv2_vector", "/gallery/?q=fox", "/styles/?q=e"),
    *("/exports/new/?assets={two}", "/styles/new/?images={two}", "{edit}outpaint/", "{edit}image-to-image/"),
)
# What a POST shows where there is no script: its address, and what is sent.
SENT = (
    ("/shares/new/", {"assets": "{two}", "days": "30", "largest": "preview", "title": "Spring"}),
    ("/act/", {"do": "rate 9", "assets": "{two}"}),
    ("{asset}comments/", {"text": ""}),
    ("/exports/sheet/", {"assets": ""}),
    ("{collection}add/", {"assets": ""}),
    ("/members/invite/", {"role": "viewer", "note": "For Noor"}),
    ("/uploads/", {}),
    ("/workspaces/new/", {"name": "", "time_zone": "Mars"}),
)
OUTSIDE = (
    *("/sign-in/", "/forgot/", "/forgot/sent/", "/reset/done/", "{reset}", "{join}", "{locked}", "{shared}"),
    *("{one shared}",),
)
GONE = ("/nowhere/", "/welcome/spent/", "/join/spent/", "/s/over/")


@pytest.fixture(scope="module")
def made(studio: DrivenStudio, owner: dict[str, Any]) -> Filled:
    return filled(studio, EMAIL)


@dataclass
class Look:
    """A page that goes from address to address, and what was found wrong there."""

    page: Page
    paths: dict[str, str]
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def at(self, path: str) -> None:
        answer = self.page.goto(path.format(**self.paths))
        assert answer and answer.ok, path
        self.here(path)

    def of(self, name: str, body: str) -> None:
        """A page that can't be asked for, or that a browser complains of: its text is given."""
        self.page.route("**/given/", lambda route: route.fulfill(body=body, content_type="text/html"))
        self.page.goto("/given/")
        self.here(name)
        self.page.unroute("**/given/")

    def sent(self, path: str, values: dict[str, str]) -> None:
        """What answers a form that is sent without a script."""
        filled_in = {name: value.format(**self.paths) for name, value in values.items()}
        with self.page.expect_navigation():
            self.page.evaluate(SEND, [path.format(**self.paths), filled_in])
        self.here(f"POST {path}")

    def here(self, name: str) -> None:
        self.wrong[name] = problems(self.page)

    def is_fine(self) -> None:
        assert {name: found for name, found in self.wrong.items() if found} == {}


SEND = """([action, values]) => {
  const form = Object.assign(document.createElement("form"), { action, method: "post" });
  form.append(document.querySelector("[name=csrfmiddlewaretoken]").cloneNode());
  const input = (name, value) => Object.assign(document.createElement("input"), { name, value });
  for (const [name, value] of Object.entries(values)) form.append(input(name, value));
  document.body.append(form);
  form.submit();
}"""


def test_every_page_is_fine(open_page: Open, drawn: str, made: Filled) -> None:
    page = open_page("/gallery/", reduced_motion="reduce")
    look, things = Look(page, made.paths), Things(made.values)
    kinds = {pattern: kind(page, things.address(pattern)) for pattern in PATTERNS if pattern != STREAM}
    with_a_key = {pattern for pattern, why in PUBLIC.items() if "token" in why}
    for named, what in ((LEADING_ON, "elsewhere"), (MISSING, "missing")):
        assert {pattern for pattern, each in kinds.items() if each == what} - with_a_key == named.keys(), what
    for pattern in (pattern for pattern, each in kinds.items() if each == "page"):
        look.at(things.address(pattern))
    assert len(look.wrong) > 45
    for path in VARIANTS:
        look.at(path)
    page.goto("/gallery/")
    for path, values in SENT:
        look.sent(path, values)
    for name, body in made.bodies.items():
        look.of(name, body)
    look.is_fine()


def kind(page: Page, path: str) -> str:
    """What a GET of an address brings: a whole page, a part of one, a file, nothing; or it leads elsewhere."""
    answer = page.request.get(path, max_redirects=0)
    if answer.status in (404, 405):
        return "missing" if answer.status == 404 else "nothing"
    if answer.status >= 300:
        return "elsewhere"
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return "file"
    return "page" if "<html" in answer.text() else "part"


def test_every_page_outside_is_fine(studio: DrivenStudio, open_page: Open, made: Filled) -> None:
    page = open_page("/sign-in/", signed_in=False, reduced_motion="reduce")
    look = Look(page, made.paths)
    for path in OUTSIDE:
        look.at(path)
    look.at("{review}")
    page.get_by_label("Your name").fill("Ines")
    page.get_by_role("button", name="Begin").click()
    page.locator("vote-keys").wait_for(state="attached")
    look.here("a pair")
    keys = itertools.cycle(("ArrowLeft", "ArrowRight", " "))
    while not page.get_by_role("heading", name="That was all").count():
        with page.expect_navigation():
            page.keyboard.press(next(keys))
    look.here("the last pair is judged")
    for path in GONE:
        look.of(path, page.request.get(path).text())
    for name in made.sessions:  # of people who are stopped at the door
        page.context.add_cookies([{"name": "sessionid", "value": made.sessions[name], "url": f"{studio.url}/"}])
        look.of(name, page.request.get("/").text())
    look.is_fine()


def test_what_is_wrong_with_a_page_is_found(show: Show) -> None:
    buttons = '<button id="slow">Slow</button><button id="far">Far</button>'
    apart = '<b class="narrow-only" id="narrow">Pale</b><b class="wide-only" id="wide">Pale</b>'
    page = show(f'<h1>Wrong</h1>{apart}<input><p>Pale</p>{buttons}<a href="/">Low</a>')
    for part, style in WRONG.items():
        page.locator(part).evaluate("(part, style) => { part.style.cssText = style; }", style)
    found = "\n".join(problems(page))
    beyond = ("720 wide: beside the screen: <b", "below the screen: <a")
    dark = ("in the dark on a phone: color-contrast: ['#narrow']", "in the dark: color-contrast: ['#wide']")
    for each in ("label:", "color-contrast:", *dark, "moves: button", *beyond):
        assert each in found, found


WRONG = {
    "#narrow": "color: #777; background: #666",
    "#wide": "color: #777; background: #666",
    "p": "color: #999; background: #aaa",
    "#slow": "transition: color 1s",
    "#far": "margin-inline-start: 900px",
    "a": "position: fixed; inset-block-end: -20px",
}


@SIZES
def test_everything_that_opens_is_fine(open_page: Open, drawn: str, size: tuple[int, int]) -> None:
    page = open_page("/", size=size, reduced_motion="reduce")
    for model, popovers in POPOVERS.items():
        page.locator("[popovertarget=pop-model]").click()
        is_another = not page.locator(f"#model-{model}").is_checked()
        with answered(page) if is_another else nullcontext():
            page.locator(f"label:has(#model-{model})").click()
        for name in opened(page, popovers):
            is_fine(page, size, within=f"#pop-{name}")
            is_on_the_screen(page, size)
    page.locator(f"#{drawn} .tile__hit").first.click()
    page.locator("#panel[data-asset]").wait_for()
    is_fine(page, size)
    page.get_by_role("button", name="Show large").click()
    page.locator("#lightbox-content[data-asset]").wait_for()
    is_fine(page, size)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    is_fine(page, size)


def is_on_the_screen(page: Page, size: tuple[int, int]) -> None:
    box = page.locator(":popover-open").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= size[1]


def opened(page: Page, names: Iterable[str]) -> Iterator[str]:
    """Each of these popovers of the page in turn, open."""
    for name in names:
        page.locator(f"[popovertarget=pop-{name}]").click()
        page.locator(f"#pop-{name}:popover-open").wait_for()
        yield name
        page.keyboard.press("Escape")


def test_a_change_of_model_drops_what_does_not_fit_and_says_so(open_page: Open) -> None:
    page = open_page("/")
    page.locator("#prompt").fill("A fox")
    page.locator("[popovertarget=pop-model]").click()
    with answered(page):
        page.locator("label:has(#model-recraftv3)").click()
    page.locator("[popovertarget=pop-style]").click()
    page.get_by_placeholder("Find a style").fill("noir")
    page.locator("#pop-style .style-card:visible", has_text="Noir").click()
    page.locator("[popovertarget=pop-style]", has_text="Noir").wait_for()
    page.keyboard.press("Escape")
    page.locator("[popovertarget=pop-model]").click()
    page.locator("label:has(#model-recraftv4_1)").click()
    page.get_by_text("Style dropped: V2 and V3 only.").wait_for()
    assert page.locator("#prompt").input_value() == "A fox"


def test_hostile_text_is_only_text(open_page: Open) -> None:
    page = open_page("/")
    for payload in PAYLOADS:
        generate(page, payload)
    page.goto("/gallery/")
    page.goto("/queue/")
    page.goto("/")
    assert page.locator("article.run", has_text="alert(1)").count() >= len(PAYLOADS) - 1
    assert page.evaluate("window.hacked") is None


PAYLOADS = (
    "<script>window.hacked = alert(1)</script>",
    '"><img src=x onerror="window.hacked = alert(1)">',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "{{ alert(1) }}{% load x %}",
    '<div hx-get="/sign-out/" hx-trigger="load">alert(1)</div>',
    "<a href='javascript:alert(1)'>x</a>",
    "<base href=//evil.test/>alert(1)",
)
