"""Recraft's rate limits, by arrival, in sliding windows per token.

Source: Recraft docs: Appendix, "Policies" (100 images per minute, 5 requests per second).
"""

import time
from collections import defaultdict
from collections.abc import Callable


class SlidingWindow:
    """At most `limit` in any `seconds`. An arrival leaves the window when it is exactly `seconds` old."""

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self.seconds = seconds
        self.clock = clock
        self._arrivals: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)

    def admit(self, token: str, amount: int = 1, at: float | None = None) -> bool:
        """Take room for `amount`, or refuse and take none."""
        now = self.clock()
        arrivals = [entry for entry in self._arrivals[token] if now - entry[0] < self.seconds]
        admitted = sum(taken for _, taken in arrivals) + amount <= self.limit
        if admitted:
            arrivals.append((now if at is None else at, amount))
        self._arrivals[token] = arrivals
        return admitted
