"""Every refusal, byte for byte as it leaves the sandbox, and in the order in which the service complains."""

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import AUTHORIZED, Client, Maker
from tests.sandbox_process import SandboxProcess

BAD_VALUE = '{"code":"invalid_request_parameter","message":"%s"}'
WRONG_KIND = '{"code":"invalid_image_type","message":"%s"}'
MODEL = '{"code":"invalid_model","message":"Invalid model %s"}'
V3, V41 = {"model": "recraftv3"}, {"model": "recraftv4_1"}
COLOR = {"rgb": [1, 2, 3]}
WORD = {"text": "Recraft", "bbox": [[0, 0], [1, 0], [1, 1], [0, 1]]}
ABSENT = "00000000-0000-4000-8000-000000000000"


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    return answer.status_code, answer.headers["content-type"], answer.text


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic x"}, {"Authorization": "Bearer"}])
@pytest.mark.parametrize("path", ["/v1/images/generations", "/v1/users/me"])
def test_without_a_bearer_token_the_request_is_unauthorized(
    sandbox: SandboxProcess, headers: dict[str, str], path: str
) -> None:
    method = "GET" if path.endswith("me") else "POST"
    answer = httpx.request(method, sandbox.url + path, headers=headers, content=b"{not json", trust_env=False)
    assert refusal(answer) == (401, "text/plain", "request unauthorized")


def test_a_sandbox_with_a_token_takes_only_that_one(own_sandbox: Maker) -> None:
    sandbox = own_sandbox(token="right")
    for token, status in (("right", 200), ("wrong", 401)):
        headers = {"Authorization": f"Bearer {token}"}
        assert httpx.get(f"{sandbox.api}/users/me", headers=headers, trust_env=False).status_code == status


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1/ping"),
        ("GET", "/v1/user"),
        ("POST", "/v1/images/edits"),
        ("GET", "/v1/images/generations"),
        ("POST", "/v1/images/generations/"),
        ("POST", "/v1/users/me"),
        ("GET", "/sandbox/secrets"),
        ("POST", "/sandbox/balance"),
    ],
)
def test_an_unknown_path_is_not_found_in_plain_text(sandbox: SandboxProcess, method: str, path: str) -> None:
    answer = httpx.request(method, sandbox.url + path, headers=AUTHORIZED, trust_env=False)
    assert refusal(answer) == (404, "text/plain", "404 page not found")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "request body is not valid JSON"),
        (b"{", "request body is not valid JSON"),
        (b'{"prompt":"a","n":NaN}', "request body is not valid JSON"),
        (b'{"prompt":"\xff"}', "request body is not valid JSON"),
        (b"[" * 100_000, "request body is not valid JSON"),
        (b"[]", "request body should be an object"),
        (b"null", "request body should be an object"),
    ],
)
def test_a_body_that_is_not_a_json_object_is_refused(client: Client, body: bytes, message: str) -> None:
    answer = client.http.post("/v1/images/generations", content=body)
    assert refusal(answer) == (400, "application/json", BAD_VALUE % message)


def test_a_form_without_a_boundary_is_refused(client: Client) -> None:
    headers = {"Content-Type": "multipart/form-data"}
    answer = client.http.post("/v1/images/generations", content=b"x", headers=headers)
    assert refusal(answer) == (400, "application/json", BAD_VALUE % "request body is not valid multipart/form-data")


def test_a_body_over_the_limit_is_too_large(client: Client) -> None:
    answer = client.generate(prompt="a" * 12_000_000)
    assert refusal(answer) == (413, "text/plain", "Request Entity Too Large")


LAYOUT = "text_layout[0]"
REFUSED: list[tuple[dict[str, Any], str]] = [
    # The prompt
    ({}, BAD_VALUE % "prompt length should be in [1, 10000]"),
    ({"prompt": None}, BAD_VALUE % "prompt length should be in [1, 10000]"),
    ({"prompt": ""}, BAD_VALUE % "prompt length should be in [1, 10000]"),
    ({"prompt": "a" * 10_001}, BAD_VALUE % "prompt length should be in [1, 10000]"),
    ({"prompt": "a" * 1_001, **V3}, BAD_VALUE % "prompt length should be in [1, 1000]"),
    ({"prompt": "a" * 1_001, "model": "recraftv2_vector"}, BAD_VALUE % "prompt length should be in [1, 1000]"),
    ({"prompt": 7}, BAD_VALUE % "prompt should be a string"),
    # The model
    ({"prompt": "a", "model": "dall-e-3"}, MODEL % "dall-e-3"),
    ({"prompt": "a", "model": ""}, MODEL % ""),
    ({"prompt": "a", "model": "recraftv4_1_vector_raster"}, MODEL % "recraftv4_1_vector_raster"),
    # Styles
    ({"prompt": "a", **V41, "style": "Photorealism"}, BAD_VALUE % "Invalid style Photorealism"),
    ({"prompt": "a", **V41, "style": "any"}, BAD_VALUE % "Invalid style any"),
    ({"prompt": "a", **V3, "style": "photorealism"}, BAD_VALUE % "Invalid style photorealism"),
    ({"prompt": "a", **V3, "style": "Line art"}, BAD_VALUE % "Invalid style Line art"),
    ({"prompt": "a", **V3, "style": "icon"}, BAD_VALUE % "Invalid style icon"),
    ({"prompt": "a", "style": "Nonsense"}, BAD_VALUE % "Invalid style Nonsense"),
    (
        {"prompt": "a", **V3, "style": "HDR", "style_id": ABSENT},
        BAD_VALUE % "style and style_id are mutually exclusive",
    ),
    ({"prompt": "a", **V3, "style_id": ABSENT}, BAD_VALUE % f"style {ABSENT} not found"),
    ({"prompt": "a", **V3, "style_id": "7"}, BAD_VALUE % "style_id should be a UUID"),
    ({"prompt": "a", **V3, "style": "HDR", "substyle": "hdr"}, BAD_VALUE % "Invalid substyle hdr"),
    (
        {"prompt": "a", **V3, "style": "realistic_image", "substyle": "seamless"},
        BAD_VALUE % "Invalid substyle seamless",
    ),
    ({"prompt": "a", **V3, "substyle": "hdr"}, BAD_VALUE % "Invalid substyle hdr"),
    # Size
    ({"prompt": "a", **V41, "size": "1000x1000"}, BAD_VALUE % "size 1000x1000 is not supported by model recraftv4_1"),
    ({"prompt": "a", **V41, "size": "2048x2048"}, BAD_VALUE % "size 2048x2048 is not supported by model recraftv4_1"),
    ({"prompt": "a", **V41, "size": "7:5"}, BAD_VALUE % "size 7:5 is not supported by model recraftv4_1"),
    ({"prompt": "a", **V41, "size": "1707x1024"}, BAD_VALUE % "size 1707x1024 is not supported by model recraftv4_1"),
    ({"prompt": "a", "size": 1024}, BAD_VALUE % "size should be a string"),
    # Plain values
    ({"prompt": "a", "n": 0}, BAD_VALUE % "n should be in [1, 6]"),
    ({"prompt": "a", "n": 7}, BAD_VALUE % "n should be in [1, 6]"),
    ({"prompt": "a", "n": "2"}, BAD_VALUE % "n should be an integer"),
    ({"prompt": "a", "n": 1.5}, BAD_VALUE % "n should be an integer"),
    ({"prompt": "a", "n": True}, BAD_VALUE % "n should be an integer"),
    ({"prompt": "a", "random_seed": -1}, BAD_VALUE % "random_seed should be in [0, 4294967295]"),
    ({"prompt": "a", "random_seed": 2**32}, BAD_VALUE % "random_seed should be in [0, 4294967295]"),
    ({"prompt": "a", "response_format": "jpeg"}, BAD_VALUE % "response_format should be one of url, b64_json"),
    ({"prompt": "a", "image_format": "jpeg"}, BAD_VALUE % "image_format should be one of webp, png"),
    ({"prompt": "a", "creativity": "wild"}, BAD_VALUE % "creativity should be one of simple, standard, eccentric"),
    ({"prompt": "a", "upscale": "x2"}, BAD_VALUE % "upscale should be one of upscale4mp, upscale16mp"),
    ({"prompt": "a", "expire": "yes"}, BAD_VALUE % "expire should be a boolean"),
    ({"prompt": "a", "negative_prompt": ["x"]}, BAD_VALUE % "negative_prompt should be a string"),
    # Controls
    ({"prompt": "a", "controls": []}, BAD_VALUE % "controls should be an object"),
    ({"prompt": "a", "controls": {"colors": {}}}, BAD_VALUE % "colors should be an array"),
    ({"prompt": "a", "controls": {"colors": ["#ff0000"]}}, BAD_VALUE % "controls.colors[0] should be an object"),
    ({"prompt": "a", "controls": {"colors": [COLOR, {}]}}, BAD_VALUE % "controls.colors[1].rgb should be 3 integers"),
    (
        {"prompt": "a", "controls": {"colors": [{"rgb": [0, 256, 0]}]}},
        BAD_VALUE % "controls.colors[0].rgb should be in [0, 255]",
    ),
    (
        {"prompt": "a", "controls": {"colors": [COLOR | {"weight": 1.01}]}},
        BAD_VALUE % "controls.colors[0].weight should be in [0, 1]",
    ),
    (
        {"prompt": "a", "controls": {"colors": [COLOR | {"weight": 0.6}, COLOR | {"weight": 0.5}]}},
        BAD_VALUE % "sum of controls.colors weights should not exceed 1",
    ),
    (
        {"prompt": "a", "controls": {"background_color": {"rgb": "red"}}},
        BAD_VALUE % "controls.background_color.rgb should be 3 integers",
    ),
    ({"prompt": "a", "controls": {"no_text": 1}}, BAD_VALUE % "no_text should be a boolean"),
    (
        {"prompt": "a", **V3, "controls": {"artistic_level": 6}},
        BAD_VALUE % "controls.artistic_level should be in [0, 5]",
    ),
    # Text layout
    ({"prompt": "a", **V3, "text_layout": {}}, BAD_VALUE % "text_layout should be an array"),
    (
        {"prompt": "a", **V3, "text_layout": [WORD | {"text": "two words"}]},
        BAD_VALUE % f"{LAYOUT}.text should be one word of supported characters",
    ),
    (
        {"prompt": "a", **V3, "text_layout": [WORD | {"text": ""}]},
        BAD_VALUE % f"{LAYOUT}.text should be one word of supported characters",
    ),
    (
        {"prompt": "a", **V3, "text_layout": ["Recraft"]},
        BAD_VALUE % f"{LAYOUT}.text should be one word of supported characters",
    ),
    (
        {"prompt": "a", **V3, "text_layout": [WORD | {"bbox": [[0, 0], [1, 1]]}]},
        BAD_VALUE % f"{LAYOUT}.bbox should be 4 points of 2 numbers",
    ),
]


@pytest.mark.parametrize(("body", "expected"), REFUSED, ids=[str(k) for k in range(len(REFUSED))])
def test_a_bad_value_is_refused_in_these_words(client: Client, body: dict[str, Any], expected: str) -> None:
    assert refusal(client.generate(body)) == (400, "application/json", expected)


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("/vector", {"model": "recraftv4_1"}, "Style 'any' is not a vector style"),
        ("/vector", {"model": "recraftv3"}, "Style 'any' is not a vector style"),
        ("/vector", {"model": "recraftv3", "style": "HDR"}, "Style 'HDR' is not a vector style"),
        ("/vector", {"model": "recraftv3_vector", "style": "logo_raster"}, "Style 'logo_raster' is not a vector style"),
        ("", {"model": "recraftv3_vector", "style": "logo_raster"}, "Style 'logo_raster' is not a vector style"),
        ("/raster", {"model": "recraftv4_vector"}, "Style 'vector_illustration' is not a raster style"),
        ("/raster", {"model": "recraftv2", "style": "icon"}, "Style 'icon' is not a raster style"),
        ("/raster", {"style": "Line art"}, "Style 'Line art' is not a raster style"),
    ],
)
def test_the_wrong_kind_of_picture_is_refused_in_these_words(
    client: Client, kind: str, fields: dict[str, Any], message: str
) -> None:
    assert refusal(client.generate(kind=kind, **fields)) == (400, "application/json", WRONG_KIND % message)


@pytest.mark.parametrize(
    ("kind", "body", "complaint"),
    [
        ("", {"n": "two", "model": "nonsense"}, "n should be an integer"),
        ("", {"model": "nonsense", "prompt": ""}, "Invalid model nonsense"),
        ("", {"prompt": "", "model": "recraftv4", "style": "HDR"}, "prompt length should be in [1, 10000]"),
        ("/vector", {"prompt": "", "model": "recraftv4"}, "prompt length should be in [1, 10000]"),
        ("/vector", {"prompt": "a", "model": "recraftv4", "style": "HDR"}, "Invalid style HDR"),
        ("/vector", {"prompt": "a", "model": "recraftv4", "size": "1x1"}, "Style 'any' is not a vector style"),
        ("", {"prompt": "a", "size": "1x1", "n": 7}, "size 1x1 is not supported by model recraftv4_1"),
    ],
)
def test_of_two_bad_values_the_service_names_this_one(
    client: Client, kind: str, body: dict[str, Any], complaint: str
) -> None:
    assert client.generate(body, kind=kind).json()["message"] == complaint


def test_too_small_a_balance_is_a_400_and_nothing_is_charged(client: Client, sandbox: SandboxProcess) -> None:
    sandbox.set_balance(69)
    before = len(sandbox.operations())
    answer = client.generate(n=2)
    expected = '{"code":"not_enough_credits","message":"Not enough credits"}'
    assert refusal(answer) == (400, "application/json", expected)
    assert (sandbox.balance(), len(sandbox.operations())) == (69, before)


def test_a_balance_of_exactly_the_price_is_enough(client: Client, sandbox: SandboxProcess) -> None:
    sandbox.set_balance(70)
    assert client.generate(n=2).status_code == 200
    assert sandbox.balance() == 0


def test_bad_values_come_before_the_balance(client: Client, sandbox: SandboxProcess) -> None:
    sandbox.set_balance(0)
    assert client.generate(n=7).json()["code"] == "invalid_request_parameter"
