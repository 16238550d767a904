"""Pictures: bytes that are not yet assets, looked at without trusting them."""

from studio.pictures.picture import BadPicture, Derived, Finished, Intake, Look, MaskFacts, Picture, ReaderDied
from studio.pictures.reading import (
    colors,
    export,
    finish,
    mask_facts,
    phash,
    render,
    sanitise,
    sheet,
    take_in,
    verify,
    warm_up,
)

__all__ = [
    "BadPicture",
    "Derived",
    "Finished",
    "Intake",
    "Look",
    "MaskFacts",
    "Picture",
    "ReaderDied",
    "colors",
    "export",
    "finish",
    "mask_facts",
    "phash",
    "render",
    "sanitise",
    "sheet",
    "take_in",
    "verify",
    "warm_up",
]
