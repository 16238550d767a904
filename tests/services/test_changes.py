"""Who hears that pictures changed."""

import pytest

from studio.models import Collection, CollectionMember, User
from studio.models.facets import DISCARDED, SHARED, TRASHED
from studio.services import changes
from studio.services.changes import EVERYBODY

pytestmark = pytest.mark.django_db


def test_what_changed_is_told_to_whoever_sees_it_and_to_nobody_else(alice: User, bob: User) -> None:
    workspace = alice.workspaces.get()
    open_one, hers = (
        Collection.objects.create(workspace=workspace, owner=alice, name=seen, visibility=seen)
        for seen in ("workspace", "private")
    )
    inner = Collection.objects.create(workspace=workspace, owner=alice, parent=hers, name="In", visibility="private")
    CollectionMember.objects.create(collection=hers, person=bob)

    def heard(kind: str, value: str, scope: int = SHARED) -> set[int]:
        found = changes.hearers([(workspace.pk, kind, value, scope)])
        assert {each for each, _ in found} <= {workspace.pk}
        return {person for _, person in found}

    assert heard("tag", "poster") == heard("tag", "poster", TRASHED) == {EVERYBODY}
    assert heard("tag", "poster", DISCARDED + alice.pk) == heard("all", "", alice.pk) == {alice.pk}
    assert heard("favorite", str(bob.pk)) == {bob.pk}
    assert heard("kept", "2026-03-01") == set(), "somebody may have liked it, which is nobody's business"
    assert heard("collection", open_one.public_id) == {EVERYBODY}
    assert heard("collection", hers.public_id) == heard("collection", inner.public_id) == {alice.pk, bob.pk}
    assert heard("collection", "gone") == set()
