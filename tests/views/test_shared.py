"""What a guest gets behind a link, looked at as an outsider who follows everything."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from lxml import html

from studio.models import Asset, Membership, Role, Share, User, Visibility
from studio.services import collections, shares
from studio.services.shares import Terms
from tests.views.conftest import HTMX, Visit
from tests.views.making import candidates, job, picture

CANARY = "canary-51b0"


def made(person: User, *assets: object, **terms: object) -> tuple[Share, str]:
    keys = [each.pk for each in assets]  # type: ignore[attr-defined]
    return shares.share(person.memberships.get(), Terms(**terms), assets=keys)  # type: ignore[arg-type]


def crawl(start: str) -> dict[str, str]:
    """Everything an outsider reaches from an address, with every header: address -> all that was said."""
    client, found, open_ = Client(), {}, [start]
    while open_:
        address = open_.pop()
        answer = client.get(address)
        found[address] = f"{answer.status_code} {dict(answer.headers)} {answer.content!r}"
        if not answer.headers.get("Content-Type", "").startswith("text/html") or not answer.content:
            continue
        for element in html.fromstring(answer.content).iter():
            for name in ("href", "src", "action", "srcset", "data-url"):
                value = element.get(name) or ""
                if value.startswith("?"):
                    value = start + value
                if value.startswith("/") and not value.startswith("/static/") and value not in found:
                    open_.append(value)
    return found


def test_an_outsider_finds_the_pictures_and_nothing_else(alice: User, bob: User) -> None:
    User.objects.filter(pk=alice.pk).update(name=f"{CANARY} name", email=f"{CANARY}@example.com")
    alice.refresh_from_db()
    fields = {"given_title": f"{CANARY} title", "note": f"{CANARY} note", "tags": [f"{CANARY}-tag"], "units": 987_654}
    shown = [
        picture(alice, job(alice, params={"prompt": f"{CANARY} prompt", "random_seed": 31_337}), **fields)
        for _ in range(3)
    ]
    hidden = [picture(alice), picture(bob)]
    collection = collections.create(alice.memberships.get(), f"{CANARY} collection", description=f"{CANARY} text")
    collections.add(alice, collection, [each.pk for each in shown])
    for share, token in (
        made(alice, *shown, may_download=True, largest="original"),
        shares.share(alice.memberships.get(), Terms(may_download=True), collection=collection),
    ):
        found = crawl(f"/s/{token}/")
        said = "".join(found.values())
        assert all(address.startswith(f"/s/{token}/") for address in found), "no way into the studio"
        assert len([address for address in found if "/tile" in address]) == 3
        for secret in (
            CANARY,
            "31337",
            "987654",
            "recraft",
            alice.workspaces.get().name,
            shown[0].sha256,
            share.public_id,
        ):
            assert secret not in said, secret
        for other in hidden:
            assert other.public_id not in said
            assert Client().get(f"/s/{token}/{other.public_id}/preview").status_code == 404
        assert "csrftoken" not in said or "sessionid" not in said
        for address, text in found.items():
            assert text.startswith(("200", "405")), address
            assert "noindex" in text
            assert "'Referrer-Policy': 'same-origin'" in text
            assert "ETag" not in text
            assert "no-store" in text


def test_what_is_switched_on_is_told(alice: User) -> None:
    _, token = made(alice, picture(alice, job(alice)), title="For Ines", tells_words=True, tells_people=True)
    page = Client().get(f"/s/{token}/").content.decode()
    assert "A fox at dusk" in page
    assert "by Alice" in page
    assert "<h1>For Ines</h1>" in page


def test_a_private_picture_does_not_tell_guests_what_it_was_made_of(alice: User) -> None:
    (cut,) = candidates(alice, picture(alice), operation="vectorize", params={"prompt": ""})
    Asset.objects.filter(pk=cut.pk).update(name="Vectorize: Secret fox", visibility=Visibility.PRIVATE)
    _, token = made(alice, cut, tells_words=True)
    page = Client().get(f"/s/{token}/").content.decode()
    assert "Vectorize" in page
    assert "Secret fox" not in page


def test_over_is_over_however_it_ended(alice: User, bob: User) -> None:
    answers = {}
    for name in ("expired", "revoked", "left"):
        share, token = made(bob, picture(bob), password="" if name == "left" else "open sesame")
        if name == "expired":
            Share.objects.filter(pk=share.pk).update(expires_at=timezone.now() - timedelta(days=1))
        elif name == "revoked":
            shares.revoke(bob, share)
        else:
            Membership.objects.filter(person=bob).delete()
        answers[name] = Client().get(f"/s/{token}/")
    answers["never"] = Client().get("/s/AAAAAAAAAAAAAAAAAAAAAA/")
    answers["its picture"] = Client().get("/s/AAAAAAAAAAAAAAAAAAAAAA/x/tile")
    answers["by post"] = Client().post("/s/AAAAAAAAAAAAAAAAAAAAAA/", {"password": "open sesame"})
    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({answer.content for answer in answers.values()}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers.values()}) == 1
    assert all(not answer.cookies for answer in answers.values())


def test_a_password_is_asked_for_before_anything_is_shown(alice: User) -> None:
    asset = picture(alice)
    share, token = made(alice, asset, password="open sesame", title=f"{CANARY} title")
    client, address = Client(), f"/s/{token}/"
    inside = f"{address}{asset.public_id}/"
    for locked in (address, inside, f"{inside}tile"):
        answer = client.get(f"{locked}?password=open+sesame")
        assert 'type="password"' in answer.content.decode(), "an address never carries a password"
        assert asset.public_id not in answer.content.decode().replace(locked, "")
        assert CANARY not in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
    assert client.post(address, {"password": "open"}).status_code == 422
    assert client.post(address, {"password": "open sesame"}).status_code == 302
    assert client.get(inside).status_code == 200
    cookie = client.cookies["shared"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (address, True, "Lax")
    _, other = made(alice, asset, password="open sesame")
    client.cookies["shared"]["path"] = "/"
    assert 'type="password"' in client.get(f"/s/{other}/").content.decode(), "each link has its own key"
    Share.objects.filter(pk=share.pk).update(password="another")
    assert 'type="password"' in client.get(address).content.decode()


def test_a_password_is_not_guessed(alice: User) -> None:
    _, token = made(alice, picture(alice), password="open sesame")
    client, address = Client(), f"/s/{token}/"
    answers = [client.post(address, {"password": str(at)}).status_code for at in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert client.post(address, {"password": "open sesame"}).status_code == 429
    elsewhere = client.post(address, {"password": "open sesame"}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302, "somebody else's guesses lock nobody out"


@pytest.mark.parametrize(
    ("largest", "may_download", "served", "saved"),
    [
        ("tile", False, {"tile"}, set()),
        ("preview", False, {"tile", "preview"}, set()),
        ("preview", True, {"tile", "preview"}, {"tile", "preview"}),
        ("original", True, {"tile", "preview", "original"}, {"tile", "preview", "original"}),
    ],
)
def test_the_server_holds_to_the_size_and_the_download_switch(
    alice: User, largest: str, may_download: bool, served: set[str], saved: set[str]
) -> None:
    asset = picture(alice)
    _, token = made(alice, asset, largest=largest, may_download=may_download)

    def good(query: str) -> set[str]:
        sizes = ("tile", "preview", "original", "clean")
        answers = {size: Client().get(f"/s/{token}/{asset.public_id}/{size}{query}") for size in sizes}
        return {size for size, answer in answers.items() if answer.status_code == 200}

    assert (good(""), good("?save=1")) == (served, saved)
    assert ("save=1" in Client().get(f"/s/{token}/").content.decode()) is may_download


def test_a_saved_file_is_named_after_nothing(alice: User) -> None:
    asset = picture(alice)
    _, token = made(alice, asset, largest="original", may_download=True)
    answer = Client().get(f"/s/{token}/{asset.public_id}/original")
    assert answer["Content-Disposition"] == f'attachment; filename="picture-{asset.public_id[:6]}.png"'
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_look_is_counted_once_and_by_post_alone(alice: User) -> None:
    share, token = made(alice, picture(alice))
    client = Client()
    client.get(f"/s/{token}/")
    assert client.get(f"/s/{token}/seen/").status_code == 405
    for _ in range(3):
        assert client.post(f"/s/{token}/seen/").status_code == 204
    share.refresh_from_db()
    assert (share.views, share.viewed_at is None) == (1, False)
    cache.clear()
    client.post(f"/s/{token}/seen/")
    share.refresh_from_db()
    assert share.views == 2


def test_a_link_is_made_shown_once_listed_and_ended(visit: Visit, alice: User, bob: User) -> None:
    client, asset = visit(bob), picture(bob)
    assert "30 days" in client.get(f"/shares/new/?asset={asset.public_id}").content.decode()
    sent = {"assets": asset.public_id, "days": "30", "largest": "preview"}
    refused = client.post("/shares/new/", {**sent, "largest": "original"})
    assert refused.status_code == 422
    assert "where downloading is allowed" in refused.content.decode()
    page = client.post("/shares/new/", {**sent, "title": "For Ines"}).content.decode()
    token = re.search(r"http://testserver/s/([\w-]{22})/", page)
    assert token
    share = Share.objects.get()
    for person in (bob, alice):
        listed = visit(person).get("/shares/").content.decode()
        assert "For Ines" in listed
        assert token[1] not in listed
    assert visit(alice).post(f"/shares/{share.public_id}/revoke/").status_code == 302
    assert Client().get(f"/s/{token[1]}/").status_code == 404
    assert "Ended" in client.get("/shares/").content.decode()


def test_a_picture_that_became_private_leaves_others_links(alice: User, bob: User) -> None:
    asset = picture(alice)
    _, token = made(bob, asset)
    assert asset.public_id in Client().get(f"/s/{token}/").content.decode()
    asset.visibility = Visibility.PRIVATE
    asset.save(update_fields=["visibility"])
    assert asset.public_id not in Client().get(f"/s/{token}/").content.decode()


def test_the_list_of_links_names_no_private_collection_and_says_which_link_is_dead(
    visit: Visit, alice: User, bob: User
) -> None:
    secret = collections.create(bob.memberships.get(), f"{CANARY} collection", visibility=Visibility.PRIVATE)
    share, _ = shares.share(bob.memberships.get(), Terms(), collection=secret)
    assert CANARY in visit(bob).get("/shares/").content.decode()
    client = visit(alice)
    assert CANARY not in client.get("/shares/").content.decode()
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    assert "Does not open" in client.get("/shares/").content.decode()
    answer = client.post(f"/shares/{share.public_id}/revoke/", headers=HTMX).content.decode()
    assert "Ended" in answer
    assert CANARY not in answer
