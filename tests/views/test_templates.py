"""Every control leads somewhere: what a page posts to, gets or loads exists and takes that method."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from studio.models import Asset, Decision, User
from studio.services import boards, collections, exports, packing, requests, shares
from studio.services import candidates as services
from studio.services.requests import Limit
from tests.views.conftest import HTMX, Visit
from tests.views.making import SVG, candidates, custom_style, job, picture

# Buttons of a picture, by which its page does something with it.
ON_TILES = {"data-pick", "data-do", "data-menu", "data-zoom"}
# Attributes by which a button opens something, or by which a script finds it.
WIRED = {"popovertarget", "data-open-keys", "data-close-panel", "data-open-lightbox", "data-turn", "data-toggle-info"}
# Addresses that take away what others need.
ENDS = re.compile(r"remove|withdraw|delete|revoke|close/|/link/")


PLACES = [
    *("/", "/?who=everyone", "/create/generate-vector/", "/create/palette/", "/queue/", "/requests/", "/requests/ask/"),
    *("/gallery/", "/trash/", "/collections/", "/exports/", "/boards/", "/shares/", "/members/", "/password/"),
    *("/notices/", "/notices/settings/", "/alerts/", "/monitor/", "/monitor/prices/", "/reference/"),
    *("/reference/inpaint/", "/styles/", "/styles/new/", "/units/", "/banner/", "/nowhere/"),
]


# Drawn once: they take seconds, and most tests only read them.
_read: dict[str, str] = {}


@pytest.fixture
def pages(request: pytest.FixtureRequest) -> dict[str, str]:
    """Every page and fragment with something on it, as the owner sees it; what is on them may be gone."""
    if not _read:
        _read.update(request.getfixturevalue("living_pages"))
    return _read


@pytest.fixture
def living_pages(visit: Visit, alice: User, bob: User) -> dict[str, str]:
    """The same, with everything there that they show."""
    client = visit(alice)
    made = [picture(alice, job(alice, images=2)), picture(bob), picture(alice, content=SVG)]
    picture(alice, made[0].job)
    picture(alice, made[0].job, colors=[[1, 2, 3]])
    requests.ask(bob, bob.workspaces.get(), 100, Limit("person", "total"))
    addresses = [*PLACES, *runs(alice), *pictures(alice, made), *shelves(alice, made), *sent_out(alice, made)]
    found = {address: client.get(address).content.decode() for address in addresses}
    found["invited"] = client.post("/members/invite/", {"role": "editor"}, headers=HTMX).content.decode()
    found["/sign-in/"] = Client().get("/sign-in/").content.decode()
    found["styled"] = client.post(
        "/create/generate/fields/", {"model": "recraftv3", "style": "realistic_image"}, headers=HTMX
    ).content.decode()
    return found


def runs(alice: User) -> list[str]:
    """The card of a run in every state, and a style that is being made."""
    job(alice, "queued", operation="create-style", images=0, name="Slate")
    states = ("held", "queued", "running", "unknown", "failed", "canceled", "lost")
    return [f"/runs/{job(alice, state).public_id}/" for state in states]


def pictures(alice: User, made: list[Asset]) -> list[str]:
    """What is done with one picture, or two, and what came of it."""
    first = made[0].public_id
    edited = candidates(alice, made[0], 3)
    services.decide(alice, edited[1], Decision.ACCEPTED)
    services.decide(alice, edited[2], Decision.DISCARDED)
    return [
        f"/compare/?pictures={first},{made[1].public_id}",
        f"/gallery/?style={custom_style(alice).public_id}",
        f"/assets/{edited[0].public_id}/",
        *(f"/assets/{first}/{view}" for view in ("", "panel/", "lightbox/")),
        *(f"/edit/{first}/{slug}/" for slug in ("inpaint", "outpaint", "vectorize", "remix")),
        *(f"/edit/{first}/candidates/{each.public_id}/" for each in edited),
        *(f"/edit/{first}/finish/?do={do}" for do in ("crop", "convert", "recolor", "sizes")),
    ]


def shelves(alice: User, made: list[Asset]) -> list[str]:
    """A collection with one inside it, and a board that somebody has begun to vote on."""
    owner, keys = alice.memberships.get(), [each.pk for each in made]
    shelf = collections.create(owner, "Spring")
    inner = collections.create(owner, "Inside", parent=shelf)
    collections.add(alice, shelf, keys)
    board = boards.create(owner, "Spring", keys)
    voter = boards.voter(board, alice)
    pair = boards.next_pair(voter)
    assert pair
    boards.vote(voter, pair.left.key, pair.right.key, pair.left.key)
    return [
        *(f"/collections/{view}" for view in ("pick/?asset=x", f"{shelf.public_id}/", f"{inner.public_id}/")),
        f"/collections/{shelf.public_id}/settings/",
        *(f"/boards/{board.public_id}/{view}" for view in ("", "vote/")),
        f"/r/{boards.open_link(alice, board)}/",
    ]


def sent_out(alice: User, made: list[Asset]) -> list[str]:
    """Exports, one of them packed, and a link for guests."""
    owner, first = alice.memberships.get(), made[0]
    exports.order(owner, [each.pk for each in made], {"format": "original"})
    one = exports.order(owner, [first.pk], {"format": "png"})
    packing.pack(one.pk)
    _, token = shares.share(owner, shares.Terms(may_download=True), assets=[first.pk])
    return [
        *(f"/exports/{view}" for view in (f"new/?asset={first.public_id}", f"{one.public_id}/left-out/")),
        f"/shares/new/?asset={first.public_id}",
        *(f"/s/{token}/{view}" for view in ("", f"{first.public_id}/")),
    ]


def test_every_link_form_and_request_has_an_address(pages: dict[str, str]) -> None:
    wanted: dict[str, str] = {}
    for text in pages.values():
        for element in html.fromstring(text).iter():
            for name in ("href", "action", "formaction", "hx-get", "hx-post", "sse-connect", "data-panel"):
                value = element.get(name)
                if value and value.startswith("/") and not value.startswith("/static/"):
                    wanted[value.partition("?")[0].partition("#")[0]] = name
    assert len(wanted) > 30
    for address in wanted:
        try:
            resolve(address)
        except Resolver404:
            pytest.fail(f"{wanted[address]} leads to {address}, which is nowhere")


def test_every_post_is_taken_and_every_form_has_its_token(
    living_pages: dict[str, str], visit: Visit, alice: User
) -> None:
    client = visit(alice)
    posted = set()
    for text in living_pages.values():
        for form in html.fromstring(text).iter("form"):
            if (form.get("method") or "get") == "post":
                assert form.xpath(".//input[@name='csrfmiddlewaretoken']"), form.get("action")
                assert form.get("hx-post", form.get("action")) == form.get("action"), "with and without a script alike"
                posted.add(form.get("action"))
        posted |= {element.get("hx-post") for element in html.fromstring(text).iter() if element.get("hx-post")}
    assert len(posted) > 8
    # What takes something away comes last, or the rest would miss it.
    for address in sorted(posted - {"/sign-out/"}, key=lambda each: bool(ENDS.search(each))):
        assert client.post(address).status_code not in (404, 405), address


def test_every_button_does_something(pages: dict[str, str]) -> None:
    """A button submits a form, opens something, or belongs to a script that a page loads."""
    scripted = re.compile(
        r"password-peek|number-stepper|seed-lock|palette-editor|pick-list|theme-switch|close-button|copy-button"
        r"|picture-list|light-box|toast-stack|enhance-proposal|prompt-history|mask-canvas|outpaint-frame|crop-frame"
        r"|text-layout|candidate-view|collect-picker|picture-acts|picture-selection|compare-view|close-card"
        r"|comment-field"
    )
    for address, text in pages.items():
        for button in html.fromstring(text).iter("button"):
            if (
                button.get("type") == "submit"
                or button.get("popovertarget")
                or button.get("hx-post")
                or button.get("data-open-keys") is not None
                or button.get("data-open-palette") is not None
            ):
                continue
            around = [each.tag for each in button.iterancestors()]
            wired = {
                "data-close-panel",
                "data-open-lightbox",
                "data-pick-large",
                "data-turn",
                "data-toggle-info",
                "data-colors",
                *ON_TILES,
            } & set(button.keys())
            assert wired or any(scripted.fullmatch(str(tag)) for tag in around), (address, html.tostring(button)[:200])


def test_what_opens_is_on_the_page(pages: dict[str, str]) -> None:
    for address, text in pages.items():
        tree = html.fromstring(text)
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), (address, sorted(each for each in ids if ids.count(each) > 1))
        for target in tree.xpath("//@popovertarget"):
            assert target in ids, (address, target)
        for label in tree.xpath("//label/@for"):
            assert label in ids, (address, label)


def test_what_asks_for_a_word_when_it_opens_has_its_field_in_focus(pages: dict[str, str]) -> None:
    """Else the first letters are lost, or act on what lies behind."""
    asking = 0
    for address, text in pages.items():
        for opened in html.fromstring(text).xpath("//dialog | //*[@popover]"):
            asks = opened.xpath(".//input[@required and (not(@type) or @type='text')]")
            asking += bool(asks)
            assert not asks or opened.xpath(".//input[@autofocus]"), (address, opened.get("id"))
    assert asking > 3


def test_every_icon_is_in_the_sprite(pages: dict[str, str]) -> None:
    sprite = Path(finders.find("img/icons.svg")).read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = {name for text in pages.values() for name in re.findall(r'icons\.svg#([^"]+)"', text)}
    assert len(used) > 25
    assert used <= known
