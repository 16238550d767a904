"""The page of prices: what is in force, what drifted, and setting one."""

from studio.models import Price, User
from studio.services import accounts
from tests.fixtures import Recraft, run_next, submit
from tests.views.conftest import Visit


def test_the_book_has_every_line_and_is_for_stewards(visit: Visit, alice: User, bob: User) -> None:
    text = visit(alice).get("/monitor/prices/").content.decode()
    assert "Creative upscale" in text
    assert "V4.1 Pro Vector" in text
    assert "Recraft charges what is quoted." in text
    assert visit(bob).get("/monitor/prices/").status_code == 404
    assert visit(bob).post("/monitor/prices/set/", {}).status_code == 404


def test_what_drifted_is_adopted_by_one_press_and_stands_on_the_buttons(
    visit: Visit, alice: User, recraft: Recraft
) -> None:
    client = visit(alice)
    submit(alice)
    recraft.answer = recraft.pictures(units=41)
    run_next()
    assert "Adopt 41" in client.get("/monitor/prices/").content.decode()
    asked = {"line": "generate/recraftv4_1", "units": "41", "reason": "Charged by Recraft in 1 calls"}
    assert client.post("/monitor/prices/set/", asked).status_code == 302
    text = client.get("/monitor/prices/").content.decode()
    assert "Adopt" not in text
    assert "Charged by Recraft in 1 calls" in text
    assert "41 units" in client.get("/").content.decode()
    settings = client.post("/create/generate/fields/", {"prompt": "A fox", "n": "2"}, headers={"hx-request": "true"})
    assert "82 units" in settings.content.decode()
    assert "41" in client.get("/reference/generate/").content.decode()


def test_a_price_by_hand_may_begin_on_a_day(visit: Visit, alice: User) -> None:
    client = visit(alice)
    asked = {"line": "vectorize/", "units": "12", "reason": "Announced", "since": "2099-01-02"}
    assert client.post("/monitor/prices/set/", asked).status_code == 302
    assert Price.objects.get().effective_from.isoformat() == "2099-01-02T00:00:00+00:00"
    refused = client.post("/monitor/prices/set/", asked | {"units": "0", "line": "nothing/"})
    assert refused.status_code == 422


def test_with_two_workspaces_only_the_owner_of_the_studio_may(visit: Visit, alice: User, charlie: User) -> None:
    client = visit(charlie)
    assert "Set a price" not in client.get("/monitor/prices/").content.decode()
    asked = {"line": "vectorize/", "units": "12", "reason": "Mine"}
    assert client.post("/monitor/prices/set/", asked).status_code == 422
    assert accounts.current().prices_version == 0


def test_a_page_from_before_a_new_price_asks_to_press_again(visit: Visit, alice: User) -> None:
    client = visit(alice)
    assert 'name="book" value="0"' in client.get("/").content.decode()
    asked = {"line": "generate/recraftv4_1", "units": "41", "reason": "Announced"}
    client.post("/monitor/prices/set/", asked)
    form = {"prompt": "A fox", "model": "recraftv4_1", "n": "1", "key": "key-1", "book": "0"}
    refused = client.post("/create/generate/", form, headers={"hx-request": "true"})
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "This costs 41 units now: press again." in text
    assert 'name="book" value="1"' in text
    assert client.post("/create/generate/", form | {"book": "1"}).status_code == 302
