"""A request that passed every check: what it costs and what is to be done for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from studio.sandbox.custom import CustomStyle
from studio.sandbox.editing.drawn import Drawn


class Shape(Enum):
    """What the answer looks like. Source: published OpenAPI specification."""

    IMAGES = auto()  # {created, credits, data: [...]}
    IMAGE = auto()  # {created, credits, image}
    OTHER = auto()  # {..., credits}


@dataclass(frozen=True, slots=True)
class Task:
    """One picture, to be made in a drawing process: everything here can be pickled."""

    function: Callable[..., Drawn]
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """
    `model` is an image model's id or empty; `tasks` has one entry per picture; `answer` is what an answer without
    pictures says; `style` comes into being with the charge.
    """

    price: int
    tasks: tuple[Task, ...] = ()
    model: str = ""
    prompt: str = ""
    seed: int = 0
    vector: bool = False
    base64: bool = False
    features: bool = False
    shape: Shape = Shape.IMAGES
    answer: Mapping[str, Any] = field(default_factory=dict)
    style: CustomStyle | None = None
