"""
Every operation against the sandbox, over real HTTP: two readings of the same documents have to agree.

The sandbox shares the facts with the catalogue, but neither the descriptions nor the client.
"""

import json

import pytest
from PIL import Image

from studio.recraft.answers import parse_answer
from studio.recraft.catalogue import OPERATIONS, Shape
from studio.recraft.client import RecraftClient
from studio.recraft.errors import Rejected
from studio.recraft.inputs import PNG, InputFile, Mask
from studio.recraft.prices import UNCERTAIN
from tests.recraft.api import endpoint_of, problems
from tests.recraft.samples import full_values, name_of
from tests.sandbox_process import SandboxProcess

MANY = 1_000_000
EVERY = OPERATIONS.values()


class Provider:
    """A client with a style of its own and something it explored."""

    def __init__(self, url, folder):
        self.client = RecraftClient("a-token", f"{url}/v1")
        self.folder = folder
        self.style = self.ask(OPERATIONS["create-style"], {"style": "any", "images": ["a"]}).style_id
        explored = self.ask(OPERATIONS["explore"], {"prompt": "a fox", "model": "recraftv4_1_vector"})
        self.explored = explored.images[0].image_id

    def ask(self, operation, values):
        return parse_answer(self.call(operation, values))

    def call(self, operation, values):
        files = self.files(operation, values)
        operation.validate(values)
        operation.check_inputs(values, files)
        return self.client.call(operation, values, files)

    def files(self, operation, values):
        """The smallest pictures that the operation takes."""
        side = max(operation.picture.limits.min_side, 32) if operation.picture else 0
        return {
            param.name: tuple(self.file(isinstance(param, Mask), side) for _ in param.ids(values[param.name]))
            for param in operation.inputs
            if values.get(param.name)
        }

    def file(self, is_mask, side):
        path = self.folder / f"{'mask' if is_mask else 'picture'}-{side}.png"
        drawn = Image.new("L", (side, side), 0) if is_mask else Image.new("RGB", (side, side), (200, 120, 40))
        drawn.paste(255 if is_mask else (20, 60, 160), (side // 4, side // 4, side // 2, side // 2))
        drawn.save(path)
        seen = {"mode": "L", "levels": frozenset({0, 255})} if is_mask else {}
        return InputFile.at(path, media_type=PNG, width=side, height=side, **seen)


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    folder = tmp_path_factory.mktemp("provider")
    limits = {"requests_per_second": MANY, "images_per_minute": MANY, "balance": MANY}
    with SandboxProcess(folder / "sandbox", **limits) as process:
        made = Provider(process.url, folder)
        yield made
        made.client.close()


def sendable(operation, provider):
    """All that an operation takes at once, of things that exist; drawn as SVG, which is quick."""
    vector = [id for id in operation.image_models if id.endswith("_vector")]
    image_model = (vector or operation.image_models or [""])[-1]
    values = full_values(operation, image_model)
    known = {
        "n": 2,
        "style_id": provider.style,
        "source_styles": [provider.style],
        "source_style_weights": [1],
        "source_image_id": provider.explored,
        "expand_bottom": 64,
    }
    return {name: known.get(name, value) for name, value in values.items()}


@pytest.mark.parametrize("operation", EVERY, ids=name_of)
def test_the_sandbox_takes_it_and_answers_as_described(operation, provider):
    values = sendable(operation, provider)
    body = provider.call(operation, values)
    assert problems(endpoint_of(operation)["answer"], json.loads(body)) == []
    answer = parse_answer(body)
    assert len(answer.images) == operation.count(values)
    assert bool(answer.text) == (operation.shape is Shape.TEXT)
    assert bool(answer.style_id) == (operation.shape is Shape.STYLE)
    assert bool(answer.mapping) == (operation.shape is Shape.COLORS)
    # The sandbox charges nothing for what no price list names; held is what the price book guesses.
    charged = {operation.quote(values), 0} if operation.slug in UNCERTAIN else {operation.quote(values)}
    assert answer.credits in charged


def test_the_free_questions_are_answered(provider):
    before = provider.client.balance()
    mine = provider.ask(OPERATIONS["create-style"], {"style": "icon", "model": "recraftv2_vector", "images": ["a"]})
    assert provider.client.style(mine.style_id) in provider.client.styles()
    assert any(style.image_model == "recraftv3" for style in provider.client.basic_styles())
    provider.client.delete_style(mine.style_id)
    with pytest.raises(Rejected):
        provider.client.style(mine.style_id)
    assert provider.client.balance() == before - mine.credits
