"""Every control leads somewhere: what a page posts to, gets or loads exists and takes that method."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from studio.models import Decision, User
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


@pytest.fixture
def pages(visit: Visit, alice: User, bob: User) -> dict[str, str]:
    """Every page and fragment with something on it, as the owner sees it."""
    client = visit(alice)
    runs = [job(alice, state) for state in ("held", "queued", "running", "unknown", "failed", "canceled", "lost")]
    made = [picture(alice, job(alice, images=2)), picture(bob), picture(alice, content=SVG)]
    picture(alice, made[0].job)
    requests.ask(bob, bob.workspaces.get(), 100, Limit("person", "total"))
    picture(alice, made[0].job, colors=[[1, 2, 3]])
    edited = candidates(alice, made[0], 3)
    services.decide(alice, edited[1], Decision.ACCEPTED)
    services.decide(alice, edited[2], Decision.DISCARDED)
    style = custom_style(alice)
    shelf = collections.create(alice.memberships.get(), "Spring")
    inner = collections.create(alice.memberships.get(), "Inside", parent=shelf)
    collections.add(alice, shelf, [each.pk for each in made])
    addresses = [f"/collections/{view}" for view in ("", "pick/?asset=x", f"{shelf.public_id}/", f"{inner.public_id}/")]
    addresses.append(f"/collections/{shelf.public_id}/settings/")
    owner = alice.memberships.get()
    exports.order(owner, [each.pk for each in made], {"format": "original"})
    one = exports.order(owner, [made[0].pk], {"format": "png"})
    packing.pack(one.pk)
    addresses += ["/exports/", f"/exports/new/?asset={made[0].public_id}", f"/exports/{one.public_id}/left-out/"]
    board = boards.create(owner, "Spring", [each.pk for each in made])
    voter = boards.voter(board, alice)
    pair = boards.next_pair(voter)
    assert pair
    boards.vote(voter, pair.left.key, pair.right.key, pair.left.key)
    addresses += ["/boards/", f"/boards/{board.public_id}/", f"/boards/{board.public_id}/vote/"]
    addresses.append(f"/r/{boards.open_link(alice, board)}/")
    _, token = shares.share(alice.memberships.get(), shares.Terms(may_download=True), assets=[made[0].pk])
    addresses += [
        "/shares/",
        f"/shares/new/?asset={made[0].public_id}",
        f"/s/{token}/",
        f"/s/{token}/{made[0].public_id}/",
    ]
    job(alice, "queued", operation="create-style", images=0, name="Slate")
    addresses += [
        "/",
        "/?who=everyone",
        "/create/generate-vector/",
        "/queue/",
        "/requests/",
        "/requests/ask/",
        "/gallery/",
        "/trash/",
        f"/compare/?pictures={made[0].public_id},{made[1].public_id}",
        "/members/",
        "/password/",
        "/notices/",
        "/notices/settings/",
        "/alerts/",
        "/monitor/",
        "/monitor/prices/",
    ]
    addresses += [f"/assets/{made[0].public_id}/{view}" for view in ("", "panel/", "lightbox/")]
    addresses += [f"/edit/{made[0].public_id}/{slug}/" for slug in ("inpaint", "outpaint", "vectorize", "remix")]
    addresses += [f"/edit/{made[0].public_id}/candidates/{each.public_id}/" for each in edited]
    addresses += [f"/assets/{edited[0].public_id}/", "/create/palette/"]
    addresses += [f"/edit/{made[0].public_id}/finish/?do={do}" for do in ("crop", "convert", "recolor", "sizes")]
    addresses += [
        "/reference/",
        "/reference/inpaint/",
        "/styles/",
        "/styles/new/",
        "/gallery/?style=" + style.public_id,
    ]
    addresses += [f"/runs/{run.public_id}/" for run in runs] + ["/units/", "/banner/", "/nowhere/"]
    found = {address: client.get(address).content.decode() for address in addresses}
    found["invited"] = client.post("/members/invite/", {"role": "editor"}, headers=HTMX).content.decode()
    found["/sign-in/"] = Client().get("/sign-in/").content.decode()
    found["styled"] = client.post(
        "/create/generate/fields/", {"model": "recraftv3", "style": "realistic_image"}, headers=HTMX
    ).content.decode()
    return found


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


def test_every_post_is_taken_and_every_form_has_its_token(pages: dict[str, str], visit: Visit, alice: User) -> None:
    client = visit(alice)
    posted = set()
    for text in pages.values():
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


def test_every_icon_is_in_the_sprite(pages: dict[str, str]) -> None:
    sprite = Path(finders.find("img/icons.svg")).read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = {name for text in pages.values() for name in re.findall(r'icons\.svg#([^"]+)"', text)}
    assert len(used) > 25
    assert used <= known
