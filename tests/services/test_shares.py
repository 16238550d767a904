"""Share links: which open, what they hand out, and that they never show more than their maker sees."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.errors import InvalidRequest, NotAllowed
from studio.models import Asset, Membership, Rendition, Role, Share, Size, User, Visibility
from studio.services import collections, members, shares
from studio.services.shares import Terms
from tests.views.making import picture

Change = Callable[[Share], object]


def made(person: User, *assets: Asset, **terms: object) -> tuple[Share, str]:
    return shares.share(person.memberships.get(), Terms(**terms), assets=[each.pk for each in assets])  # type: ignore[arg-type]


def shown(share: Share) -> list[int]:
    return list(share.items.values_list("asset_id", flat=True))


def test_a_token_has_128_random_bits_and_only_its_hash_is_kept(alice: User) -> None:
    share, token = made(alice, picture(alice), password="open sesame")
    assert re.fullmatch(r"[\w-]{22}", token)
    kept = Share.objects.filter(pk=share.pk).values().get()
    assert token not in str(kept)
    assert "open sesame" not in str(kept)
    assert shares.find(token) == share
    assert 29 < (share.expires_at - timezone.now()).days + 1 <= 31, "30 days unless told otherwise"


@pytest.mark.parametrize(
    "end",
    [
        lambda share: Share.objects.update(expires_at=timezone.now() - timedelta(seconds=1)),
        lambda share: shares.revoke(share.person, share),
        lambda share: Membership.objects.filter(person=share.person).delete(),
        lambda share: Membership.objects.filter(person=share.person).update(role=Role.VIEWER),
        lambda share: User.objects.filter(pk=share.person_id).update(is_active=False),
    ],
    ids=["expired", "revoked", "left", "may make nothing", "closed"],
)
def test_a_link_that_is_over_is_not_found(alice: User, bob: User, end: Change) -> None:
    share, token = made(bob, picture(bob))
    assert shares.find(token) == share
    end(share)
    assert shares.find(token) is None


def test_a_link_shows_what_its_maker_sees_now(alice: User, bob: User, charlie: User) -> None:
    hers, his, secret = picture(alice), picture(bob), picture(alice, visibility=Visibility.PRIVATE)
    share, _ = made(bob, his, hers, picture(charlie))
    assert shown(share) == [his.pk, hers.pk], "what he doesn't see doesn't come along"
    Asset.objects.filter(pk=his.pk).update(state="trashed")
    assert shown(share) == [hers.pk]
    with pytest.raises(InvalidRequest):
        made(charlie, hers)
    assert shown(made(alice, secret)[0]) == [secret.pk], "her own private picture, since she chose it"


def test_a_collection_is_shared_as_it_is_when_it_is_opened(alice: User, bob: User) -> None:
    collection = collections.create(alice.memberships.get(), "Spring")
    first, second = picture(alice), picture(bob)
    collections.add(alice, collection, [first.pk])
    share, _ = shares.share(bob.memberships.get(), Terms(), collection=collection)
    collections.add(alice, collection, [second.pk])
    assert shown(share) == [first.pk, second.pk]
    collections.change(alice, collection, name="Spring", description="", visibility="private")
    share = Share.objects.get()
    assert shown(share) == [], "Bob doesn't see it any more"
    collections.delete(alice, collection)
    assert not Share.objects.exists()


def test_who_may_share(alice: User, bob: User, charlie: User) -> None:
    collection = collections.create(alice.memberships.get(), "Spring", visibility="private")
    with pytest.raises(NotAllowed):
        shares.share(bob.memberships.get(), Terms(), collection=collection)
    share, _ = made(alice, picture(alice))
    for person in (bob, charlie):
        assert not Share.objects.visible_to(person).exists()
        with pytest.raises(NotAllowed):
            shares.revoke(person, share)
    his, _ = made(bob, picture(bob))
    assert set(Share.objects.visible_to(alice)) == {share, his}, "a steward sees every link out of the workspace"
    members.change_role(alice.memberships.get(), bob.memberships.get(), Role.REVIEWER)
    with pytest.raises(NotAllowed):
        made(bob, picture(alice))


def test_a_link_hands_out_the_sizes_it_allows_and_no_other(alice: User) -> None:
    asset = picture(alice)
    allowed = {
        Size.TILE: {"tile"},
        Size.PREVIEW: {"tile", "preview"},
        Size.ORIGINAL: {"tile", "preview", "original"},
    }
    for largest, sizes in allowed.items():
        share, _ = made(alice, asset, largest=largest, may_download=largest == Size.ORIGINAL)
        found = {size for size in ("tile", "preview", "original", "clean", "") if shares.file(share, asset, size)}
        assert found == sizes


def test_the_original_is_not_handed_out_where_downloading_is_off(alice: User) -> None:
    with pytest.raises(InvalidRequest):
        made(alice, picture(alice), largest=Size.ORIGINAL)


def test_where_an_upload_was_taken_does_not_leave_with_it(alice: User) -> None:
    asset = picture(alice)
    clean = Rendition.objects.create(
        asset=asset, name="clean", media_type="image/png", width=1, height=1, file=asset.renditions.first().file
    )
    share, _ = made(alice, asset, largest=Size.ORIGINAL, may_download=True)
    assert shares.file(share, asset, Size.ORIGINAL) == clean


def test_a_password_opens_until_it_is_another_one(alice: User) -> None:
    share, _ = made(alice, picture(alice), password="open sesame")
    assert shares.opens(share, "open sesame")
    assert not shares.opens(share, "open")
    proof = shares.proof(share)
    share.password = "another"
    assert shares.proof(share) != proof
