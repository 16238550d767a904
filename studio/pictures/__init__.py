"""Pictures: bytes that are not yet assets, looked at without trusting them."""

from studio.pictures.picture import BadPicture, Derived, Intake, Look, MaskFacts, Picture, ReaderDied
from studio.pictures.reading import mask_facts, render, sanitise, take_in, verify, warm_up

__all__ = [
    "BadPicture",
    "Derived",
    "Intake",
    "Look",
    "MaskFacts",
    "Picture",
    "ReaderDied",
    "mask_facts",
    "render",
    "sanitise",
    "take_in",
    "verify",
    "warm_up",
]
