"""Fewer colors for an SVG: Recraft proposes, the form shows it, and nothing changes before the person says so."""

from itertools import pairwise
from typing import Any

import pytest
from lxml import html

from studio.models import Asset, Attempt, Host, Job, User
from tests.fixtures import budget_of, limit_to
from tests.pictures.making import encoded, noise
from tests.pictures.test_finishing import FLAG
from tests.views.conftest import Visit
from tests.views.test_finish import take


@pytest.fixture
def flag(alice: User) -> Asset:
    return take(alice, FLAG, "flag.svg")


def test_fewer_colors_are_proposed_and_typed_into_the_form(visit: Visit, alice: User, flag: Asset) -> None:
    client, fewer = visit(alice), f"/edit/{flag.public_id}/finish/fewer/"
    assert f'action="{fewer}"' in client.get(f"/edit/{flag.public_id}/finish/?do=recolor").content.decode()
    back = client.post(fewer, {"most": "2", "key": "key-1"})["Location"]
    job = Job.objects.get()
    assert back == f"/edit/{flag.public_id}/finish/?do=recolor&fewer={job.public_id}"
    assert (job.operation, job.quoted_units, job.params["num_colors_limit"]) == ("optimize-colors", 10, 2)
    assert {tuple(color["rgb"]) for color in job.params["colors"]} >= {(255, 0, 0), (0, 0, 255), (0, 128, 0)}
    assert "10 units held" in client.get(back).content.decode()
    assert client.post(fewer, {"most": "2", "key": "key-1"})["Location"] == back
    assert Job.objects.count() == 1, "a second press is the same job"

    answered(job, {"mapping": [{"from": "#FF0000", "to": "0000ff"}, {"from": "#0000ff", "to": "#0000ff"}, {"to": 3}]})
    text = client.get(back).content.decode()
    assert "2 colors proposed" in text
    page = html.fromstring(text)
    wells = zip(page.xpath("//input[@name='from']/@value"), page.xpath("//input[@name='to']/@value"), strict=True)
    assert dict(wells) | {"#008000": ""} == {"#ff0000": "#0000ff", "#0000ff": "#0000ff", "#008000": ""}


@pytest.mark.parametrize("most", ["", "0", "99", "-1", "x"])
def test_no_fewer_than_one_and_no_more_than_there_are(visit: Visit, alice: User, flag: Asset, most: str) -> None:
    answer = visit(alice).post(f"/edit/{flag.public_id}/finish/fewer/", {"most": most})
    assert answer.status_code == 422
    assert "Keep at least 1 of the 3 colors, and not all of them." in answer.content.decode()
    assert not Job.objects.exists()


def test_pixels_have_no_colors_to_spare(visit: Visit, alice: User) -> None:
    vase = take(alice, encoded(noise((320, 280)), "PNG"))
    answer = visit(alice).post(f"/edit/{vase.public_id}/finish/fewer/", {"most": "2"})
    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_over_budget_no_colors_are_asked_for(visit: Visit, alice: User, flag: Asset) -> None:
    limit_to(budget_of(alice), 9)
    answer = visit(alice).post(f"/edit/{flag.public_id}/finish/fewer/", {"most": "2"})
    assert "This needs 10 units" in answer.content.decode()


def answered(job: Job, answer: dict[str, Any]) -> None:
    """As if Recraft had."""
    host, _ = Host.objects.get_or_create(pk="0" * 32)
    Attempt.objects.create(
        job=job, provider_account=job.provider_account, host=host, images=0, state="succeeded", answer=answer
    )
    for before, after in pairwise(("queued", "running", "saving", "done")):
        Job.objects.move(job.pk, before, after, charged_units=10)
