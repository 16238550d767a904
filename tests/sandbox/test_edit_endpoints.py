"""Every endpoint that takes a picture: what it answers, what it costs, in which encodings it can be asked."""

import base64
import json
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image

from tests.sandbox import pictures
from tests.sandbox.conftest import Client
from tests.sandbox.pictures import SIDE, SVG
from tests.sandbox_process import SandboxProcess

BALL = pictures.encoded(pictures.ball())
MASK = pictures.encoded(pictures.mask((90, 90, 140, 140)))
SMALL = pictures.encoded(pictures.vases(64))
SVG_MASK = pictures.encoded(pictures.mask((90, 90, 140, 140), (320, 320)))
PROMPT = {"prompt": "hills"}
# path, fields, with mask, units, size, media type
RASTERS: list[tuple[str, dict[str, Any], bool, int, tuple[int, int]]] = [
    ("imageToImage", PROMPT | {"strength": 0.2}, False, 35, (SIDE, SIDE)),
    ("imageToImage", PROMPT | {"strength": 0.2, "model": "recraftv3"}, False, 40, (SIDE, SIDE)),
    ("inpaint", PROMPT, True, 40, (SIDE, SIDE)),
    ("generateBackground", PROMPT, True, 40, (SIDE, SIDE)),
    ("replaceBackground", PROMPT, False, 40, (SIDE, SIDE)),
    ("outpaint", PROMPT | {"expand_left": 16, "expand_bottom": 8}, False, 40, (SIDE + 16, SIDE + 8)),
    ("outpaint", PROMPT | {"zoom_out_percentage": 10}, False, 40, (SIDE, SIDE)),
    ("variateImage", {"size": "5:4"}, False, 40, (1152, 896)),
]
SINGLES: list[tuple[str, bytes, bool, int, tuple[int, int], str]] = [
    ("removeBackground", BALL, False, 10, (SIDE, SIDE), "image/webp"),
    ("removeBackground", SVG, False, 10, (320, 320), "image/svg+xml"),
    ("eraseRegion", BALL, True, 2, (SIDE, SIDE), "image/webp"),
    ("vectorize", BALL, False, 10, (SIDE, SIDE), "image/svg+xml"),
    ("crispUpscale", SMALL, False, 4, (128, 128), "image/webp"),
    ("creativeUpscale", BALL, False, 250, (1024, 1024), "image/webp"),
    ("clarityUpscale", SMALL, False, 4, (128, 128), "image/webp"),
    ("generativeUpscale", BALL, False, 250, (1024, 1024), "image/webp"),
]


def post(
    client: Client,
    path: str,
    fields: dict[str, Any],
    image: bytes = BALL,
    mask: bytes | None = None,
    name: str = "image",
) -> httpx.Response:
    """As a form; nested values are JSON text."""
    data = {key: value if isinstance(value, str) else json.dumps(value) for key, value in fields.items()}
    # Part names and types say nothing, as with some published clients
    files: dict[str, Any] = {name: ("blob", image, "application/octet-stream")}
    if mask is not None:
        files["mask"] = ("blob", mask, "application/octet-stream")
    return client.http.post(f"/v1/images/{path}", data=data, files=files)


def inline(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def as_json(client: Client, path: str, **fields: Any) -> httpx.Response:
    return client.http.post(f"/v1/images/{path}", json=fields)


@pytest.mark.parametrize(("path", "fields", "masked", "units", "size"), RASTERS)
def test_an_answer_of_pictures(
    client: Client, path: str, fields: dict[str, Any], masked: bool, units: int, size: tuple[int, int]
) -> None:
    answer = post(client, path, fields, mask=MASK if masked else None)
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (set(said), said["credits"], len(said["data"])) == ({"created", "credits", "data"}, units, 1)
    assert UUID(said["data"][0]["image_id"])
    file = client.fetch(answer)
    assert file.headers["content-type"] == "image/webp"
    assert pictures.decoded(file.content).size == size


@pytest.mark.parametrize(("path", "image", "masked", "units", "size", "media_type"), SINGLES)
def test_an_answer_of_one_picture(
    client: Client, path: str, image: bytes, masked: bool, units: int, size: tuple[int, int], media_type: str
) -> None:
    answer = post(client, path, {}, image, MASK if masked else None, name="image" if masked else "file")
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (set(said), said["credits"]) == ({"created", "credits", "image"}, units)
    file = client.get(said["image"]["url"])
    assert file.headers["content-type"] == media_type
    if media_type != "image/svg+xml":
        assert pictures.decoded(file.content).size == size


def test_an_svg_erased_is_an_svg(client: Client) -> None:
    answer = post(client, "eraseRegion", {}, SVG, SVG_MASK)
    assert client.get(answer.json()["image"]["url"]).content.startswith(b"<svg")


def test_edits_are_charged_and_written_down(client: Client, sandbox: SandboxProcess) -> None:
    before = sandbox.balance()
    post(client, "imageToImage", PROMPT | {"strength": 0, "n": 3, "random_seed": 7})
    operation = sandbox.operations()[-1]
    assert before - sandbox.balance() == operation["charged"] == 3 * 35
    assert (operation["path"], operation["n"], operation["seed"]) == ("/v1/images/imageToImage", 3, 7)
    assert operation["params"]["files"][0]["name"] == "image"
    assert len(operation["images"]) == 3


def test_remix_costs_the_same_for_any_number(client: Client) -> None:
    answer = post(client, "variateImage", {"size": "1024x1024", "n": 3, "model": "recraftv4_1_vector"}, SVG).json()
    assert (answer["credits"], len(answer["data"])) == (40, 3)


@pytest.mark.parametrize("name", ["image", "file"])
def test_the_picture_may_be_called_image_or_file(client: Client, name: str) -> None:
    assert post(client, "crispUpscale", {}, SMALL, name=name).status_code == 200


def test_json_with_data_urls_gives_what_the_form_gives(client: Client) -> None:
    fields = PROMPT | {"random_seed": 5, "response_format": "b64_json", "image_format": "png"}
    form = post(client, "inpaint", fields, mask=MASK).json()
    body = as_json(client, "inpaint", **fields, image_url=inline(BALL), mask_url=inline(MASK)).json()
    assert form["data"][0]["b64_json"] == body["data"][0]["b64_json"]


def test_json_may_name_a_result_of_this_sandbox(client: Client) -> None:
    url = post(client, "crispUpscale", {}, SMALL).json()["image"]["url"]
    assert as_json(client, "crispUpscale", image_url=url).status_code == 200


def test_a_result_that_has_expired_is_no_source(client: Client, sandbox: SandboxProcess) -> None:
    url = post(client, "crispUpscale", {}, SMALL).json()["image"]["url"]
    sandbox.shift_clock(25 * 3600)
    answer = as_json(client, "crispUpscale", image_url=url)
    assert answer.json()["message"] == "image_url can't be fetched: the image has expired"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://169.254.169.254/latest/meta-data/", "image_url can't be fetched: the sandbox reads data URLs and its"),
        ("file:///etc/passwd", "image_url can't be fetched"),
        ("data:text/html;base64,PGI+", "image_url should be a URL or a data URL of an image"),
        ("data:image/png;base64,!!!", "image_url should be a URL or a data URL of an image"),
        (
            "data:image/png;base64," + base64.b64encode(b"nothing").decode(),
            "image should be in PNG, JPG or WEBP format",
        ),
        ("", "missing image"),
        (None, "missing image"),
        (7, "image_url should be a string"),
    ],
    ids=range(8),
)
def test_any_other_url_is_refused(client: Client, url: object, message: str) -> None:
    answer = as_json(client, "crispUpscale", image_url=url)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(message)


def test_a_forged_result_url_is_refused(client: Client) -> None:
    url = post(client, "crispUpscale", {}, SMALL).json()["image"]["url"]
    for forged in (url[:-1] + ("0" if url[-1] != "0" else "1"), url.replace("127.0.0.1", "example.com")):
        assert as_json(client, "crispUpscale", image_url=forged).status_code == 400


def test_nested_values_reach_an_edit_in_brackets_too(client: Client, sandbox: SandboxProcess) -> None:
    parts: list[tuple[str, Any]] = [("prompt", (None, "hills")), ("strength", (None, "0"))]
    parts += [("controls[colors][][rgb][]", (None, v)) for v in ("10", "20", "30")]
    assert client.http.post("/v1/images/imageToImage", files=[*parts, ("image", ("b", BALL))]).status_code == 200
    assert sandbox.operations()[-1]["params"]["controls"] == {"colors": [{"rgb": [10, 20, 30]}]}
    parts = [("strict_color_palette[][]", (None, v)) for v in ("0", "0", "0", "255", "255", "255")]
    answer = client.http.post("/v1/images/vectorize", files=[*parts, ("file", ("b", BALL))])
    assert b"#ffffff" in client.get(answer.json()["image"]["url"]).content


@pytest.mark.parametrize("fault", ["edge:503", "rate-limited", "no-credits"])
def test_faults_meet_edits_too(client: Client, sandbox: SandboxProcess, fault: str) -> None:
    sandbox.fault(fault)
    assert post(client, "crispUpscale", {}, SMALL).status_code in (503, 429, 400)
    assert post(client, "crispUpscale", {}, SMALL).status_code == 200


@pytest.mark.parametrize("fault", ["no-images", "fewer-images", "duplicate-id", "missing-credits", "credits-times:2"])
def test_answers_of_one_picture_can_be_spoilt_too(client: Client, sandbox: SandboxProcess, fault: str) -> None:
    sandbox.fault(fault)
    said = post(client, "crispUpscale", {}, SMALL).json()
    assert ("image" in said) == (fault not in ("no-images", "fewer-images"))


I2I, OUT = {"prompt": "a", "strength": 1}, {"prompt": "a"}
BAD_SIDE = pictures.encoded(Image.new("L", (255, 300)))
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("imageToImage", {"prompt": "a"}, "strength is required"),
    ("imageToImage", {"strength": 1}, "prompt length should be in [1, 10000]"),
    ("imageToImage", I2I | {"strength": 1.01}, "strength should be in [0, 1]"),
    ("imageToImage", I2I | {"strength": "much"}, "strength should be a number"),
    ("imageToImage", I2I | {"model": "recraftv2"}, "Invalid model recraftv2"),
    ("imageToImage", I2I | {"n": 7}, "n should be in [1, 6]"),
    ("imageToImage", I2I | {"style": "HDR", "model": "recraftv4"}, "Invalid style HDR"),
    ("inpaint", OUT | {"model": "recraftv4_1"}, "Invalid model recraftv4_1"),
    ("inpaint", {"prompt": "a" * 1001}, "prompt length should be in [1, 1000]"),
    ("inpaint", OUT, "missing mask"),
    ("generateBackground", OUT, "missing mask"),
    ("eraseRegion", {}, "missing mask"),
    ("outpaint", OUT, "one of size, expand_* or zoom_out_percentage is required"),
    ("outpaint", OUT | {"size": "1:1", "expand_top": 0}, "size and expand_* are mutually exclusive"),
    ("outpaint", OUT | {"size": "7:5"}, "size 7:5 is not supported by model recraftv3"),
    ("outpaint", OUT | {"expand_left": 4097}, "expand_left should be in [0, 4096]"),
    ("outpaint", OUT | {"expand_left": -1}, "expand_left should be in [0, 4096]"),
    ("outpaint", OUT | {"expand_left": 3841}, "result dimensions should be at most 4096 px"),
    ("outpaint", OUT | {"zoom_out_percentage": 100}, "zoom_out_percentage should be in [0, 100)"),
    ("variateImage", {}, "size is required"),
    ("variateImage", {"size": "1:1", "n": 0}, "n should be in [1, 6]"),
    ("vectorize", {"return_gradients": "yes"}, "return_gradients should be one of on, off"),
    ("vectorize", {"shape_stacking": "flat"}, "shape_stacking should be one of cut_out, hierarchical"),
    ("vectorize", {"max_num_shapes": 0}, "max_num_shapes should be in [1, 4294967295]"),
    ("vectorize", {"strict_color_palette": [[1, 2]]}, "strict_color_palette[0] should be 3 integers"),
    ("crispUpscale", {"image_format": "jpeg"}, "image_format should be one of webp, png"),
    ("removeBackground", {"response_format": "png"}, "response_format should be one of url, b64_json"),
]


@pytest.mark.parametrize(("path", "fields", "message"), REFUSED, ids=range(len(REFUSED)))
def test_a_bad_value_is_refused_in_these_words(
    client: Client, sandbox: SandboxProcess, path: str, fields: dict[str, Any], message: str
) -> None:
    before = sandbox.charged()
    answer = post(client, path, fields)
    assert (answer.status_code, answer.json()["message"]) == (400, message)
    assert sandbox.charged() == before


@pytest.mark.parametrize("path", ["vectorize", "removeBackground", "creativeUpscale", "variateImage", "outpaint"])
def test_a_picture_that_is_too_small_is_refused(client: Client, path: str) -> None:
    fields = {"size": "1:1", "prompt": "a"}
    assert post(client, path, fields, BAD_SIDE).json()["message"] == "image dimensions should be at least 256 px"


@pytest.mark.parametrize("path", ["vectorize", "crispUpscale", "creativeUpscale"])
def test_svg_is_refused_where_only_rasters_are_taken(client: Client, path: str) -> None:
    assert post(client, path, {}, SVG).json()["message"] == "image should be in PNG, JPG or WEBP format"


def test_outpainting_reaches_the_limit_exactly(client: Client) -> None:
    answer = post(client, "outpaint", PROMPT | {"expand_left": 4096 - SIDE, "response_format": "b64_json"})
    data = base64.b64decode(answer.json()["data"][0]["b64_json"])
    assert pictures.decoded(data).size == (4096, SIDE)


def test_a_body_beyond_all_limits_is_too_large(client: Client) -> None:
    assert post(client, "crispUpscale", {}, bytes(30_000_001)).status_code == 413
