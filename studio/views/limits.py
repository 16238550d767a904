"""How often somebody may knock: counters in the cache, one atomic step each."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest


def too_often(what: str, limit: int, seconds: int) -> bool:
    """Count one more `what` in its window of `seconds`, and say whether that is above `limit`."""
    # Hashed: what somebody typed as their address is nobody's key, and no reader of the cache's business.
    key = f"knock:{hashlib.sha256(what.encode()).hexdigest()}"
    # `add` opens the window and starts it; the count itself is one atomic step, so parallel guesses all count.
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > limit
    except ValueError:  # the window ended between the two lines
        return False


def address(request: HttpRequest) -> str:
    """The peer's address, and never a header that the peer writes itself."""
    return str(request.META.get("REMOTE_ADDR", ""))
