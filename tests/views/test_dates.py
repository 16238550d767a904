"""Dates by the clock on the workspace's wall: at most hours there are places where another day has begun."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from studio.forms.spending import SpendingForm
from studio.models import Board, Export, Invitation, Role, Share, User, Workspace
from studio.services import boards, durations, exports, invitations, letters, packing
from studio.services.spending import LONGEST, Range
from tests.views.conftest import Visit
from tests.views.making import picture

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
EVENING = datetime(2099, 5, 31, 20, tzinfo=UTC)  # on Kiritimati, ten in the morning of the 1st of June


@pytest.fixture
def client(visit: Visit, alice: User) -> Iterator[Client]:
    """Alice's browser, on an evening on which another month has begun where she is."""
    Workspace.objects.update(time_zone="Pacific/Kiritimati")
    with durations.shifted(EVENING - timezone.now()):
        yield visit(alice)


def said(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_a_link_for_guests_says_on_which_day_it_ends(client: Client, alice: User) -> None:
    asset = picture(alice)
    made = client.post("/shares/new/", {"days": "30", "assets": asset.public_id, "largest": "preview"})
    assert "until 1 July 2099." in made.content.decode()
    assert "until 1 July 2099<" in said(client, "/shares/")
    Share.objects.update(expires_at=datetime(2020, 5, 31, 20, tzinfo=UTC))
    assert "Expired 1 June<" in said(client, "/shares/")


def test_a_board_says_when_it_was_made_and_written_and_how_long_its_link_is_good(client: Client, alice: User) -> None:
    board = boards.create(alice.memberships.get(), "Spring", [picture(alice).pk for _ in range(2)])
    address = f"/boards/{board.public_id}/"
    assert "until 1 July.<" in client.post(f"{address}link/").content.decode()
    Board.objects.update(created_at=EVENING, written_at=EVENING)
    assert "by Alice, 1 June<" in said(client, "/boards/")
    assert "Written 1 June<" in said(client, address)


def test_an_invitation_says_until_when_it_is_good_on_the_page_and_in_the_letter(client: Client, alice: User) -> None:
    invitation = invitations.invite_by_mail(alice.memberships.get(), "dana@example.com", Role.VIEWER)
    Invitation.objects.update(expires_at=EVENING)
    assert "until 1 June, by Alice" in said(client, "/members/")
    assert letters.send_invitation(invitation.pk)
    (letter,) = mail.outbox
    assert "once, until 1 June 2099:" in letter.body


def test_an_export_says_until_when_it_is_kept(client: Client, alice: User) -> None:
    export = exports.order(alice.memberships.get(), [picture(alice).pk], {"format": "original"})
    packing.pack(export.pk)
    Export.objects.update(expires_at=EVENING)
    assert "until 1 June<" in said(client, "/exports/")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_range_of_figures_is_as_long_wherever_today_is(workspace: Workspace, zone: str) -> None:
    # At any hour at least one of the two has another day than UTC.
    workspace.time_zone = zone
    today = Range.last(1, workspace).until
    for days, is_valid in ((LONGEST, True), (LONGEST + 1, False)):
        assert SpendingForm({"since": today - timedelta(days=days)}, workspace).is_valid() == is_valid


def test_no_template_tells_the_date_of_an_instant_without_a_clock() -> None:
    written = [
        f"{path.relative_to(TEMPLATES)}: {found}"
        for path in TEMPLATES.rglob("*.*")
        for found in re.findall(r"\w+_at\|(?:date|time)\b", path.read_text())
    ]
    assert written == []
