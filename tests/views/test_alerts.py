"""The page of alerts: from where on to be warned, webhooks and their secret, and what was sent."""

from studio.models import Delivery, User, Webhook
from studio.recraft.errors import how_to_mend
from studio.services import accounts, alerts, budgets, webhooks
from tests.views.conftest import Visit

HOOK = "https://example.com/hook"


def test_a_secret_is_shown_once(visit: Visit, alice: User) -> None:
    client = visit(alice)
    shown = client.post("/alerts/webhooks/", {"url": HOOK}).content.decode()
    secret = webhooks.secret_of(Webhook.objects.get())
    assert secret is not None
    assert secret in shown
    again = client.get("/alerts/").content.decode()
    assert HOOK in again
    assert secret not in again


def test_an_address_inside_is_refused_with_a_reason(visit: Visit, alice: User) -> None:
    for url in ("http://example.com/hook", "https://user@example.com/", "example.com", ""):
        assert visit(alice).post("/alerts/webhooks/", {"url": url}).status_code == 422
    assert not Webhook.objects.exists()


def test_a_test_is_sent_and_what_was_given_up_is_sent_again(visit: Visit, alice: User) -> None:
    client = visit(alice)
    hook, _ = webhooks.make(alice.memberships.get(), HOOK)
    assert client.post(f"/alerts/webhooks/{hook.public_id}/test/").status_code == 302
    assert "Send again" not in client.get("/alerts/").content.decode()
    Delivery.objects.update(state="given_up", error="It answered 500.", tries=9)
    text = client.get("/alerts/").content.decode()
    assert "Send again" in text
    assert "It answered 500." in text
    delivery = Delivery.objects.get()
    assert client.post(f"/alerts/messages/{delivery.pk}/again/").status_code == 302
    assert webhooks.due() == [delivery.pk]
    assert client.post(f"/alerts/webhooks/{hook.public_id}/end/").status_code == 302
    assert webhooks.due() == []


def test_what_was_raised_is_listed_and_the_limits_are_kept(visit: Visit, alice: User) -> None:
    client = visit(alice)
    budgets.stop(alice.memberships.get(), "Too <fast>")
    alerts.sweep()
    assert "Too &lt;fast&gt;" in client.get("/alerts/").content.decode()
    assert client.post("/alerts/settings/", {"low_balance": "", "days_left": "14"}).status_code == 302
    chosen = alerts.settings_of(alice.workspaces.get())
    assert (chosen.low_balance, chosen.days_left) == (None, 14)
    assert client.post("/alerts/settings/", {"days_left": "0"}).status_code == 422


def test_the_page_is_for_stewards(visit: Visit, bob: User) -> None:
    client = visit(bob)
    assert client.get("/alerts/").status_code == 404
    assert client.post("/alerts/webhooks/", {"url": HOOK}).status_code == 404


def test_a_paused_account_is_said_on_every_page_with_what_mends_it(visit: Visit, bob: User) -> None:
    client = visit(bob)
    assert "Paused." not in client.get("/").content.decode()
    accounts.pause(accounts.current(), how_to_mend("400 Not enough credits"))
    for address in ("/", "/gallery/", "/banner/"):
        text = client.get(address).content.decode()
        assert "Runs wait, nothing is charged." in text
        assert "buy API units in the account at recraft.ai" in text
    accounts.record_balance(accounts.current(), 5000)
    assert "Paused." not in client.get("/banner/").content.decode()
