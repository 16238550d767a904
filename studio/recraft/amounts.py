"""
Params that are amounts: how much, how far, how alike.

Like every param they know their own limits only; two of them together are a matter of `rules.py`.
"""

from dataclasses import dataclass
from typing import Any

from studio.recraft.image_models import ImageModel
from studio.recraft.params import Integer, Models, Number, Param, is_absent, is_within


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(Integer):
    """A whole number whose every step has a name, first to last."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion(Integer):
    """Pixels added on one side. None at all is the same as nothing said."""

    side: str

    def is_left_out(self, value: Any) -> bool:
        return is_absent(value) or value == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fraction(Number):
    """A number from 0 to 1; `low` and `high` say what the ends mean."""

    min: float = 0
    max: float = 1
    low: str
    high: str

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        return (f"{self.min:g} ({self.low}) to {self.max:g} ({self.high})",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentage(Param):
    """Percent from 0 up to, but not including, 100. Nothing is the same as 0."""

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        if not is_within(value, 0, 100) or value == 100:
            raise self.invalid("A percentage from 0 to less than 100.")

    def is_left_out(self, value: Any) -> bool:
        return is_absent(value) or value == 0

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        return ("0 to less than 100",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights(Param):
    """How much each member of another list counts, from 0 to 1, in that list's order. `of` is the list's param."""

    of: str

    def check(self, value: Any, image_model: ImageModel | None) -> None:
        if not isinstance(value, list) or not all(is_within(weight, 0, 1) for weight in value):
            raise self.invalid("Each weight is a number from 0 to 1.")
        if not any(value):
            raise self.invalid("At least one weight is more than 0.")

    def words(self, taking: Models = ()) -> tuple[str, ...]:
        return ("0 to 1 each", "as many as there are of what they weigh")
