"""Comments on a picture's page: said, pinned, changed, refused."""

import pytest

from studio.models import Asset, Comment, Membership, Role, User
from studio.services import comments
from studio.services.comments import Pin
from studio.views import comments as view
from tests.views.conftest import HTMX, Visit
from tests.views.making import picture


def at(asset: Asset) -> str:
    return f"/assets/{asset.public_id}/comments/"


def test_a_comment_comes_back_with_its_pin(visit: Visit, alice: User) -> None:
    asset = picture(alice)
    answer = visit(alice).post(at(asset), {"text": "<b>Here</b>", "x": "25", "y": "50.5"}, headers=HTMX)
    text = answer.content.decode()
    assert "&lt;b&gt;Here" in text
    assert 'data-x="0.2500" data-y="0.5050"' in text
    assert 'hx-swap-oob="true"' in text
    page = visit(alice).get(f"/assets/{asset.public_id}/").content.decode()
    assert page.count('data-x="0.2500"') == 1


def test_without_a_script_it_leads_back_to_the_picture(visit: Visit, alice: User) -> None:
    asset = picture(alice)
    assert visit(alice).post(at(asset), {"text": "Here"})["Location"] == f"/assets/{asset.public_id}/"


def test_half_a_pin_or_no_words_are_said_beside_the_form(visit: Visit, alice: User) -> None:
    asset, client = picture(alice), visit(alice)
    for given in ({"text": ""}, {"text": "Here", "x": "3"}, {"text": "Here", "x": "101", "y": "3"}):
        answer = client.post(at(asset), given, headers=HTMX)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
    assert client.post(at(asset), {"text": ""}).status_code == 422
    assert not Comment.objects.exists()


def test_the_last_comments_are_shown_and_earlier_ones_a_press_away(
    visit: Visit, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "PAGE", 2)
    asset, client = picture(alice), visit(alice)
    for number in range(3):
        comments.add(alice, asset, f"Number {number}", Pin(0.5, 0.5))
    text = client.post(at(asset), {"text": "The newest"}, headers=HTMX).content.decode()
    assert ("Number 1" in text, "Number 2" in text, "The newest" in text) == (False, True, True)
    assert "Pin 3" in text, "a pin keeps its number"
    assert f"{at(asset)}?shown=4" in text
    for headers in (HTMX, {}):
        text = client.get(at(asset), {"shown": "4"}, headers=headers).content.decode()
        assert ("Number 0" in text, "Earlier comments" in text) == (True, False)
    assert client.get(at(asset), {"shown": "x" * 400}, headers=HTMX).status_code == 200
    again = client.get("/act/marks/", {"shown": asset.public_id, "said": "4"}).content.decode()
    assert ("Number 0" in again, "<form" in again, 'data-shown="4"' in again) == (True, True, True)
    assert "Add a comment" not in again, "what is being written stays"


def test_only_the_author_is_offered_and_allowed_to_change_it(visit: Visit, alice: User, bob: User) -> None:
    asset = picture(alice)
    said = comments.add(bob, asset, "Wider", Pin(0.1, 0.2))
    assert f"/comments/{said.public_id}/edit/" in visit(bob).get(at(asset), headers=HTMX).content.decode()
    assert f"/comments/{said.public_id}/edit/" not in visit(alice).get(at(asset), headers=HTMX).content.decode()
    assert visit(alice).post(f"/comments/{said.public_id}/edit/", {"text": "x"}).status_code == 403
    assert visit(bob).post(f"/comments/{said.public_id}/edit/", {"text": ""}, headers=HTMX).status_code == 422
    assert visit(bob).post(f"/comments/{said.public_id}/dance/").status_code == 404
    settled = visit(alice).post(f"/comments/{said.public_id}/resolve/", headers=HTMX).content.decode()
    assert "Settled" in settled
    assert "Wider" not in visit(bob).post(f"/comments/{said.public_id}/delete/", headers=HTMX).content.decode()


def test_a_viewer_reads_and_a_stranger_does_not(visit: Visit, alice: User, bob: User, charlie: User) -> None:
    asset = picture(alice)
    comments.add(alice, asset, "A canary")
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    text = visit(bob).get(at(asset), headers=HTMX).content.decode()
    assert "A canary" in text
    assert "<textarea" not in text
    refused = visit(bob).post(at(asset), {"text": "Hi"})
    assert (refused.status_code, "can look, but not judge" in refused.content.decode()) == (403, True)
    assert "can look, but not judge" in visit(bob).post(at(asset), {"text": "Hi"}, headers=HTMX)["HX-Trigger"]
    assert visit(charlie).get(at(asset)).status_code == 404
