"""The reference says what the catalogue says, on its pages and in the README."""

from pathlib import Path

import pytest
from django.utils.html import escape

from studio.models import User
from studio.recraft import reference
from studio.recraft.catalogue import OPERATIONS
from studio.views.reference import place
from tests.views.conftest import Visit

README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.mark.parametrize("slug", OPERATIONS)
def test_every_operation_has_a_page_with_all_its_fields_and_reasons(visit: Visit, alice: User, slug: str) -> None:
    text = visit(alice).get(f"/reference/{slug}/").content.decode()
    entry = reference.reference(OPERATIONS[slug])
    assert entry["endpoint"] in text
    for field in entry["fields"]:
        assert escape(field["label"]) in text
        assert f'<td class="mono">{field["wire"]}</td>' in text
        assert all(escape(limit) in text for limit in field["limits"])
    for each in entry["not_offered"]:
        assert f'<dt class="mono">{each["field"]}</dt><dd>{escape(each["reason"])}</dd>' in text


@pytest.mark.parametrize("slug", OPERATIONS)
def test_every_operation_says_where_it_is_used_and_is_there(visit: Visit, alice: User, slug: str) -> None:
    client, where = visit(alice), place(slug)
    assert where is not None, "an operation that no page offers is no use to anybody"
    link = f'<a class="link" href="{where.url}">{where.label}</a>'
    assert link in client.get(f"/reference/{slug}/").content.decode()
    assert client.get(where.url).status_code == 200


def test_the_overview_lists_every_operation(visit: Visit, alice: User) -> None:
    text = visit(alice).get("/reference/").content.decode()
    for slug, operation in OPERATIONS.items():
        assert f'href="/reference/{slug}/">{operation.label}</a>' in text


def test_an_operation_that_is_not_there_has_no_page(visit: Visit, alice: User) -> None:
    assert visit(alice).get("/reference/levitate/").status_code == 404


def test_the_readme_shows_the_same_table() -> None:
    told = README.read_text().split("<!-- operations: begin -->\n")[1].split("<!-- operations: end -->")[0]
    assert told == reference.markdown().rstrip() + "\n"
