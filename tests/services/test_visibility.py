"""Who sees a picture, what follows from it, and what stays when somebody leaves."""

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from studio.errors import NotAllowed
from studio.models import (
    Action,
    Asset,
    Collection,
    CollectionItem,
    Job,
    JobInput,
    JobState,
    Membership,
    Role,
    User,
    Visibility,
    Workspace,
)
from studio.models.scopes import newest
from studio.recraft.catalogue import OPERATIONS
from studio.services import acting, collections, facets, gallery, inputs, jobs, members, naming, uploads, visibility
from studio.services.gallery import Phrase, Search
from tests.fixtures import PROMPT, budget_of, submit
from tests.pictures.making import encoded, gradient
from tests.views.making import candidates, job, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_agree")]
PRIVATE, SHARED = Visibility.PRIVATE, Visibility.WORKSPACE
REAL = encoded(gradient((300, 260)), "PNG")


def test_a_private_picture_is_its_persons_alone(alice: User, bob: User, charlie: User) -> None:
    asset = picture(alice, visibility=PRIVATE)
    scopes = (Asset.objects.visible_to, Asset.objects.editable_by, Asset.objects.known_to)
    for scope in scopes:
        assert [scope(person).filter(pk=asset.pk).exists() for person in (alice, bob, charlie)] == [True, False, False]


def test_each_scope_asks_for_what_the_role_may(alice: User, bob: User) -> None:
    asset = picture(alice)
    may = {}
    for role in Role.values:
        Membership.objects.filter(person=bob).update(role=role)
        scopes = (Asset.objects.visible_to, Asset.objects.editable_by)
        may[role] = "".join("x" if scope(bob).filter(pk=asset.pk).exists() else "-" for scope in scopes)
    assert may == {"owner": "xx", "admin": "xx", "editor": "xx", "reviewer": "x-", "viewer": "x-"}


def test_the_two_scopes_together_are_what_is_visible(alice: User, bob: User) -> None:
    for each in range(3):
        picture(alice, visibility=(PRIVATE, SHARED)[each % 2])
        picture(bob, visibility=(SHARED, PRIVATE)[each % 2])
    workspace = alice.workspaces.get()
    for person in (alice, bob):
        scopes = [Asset.objects.own_of(person, workspace), Asset.objects.shared_in(workspace)]
        seen = list(Asset.objects.visible_to(person).order_by("-pk").values_list("pk", flat=True))
        assert newest(scopes, 10) == seen
        assert newest(scopes, 2) == seen[:2]
        assert list(Asset.objects.seen_in(person, workspace).order_by("-pk").values_list("pk", flat=True)) == seen


def test_a_member_no_more_sees_not_even_their_own(alice: User, bob: User) -> None:
    asset = picture(bob, visibility=PRIVATE)
    members.remove(alice.memberships.get(), bob.memberships.get())
    assert not Asset.objects.visible_to(bob).filter(pk=asset.pk).exists()


def test_a_job_is_seen_as_long_as_one_of_its_pictures_is(alice: User, bob: User) -> None:
    made_by = job(alice, images=2, visibility=PRIVATE)
    first, second = (picture(alice, made_by, visibility=PRIVATE) for _ in range(2))

    def seen() -> bool:
        return Job.objects.visible_to(bob).filter(pk=made_by.pk).exists()

    assert not seen()
    assert visibility.show_to(alice, first, SHARED)
    assert not visibility.show_to(alice, first, SHARED), "a second time changes nothing"
    assert seen()
    visibility.show_to(alice, second, SHARED)
    visibility.show_to(alice, first, PRIVATE)
    assert seen()
    visibility.show_to(alice, second, PRIVATE)
    assert not seen()


def test_only_who_made_it_decides_and_only_while_they_may_make(alice: User, bob: User) -> None:
    asset = picture(bob)
    with pytest.raises(NotAllowed):
        visibility.show_to(alice, asset, PRIVATE)
    Membership.objects.filter(person=bob).update(role=Role.VIEWER)
    with pytest.raises(NotAllowed):
        visibility.show_to(bob, asset, PRIVATE)


def test_new_pictures_begin_as_the_workspace_has_it_and_of_private_ones_private(alice: User) -> None:
    workspace = alice.workspaces.get()
    assert submit(alice).visibility == SHARED
    private = picture(alice, visibility=PRIVATE)
    values = {"image": private.public_id, "prompt": PROMPT, "strength": 0.5}
    rows = inputs.found(alice, workspace, OPERATIONS["image-to-image"], values)
    assert inputs.visibility(workspace, rows) == PRIVATE
    workspace.new_pictures = PRIVATE
    workspace.save(update_fields=["new_pictures"])
    assert submit(alice, key="key-2").visibility == PRIVATE


def test_a_colleagues_private_picture_is_no_input(alice: User, bob: User) -> None:
    private = picture(alice, visibility=PRIVATE)
    with pytest.raises(Exception, match="not there any more"):
        inputs.found(bob, bob.workspaces.get(), OPERATIONS["vectorize"], {"image": private.public_id})


@pytest.mark.parametrize("under_it", [PRIVATE, SHARED])
def test_a_mask_is_shared_with_its_run_and_taken_back_with_it(alice: User, bob: User, under_it: str) -> None:
    source, mask = picture(alice, visibility=under_it), picture(alice, kind="mask", visibility=under_it)
    made_by = job(alice, visibility=PRIVATE)
    for param, asset in (("image", source), ("mask", mask)):
        JobInput.objects.create(job=made_by, asset=asset, param=param)
    result = picture(alice, made_by, visibility=PRIVATE)

    def seen() -> list[bool]:
        return [Asset.objects.visible_to(bob).filter(pk=each.pk).exists() for each in (result, mask)]

    before = seen()
    shared = acting.act(alice, alice.workspaces.get(), "share", None, [result.public_id])
    assert seen() == [True, True], "or nobody could draw it again"
    assert acting.undo(alice, shared)
    assert seen() == before == [False, under_it == SHARED]
    acting.act(alice, alice.workspaces.get(), "share", None, [result.public_id])
    again = job(bob, "canceled")
    JobInput.objects.create(job=again, asset=mask, param="mask")
    visibility.show_to(alice, result, PRIVATE)
    assert seen() == [False, True], "Bob draws with it"


def test_a_colleagues_private_run_is_no_twin(alice: User, bob: User) -> None:
    asked = {"prompt": PROMPT, "n": 1, "random_seed": 7}
    asked_before = submit(alice, random_seed=7)
    jobs.cancel(alice, asked_before)
    mine = job(alice, twin=asked_before.twin)
    made = picture(alice, mine)

    def twin(person: User) -> Job | None:
        return jobs.twin(person, person.workspaces.get(), OPERATIONS["generate"], asked, "another key")

    assert twin(bob) == mine
    visibility.show_to(alice, made, PRIVATE)
    assert twin(bob) is None
    assert twin(alice) == mine


def test_the_same_file_as_a_colleagues_private_upload_is_new(alice: User, bob: User) -> None:
    workspace = alice.workspaces.get()
    workspace.new_pictures = PRIVATE
    hers = uploads.take(alice, workspace, ContentFile(REAL, "hers.png"))
    his = uploads.take(bob, workspace, ContentFile(REAL, "his.png"))
    assert his.is_new
    assert his.asset != hers.asset
    assert uploads.take(alice, workspace, ContentFile(REAL, "again.png")).asset == hers.asset


def test_what_somebody_who_left_kept_private_is_shared_by_a_steward_and_nobody_else(alice: User, bob: User) -> None:
    workspace = alice.workspaces.get()
    private = picture(bob, job(bob, visibility=PRIVATE), visibility=PRIVATE)
    with pytest.raises(NotAllowed, match="theirs"):
        visibility.take_over(alice.memberships.get(), bob)
    assert visibility.left_behind(workspace) == []
    members.leave(bob.memberships.get())
    assert visibility.left_behind(workspace) == [bob]
    assert not Asset.objects.visible_to(alice).filter(pk=private.pk).exists(), "leaving shares nothing"
    assert visibility.take_over(alice.memberships.get(), bob) == 1
    assert Asset.objects.visible_to(alice).filter(pk=private.pk).exists()
    assert Job.objects.visible_to(alice).filter(pk=private.job_id).exists()
    assert visibility.left_behind(workspace) == []


def test_what_a_leaver_has_in_line_is_canceled_and_given_back(alice: User, bob: User) -> None:
    waiting = submit(bob)
    before = budget_of(bob).held
    members.remove(alice.memberships.get(), bob.memberships.get())
    waiting.refresh_from_db()
    assert waiting.state == JobState.CANCELED
    assert (before, budget_of(bob).held) == (35, 0)


def test_a_discarded_candidate_of_a_private_source_stays_hidden(alice: User, bob: User) -> None:
    source = picture(alice, visibility=PRIVATE)
    (child,) = candidates(alice, source)
    assert Asset.objects.visible_to(bob).candidates_of(source).get() == child, "it was shared; its source was not"


def test_collections_of_somebody_who_left_are_taken_over_and_those_around_them_stay_shut(
    alice: User, bob: User, workspace: Workspace
) -> None:
    ines = User.objects.create_user("ines@example.com", None, name="Ines")
    hers = members.add(workspace, ines, Role.EDITOR)
    secret = collections.create(bob.memberships.get(), "Secret", visibility=PRIVATE)
    collections.change(bob, secret, name="Secret", description="", visibility=PRIVATE, members=[ines])
    inside = collections.create(hers, "Inside", parent=secret)
    own = collections.create(hers, "Own", visibility=PRIVATE)
    nested = collections.create(hers, "Nested", parent=own)
    members.leave(hers)
    assert visibility.left_behind(workspace) == [], "nothing is in there"
    collections.add(bob, inside, [picture(bob).pk])
    assert visibility.left_behind(workspace) == [], "that is Bob's to manage"
    CollectionItem.objects.create(collection=own, asset=picture(bob), place=0, added_by=ines)
    assert visibility.left_behind(workspace) == [ines]
    visibility.take_over(alice.memberships.get(), ines)
    assert set(Collection.objects.visible_to(alice)) == {own, nested}
    assert Collection.objects.get(pk=inside.pk).owner == bob
    members.add(workspace, ines, Role.VIEWER)
    assert set(Collection.objects.visible_to(ines)) == {own, nested}, "who comes back was invited to none"


def test_what_was_made_without_words_tells_the_name_of_its_source_to_those_who_see_that(alice: User, bob: User) -> None:
    workspace = alice.workspaces.get()
    source = picture(alice, job(alice, params={"prompt": "Secret fox"}), visibility=PRIVATE)
    (cut,) = candidates(alice, source, operation="vectorize", params={"prompt": ""})
    (turned,) = candidates(alice, cut, operation="remove-background", params={"prompt": ""})
    Asset.objects.filter(pk=cut.pk).update(name="Vectorize: Secret fox", visibility=PRIVATE)
    Asset.objects.filter(pk=turned.pk).update(name="Remove background: Secret fox", visibility=PRIVATE)
    facets.index([cut.pk, turned.pk])

    def do(verb: str, *assets: Asset) -> Action:
        return acting.act(alice, workspace, verb, None, [each.public_id for each in assets])

    def read() -> list[str]:
        found = gallery.page(bob, workspace, Search(text=(Phrase(("fox",)),))).assets
        named = [Asset.objects.get(pk=each.pk).title for each in (cut, turned)]
        return [*named, *(each.title for each in found if each.pk in (cut.pk, turned.pk))]

    do("share", turned)
    assert read() == ["Vectorize: Secret fox", "Remove background"], "a private one goes on with its name"
    do("share", cut)
    assert read() == ["Vectorize", "Remove background: Vectorize"]
    opened = do("share", source)
    told = ["Vectorize: Secret fox", "Remove background: Secret fox"]
    assert read() == [*told, *reversed(told)], "everybody sees that one, and finds what was made of it by its words"
    assert acting.undo(alice, opened)
    assert read() == ["Vectorize", "Remove background: Vectorize"]


@pytest.mark.parametrize(
    ("source", "made", "told"),
    [(SHARED, SHARED, True), (SHARED, PRIVATE, True), (PRIVATE, SHARED, False), (PRIVATE, PRIVATE, True)],
)
def test_a_picture_is_named_after_a_source_that_all_who_see_it_see(
    alice: User, bob: User, source: str, made: str, told: bool
) -> None:
    secret = picture(alice, visibility=source)
    hers = job(alice, "canceled", params={"prompt": ""}, visibility=made)
    assert naming.named("Vectorize", secret, hers) == ("Vectorize: A fox at dusk" if told else "Vectorize")
    his = job(bob, "canceled", params={"prompt": ""}, visibility=made)
    assert (":" in naming.named("Vectorize", secret, his)) == (source == SHARED), "taken back since he began"


def test_names_that_were_given_before_are_made_anew_with_the_index(alice: User) -> None:
    source = picture(alice, job(alice, params={"prompt": "Secret fox"}), visibility=PRIVATE)
    (cut,) = candidates(alice, source, operation="vectorize", params={"prompt": ""})
    Asset.objects.filter(pk=cut.pk).update(name="Vectorize: Secret fox")
    call_command("index_gallery", verbosity=0)
    assert Asset.objects.get(pk=cut.pk).title == "Vectorize"
