"""
A short prompt made into a longer one that the drawing then follows.

The prompt itself stays at the beginning, word for word: its subject goes on deciding what is drawn. What is added says
light, colors and manner in words that the drawing knows.
"""

import hashlib

from studio.sandbox.drawing import palettes
from studio.sandbox.drawing.chance import Chance

MOST_LENGTH = 10_000

# mood, light and place; two colors the drawing knows; how it is made
_LIGHTS = (
    "in warm evening light, the sun low and golden, long soft shadows",
    "on a calm winter morning, frost in the air and a pale clear sky",
    "in soft pastel light, gentle and dreamy, with a hint of lavender haze",
    "at night, under a deep starry sky, lit by a few glowing lamps",
    "at dawn, with mist hanging low and the first sunrise colors above it",
    "in fresh spring daylight, everything clear, green and full of air",
    "with a vintage mood, as in a nostalgic print of the 70s",
    "bold and playful, with bright flat areas and a strong silhouette",
)
_PAIRS = (
    ("teal", "coral"), ("navy", "amber"), ("olive", "cream"), ("crimson", "beige"), ("indigo", "gold"),
    ("turquoise", "peach"), ("emerald", "copper"), ("plum purple", "lavender"),
)  # fmt: skip
_COMPOSITIONS = (
    "The composition is centered and calm, with generous empty space around the main form.",
    "The main form stands a third from the left, balanced by quiet space on the other side.",
    "Seen slightly from above, with clear layers of foreground, middle and distance.",
    "A close view that fills the frame, cropped so that its outline reads at once.",
)
_FINISHES = (
    "Fine grain, crisp edges, carefully balanced contrast.",
    "Matte surface, subtle gradients, restrained detail.",
    "Rich material detail, soft depth of field, natural falloff of light.",
    "Clean shapes, a limited set of tones, precise edges.",
)


def enhanced(prompt: str) -> str:
    """The same prompt always gives the same answer."""
    lots = Chance(int.from_bytes(hashlib.sha256(prompt.encode()).digest()[:8], "big"))
    said = set(palettes.words(prompt))
    start = " ".join(prompt.split()).rstrip(" .,;:!") or prompt.strip()
    light = lots.choice(_LIGHTS)
    first, second = lots.choice(_PAIRS)
    colors = "" if said & set(palettes.COLOR_WORDS) else f", in {first} with accents of {second}"
    manner = lots.choice(_COMPOSITIONS), lots.choice(_FINISHES)
    return f"{start}, {light}{colors}. {' '.join(manner)}"[:MOST_LENGTH]
