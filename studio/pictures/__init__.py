"""Pictures: bytes that are not yet assets, looked at without trusting them."""

from studio.pictures.picture import BadPicture, Derived, Look, Picture, ReaderDied
from studio.pictures.reading import render, sanitise, verify, warm_up

__all__ = ["BadPicture", "Derived", "Look", "Picture", "ReaderDied", "render", "sanitise", "verify", "warm_up"]
