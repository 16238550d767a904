"""What the generations endpoints answer: shape, price, kind of picture, result files."""

import base64
import io
import re
import time

import httpx
import pytest
from lxml import etree
from PIL import Image

from studio.recraft.image_models import IMAGE_MODELS
from studio.recraft.prices import price
from tests.sandbox.conftest import Client
from tests.sandbox_process import SandboxProcess

URL_PATH = (
    r"/[A-Za-z0-9_-]{43}/rs:fit:1024:1024:0/raw:1/plain/abs://external/images/"
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)


def size_of_svg(data: bytes) -> tuple[int, int]:
    root = etree.fromstring(data)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return int(root.get("width")), int(root.get("height"))


def test_the_answer_has_exactly_the_documented_fields(client: Client) -> None:
    before = int(time.time())
    answer = client.generate(n=2)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert set(body) == {"created", "credits", "data"}
    assert before <= body["created"] <= time.time()
    assert body["credits"] == 70
    assert [set(image) for image in body["data"]] == [{"image_id", "url"}] * 2
    assert len({image["image_id"] for image in body["data"]}) == 2


def test_a_result_url_is_signed_has_no_extension_and_names_the_image(client: Client, sandbox: SandboxProcess) -> None:
    image = client.generate().json()["data"][0]
    assert re.fullmatch(re.escape(sandbox.url) + URL_PATH, image["url"])
    assert image["url"].endswith(image["image_id"])


@pytest.mark.parametrize("model", IMAGE_MODELS)
def test_every_model_draws_its_kind_of_picture_in_its_size_at_its_price(client: Client, model: str) -> None:
    facts = IMAGE_MODELS[model]
    answer = client.generate(model=model, size="4:5", random_seed=1)
    assert answer.json()["credits"] == price("generate", model, 1)
    file = client.fetch(answer)
    assert file.headers["content-length"] == str(len(file.content))
    if facts.vector:
        assert file.headers["content-type"] == "image/svg+xml"
        assert size_of_svg(file.content) == facts.pixels("4:5")
    else:
        assert file.headers["content-type"] == "image/webp"
        picture = Image.open(io.BytesIO(file.content))
        assert (picture.format, picture.size) == ("WEBP", facts.pixels("4:5"))


@pytest.mark.parametrize(("kind", "media_type"), [("", "webp"), ("/raster", "webp"), ("/vector", "svg+xml")])
def test_without_a_model_each_endpoint_has_its_default(client: Client, kind: str, media_type: str) -> None:
    answer = client.generate(kind=kind)
    assert client.fetch(answer).headers["content-type"] == f"image/{media_type}"


def test_png_comes_on_request_and_not_for_a_vector(client: Client) -> None:
    raster = client.fetch(client.generate(image_format="png"))
    assert raster.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(raster.content)).format == "PNG"
    vector = client.fetch(client.generate(image_format="png", model="recraftv4_1_vector"))
    assert vector.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(("style", "units"), [("vector_illustration", 80), ("realistic_image", 40)])
def test_a_legacy_style_decides_the_kind_of_picture_of_plain_v3(client: Client, style: str, units: int) -> None:
    answer = client.generate(model="recraftv3", style=style)
    is_svg = client.fetch(answer).headers["content-type"] == "image/svg+xml"
    assert is_svg == (style == "vector_illustration")
    assert answer.json()["credits"] == units


@pytest.mark.parametrize("model", ["recraftv4_1", "recraftv4_1_vector"])
def test_base64_replaces_the_url_and_holds_the_same_bytes(client: Client, model: str) -> None:
    asked = {"model": model, "random_seed": 7}
    inline = client.generate(response_format="b64_json", **asked).json()["data"][0]
    assert set(inline) == {"image_id", "b64_json"}
    assert base64.b64decode(inline["b64_json"]) == client.fetch(client.generate(**asked)).content


def test_features_come_only_when_asked_for(client: Client) -> None:
    image = client.generate(calculate_features=True).json()["data"][0]
    assert image["features"] == {"nsfw_score": 0.0}


def test_the_same_seed_draws_the_same_picture_and_another_seed_another(client: Client) -> None:
    first, again, other = (client.fetch(client.generate(random_seed=seed)).content for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_without_a_seed_every_call_is_different(client: Client) -> None:
    assert client.fetch(client.generate()).content != client.fetch(client.generate()).content


def test_unknown_keys_and_the_billing_query_are_ignored(client: Client) -> None:
    body = {"prompt": "a", "quality": "hd", "user": 7, "style_references": [1]}
    assert client.http.post("/v1/images/generations?billing=subscription", json=body).status_code == 200


def test_the_balance_falls_by_the_price_of_what_succeeded(client: Client, sandbox: SandboxProcess) -> None:
    before = client.http.get("/v1/users/me").json()["credits"]
    client.generate(n=3, model="recraftv2")
    client.generate(n=7)
    assert client.http.get("/v1/users/me").json()["credits"] == before - 66


def test_the_user_has_the_documented_fields(client: Client) -> None:
    answer = client.http.get("/v1/users/me")
    assert list(answer.json()) == ["credits", "email", "id", "name"]


def test_ping_and_status_need_no_token_and_have_no_version(sandbox: SandboxProcess) -> None:
    ping, status = (httpx.get(sandbox.url + path, trust_env=False) for path in ("/ping", "/status"))
    assert (ping.status_code, ping.content) == (200, b"")
    assert (status.status_code, status.content) == (200, b'{"service":true,"generation":true}')


def test_a_file_needs_no_token_and_ignores_a_wrong_one(client: Client) -> None:
    url = client.generate().json()["data"][0]["url"]
    assert client.get(url).status_code == client.get(url, Authorization="Basic nonsense").status_code == 200


@pytest.mark.parametrize("change", ["signature", "width", "image"])
def test_a_forged_url_is_refused(client: Client, change: str) -> None:
    url = client.generate().json()["data"][0]["url"]
    head, signature, rest = re.fullmatch(r"(.*?://[^/]+/)([^/]+)(/.*)", url).groups()
    forged = {
        "signature": head + ("A" if signature[0] != "A" else "B") + signature[1:] + rest,
        "width": url.replace("rs:fit:1024:", "rs:fit:2048:"),
        "image": url[:-1] + ("0" if url[-1] != "0" else "1"),
    }[change]
    refused = client.get(forged)
    assert (refused.status_code, refused.content) == (403, b"Forbidden")


def test_a_url_dies_after_24_hours_of_the_sandbox_clock(client: Client, sandbox: SandboxProcess) -> None:
    answer = client.generate()
    sandbox.shift_clock(24 * 3600 - 60)
    assert client.fetch(answer).status_code == 200
    sandbox.shift_clock(24 * 3600 + 1)
    dead = client.fetch(answer)
    assert (dead.status_code, dead.content) == (403, b"Forbidden")
    assert client.fetch(client.generate()).status_code == 200


def test_the_latency_includes_the_drawing(client: Client, sandbox: SandboxProcess) -> None:
    sandbox.set_latency(3)  # longer than the drawing takes even on a busy machine
    assert 2.55 <= client.generate(random_seed=1).elapsed.total_seconds() < 4


def test_a_vector_takes_twice_as_long_as_a_raster(client: Client, sandbox: SandboxProcess) -> None:
    sandbox.set_latency(0.5)
    assert client.sketch(random_seed=1).elapsed.total_seconds() >= 0.85
