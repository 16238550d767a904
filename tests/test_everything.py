"""`make test` runs every test there is."""

from collections import Counter
from pathlib import Path

from tests.everything import LEGS, ROOT, Leg


def covers(leg: Leg, name: str) -> bool:
    def lies_in(path: str) -> bool:
        return name == path or name.startswith(f"{path}/")

    return any(map(lies_in, leg.paths)) and not any(map(lies_in, leg.but))


def test_every_file_is_in_one_leg_on_sqlite() -> None:
    names = [str(path.relative_to(ROOT)) for path in Path(ROOT / "tests").rglob("test_*.py")]
    assert len(names) > 100
    times = Counter({name: sum(covers(leg, name) for leg in LEGS if not leg.on_postgresql) for name in names})
    assert {name: number for name, number in times.items() if number != 1} == {}


def test_what_touches_rows_is_in_one_leg_on_postgresql() -> None:
    legs = [leg for leg in LEGS if leg.on_postgresql]
    for room in ("models", "services", "stories"):
        files = {str(path.relative_to(ROOT)) for path in Path(ROOT / "tests" / room).glob("test_*.py")}
        assert files - {"tests/stories/test_running.py", "tests/stories/test_demo_data.py"}
        for name in files - {"tests/stories/test_running.py", "tests/stories/test_demo_data.py"}:
            assert sum(covers(leg, name) for leg in legs) == 1, name


def test_every_path_of_a_leg_is_there() -> None:
    for leg in LEGS:
        for path in (*leg.paths, *leg.but):
            assert (ROOT / path).exists(), path
