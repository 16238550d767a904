"""Public ids: random, so that nothing can be counted or guessed from a URL."""

from django.utils.crypto import get_random_string


def new_public_id() -> str:
    """Sixteen letters and digits, 95 random bits."""
    return get_random_string(16)
