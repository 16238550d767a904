"""Every operation with every image model it has: form, Celery, HTTP, a stored picture, the right number of units."""

import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from studio.recraft.catalogue import COMPOSED, OPERATIONS, Operation
from studio.recraft.params import SourceId
from studio.views.edit import EDITING
from tests.stories.conftest import Databases
from tests.stories.drive import DrivenStudio

SIDE = (320, 288)
# What a form needs beside the picture; the rest is left as it comes.
NEEDED: dict[str, str] = {"prompt": "A heron in reeds", "strength": "0.4", "size": "1:1", "similarity": "3"}
ALONE = {"outpaint": {"expand_left": "64"}}
Made = dict[tuple[str, str], tuple[Any, ...]]
# So many pictures would be waited for by the minute; the limits have a story of their own.
WITHOUT_LIMITS = {
    **{f"{side}_REQUESTS_PER_SECOND": "1000" for side in ("STUDIO", "SANDBOX")},
    **{f"{side}_IMAGES_PER_MINUTE": "100000" for side in ("STUDIO", "SANDBOX")},
}

# "every" image model of every operation; or "each" of them once, by the first operation, and one for the others; or
# "one" for every operation, which tells whether a database can hold it.
MODELS = os.environ.get("STUDIO_TEST_MODELS", "every")
FIRST = next(iter(COMPOSED))


def models_of(operation: Operation) -> tuple[str, ...]:
    every = operation.image_models or ("",)
    if MODELS == "every" or (MODELS == "each" and operation.slug == FIRST):
        return every
    return (operation.default_image_model or every[0],)


def drawn(size: tuple[int, int] = SIDE) -> bytes:
    picture = Image.new("RGB", size, (236, 226, 206))
    ImageDraw.Draw(picture).ellipse((90, 70, 230, 220), fill=(40, 90, 160))
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def masked() -> bytes:
    mask = Image.new("L", SIDE)
    mask.paste(255, (100, 100, 200, 200))
    buffer = BytesIO()
    mask.save(buffer, "PNG")
    return buffer.getvalue()


def values(operation: Operation, model: str) -> dict[str, str]:
    needed = {name: value for name, value in NEEDED.items() if (param := operation.param(name)) and param.required}
    return {**needed, **ALONE.get(operation.slug, {}), **({"model": model} if model else {})}


def send(studio: DrivenStudio, path: str, data: dict[str, Any], operation: Operation) -> None:
    files = {"mask": ("mask.png", masked(), "image/png")} if operation.param("mask") else None
    response = studio.post(path, {"n": "1", "key": f"{path}{data.get('model', '')}", **data}, files)
    assert response.status_code == 302, (path, data, re.findall(r"callout--bad.*?</p>", response.text, re.S))


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Made:
    """One studio that was asked for all of it at once; the jobs by operation and image model."""
    folder: Path = tmp_path_factory.mktemp("operations") / "var"
    settings = {"STUDIO_CALLS": "6", "STUDIO_SANDBOX_LATENCY": "0", **WITHOUT_LIMITS}
    with DrivenStudio(folder, **settings, **databases.new(folder, "operations")) as studio:
        studio.sign_in()
        source = studio.upload(drawn())
        for operation in COMPOSED.values():
            for model in models_of(operation):
                send(studio, f"/create/{operation.slug}/", values(operation, model), operation)
        for operation in EDITING.values():
            if not any(isinstance(param, SourceId) for param in operation.params):
                for model in models_of(operation):
                    send(studio, f"/edit/{source}/{operation.slug}/", values(operation, model), operation)
        studio.wait_until_ended(360)
        ((explored,),) = studio.rows(
            "SELECT a.public_id FROM studio_asset a JOIN studio_job j ON j.id = a.job_id "
            "WHERE j.operation = 'explore' AND j.image_model = 'recraftv4_1' ORDER BY a.id LIMIT 1"
        )
        similar = OPERATIONS["explore-similar"]
        send(studio, f"/edit/{explored}/explore-similar/", values(similar, ""), similar)
        studio.wait_until_ended(120)
        studio.audit()
        assert studio.unaccounted() == 0
        jobs = studio.rows(
            "SELECT operation, image_model, state, images, quoted_units, charged_units, reason, "
            "(SELECT count(*) FROM studio_asset a WHERE a.job_id = j.id), "
            "(SELECT count(*) FROM studio_asset a WHERE a.job_id = j.id AND a.media_type = 'image/svg+xml') "
            "FROM studio_job j"
        )
        return {(slug, model): rest for slug, model, *rest in jobs}  # type: ignore[misc]


PAIRS = [(slug, model) for slug, operation in {**COMPOSED, **EDITING}.items() for model in models_of(operation)]


@pytest.mark.parametrize(("slug", "model"), PAIRS)
def test_every_operation_stores_its_pictures_with_every_image_model(everything: Made, slug: str, model: str) -> None:
    state, images, quoted, charged, reason, stored, vectors = everything[slug, model]
    operation = OPERATIONS[slug]
    assert state == "done", reason
    assert stored == images == operation.count({"n": 1})
    assert charged == quoted == operation.quote({"n": 1, "model": model or None})
    is_vector = operation.draws_vector({"model": model or None}, "image/png")
    assert vectors == (stored if is_vector else 0)
