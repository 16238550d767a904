"""Where a picture is used: what its page says of that to whom; and using all that a search matches."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.models import BoardItem, JobInput, ShareItem, User, Visibility
from studio.services import boards, collections, exports, facets, shares
from tests.views.conftest import Visit
from tests.views.making import job, picture


def test_a_picture_says_where_it_is_used_and_to_nobody_more_than_they_may_open(
    visit: Visit, alice: User, bob: User
) -> None:
    asset, other, mine = picture(alice), picture(alice), bob.memberships.get()
    for name, visibility in (("Open shelf", Visibility.WORKSPACE), ("Closed shelf", Visibility.PRIVATE)):
        collection = collections.create(mine, name, visibility=visibility)
        collections.add(bob, collection, [asset.pk])
        shares.share(mine, shares.Terms(), collection=collection)
    shares.share(alice.memberships.get(), shares.Terms(title="For the client"), assets=[asset.pk])
    boards.create(mine, "Which one", [asset.pk, other.pk])
    exports.order(mine, [asset.pk], {"format": "png"}, "Bob's files")
    for prompt, visibility in (("A used fox", Visibility.WORKSPACE), ("A hidden fox", Visibility.PRIVATE)):
        run = job(bob, params={"prompt": prompt}, visibility=visibility)
        JobInput.objects.create(job=run, asset=asset, param="image")

    def used(person: User) -> list[str]:
        text = visit(person).get(f"/assets/{asset.public_id}/").content.decode()
        part = text.partition(f'id="used-{asset.public_id}"')[2].partition("</section>")[0]
        return sorted(re.findall(r'<a class="link clip" href="[^"]+">([^<]+)</a>', part))

    everybodys = ["A used fox", "Open shelf", "Which one"]
    alices = ["For the client", "Open shelf"]  # an owner sees every link, and of Bob's the one she could open
    bobs = ["A hidden fox", "Bob&#x27;s files", "Closed shelf", "Closed shelf", "Open shelf"]
    assert used(alice) == sorted([*everybodys, *alices])
    assert used(bob) == sorted([*everybodys, *bobs])


def test_a_link_and_a_board_are_made_of_all_that_matches(visit: Visit, alice: User, charlie: User) -> None:
    heroes, others = (
        [picture(alice, tags=["hero"]) for _ in range(2)],
        [picture(alice), picture(charlie, tags=["hero"])],
    )
    facets.index([each.pk for each in (*heroes, *others)])
    client, search = visit(alice), {"all": "1", "search": "tag=hero"}
    form = client.post("/shares/new/", search).content.decode()
    assert 'name="search" value="tag=hero"' in form
    assert "Share all that match" in form
    made = client.post("/shares/new/", {**search, "days": "30", "largest": "preview"})
    assert made.status_code == 200
    client.post("/boards/new/", search)
    keys = {each.pk for each in heroes}
    assert {item.asset_id for item in ShareItem.objects.all()} == keys
    assert {item.asset_id for item in BoardItem.objects.all()} == keys


def test_a_link_to_too_many_says_so(visit: Visit, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "MOST_PICTURES", 1)
    names = ",".join(picture(alice).public_id for _ in range(2))
    refused = visit(alice).post("/shares/new/", {"assets": names, "days": "30", "largest": "preview"})
    assert refused.status_code == 422
    assert shares.TOO_MANY in refused.content.decode()


def test_the_gallerys_trash_says_how_long_a_picture_is_kept(visit: Visit, alice: User) -> None:
    asset = picture(alice, state="trashed", trashed_at=timezone.now() - timedelta(days=20, minutes=1))
    facets.index([asset.pk])
    client = visit(alice)
    assert "10 days left" in client.get("/gallery/?shown=trash").content.decode()
    assert "days left" not in client.get("/gallery/").content.decode()
