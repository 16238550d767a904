"""Django's admin shows rows and changes none: units, prices and people change through services."""

import pytest
from django.contrib import admin
from django.test import Client

from studio.models import Account, Budget, Entry, Notice, NoticeKind, Price, User
from studio.services import accounts, notices, prices
from tests.fixtures import submit

KEPT = (Account, Budget, Entry, Price, Notice)


@pytest.fixture
def staff(alice: User) -> Client:
    alice.is_staff = alice.is_superuser = True
    alice.save(update_fields=["is_staff", "is_superuser"])
    submit(alice)
    notices.tell([alice], alice.workspaces.get(), NoticeKind.COMMENT, "A comment", "/gallery/", "key-1")
    prices.set_price(alice.memberships.get(), accounts.current(), ("vectorize", ""), 12, "For this test")
    client = Client()
    client.force_login(alice)
    return client


def test_everything_that_is_registered_can_only_be_looked_at() -> None:
    shown = [model for model in admin.site._registry if model._meta.app_label == "studio"]
    assert set(KEPT) <= set(shown)
    assert {type(admin.site._registry[model]).__mro__[1].__name__ for model in shown} == {"LookOnly"}


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_rows_are_shown_and_not_changed(staff: Client, model: type[Entry]) -> None:
    row = model.objects.order_by("pk").first()
    assert row is not None
    before = model.objects.filter(pk=row.pk).values().get()
    address = f"/admin/studio/{model._meta.model_name}/"
    assert staff.get(address).status_code == 200
    assert staff.get(f"{address}{row.pk}/change/").status_code == 200
    for refused in ("add/", f"{row.pk}/delete/"):
        assert staff.get(address + refused).status_code == 403
    assert staff.post(f"{address}{row.pk}/change/", {"units": "1"}).status_code == 403
    assert staff.post(f"{address}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    selected = {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"}
    staff.post(address, selected)
    assert model.objects.filter(pk=row.pk).values().get() == before
