"""Milliseconds in, lines of a table out: median, 95th percentile, worst, and how far the repeats lie apart."""

import math
import sys
from collections.abc import Sequence
from statistics import median

REPEATS = 5
HEAD = f"{'milliseconds':54}{'p50':>8}{'p95':>8}{'max':>8}   p50 of each repeat, least-most"


def say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of the values do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(percent / 100 * len(values)) - 1)]


def repeats(values: Sequence[float]) -> list[Sequence[float]]:
    """The values in REPEATS runs of neighbors, so that a slow minute of the machine shows."""
    size = max(1, math.ceil(len(values) / REPEATS))
    return [values[start : start + size] for start in range(0, len(values), size)]


def row(label: str, seconds: Sequence[float]) -> str:
    values = [1000 * value for value in seconds]
    medians = [median(part) for part in repeats(values)]
    numbers = f"{median(values):8.1f}{percentile(values, 95):8.1f}{max(values):8.1f}"
    return f"{label:54}{numbers}   {min(medians):.1f}-{max(medians):.1f}"


def verdict(what: str, value: float, unit: str, aim: str, met: bool) -> str:
    return f"{what:54}{value:8.1f} {unit}   aim {aim}: {'met' if met else 'MISSED'}"
