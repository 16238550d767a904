"""Exploration, custom styles, prompts and colors: what they answer and what is drawn of it."""

from dataclasses import replace
from itertools import combinations
from statistics import mean
from typing import Any

import numpy as np
import pytest

from studio.recraft.image_models import IMAGE_MODELS
from studio.recraft.prices import price
from studio.recraft.styles import styles_for
from studio.sandbox.drawing import DrawRequest, draw
from studio.sandbox.drawing.words import named
from studio.sandbox.editing import recomposing, references, remixing, wording
from studio.sandbox.editing.intake import Source
from studio.sandbox.prepare_words import fewer
from tests.sandbox import pictures
from tests.sandbox.conftest import Client
from tests.sandbox.test_drawing_measures import gray, pixels, ssim

REFERENCE = pictures.encoded(pictures.vases())
ABSENT = "00000000-0000-4000-8000-000000000000"


def request(prompt: str, model: str = "recraftv4_1", **more: Any) -> DrawRequest:
    kind: Any = "svg" if IMAGE_MODELS[model].vector else "webp"
    made = DrawRequest(prompt, None, 3, 0, model, None, None, 512, 512, (), None, kind, False, None)
    return replace(made, **more)


# -- Explore --


@pytest.mark.parametrize("prompt", ["a cactus", "race car on a track", "misty ridge"])
@pytest.mark.parametrize("model", ["recraftv4_1", "recraftv4_1_vector"])
def test_the_eight_pictures_of_an_exploration_differ(prompt: str, model: str) -> None:
    made = [gray(recomposing.explored(request(prompt, model, index=k, width=384, height=384)).data) for k in range(8)]
    assert max(ssim(one, other) for one, other in combinations(made, 2)) < 0.8


@pytest.mark.parametrize(("prompt", "model"), [("misty ridge", "recraftv4_1"), ("a red fox", "recraftv4_1_vector")])
def test_more_similarity_is_more_alike(prompt: str, model: str) -> None:
    asked = request(prompt, model, width=320, height=320)
    drawn = recomposing.explored(asked)
    source, before = Source(drawn.data, "svg" if IMAGE_MODELS[model].vector else "webp", 320, 320), gray(drawn.data)
    likeness = [
        mean(ssim(before, gray(remixing.similar(replace(asked, index=k), source, step).data)) for k in (1, 2))
        for step in (1, 2, 3, 4, 5)
    ]
    assert likeness == sorted(likeness)
    assert likeness[4] - likeness[0] > 0.2


def test_remixes_differ_from_the_source_and_from_each_other() -> None:
    source = pictures.source(pictures.vases())
    made = [gray(remixing.remix(request("", index=k), source).data) for k in range(3)]
    all_of_them = [gray(source.data)[:256, :256], *made]
    assert max(ssim(one, other) for one, other in combinations(all_of_them, 2)) < 0.8


def test_exploring_on_from_what_was_found(client: Client) -> None:
    body = {"prompt": "a red fox", "model": "recraftv4_1_vector"}
    found = client.http.post("/v1/images/explore", json=body).json()
    assert (len(found["data"]), found["credits"]) == (8, 40)
    for _ in range(2):
        step = {"source_image_id": found["data"][0]["image_id"], "similarity": 4}
        found = client.http.post("/v1/images/explore/similar", json=step).json()
        assert (len(found["data"]), found["credits"]) == (8, 40)
    assert client.get(found["data"][7]["url"]).content.startswith(b"<svg")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"source_image_id": ABSENT}, "similarity is required"),
        ({"similarity": 3}, "source_image_id is required"),
        ({"source_image_id": ABSENT, "similarity": 0}, "similarity should be in [1, 5]"),
        ({"source_image_id": ABSENT, "similarity": 6}, "similarity should be in [1, 5]"),
        ({"source_image_id": "x", "similarity": 3}, "source_image_id should be a UUID"),
        ({"source_image_id": ABSENT, "similarity": 3}, f"source image {ABSENT} not found"),
    ],
)
def test_a_bad_wish_for_similar_pictures_is_refused(client: Client, body: dict[str, Any], message: str) -> None:
    answer = client.http.post("/v1/images/explore/similar", json=body)
    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_only_explored_pictures_can_be_explored_on(client: Client) -> None:
    image = client.sketch().json()["data"][0]["image_id"]
    answer = client.http.post("/v1/images/explore/similar", json={"source_image_id": image, "similarity": 3})
    assert answer.json()["message"] == f"source image {image} not found"


@pytest.mark.parametrize("model", ["recraftv3", "recraftv4_1_utility"])
def test_explore_takes_its_own_models_only(client: Client, model: str) -> None:
    answer = client.http.post("/v1/images/explore", json={"prompt": "a", "model": model})
    assert answer.json() == {"code": "invalid_model", "message": f"Invalid model {model}"}


# -- Styles --


def create(client: Client, files: list[bytes] | None = None, **fields: Any) -> Any:
    data = {name: value if isinstance(value, str) else str(value) for name, value in fields.items()}
    parts = [(f"file{k}", ("blob", each)) for k, each in enumerate([REFERENCE] if files is None else files)]
    return client.http.post("/v1/styles", data=data, files=parts or {"": b""})


def test_a_style_is_made_listed_used_mixed_and_deleted(client: Client) -> None:
    made = create(client, style="digital_illustration").json()
    assert set(made) == {"id", "style", "creation_time", "is_private", "credits"}
    assert (made["credits"], made["is_private"], made["creation_time"][-1]) == (40, True, "Z")
    shown = {name: value for name, value in made.items() if name != "credits"}
    assert client.http.get(f"/v1/styles/{made['id']}").json() == shown
    assert shown in client.http.get("/v1/styles").json()["styles"]
    asked = {"prompt": "a lighthouse", "random_seed": 1, "size": "1:1", "response_format": "b64_json"}
    styled = client.generate(asked | {"style_id": made["id"]}).json()
    assert styled["credits"] == 40, "a style brings its model along"
    plain = client.generate(asked | {"model": "recraftv3", "style": "digital_illustration"}).json()
    assert styled["data"][0]["b64_json"] != plain["data"][0]["b64_json"]
    body = {"style": "any", "source_styles": [made["id"]], "source_style_weights": [0.5], "mix_policy": "MaxWeight"}
    assert client.http.post("/v1/styles", json=body).status_code == 200
    assert client.http.delete(f"/v1/styles/{made['id']}").json() == {}
    assert client.http.get(f"/v1/styles/{made['id']}").status_code == 404
    assert client.http.delete(f"/v1/styles/{made['id']}").status_code == 404
    assert client.generate(asked | {"style_id": made["id"]}).json()["message"] == f"style {made['id']} not found"


def test_a_style_can_not_be_used_with_v4(client: Client) -> None:
    style = create(client, style="any").json()["id"]
    message = f"style {style} can't be used with model recraftv4_1"
    assert client.generate(model="recraftv4_1", style_id=style).json()["message"] == message


SMALL = pictures.encoded(pictures.vases(32))
NOISE = pictures.encoded(pictures.noisy(640, 640))


@pytest.mark.parametrize(
    ("files", "fields", "message"),
    [
        ([SMALL], {}, "style is required"),
        ([SMALL], {"style": "Photorealism"}, "style should be one of any, realistic_image"),
        ([], {"style": "any"}, "images or source_styles are required"),
        ([SMALL] * 6, {"style": "any"}, "the number of images should be at most 5"),
        ([NOISE] * 5, {"style": "any"}, "total size of images should be at most 5 MB"),
        ([SMALL] * 2, {"style": "any", "image_weights": "[1]"}, "image_weights should have as many entries as there"),
        ([SMALL], {"style": "any", "image_weights": "[-1]"}, "image_weights should be an array of numbers"),
        ([SMALL], {"style": "any", "mix_policy": "Both"}, "mix_policy should be one of PaletteMatch, MaxWeight"),
        ([SMALL], {"style": "any", "model": "recraftv4"}, "Invalid model recraftv4"),
        ([SMALL], {"style": "any", "source_styles": f'["{ABSENT}"]'}, f"style {ABSENT} not found"),
        ([SMALL], {"style": "any", "source_styles": '["x"]'}, "source_styles should be an array of UUIDs"),
        ([b"<svg/>"], {"style": "any"}, "images[0] should be in PNG, JPG or WEBP format"),
    ],
    ids=range(12),
)
def test_a_bad_style_is_refused(client: Client, files: list[bytes], fields: dict[str, str], message: str) -> None:
    answer = create(client, files, **fields)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(message)


def test_five_references_are_taken(client: Client) -> None:
    assert create(client, [SMALL] * 5, style="any", image_weights="[0.2,0.2,0.2,0.2,0.2]").status_code == 200


def test_built_in_styles_have_ids_that_draw_them(client: Client) -> None:
    styles = client.http.get("/v1/styles/basic").json()["styles"]
    assert len(styles) == sum(len(styles_for(model)) for model in IMAGE_MODELS)
    line_art = next(each for each in styles if (each["style"], each["model"]) == ("Line art", "recraftv3_vector"))
    asked = {"prompt": "a fox", "random_seed": 4, "response_format": "b64_json"}
    by_id = client.generate(asked | {"style_id": line_art["style_id"]}).json()["data"][0]["b64_json"]
    by_name = client.generate(asked | {"style": "Line art"}).json()["data"][0]["b64_json"]
    assert by_id == by_name


def test_references_pull_the_drawing_to_their_colors() -> None:
    look = references.look(REFERENCE)
    wanted = np.asarray(pictures.vases(), float).reshape(-1, 3).mean(0)
    for model in ("recraftv3", "recraftv3_vector"):
        plain = request("lighthouse", model, seed=4)
        far = [
            np.abs(np.asarray(pixels(draw(each)), float).reshape(-1, 3).mean(0) - wanted).sum()
            for each in (replace(plain, reference=look), plain)
        ]
        assert far[0] < far[1]


def test_a_mixture_lies_between_and_the_heaviest_can_give_all_colors() -> None:
    warm, cold = references.look(REFERENCE), references.look(pictures.encoded(pictures.noisy(64, 64)))
    mixed = references.mixed([warm, cold], [3, 1], heaviest=False)
    assert min(warm.texture, cold.texture) < mixed.texture < max(warm.texture, cold.texture)
    assert references.mixed([warm, cold], [1, 3], heaviest=True).colors == cold.colors
    assert references.mixed([warm, cold], [0, 0], heaviest=False, wished=((1, 2, 3),)).colors == (((1, 2, 3), 1.0),)


@pytest.mark.parametrize("model", ["recraftv3", "recraftv3_vector", "recraftv2", "recraftv2_vector"])
def test_every_style_group_draws_otherwise_than_no_style(model: str) -> None:
    groups = {style.group if not style.legacy else style.name: style for style in styles_for(model)}
    plain = draw(request("a fox", model, width=256, height=256))
    for style in groups.values():
        assert draw(request("a fox", model, width=256, height=256, style=style.name)) != plain, style.name


# -- Words and colors --


@pytest.mark.parametrize("prompt", ["lighthouse", "a red fox, minimal", "three ceramic vases"])
def test_an_enhanced_prompt_keeps_its_subject_and_changes_the_drawing(prompt: str) -> None:
    richer = wording.enhanced(prompt)
    assert richer.startswith(prompt)
    assert len(richer) > len(prompt) + 80
    assert set(named(richer)) & set(named(prompt))
    assert draw(request(richer, width=256, height=256)) != draw(request(prompt, width=256, height=256))


def test_enhancing_answers_and_costs_ten(client: Client) -> None:
    answer = client.http.post("/v1/prompts/enhance", json={"prompt": "a" * 2000})
    assert (set(answer.json()), answer.json()["credits"]) == ({"enhanced_prompt", "credits"}, 10)


@pytest.mark.parametrize("prompt", ["", "a" * 2001, None])
def test_a_prompt_outside_of_the_limits_is_not_enhanced(client: Client, prompt: str | None) -> None:
    answer = client.http.post("/v1/prompts/enhance", json={"prompt": prompt})
    assert (answer.status_code, answer.json()["message"]) == (400, "prompt length should be in [1, 2000]")


def test_colors_are_brought_down_to_the_most_different() -> None:
    kept = fewer([((255, 0, 0), 1.0), ((250, 2, 0), 0.5), ((0, 0, 255), 1.0)], 2)
    assert kept == [(255, 0, 0), (0, 0, 255)]


def test_optimizing_colors_maps_each_of_them(client: Client) -> None:
    colors = [{"hex": "#ff0000", "weight": 2}, {"hex": "#fa0200"}, {"hex": "#0000ff"}]
    answer = client.http.post("/v1/colors/optimize", json={"colors": colors, "num_colors_limit": 2}).json()
    assert answer["mapping"][1] == {"from": "#fa0200", "to": "#ff0000"}
    assert answer["credits"] == price("optimize-colors", None, 1)


@pytest.mark.parametrize(
    "body", [{}, {"colors": []}, {"colors": [{"hex": "red"}], "num_colors_limit": 1}, {"colors": [{"hex": "#000000"}]}]
)
def test_colors_that_are_none_are_refused(client: Client, body: dict[str, Any]) -> None:
    assert client.http.post("/v1/colors/optimize", json=body).status_code == 400


def test_every_image_model_is_listed(client: Client) -> None:
    data = client.http.get("/v1/models").json()["data"]
    assert [model["id"] for model in data] == list(IMAGE_MODELS)
    assert data[0]["pricing"] == {"image": "0.035"}


@pytest.mark.parametrize("path", ["/v1/models", "/v1/styles", "/v1/styles/basic", f"/v1/styles/{ABSENT}"])
def test_lists_need_a_token(client: Client, path: str) -> None:
    assert client.get(client.sandbox.url + path).status_code == 401
