"""Lists that go on where the page before ended."""

import pytest

from studio.models import User
from studio.services import collections, shares
from studio.views import shares as view
from tests.views.conftest import HTMX, Visit
from tests.views.making import picture

LISTS = ("/exports/", "/shares/", "/boards/", "/uploads/", "/notices/", "/credits/", "/credits/entries/")


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("before", ["x", "-1", "1e3", "9" * 19, "9" * 400])
def test_what_is_no_id_leads_nowhere(visit: Visit, alice: User, address: str, before: str) -> None:
    client = visit(alice)
    assert client.get(address).status_code == 200
    assert client.get(address, {"before": before}).status_code == 404
    assert client.get(address, {"before": "9" * 18}).status_code == 200


def test_pages_follow_each_other_without_a_gap(visit: Visit, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "PAGE", 2)
    names = [f"Shelf {at}" for at in range(5)]
    for name in names:
        collection = collections.create(alice.memberships.get(), name)
        collections.add(alice, collection, [picture(alice).pk])
        shares.share(alice.memberships.get(), shares.Terms(), collection=collection)
    client, seen, address = visit(alice), list[str](), "/shares/"
    for _ in range(3):
        page = client.get(address, headers=HTMX).content.decode()
        seen += [name for name in reversed(names) if name in page]
        address = "/shares/?before=" + page.partition("?before=")[2].partition('"')[0]
    assert seen == names[::-1]
    assert address == "/shares/?before=", "there are no more"
