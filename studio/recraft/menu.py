"""
What can be done with a picture, and what it costs: the context menu as data.

Nothing is left out because it is out of reach: it is offered with the reason and the way there.
"""

from dataclasses import dataclass
from typing import Protocol

from studio.recraft.catalogue import OPERATIONS
from studio.recraft.inputs import Obstacle
from studio.recraft.operation import Operation
from studio.recraft.params import SourceId
from studio.recraft.prices import NoPrice


class Picture(Protocol):
    """What has to be known of a picture: sides in pixels, `size` in bytes."""

    @property
    def media_type(self) -> str: ...

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    @property
    def size(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Offer:
    """
    One line of the menu. With `obstacles` the operation can't take the picture as it is.

    `units` is the price with the image model it starts with, per picture or per request; None where it is not known.
    """

    operation: Operation
    obstacles: tuple[Obstacle, ...]
    units: int | None
    per_image: bool

    @property
    def is_ready(self) -> bool:
        return not self.obstacles


def operations_for(picture: Picture, made_by: str = "") -> tuple[Offer, ...]:
    """
    Every operation that starts from a picture, in the catalogue's order.

    `made_by` is the slug of the operation that drew it: some go on only from what Recraft drew itself.
    """
    return tuple(
        _offer(operation, picture, made_by)
        for operation in OPERATIONS.values()
        if operation.picture or _source_of(operation)
    )


def _offer(operation: Operation, picture: Picture, made_by: str) -> Offer:
    obstacles = _obstacles(operation, picture, made_by)
    try:
        return Offer(operation, obstacles, operation.quote({}), operation.price.per_image)
    except NoPrice:
        return Offer(operation, obstacles, None, False)


def _obstacles(operation: Operation, picture: Picture, made_by: str) -> tuple[Obstacle, ...]:
    source = _source_of(operation)
    if source is None:
        return operation.takes(picture.media_type, picture.width, picture.height, picture.size)
    return () if made_by in source.made_by else (_not_made_there(operation, source),)


def _source_of(operation: Operation) -> SourceId | None:
    return next((param for param in operation.params if isinstance(param, SourceId)), None)


def _not_made_there(operation: Operation, source: SourceId) -> Obstacle:
    first = OPERATIONS[source.made_by[0]]
    there = f"start there with a prompt, for {first.quote({})} units."
    return Obstacle(f"{operation.label} goes on from what {first.label} drew: {there}")
