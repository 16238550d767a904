"""A sweep looks at everything, names what fails, and can't pass by looking at nothing."""

import inspect

import pytest

from tests.sweeps import sweep


def test_every_failure_is_named_and_nothing_else() -> None:
    seen = []

    @sweep("number", [1, 2, 3, 4])
    def even(number: int, limit: int) -> None:
        seen.append(number)
        assert number % 2 == 0, "odd"
        assert number < limit, "too large"

    with pytest.raises(AssertionError) as failed:
        even(limit=4)
    assert seen == [1, 2, 3, 4]
    lines = str(failed.value).splitlines()
    assert lines[0] == "3 of 4:"
    told = [line for line in lines if ": AssertionError: " in line]
    assert [line.partition("\n")[0].split(": ")[0] for line in told] == ["1", "3", "4"]


def test_what_is_no_assertion_fails_too() -> None:
    @sweep("text", ["1", "x"])
    def number(text: str) -> None:
        int(text)

    with pytest.raises(AssertionError, match="x: ValueError"):
        number()


def test_fixtures_are_asked_for_by_their_names() -> None:
    @sweep("thing", [1])
    def looks(thing: int, tmp_path: str) -> None: ...

    assert list(inspect.signature(looks).parameters) == ["tmp_path"]


def test_nothing_to_look_at_is_a_failure() -> None:
    @sweep("thing", [])
    def looks(thing: int) -> None: ...

    with pytest.raises(AssertionError, match="nothing to look at"):
        looks()
