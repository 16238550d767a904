"""A palette from a picture: which pictures are offered, and to whom."""

from typing import Any

from studio.models import Asset, User
from tests.views.conftest import HTMX, Visit
from tests.views.making import picture

COLORS = [[196, 96, 58], [36, 71, 181]]


def test_the_newest_pictures_are_offered_with_their_colors(visit: Visit, alice: User, bob: User) -> None:
    mine, bobs = picture(alice, colors=COLORS), picture(bob, colors=COLORS)
    text = visit(alice).get("/create/palette/", headers=HTMX).content.decode()
    assert text.count('data-colors="#c4603a,#2447b5"') == 2
    assert text.index(bobs.public_id) < text.index(mine.public_id)


def test_what_is_not_to_be_seen_is_not_offered(visit: Visit, alice: User, charlie: User) -> None:
    strange, trashed, discarded = (
        picture(charlie, colors=COLORS),
        picture(alice, colors=COLORS),
        picture(alice, colors=COLORS),
    )
    unknown, unrendered = picture(alice), picture(alice, colors=COLORS, rendered=False)
    Asset.objects.filter(pk=trashed.pk).update(state="trashed")
    Asset.objects.filter(pk=discarded.pk).update(decision="discarded")
    text = visit(alice).get("/create/palette/", headers=HTMX).content.decode()
    for asset in (strange, trashed, discarded, unknown, unrendered):
        assert asset.public_id not in text
    assert "No pictures yet" in text


def test_it_asks_as_often_for_many_pictures_as_for_one(
    visit: Visit, alice: User, django_assert_num_queries: Any
) -> None:
    client = visit(alice)
    picture(alice, colors=COLORS)
    client.get("/create/palette/")
    with django_assert_num_queries(4):
        client.get("/create/palette/")
    for _ in range(5):
        picture(alice, colors=COLORS)
    with django_assert_num_queries(4):
        client.get("/create/palette/")


def test_the_picture_of_the_editor_is_one_click_away(visit: Visit, alice: User) -> None:
    known, unknown = picture(alice, colors=COLORS), picture(alice)
    client = visit(alice)
    text = client.get(f"/edit/{known.public_id}/image-to-image/").content.decode()
    assert "From this picture" in text
    assert 'data-colors="#c4603a,#2447b5"' in text
    assert "From this picture" not in client.get(f"/edit/{unknown.public_id}/image-to-image/").content.decode()
    assert "From this picture" not in client.get("/").content.decode()
