"""One test for many things of a kind.

Two thousand tests of a millisecond each cost ten seconds to be set up; swept over in one test they cost two. Nothing
is lost of what they say: every thing is looked at whatever the others do, and each that fails is named.
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

Test = Callable[..., None]


def sweep(name: str, things: Iterable[Any]) -> Callable[[Test], Test]:
    """Run the test for each of the things, given as its argument `name`; its other arguments are fixtures.

    For tests whose fixtures a run leaves as they were. To have looked at nothing is a failure.
    """
    everything = tuple(things)

    def over_all(test: Test) -> Test:
        def run(**fixtures: Any) -> None:
            assert everything, "there was nothing to look at"
            failed = [line for thing in everything if (line := _complaint(test, name, thing, fixtures))]
            assert not failed, f"{len(failed)} of {len(everything)}:\n" + "\n".join(failed)

        signature = inspect.signature(test)
        others = [each for each in signature.parameters.values() if each.name != name]
        run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
        run.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        return run

    return over_all


def _complaint(test: Test, name: str, thing: Any, fixtures: dict[str, Any]) -> str:
    try:
        test(**{name: thing}, **fixtures)
    except Exception as error:
        return f"{thing}: {type(error).__name__}: {error}"
    return ""
