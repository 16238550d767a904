"""Candidates on the pages: beside their source, accepted, discarded, brought back; and the lineage that comes of it."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from studio.models import Asset, Decision, Job, Membership, Role, User
from studio.services import candidates as service
from studio.views.candidates import place
from studio.views.cards import DECIDING
from tests.views.conftest import HTMX, Visit
from tests.views.making import candidates, job, picture


@pytest.fixture
def vase(alice: User) -> Asset:
    return picture(alice)


def address(source: Asset, candidate: Asset) -> str:
    return f"/edit/{source.public_id}/candidates/{candidate.public_id}/"


def post(client: Client, source: Asset, candidate: Asset, decision: str, **options: Any) -> Any:
    return client.post(address(source, candidate), {"decision": decision}, **options)


def fresh(asset: Asset) -> Asset:
    return Asset.objects.get(pk=asset.pk)


def test_a_candidate_is_shown_over_its_source(visit: Visit, alice: User, vase: Asset) -> None:
    _, two = candidates(alice, vase, 2)
    text = visit(alice).get(address(vase, two), headers=HTMX).content.decode()
    assert "<html" not in text
    pictures = text.partition("<before-after")[2]
    assert pictures.index(f"/media/{vase.public_id}/preview") < pictures.index(f"/media/{two.public_id}/preview")
    assert "Accept B" in text
    assert "Discard B" in text
    assert "2 candidates open, 70 units" in text


def test_its_address_is_a_whole_editor_too(visit: Visit, alice: User, vase: Asset) -> None:
    (made,) = candidates(alice, vase)
    text = visit(alice).get(address(vase, made)).content.decode()
    assert "<html" in text
    assert f'data-tile="tile-{made.public_id}"' in text
    assert "Image to image" in text


def test_tiles_of_the_run_lead_to_their_candidates(visit: Visit, alice: User, vase: Asset) -> None:
    (made,) = candidates(alice, vase)
    client = visit(alice)
    for page in (f"/edit/{vase.public_id}/inpaint/", f"/runs/{made.job.public_id}/"):  # type: ignore[union-attr]
        assert f'data-candidate="{address(vase, made)}"' in client.get(page).content.decode()
    drawn = job(alice)
    picture(alice, drawn)
    assert "data-candidate" not in client.get(f"/runs/{drawn.public_id}/").content.decode()


def test_a_run_listens_until_its_candidates_are_decided_on(visit: Visit, alice: User, vase: Asset) -> None:
    one, two = candidates(alice, vase, 2)
    assert one.job is not None
    client = visit(alice)

    def listens() -> bool:
        assert one.job is not None
        return "hx-trigger" in client.get(f"/runs/{one.job.public_id}/").content.decode().partition(">")[0]

    assert listens(), "a colleague may decide"
    service.decide(alice, one, Decision.DISCARDED)
    assert listens()
    service.decide(alice, two, Decision.ACCEPTED)
    assert not listens()
    service.decide(alice, two, Decision.OPEN)
    Job.objects.filter(pk=one.job.pk).update(ended_at=timezone.now() - DECIDING)
    assert not listens(), "not for good"


def test_accepting_goes_on_with_the_version_and_twice_is_once(visit: Visit, alice: User, vase: Asset) -> None:
    (made,) = candidates(alice, vase)
    client = visit(alice)
    leads = f"/edit/{made.public_id}/image-to-image/"
    assert post(client, vase, made, "accepted", headers=HTMX)["HX-Redirect"] == leads
    first = fresh(made)
    assert post(client, vase, made, "accepted")["Location"] == leads
    assert (first.decision, fresh(made).decided_at) == (Decision.ACCEPTED, first.decided_at)
    page = client.get(f"/assets/{vase.public_id}/").content.decode()
    assert "Versions of it" in page
    assert f"/assets/{made.public_id}/" in page.partition("Versions of it")[2]
    assert 'aria-current="true"' in client.get(leads).content.decode().partition('class="way"')[2]


def test_a_version_that_the_operation_can_not_take_goes_on_with_another(visit: Visit, alice: User, vase: Asset) -> None:
    (made,) = candidates(alice, vase, operation="vectorize")
    Asset.objects.filter(pk=made.pk).update(media_type="image/svg+xml")
    assert post(visit(alice), vase, made, "accepted")["Location"] == f"/edit/{made.public_id}/"


def test_discarding_shows_the_next_one_and_the_run_as_it_is_now(visit: Visit, alice: User, vase: Asset) -> None:
    one, two = candidates(alice, vase, 2)
    client = visit(alice)
    text = post(client, vase, one, "discarded", headers=HTMX).content.decode()
    assert f'data-tile="tile-{two.public_id}"' in text
    assert "A discarded; it stays in the history." in text
    told = text.partition(f'id="lineage-{vase.public_id}"')[2]
    assert 'hx-swap-oob="true"' in told.partition(">")[0]
    assert "1 discarded" in told
    run = text.partition("<article")[2]
    assert 'hx-swap-oob="morph"' in run
    assert 'data-decision="discarded"' in run
    last = post(client, vase, two, "discarded", headers=HTMX).content.decode()
    assert 'id="candidate" hidden' in last
    assert post(client, vase, two, "discarded")["Location"] == f"/edit/{vase.public_id}/image-to-image/"


def test_a_discarded_candidate_leaves_the_gallery_and_comes_back(visit: Visit, alice: User, vase: Asset) -> None:
    (made,) = candidates(alice, vase)
    client = visit(alice)
    tile = f"tile-{made.public_id}"
    post(client, vase, made, "discarded")
    assert tile not in client.get("/gallery/").content.decode()
    discarded = client.get("/gallery/?shown=discarded").content.decode()
    assert tile in discarded
    assert f"tile-{vase.public_id}" not in discarded
    assert "1 discarded" in client.get(f"/assets/{vase.public_id}/").content.decode()
    assert client.get(f"/assets/{made.public_id}/").status_code == 200
    assert client.get(f"/media/{made.public_id}/original").status_code == 200
    assert "Bring back" in client.get(address(vase, made), headers=HTMX).content.decode()
    back = post(client, vase, made, "open", headers=HTMX).content.decode()
    assert "Accept A" in back
    assert tile in client.get("/gallery/").content.decode()


def test_everything_of_a_run_that_is_open_is_discarded_at_once(visit: Visit, alice: User, vase: Asset) -> None:
    one, two, three = candidates(alice, vase, 3)
    service.decide(alice, two, Decision.ACCEPTED)
    client = visit(alice)
    assert "Discard all" in client.get(address(vase, one), headers=HTMX).content.decode()
    assert "2 discarded" in post(client, vase, one, "rest", headers=HTMX).content.decode()
    assert [fresh(each).decision for each in (one, two, three)] == ["discarded", "accepted", "discarded"]


@pytest.mark.parametrize("decision", ["", "perhaps", "ACCEPTED"])
def test_another_word_decides_nothing(visit: Visit, alice: User, vase: Asset, decision: str) -> None:
    (made,) = candidates(alice, vase)
    assert post(visit(alice), vase, made, decision).status_code == 422
    assert fresh(made).decision == Decision.OPEN


def test_a_viewer_looks_and_decides_nothing(visit: Visit, alice: User, vase: Asset) -> None:
    (made,) = candidates(alice, vase)
    Membership.objects.filter(person=alice).update(role=Role.VIEWER)
    client = visit(alice)
    text = client.get(address(vase, made), headers=HTMX).content.decode()
    assert "<before-after" in text
    assert 'name="decision"' not in text
    assert post(client, vase, made, "accepted").status_code == 403
    assert fresh(made).decision == Decision.OPEN


def test_what_was_not_made_from_the_picture_is_no_candidate_of_it(
    visit: Visit, alice: User, charlie: User, vase: Asset
) -> None:
    (made,) = candidates(alice, vase)
    other, foreign = picture(alice), picture(charlie)
    client = visit(alice)
    for source, candidate in ((other, made), (vase, other), (foreign, made), (made, vase)):
        assert client.get(address(source, candidate)).status_code == 404
        assert post(client, source, candidate, "discarded").status_code == 404
    stranger = visit(charlie)
    assert stranger.get(address(vase, made)).status_code == 404
    assert post(stranger, vase, made, "discarded").status_code == 404
    assert fresh(made).decision == Decision.OPEN


def test_a_candidate_in_the_trash_is_missing(visit: Visit, alice: User, vase: Asset) -> None:
    (made,) = candidates(alice, vase)
    Asset.objects.filter(pk=made.pk).update(state="trashed")
    client = visit(alice)
    assert client.get(address(vase, made)).status_code == 404
    assert post(client, vase, made, "accepted").status_code == 404


def test_without_its_token_a_decision_is_refused(alice: User, vase: Asset) -> None:
    (made,) = candidates(alice, vase)
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert post(client, vase, made, "accepted").status_code == 403
    assert fresh(made).decision == Decision.OPEN


def test_the_page_of_a_candidate_decides_without_a_script(visit: Visit, alice: User, vase: Asset) -> None:
    (made,) = candidates(alice, vase)
    text = visit(alice).get(f"/assets/{made.public_id}/").content.decode()
    assert f'action="{address(vase, made)}"' in text
    assert "hx-post" not in text.partition('id="decision"')[2].partition("</form>")[0]


def test_the_way_to_a_picture_tells_every_step_and_what_it_cost(visit: Visit, alice: User, vase: Asset) -> None:
    (second,) = candidates(alice, vase)
    (third,) = candidates(alice, second, operation="crisp-upscale")
    text = visit(alice).get(f"/assets/{third.public_id}/").content.decode().partition('class="way"')[2]
    steps = [text.index(f"/assets/{each.public_id}/") for each in (vase, second, third)]
    assert steps == sorted(steps)
    assert "Crisp upscale" in text
    assert "105 units so far" in visit(alice).get(f"/assets/{third.public_id}/").content.decode()


@pytest.mark.parametrize(
    ("params", "size", "lies"),
    [
        ({"expand_left": 100, "expand_right": 300}, (1296, 1152), "7.72 0.00 69.14 100.00"),
        ({"expand_left": 0, "zoom_out_percentage": 50}, (896, 1152), "25.00 25.00 50.00 50.00"),
        ({"size": "1:1"}, (1152, 1152), "11.11 0.00 77.78 100.00"),
        ({}, (896, 1152), ""),
    ],
)
def test_a_picture_lies_where_outpainting_put_it(
    alice: User, vase: Asset, params: dict[str, Any], size: tuple[int, int], lies: str
) -> None:
    made_by = Job(operation="outpaint", params=params)
    assert place(made_by, vase, Asset(width=size[0], height=size[1])) == lies
    assert place(Job(operation="inpaint", params=params), vase, Asset(width=size[0], height=size[1])) == ""
